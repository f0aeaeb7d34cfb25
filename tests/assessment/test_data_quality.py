"""Data quality as a measure: a rulebook scores with it, and every value leads to the registry's rows behind it."""

from assessment.world import FINANCE, TAX, World
from heli_shared.contracts.registry.dto import TallyDto, UnitQualityDto

BOOK = """\
id: tidy
title: 数据质量考核
subject_kind: department
effective_from: 2026-01-01
basis: {document: 试}
maximum: 20
parts:
  - id: p
    title: 数据
    kind: common
    maximum: 20
    items:
      - id: clean
        title: 数据质量
        maximum: 10
        basis: {document: 试, clause: 一}
        rule: {kind: below_threshold, measure: data_quality, threshold: 0.95, points: 1, step: 0.05}
        missing: range
      - id: fresh
        title: 更新及时
        maximum: 10
        basis: {document: 试, clause: 二}
        rule: {kind: proportional, measure: data_freshness, target: 1}
        missing: range
grades:
  - {title: 差, below: 12}
  - {title: 好, at_least: 12}
cases:
  - title: 例
    values: {data_quality: 0.95, data_freshness: 0.5}
    expect: {items: {clean: 10, fresh: 5}, score: 15, grade: 好}
"""


def scored(world: World) -> tuple[dict, dict]:
    world.county()
    world.registry.units_quality = [
        UnitQualityDto(
            unit=FINANCE,
            records=20,
            with_errors=2,
            checks={"enterprise.refresh-stale": TallyDto(looked_at=4, failing=1)},
        ),
        UnitQualityDto(unit=None, records=3, with_errors=3, checks={}),
    ]
    assert world.upload("tidy", BOOK).status_code == 201
    run = world.run(rulebook="tidy")
    return run, world.explained(run)


def test_a_rulebook_scores_with_the_quality_of_data(world: World):
    _, told = scored(world)
    items = {each["id"]: each for each in told["items"]}
    assert (items["clean"]["points"], items["fresh"]["points"]) == ("9.00", "7.50")
    value = items["clean"]["values"][0]
    assert (value["value"], value["numerator"], value["denominator"], value["source"]) == (
        "0.9", 18, 20, "registry:quality",
    )  # fmt: skip


def test_a_value_leads_to_the_rows_behind_it_at_the_same_day_and_seq(world: World):
    run, told = scored(world)
    pins = f"view=responsibility&unit={FINANCE}&alone=true&on={run['on']}&known_at={run['known_at']['registry']}"
    assert {each["values"][0]["measure"]: each["values"][0]["rows"] for each in told["items"]} == {
        "data_quality": f"/v1/quality/results/rows?severity=error&{pins}",
        "data_freshness": f"/v1/quality/results/rows?check=enterprise.refresh-stale&{pins}",
    }
    on, known_at = world.registry.quality_asked[-1]
    assert (on.isoformat(), known_at) == (run["on"], run["known_at"]["registry"])


def test_a_unit_without_records_is_not_judged_by_them(world: World):
    run, _ = scored(world)
    told = world.explained(run, TAX)
    assert [each["values"][0]["state"] for each in told["items"]] == ["not_applicable", "not_applicable"]
    assert [each["values"][0]["rows"] for each in told["items"]] == [None, None]


def test_a_rulebook_that_reads_no_quality_asks_for_none(world: World):
    world.county()
    world.example()
    world.run()
    assert world.registry.quality_asked == []

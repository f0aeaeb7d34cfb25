"""Refusals say how a value is written, and in which bounds."""

from typing import Any

import pytest

from echoes import echoing
from reporting.world import World

YEARS = ("年份为 1950 至 9998", "of a year from 1950 to 9998")
COUNT = {"measure": "enterprise_count"}


def refused(world: World, path: str, **params: Any) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return detail and the one error's detail of a refusal, each in Chinese and in English."""
    told = []
    for language in ("zh", "en"):
        answer = world.get(path, {**world.admin, "Accept-Language": language}, **params)
        assert answer.status_code in (400, 422), answer.text
        (error,) = answer.json()["errors"]
        told.append((answer.json()["detail"], error["detail"]))
    return (told[0][0], told[1][0]), (told[0][1], told[1][1])


@pytest.mark.parametrize("period", ["2026", "2026-13", "2026-00", "2026-H3", "1900-01", "1949-Q4", "9999-01", "x"])
def test_a_bulletin_tells_how_its_period_is_written(world: World, period: str):
    for told in refused(world, f"/v1/bulletins/{period}"):
        for words, years in zip(told, YEARS, strict=True):
            assert all(example in words for example in ("2026-H1", "2026-Q2", "2026-06", years))
            assert "2026（年）" not in words
            assert "2026 (year)" not in words


@pytest.mark.parametrize("period", ["2026-H3", "26", "1900", "0000", "9999-Q1", ""])
def test_a_form_tells_how_its_period_is_written(world: World, period: str):
    for told in refused(world, "/v1/forms/two-coverages", period=period):
        for words, years, year in zip(told, YEARS, ("2026（年）", "2026 (year)"), strict=True):
            assert all(example in words for example in (year, "2026-H1", "2026-Q2", "2026-06", years))


def test_the_first_year_that_is_told_is_taken(world: World):
    assert world.get("/v1/bulletins/1950-01").status_code == 200
    assert world.get("/v1/forms/two-coverages", period="1950").status_code == 200


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/v1/statistics", COUNT),
        ("/v1/statistics/rows", COUNT),
        ("/v1/gaps", {}),
        ("/v1/worklists", {}),
        ("/v1/statistics/change", {**COUNT, "from": "2026-01-01"}),
    ],
)
def test_more_than_is_known_is_refused_by_the_name_of_the_service(world: World, path: str, given: dict[str, str]):
    head = len(world.registry.entries)
    details, errors = refused(world, path, **given, known_at="registry:999999999")

    assert details == (f"登记服务的流水目前只到第 {head} 条。", f"registry is known up to {head} so far.")
    assert errors == (f"登记服务的流水目前只到第 {head} 条", f"registry is known up to {head} so far")
    answer = world.get(path, **given, known_at="registry:999999999")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["parameter known_at"]


def test_each_service_and_each_parameter_is_named(world: World):
    assert refused(world, "/v1/statistics", **COUNT, known_at="assessment:9")[0][0] == "考核服务的流水目前只到第 0 条。"
    change = {**COUNT, "from": "2026-01-01", "from_known_at": "999999999"}
    pointers = [
        [each["pointer"] for each in world.get("/v1/statistics/change", **change, **more).json()["errors"]]
        for more in ({}, {"known_at": "999999999"})
    ]
    assert pointers == [["parameter from_known_at"], ["parameter known_at"]]


def test_a_stale_source_is_called_by_its_name(world: World):
    world.assessment.is_down = True
    world.sync()
    answer = world.get("/v1/statistics", **COUNT, strict="1")

    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("考核服务的数据不是最新的")


def test_what_was_sent_is_not_sent_back_however_long(world: World):
    assert echoing(world.app, world.get) == []


def test_a_long_value_is_repeated_in_part(world: World):
    details, errors = refused(world, "/v1/statistics", measure="测" * 5_000)

    for said in errors:
        assert said.endswith("测" * 100 + "…")
        assert len(said) < 150
    assert all("测" not in said for said in details)

"""Then and now: a day's figures by the structure of that day, and by today's after places were merged and split."""

from datetime import date

import pytest

from reporting.world import COUNTY, TOWN_A, TOWN_B, World

TOWN_C = "990101003000"
BEFORE, MERGED = date(2026, 2, 28), date(2026, 4, 1)


def succeed(world: World, node: str, old: str, *new: str, on: date = MERGED, rest: str | None = None) -> None:
    for each in new:
        fields = {"node": node, "predecessor": old, "successor": each, "form": "split" if len(new) > 1 else "merge"}
        world.record("succession", f"suc-{old}-{each}", on, **fields, is_rest=each == rest)


@pytest.fixture
def merged(empty_world: World) -> World:
    """A county in which town A went into town B in April, with one enterprise that had left A before by choice."""
    world = empty_world
    world.county()
    world.record("division", TOWN_C, name="丙镇", level="town", parent=COUNTY)
    world.change("enterprise", world.enterprise(20), date(2026, 3, 20), division=TOWN_C)
    world.merge_town_a(MERGED)
    world.sync()
    return world


def by_town(world: World, who=None, **params):
    answer = world.statistics(who, measure="enterprise_count", by="division:town", **params)
    return {row["division"]["code"]: row["enterprise_count"]["value"] for row in answer["rows"]}


def test_a_series_reads_a_merged_town_then_or_where_it_is_now(merged: World):
    assert by_town(merged, on=BEFORE) == {TOWN_A: 6, TOWN_B: 3, TOWN_C: 0}
    assert by_town(merged, on=BEFORE, structure="now") == {TOWN_B: 9, TOWN_C: 0}
    assert by_town(merged) == by_town(merged, structure="now") == {TOWN_B: 8, TOWN_C: 1}


def test_the_passport_says_whose_structure_places_the_rows(merged: World):
    passports = [
        merged.statistics(measure="enterprise_count", on=BEFORE, structure=structure)["passport"]
        for structure in ("then", "now")
    ]
    assert [each["structure_on"] for each in passports] == ["2026-02-28", "2026-07-01"]
    assert {each["on"] for each in passports} == {"2026-02-28"}


def test_groups_filters_rows_and_scope_read_the_same_structure(merged: World):
    clerk = merged.person("prn-b", divisions=(TOWN_B,))
    for structure, count in (("then", 3), ("now", 9)):
        asked = {"measure": "enterprise_count", "on": BEFORE, "structure": structure}
        filtered = merged.statistics(**asked, division=TOWN_B)["total"]
        scoped = merged.statistics(clerk, **asked)["total"]
        rows = merged.get("/v1/statistics/rows", clerk, **asked).json()

        assert filtered == scoped == {"enterprise_count": {"value": count}}
        assert rows["total"] == count
        assert {row["division"]["code"] for row in rows["items"]} <= {TOWN_B, "990101001001"}


def test_what_was_not_known_yet_of_a_merger_moves_nothing(merged: World):
    seq = len(merged.registry.entries)

    assert by_town(merged, on=BEFORE, structure="now", known_at=seq - 1) == {TOWN_A: 5, TOWN_B: 4, TOWN_C: 0}


def test_a_split_leads_each_to_the_part_that_took_it_and_the_unknown_to_the_rest(empty_world: World):
    world = empty_world
    world.county()
    world.record("division", TOWN_C, MERGED, name="丙镇", level="town", parent=COUNTY)
    for number, town in ((1, TOWN_C), (2, TOWN_C), (3, TOWN_B), (4, TOWN_B)):
        world.change("enterprise", f"91990101MA{number:07d}X", MERGED, division=town)
    world.change("division", "990101001001", MERGED, parent=TOWN_B)
    world.close("division", TOWN_A, MERGED)
    succeed(world, "division", TOWN_A, TOWN_B, TOWN_C, rest=TOWN_C)
    world.enterprise(21, on=date(2026, 1, 1))  # told later than the split
    world.change("enterprise", "91990101MA0000001X", date(2026, 6, 1), division=TOWN_B)  # by choice
    world.sync()

    assert by_town(world, on=BEFORE, structure="now") == {TOWN_B: 6, TOWN_C: 3}
    assert by_town(world) == {TOWN_A: 1, TOWN_B: 7, TOWN_C: 1}


def test_units_and_zones_are_followed_like_divisions(empty_world: World):
    world = empty_world
    world.county()
    world.enterprise(22, zone="zon-old", responsible_unit="unt-old")
    world.branch("pty-z", [], zone="zon-old")
    world.record("zone", "zon-old", name="旧园", kind="park", division=TOWN_B)
    world.record("unit", "unt-old", name="旧局", kind="department", parent="unt-county", division=COUNTY)
    succeed(world, "unit", "unt-old", "unt-tax")
    succeed(world, "zone", "zon-old", "zon-park")
    world.sync()

    asked = {"on": BEFORE, "structure": "now"}
    assert (
        world.statistics(measure="enterprise_count", unit="unt-tax", **asked)["total"]["enterprise_count"]["value"] == 1
    )
    assert (
        world.statistics(measure="enterprise_count", zone="zon-park", **asked)["total"]["enterprise_count"]["value"]
        == 2
    )
    organizations = world.statistics(measure="organization_count", by="zone", zone="zon-park", **asked)
    assert [row["zone"] for row in organizations["rows"]] == [{"code": "zon-park", "name": "示例园区"}]


def test_there_are_two_structures(world: World):
    assert world.get("/v1/statistics", measure="enterprise_count", structure="next").status_code == 400

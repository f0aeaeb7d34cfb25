"""The trees beside the territory: sectors and affiliation, by level and by subtree, then and now."""

from datetime import date

import pytest

from reporting.world import TOWN_B, World, uscc

MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)


@pytest.fixture
def planted(empty_world: World) -> World:
    """The small county with three sectors and with its branches below a committee and units."""
    world = empty_world
    world.county()
    world.record("sector", "sct-trade", name="工商", parent=None, lead_unit="unt-county", industries=["F"])
    world.record("sector", "sct-food", name="食品", parent="sct-trade", lead_unit="unt-tax", industries=["C13"])
    world.record("sector", "sct-net", name="互联网", parent=None, lead_unit="unt-tax", industries=["I64"])
    world.change("enterprise", uscc(7), MARCH, sector="sct-net")
    world.change("enterprise", uscc(8), MARCH, industry="F5211")
    world.change("enterprise", uscc(6), MARCH, industry="A01")
    world.record("party_organization", "pty-top", name="镇党委", kind="committee", division=TOWN_B)
    for organization, superior in (("pty-top", "unt-a"), ("pty-sole", "pty-top"), ("pty-joint", "unt-b")):
        world.record("affiliation", f"aff-{organization}", organization=organization, superior=superior)
    world.sync()
    return world


def counts(world: World, by: str, measure="enterprise_count", **params):
    answer = world.statistics(measure=measure, by=by, **params)
    name = by.partition(":")[0]
    return {row[name]["code"]: row[measure]["value"] for row in answer["rows"]}


def test_an_enterprise_is_of_the_sector_it_names_else_of_the_one_its_industry_tells(planted: World):
    assert counts(planted, "sector") == {"sct-food": 5, "sct-trade": 1, "sct-net": 1, None: 1}
    assert counts(planted, "sector:1") == {"sct-trade": 6, "sct-net": 1, None: 1}
    assert counts(planted, "sector:2") == {"sct-food": 5, None: 3}
    assert counts(planted, "sector", on=date(2026, 2, 1)) == {"sct-food": 8}


def test_a_filter_takes_in_what_is_below(planted: World):
    def total(**params):
        return planted.statistics(measure="enterprise_count", **params)["total"]["enterprise_count"]["value"]

    assert total(sector="sct-trade") == 6
    assert total(sector=["sct-food", "sct-net"]) == 6
    assert total(sector="unknown") == 1
    assert total(affiliation="unt-county") == 3
    assert total(affiliation="unt-a") == total(affiliation="pty-top") == total(affiliation="pty-sole") == 1
    assert planted.get("/v1/statistics/rows", measure="enterprise_count", affiliation="unt-b").json()["total"] == 2


def test_affiliation_counts_an_enterprise_at_the_organisation_that_covers_it(planted: World):
    assert counts(planted, "affiliation") == {"pty-sole": 1, "pty-joint": 2, "pty-b": 1, None: 4}
    assert counts(planted, "affiliation:1") == {"unt-county": 3, "pty-b": 1, None: 4}
    assert counts(planted, "affiliation:2") == {"unt-a": 1, "unt-b": 2, None: 5}
    assert counts(planted, "affiliation:2", "organization_count") == {"unt-a": 2, "unt-b": 1, None: 1}
    answer = planted.statistics(measure="organization_count", by="affiliation:1")
    assert [row["affiliation"]["name"] for row in answer["rows"]] == ["pty-b支部", "县工委"]


def test_a_transfer_moves_a_branch_on_its_day_and_todays_structure_asks_todays_superiors(planted: World):
    planted.close("affiliation", "aff-pty-joint", JUNE)
    planted.record("affiliation", "aff-new", JUNE, organization="pty-joint", superior="unt-a")
    planted.change("sector", "sct-food", JUNE, parent=None)
    planted.sync()

    assert counts(planted, "affiliation:2", on=MARCH) == {"unt-a": 1, "unt-b": 2, None: 5}
    assert counts(planted, "affiliation:2", on=MARCH, structure="now") == {"unt-a": 3, None: 5}
    assert counts(planted, "affiliation:2") == {"unt-a": 3, None: 5}
    assert counts(planted, "sector:1", on=MARCH) == {"sct-trade": 6, "sct-net": 1, None: 1}
    assert counts(planted, "sector:1", on=MARCH, structure="now") == {
        "sct-food": 5,
        "sct-trade": 1,
        "sct-net": 1,
        None: 1,
    }


def test_as_known_before_a_transfer_the_branch_is_where_it_was(planted: World):
    seq = len(planted.registry.entries)
    planted.close("affiliation", "aff-pty-joint", MARCH)
    planted.record("affiliation", "aff-new", MARCH, organization="pty-joint", superior="unt-a")
    planted.sync()

    assert counts(planted, "affiliation:2", on=MARCH) == {"unt-a": 3, None: 5}
    assert counts(planted, "affiliation:2", on=MARCH, known_at=seq) == {"unt-a": 1, "unt-b": 2, None: 5}


@pytest.mark.parametrize("tree", ["sector", "affiliation"])
def test_a_node_that_nobody_knows_is_refused(planted: World, tree):
    assert planted.get("/v1/statistics", measure="enterprise_count", **{tree: "sct-none"}).status_code == 400


def test_each_line_says_by_which_filter_its_rows_are_had(planted: World):
    catalogue = {each["text"]: each for each in planted.get("/v1/dimensions").json()["items"]}
    for by in ("sector", "sector:1", "sector:2", "affiliation", "affiliation:2", "division:village", "industry:class"):
        dimension = catalogue[by]
        for code, count in counts(planted, by).items():
            value = dimension["unknown"] if code is None else dimension["value"].format(code=code)
            rows = planted.get("/v1/statistics/rows", measure="enterprise_count", **{dimension["filter"]: value})
            assert rows.json()["total"] == count, (by, code)


@pytest.mark.parametrize(
    ("by", "zh", "en"),
    [
        ("sector", "未归口", "In no sector"),
        ("sector:2", "无此级", "None at this level"),
        ("affiliation", "无隶属", "Not affiliated"),
        ("zone", "不在园区楼宇", "In no zone"),
        ("division:village", "不在村社区", "In no village"),
    ],
)
def test_the_line_without_a_code_says_what_it_lacks(planted: World, by, zh, en):
    for language, name in (("zh", zh), ("en", en)):
        who = {**planted.admin, "Accept-Language": language}
        answer = planted.statistics(who, measure="enterprise_count", by=by)
        assert [row[by.partition(":")[0]]["name"] for row in answer["rows"]][-1] == name


@pytest.mark.parametrize(
    ("name", "value"),
    [("sector", "unknown:9"), ("division", "unknown:street"), ("size", "unknown:1"), ("zone", "at:x")],
)
def test_a_filter_for_none_at_a_level_that_is_not_there_is_refused(planted: World, name, value):
    answer = planted.get("/v1/statistics", measure="enterprise_count", **{name: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"parameter {name}"


def test_organisations_have_no_sector(planted: World):
    assert planted.get("/v1/statistics", measure="organization_count", by="sector:1").status_code == 400

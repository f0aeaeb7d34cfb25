"""Values that there are not are refused; an empty answer would look like a figure."""

from typing import Any

import pytest

from heli_shared.kernel.industries import DIVISIONS, SECTIONS, is_classified
from reporting.world import PARK, TOWN_A, TOWN_B, World, uscc

COUNT = {"measure": "enterprise_count"}
CHANGE = {**COUNT, "from": "2026-01-01", "to": "2026-06-30"}
EVERYWHERE = ["/v1/statistics", "/v1/statistics/rows", "/v1/statistics/ledger"]


def refusal(answer: Any) -> tuple[int, list[str]]:
    return answer.status_code, [each["pointer"] for each in answer.json()["errors"]]


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("industry", ["Z", "Z99", "C99", "A13", "C9911"])
def test_an_industry_that_is_in_no_classification_is_refused(world: World, path, industry):
    answer = world.get(path, **COUNT, industry=["C13", industry])

    assert refusal(answer) == (400, ["parameter industry"])
    assert industry in answer.json()["detail"]
    assert "GB/T 4754-2017" in answer.json()["detail"]


@pytest.mark.parametrize("industry", ["C", "C13", "C1311", "T97", "C1399", "unknown", "unknown:class"])
def test_an_industry_of_the_classification_may_have_nobody(world: World, industry):
    assert world.get("/v1/statistics", **COUNT, industry=industry).status_code == 200


def test_an_industry_that_is_on_record_is_known_whatever_the_classification_says(world: World):
    world.enterprise(70, industry="Z9900")
    world.sync()

    assert [
        world.statistics(**COUNT, industry=code)["total"]["enterprise_count"]["value"] for code in ("Z", "Z99", "Z9900")
    ] == [1, 1, 1]
    assert world.get("/v1/statistics", **COUNT, industry="Z98").status_code == 400


def test_the_classification_has_its_sections_and_divisions():
    assert len(DIVISIONS) == 97
    assert SECTIONS == "ABCDEFGHIJKLMNOPQRST"
    assert [code for code in ("", "AB", "a", "C1", "C13", "C1311") if is_classified(code)] == ["C13", "C1311"]


@pytest.mark.parametrize(
    ("by", "group"),
    [
        ("division:town", "nope"),
        ("division:town", "at:990101001000"),
        ("zone", "nope"),
        ("unit", "nope"),
        ("sector:1", "nope"),
        ("affiliation:1", "nope"),
        ("industry:division", "Z99"),
        ("size", "nope"),
        ("ownership", "nope"),
        ("organization_cover", "unknown:village"),
    ],
)
def test_a_line_that_there_never_was_is_refused(world: World, by, group):
    answer = world.get("/v1/statistics/change/rows", **CHANGE, cause="entered", by=by, group=group)

    assert refusal(answer) == (400, ["parameter group"])
    assert group in answer.json()["detail"]


@pytest.mark.parametrize(
    ("by", "group"),
    [
        ("division:town", TOWN_B),
        ("zone", PARK),
        ("zone", "unknown"),
        ("unit", "unt-tax"),
        ("unit", "unt-unrecorded"),
        ("industry:division", "C13"),
        ("size", "large"),
        ("division:village", "unknown"),
    ],
)
def test_a_line_that_there_is_may_be_empty(world: World, by, group):
    world.enterprise(70, responsible_unit="unt-unrecorded")
    world.sync()

    assert world.get("/v1/statistics/change/rows", **CHANGE, cause="entered", by=by, group=group).status_code == 200


@pytest.mark.parametrize("part", ["numerator", "denominator", "gap", None])
def test_only_what_is_left_out_has_a_reason(world: World, part):
    given = {} if part is None else {"part": part}
    answer = world.get("/v1/statistics/rows", **COUNT, reason="state_owned", **given)

    assert refusal(answer) == (400, ["parameter reason"])
    assert "part=excluded" in answer.json()["detail"]


@pytest.mark.parametrize("part", ["excluded", "all"])
def test_what_is_left_out_is_listed_by_its_reason(world: World, part):
    page = world.get("/v1/statistics/rows", **COUNT, reason="state_owned", part=part).json()

    assert [each["uscc"] for each in page["items"]] == [uscc(9)]


@pytest.fixture
def posted(world: World) -> World:
    """Return a county in which one person guides in town A, and another in town B whose post is over."""
    ends = {"role": "instructor", "organization": None, "unit": "unt-tax", "term_ends_on": "2027-12-31"}
    world.record("assignment", "asg-a", person="per-a", enterprise=uscc(1), **ends)
    world.record("assignment", "asg-b", person="per-b", enterprise=uscc(6), **ends)
    world.close("assignment", "asg-b", world.clock.today())
    world.record("person", "per-c", unit="unt-b")
    world.sync()
    return world


@pytest.mark.parametrize("path", ["/v1/worklists", "/v1/worklists/unt-county"])
def test_a_person_whom_no_record_names_is_refused(posted: World, path):
    answer = posted.get(path, person="nope")

    assert refusal(answer) == (404, ["parameter person"])
    assert [posted.get(path, person=person).status_code for person in ("per-a", "per-b", "per-c")] == [200, 200, 200]


def test_a_person_is_known_where_a_record_is_seen_that_names_them(posted: World):
    clerks = {
        "a": posted.person("prn-a", divisions=(TOWN_A,), unit="unt-a"),
        "b": posted.person("prn-b", divisions=(TOWN_B,), unit="unt-b"),
    }
    seen = {
        name: [
            posted.get("/v1/worklists", who, person=person).status_code
            for person in ("per-a", "per-b", "per-c", "nope")
        ]
        for name, who in clerks.items()
    }

    assert seen == {"a": [200, 404, 404, 404], "b": [404, 200, 200, 404]}

"""What was said about a record with an impossible cell travels with every number that counts it, and no other."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from reporting.world import COUNTY, LONG_AGO, TOWN_A, TOWN_B, World

CHECK = "enterprise.members-over-staff"
TEXT = "派遣职工的组织关系在本企业"


def explained(world: World, key: str, record: str, *, unit: str = "unt-a", division: str = TOWN_A) -> None:
    given = {
        "period": "prd-1", "period_code": "2026H1", "starts_on": "2026-01-01", "ends_on": "2026-06-30", "unit": unit,
        "division": division, "check": CHECK, "record_kind": "enterprise", "record": record,
        "value": '{"full_members": 30, "staff": 20}', "text": TEXT, "person": "per-1", "principal": "prn-clerk",
    }  # fmt: skip
    world.record("explanation", key, date(2026, 7, 1), **given)


@pytest.fixture
def told(world: World) -> World:
    """An enterprise of each town with an explained cell; that of the second one is covered by nobody and small."""
    big = world.enterprise(71, TOWN_A, staff=120, full_members=130)
    small = world.enterprise(72, TOWN_B, staff=5, full_members=9, industry="F5211")
    gone = world.enterprise(73, TOWN_A)
    world.close("enterprise", gone, date(2026, 1, 1))
    world.branch("org-71", [big], full_members=130)
    explained(world, "exp-big", big)
    explained(world, "exp-small", small, unit="unt-b", division=TOWN_B)
    explained(world, "exp-gone", gone)
    world.record(
        "explanation", "exp-org", date(2026, 7, 1), period="prd-1", period_code="2026H1", starts_on="2026-01-01",
        ends_on="2026-06-30", unit="unt-a", division=TOWN_A, check="organization.x", record_kind="party_organization",
        record="org-71", value="{}", text="组织已核对", person="per-1", principal="prn-clerk",
    )  # fmt: skip
    world.sync()
    return world


def ids(world: World, who: dict[str, str] | None = None, **params: Any) -> list[str]:
    asked = {"measure": "enterprise_count", "on": "2026-06-30", **params}
    return [each["id"] for each in world.statistics(who, **asked)["passport"]["explanations"]]


def test_the_passport_says_which_record_and_what_of_it_was_explained(told: World):
    measures = ["enterprise_count", "organization_coverage", "staff100_with_organization_rate"]
    found = told.statistics(measure=measures, division=TOWN_A, on="2026-06-30")["passport"]["explanations"]
    assert found == [
        {
            "id": "exp-big", "period": "2026H1", "unit": "unt-a", "unit_name": "甲镇党委", "division": TOWN_A,
            "zone": None, "measures": measures, "check": CHECK, "record_kind": "enterprise",
            "record": found[0]["record"], "record_name": "示例企业71", "figure": None, "compared_with": None,
            "value": '{"full_members": 30, "staff": 20}', "previous": None, "text": TEXT, "person": "per-1",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["exp-big", "exp-small"]),
        ({"division": COUNTY}, ["exp-big", "exp-small"]),
        ({"division": TOWN_B}, ["exp-small"]),
        ({"industry": "F"}, ["exp-small"]),
        ({"measure": "staff100_with_organization_rate"}, ["exp-big"]),
        ({"measure": "organization_count"}, ["exp-org"]),
        ({"measure": ["organization_count", "enterprise_count"], "division": TOWN_A}, ["exp-big", "exp-org"]),
        ({"on": "2025-12-31"}, []),
        ({"on": "2026-07-01"}, []),
    ],
)
def test_a_number_carries_what_was_said_about_the_rows_it_counts(told: World, params, expected):
    assert ids(told, **params) == expected


def test_every_explained_record_is_among_the_rows_of_the_number(told: World):
    """The rows behind a number, read by another route, tell which explanations have to be there."""
    about = {"exp-big": 71, "exp-small": 72, "exp-gone": 73}
    names = {key: f"示例企业{number}" for key, number in about.items()}
    for measure in ("enterprise_count", "organization_coverage", "staff100_with_organization_rate"):
        asked = {"measure": measure, "on": "2026-06-30", "part": "denominator", "limit": 200}
        rows = {each["name"] for each in told.get("/v1/statistics/rows", **asked).json()["items"]}
        assert ids(told, measure=measure) == [key for key, name in names.items() if name in rows], measure


def test_a_caller_sees_what_was_said_about_the_own_rows(told: World):
    assert ids(told, told.person("prn-a", divisions=(TOWN_A,))) == ["exp-big"]
    assert ids(told, told.person("prn-b", divisions=(TOWN_B,))) == ["exp-small"]


def test_a_number_of_before_carries_what_was_known_then(told: World):
    before = told.statistics(measure="enterprise_count", on="2026-06-30")["passport"]
    told.close("explanation", "exp-big", date(2026, 7, 1))
    told.sync()
    assert ids(told) == ["exp-small"]
    assert ids(told, known_at=f"registry:{before['known_at']['registry']}") == ["exp-big", "exp-small"]
    again = told.get(before["permalink"]).json()["passport"]["explanations"]
    assert [each["id"] for each in again] == ["exp-big", "exp-small"]


def test_the_table_names_the_record_beside_its_place(told: World):
    asked = "/v1/statistics?measure=enterprise_count&by=division:town&on=2026-06-30&format=csv"
    text = told.client.get(asked, headers=told.admin).content.decode("utf-8-sig")
    table = {line["乡镇街道 代码"]: line["说明"] for line in csv.DictReader(io.StringIO(text))}
    assert table[TOWN_A] == f"示例企业71 2026H1: {TEXT}"
    assert table[TOWN_B] == f"示例企业72 2026H1: {TEXT}"


def test_a_record_that_moved_away_is_explained_where_it_is_counted(told: World):
    key = told.enterprise(74, TOWN_A, LONG_AGO)
    told.change("enterprise", key, date(2026, 3, 1), division=TOWN_B)
    explained(told, "exp-moved", key)
    told.sync()
    assert "exp-moved" in ids(told, division=TOWN_B)
    assert "exp-moved" not in ids(told, division=TOWN_A)
    assert "exp-moved" in ids(told, division=TOWN_A, on="2026-02-28")

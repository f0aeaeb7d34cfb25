"""An explanation travels with the number: in the passport, in the table, under the permalink, in the caller's scope."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from reporting.world import COUNTY, PARK, TOWN_A, TOWN_B, World

TEXT = "开发区划入本镇，企业数增加"


def explanation(world: World, key: str, unit: str, division: str | None, **fields: Any) -> None:
    given = {
        "period": "prd-1", "period_code": "2026H1", "starts_on": "2026-01-01", "ends_on": "2026-06-30", "unit": unit,
        "figure": "enterprises", "compared_with": "2025H2", "measures": ["enterprise_count", "organization_coverage"],
        "value": "16", "previous": "10", "text": TEXT, "person": "per-1", "principal": "prn-clerk",
    }  # fmt: skip
    values = {name: value for name, value in {**given, "division": division, **fields}.items() if value is not None}
    world.record("explanation", key, date(2026, 7, 1), **values)


@pytest.fixture
def told(world: World) -> World:
    explanation(world, "exp-a", "unt-a", TOWN_A)
    explanation(world, "exp-b", "unt-b", TOWN_B, text="河西乡撤并")
    explanation(world, "exp-county", "unt-county", COUNTY, text="全县新增")
    explanation(world, "exp-park", "unt-park", TOWN_B, zone=PARK, text="园区投产")
    explanation(world, "exp-other", "unt-a", TOWN_A, measures=["organization_count"])
    explanation(world, "exp-old", "unt-a", TOWN_A, period_code="2025H2", starts_on="2025-07-01", ends_on="2025-12-31")
    world.sync()
    return world


def ids(world: World, who: dict[str, str] | None = None, **params: Any) -> list[str]:
    asked = {"measure": "enterprise_count", "on": "2026-06-30", **params}
    return [each["id"] for each in world.statistics(who, **asked)["passport"]["explanations"]]


def test_the_passport_carries_what_was_said_about_the_number(told: World):
    answer = told.statistics(measure=["organization_coverage", "organization_count"], division=TOWN_A, on="2026-06-30")
    assert answer["passport"]["explanations"] == [
        {
            "id": "exp-a", "period": "2026H1", "unit": "unt-a", "unit_name": "甲镇党委", "division": TOWN_A,
            "zone": None, "measures": ["organization_coverage"], "check": None, "record_kind": None, "record": None,
            "record_name": None, "figure": "enterprises", "compared_with": "2025H2",
            "value": "16", "previous": "10", "text": TEXT, "person": "per-1",
        },
        {
            "id": "exp-other", "period": "2026H1", "unit": "unt-a", "unit_name": "甲镇党委", "division": TOWN_A,
            "zone": None, "measures": ["organization_count"], "check": None, "record_kind": None, "record": None,
            "record_name": None, "figure": "enterprises", "compared_with": "2025H2",
            "value": "16", "previous": "10", "text": TEXT, "person": "per-1",
        },
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["exp-a", "exp-b", "exp-county", "exp-park"]),
        ({"division": COUNTY}, ["exp-a", "exp-b", "exp-county", "exp-park"]),
        ({"division": TOWN_B}, ["exp-b", "exp-park"]),
        ({"zone": PARK}, ["exp-park"]),
        ({"unit": "unt-b"}, ["exp-b"]),
        ({"on": "2025-12-31"}, ["exp-old"]),
        ({"on": "2026-07-01"}, []),
        ({"measure": "staff100_with_organization_rate"}, []),
        ({"ownership": "private"}, []),
    ],
)
def test_only_what_is_about_the_question_is_carried(told: World, params, expected):
    assert ids(told, **params) == expected


def test_a_caller_sees_the_explanations_of_the_own_scope(told: World):
    clerk = told.person("prn-a", divisions=(TOWN_A,))
    park = told.person("prn-park", zones=(PARK,))
    assert ids(told, clerk) == ["exp-a"]
    assert ids(told, park) == ["exp-park"]


def test_a_withdrawn_explanation_travels_no_more_but_stays_under_the_permalink(told: World):
    before = told.statistics(measure="enterprise_count", division=TOWN_A, on="2026-06-30")
    known_at = before["passport"]["known_at"]["registry"]
    told.close("explanation", "exp-a", date(2026, 7, 1))
    told.sync()
    assert ids(told, division=TOWN_A) == []
    assert ids(told, division=TOWN_A, known_at=f"registry:{known_at}") == ["exp-a"]
    again = told.get(before["passport"]["permalink"]).json()
    assert [each["id"] for each in again["passport"]["explanations"]] == ["exp-a"]


def test_the_table_says_it_beside_its_line_and_beside_the_total(told: World):
    asked = "/v1/statistics?measure=enterprise_count&by=division:town&on=2026-06-30&format=csv"
    text = told.client.get(asked, headers=told.admin).content.decode("utf-8-sig")
    table = {line["乡镇街道 代码"]: line["说明"] for line in csv.DictReader(io.StringIO(text))}
    assert table == {
        TOWN_A: f"甲镇党委 2026H1: {TEXT}",
        TOWN_B: "乙镇党委 2026H1: 河西乡撤并；园区工委 2026H1: 园区投产",
        "": f"甲镇党委 2026H1: {TEXT}；乙镇党委 2026H1: 河西乡撤并；县工委 2026H1: 全县新增；园区工委 2026H1: 园区投产",
    }


def test_a_table_that_nobody_explained_has_no_such_column(told: World):
    asked = "/v1/statistics?measure=enterprise_count&by=division:town&on=2026-07-01&format=csv"
    text = told.client.get(asked, headers=told.admin).content.decode("utf-8-sig")
    assert "说明" not in text.splitlines()[0]

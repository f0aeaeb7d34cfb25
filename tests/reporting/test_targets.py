"""Targets held against figures: exactly, as of a day, and only of places that the caller sees wholly."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli_reporting.history.domain import Cell
from heli_reporting.targets.domain import standing
from reporting.world import TOWN_A, World


@pytest.fixture
def aimed(world: World) -> World:
    for key, unit, measure, value, due in (
        ("tgt-county", "unt-county", "organization_coverage", "0.75", "2026-12-31"),
        ("tgt-a", "unt-a", "organization_coverage", "0.6", "2026-06-30"),
        ("tgt-park", "unt-park", "enterprise_count", "3", "2026-09-30"),
        ("tgt-tax", "unt-tax", "organization_coverage", "0.5", "2026-09-30"),
    ):
        fields = {"unit": unit, "measure": measure, "value": value, "due_on": due, "document": "示例文件"}
        world.record("target", key, date(2026, 1, 10), **fields)
    world.sync()
    return world


def targets(world: World, who=None, **params):
    answer = world.get("/v1/statistics/targets", who, **params)
    assert answer.status_code == 200, answer.text
    return {
        row["id"]: (row["figure"]["value"], row["distance"], row["is_reached"], row["days_left"])
        for row in answer.json()["rows"]
    }


def test_each_target_is_held_against_the_figure_of_its_unit(aimed: World):
    assert targets(aimed) == {
        "tgt-a": ("0.6000", "0.0000", True, -1),
        "tgt-park": (1, 2, False, 91),
        "tgt-tax": (None, None, None, 91),
        "tgt-county": ("0.5000", "0.2500", False, 183),
    }
    answer = aimed.get("/v1/statistics/targets").json()
    assert [row["id"] for row in answer["rows"]] == ["tgt-a", "tgt-park", "tgt-tax", "tgt-county"]
    assert [each["measure"] for each in answer["passport"]["definitions"]] == [
        "organization_coverage",
        "enterprise_count",
    ]


def test_only_targets_of_places_that_are_seen_wholly_are_shown(aimed: World):
    assert set(targets(aimed, aimed.person("prn-a", divisions=(TOWN_A,)))) == {"tgt-a"}
    assert set(targets(aimed, aimed.person("prn-park", zones=("zon-park",)))) == {"tgt-park"}
    assert targets(aimed, aimed.person("prn-none")) == {}


def test_a_target_stands_from_its_day_and_in_what_was_known(aimed: World):
    assert targets(aimed, on="2026-01-09") == {}
    before = len(aimed.assessment.entries)
    aimed.assessment.append(
        "target", "tgt-a", effective_on=date(2026, 3, 1), changes={"value": "0.8"}, operation="change"
    )
    aimed.close("division", TOWN_A, date(2026, 3, 1))
    aimed.sync()

    assert targets(aimed)["tgt-a"][1] == "0.2000"
    assert targets(aimed, known_at=f"assessment:{before}")["tgt-a"][1] == "0.0000"
    assert targets(aimed, on="2026-02-01")["tgt-a"][1] == "0.0000"


def test_targets_have_a_permalink_and_strict_refuses_stale_ones(aimed: World):
    answer = aimed.get("/v1/statistics/targets")
    assert aimed.get(answer.json()["passport"]["permalink"]).content == answer.content
    aimed.assessment.is_down = True
    aimed.sync()
    assert aimed.get("/v1/statistics/targets", strict=1).status_code == 503


@given(st.integers(0, 50), st.integers(0, 50), st.decimals(0, 1, places=4))
def test_a_target_is_reached_exactly_when_the_fraction_is_not_below_it(counted, more, value):
    found = standing(Cell(counted, counted + more), value, due_on=date(2026, 7, 1), on=date(2026, 7, 1))
    if counted + more == 0:
        assert (found.distance, found.is_reached) == (None, None)
        return
    missing = Fraction(str(value)) - Fraction(counted, counted + more)
    assert found.is_reached == (missing <= 0)
    assert abs(Fraction(found.distance) - max(missing, 0)) < Fraction(1, 10**20)
    assert (found.distance == 0) == found.is_reached
    assert isinstance(found.distance, Decimal)

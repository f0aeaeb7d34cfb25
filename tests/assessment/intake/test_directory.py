"""The directory of units follows the registry: fresh within seconds, held while it is down, anew after a restore."""

from datetime import date

import pytest

from heli_assessment.intake.directory import FRESH_SECONDS, HELD_SECONDS, Directory
from heli_assessment.intake.domain import Answering, Place, Reach, Unit
from heli_shared.contracts.registry.fake import FakeRegistry
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Unavailable

COUNTY, TOWN, VILLAGE, OTHER = "990101000000", "990101001000", "990101001001", "990101002000"
DAY = date(2026, 1, 1)


class Time:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def registry():
    made = FakeRegistry()
    for code, parent in ((COUNTY, None), (TOWN, COUNTY), (VILLAGE, TOWN), (OTHER, COUNTY)):
        made.append("division", code, effective_on=DAY, changes={"parent": parent, "state": "open"})
    for unit, division, zone in (("a", TOWN, None), ("b", VILLAGE, None), ("c", OTHER, None), ("p", None, "zon-1")):
        made.append("unit", unit, effective_on=DAY, changes={"division": division, "zone": zone, "state": "open"})
    return made


def test_a_scope_holds_the_units_of_its_subtrees_and_zones(registry):
    directory = Directory(registry)
    assert directory.units_in(Scope(divisions=(TOWN,))) == {"a", "b"}
    assert directory.units_in(Scope(divisions=(OTHER,), zones=("zon-1",))) == {"c", "p"}
    assert directory.units_in(Scope()) == frozenset()
    assert directory.units_in(Scope(everything=True)) == {"a", "b", "c", "p"}


def test_a_moved_unit_is_seen_within_seconds(registry):
    time = Time()
    directory = Directory(registry, monotonic=time)
    assert "c" not in directory.units_in(Scope(divisions=(TOWN,)))
    registry.append("unit", "c", effective_on=DAY, changes={"division": TOWN}, operation="change")
    time.now += FRESH_SECONDS
    assert "c" in directory.units_in(Scope(divisions=(TOWN,)))


def test_a_circle_of_divisions_ends(registry):
    registry.append("division", COUNTY, effective_on=DAY, changes={"parent": VILLAGE}, operation="change")
    assert Directory(registry).units_in(Scope(divisions=("990199000000",))) == frozenset()


def test_what_was_known_holds_for_ten_minutes_while_the_registry_is_down(registry):
    time = Time()
    directory = Directory(registry, monotonic=time)
    assert directory.has_unit("a")
    registry.is_down = True
    time.now += HELD_SECONDS
    assert directory.has_unit("a")
    time.now += 1
    with pytest.raises(Unavailable):
        directory.has_unit("a")


def test_without_any_copy_nobody_can_say(registry):
    registry.is_down = True
    with pytest.raises(Unavailable):
        Directory(registry).has_unit("a")


def test_after_a_restore_the_units_are_read_anew(registry):
    time = Time()
    directory = Directory(registry, monotonic=time)
    assert directory.has_unit("c")
    registry.restore("second", upto=5)
    time.now += FRESH_SECONDS
    assert directory.units_in(Scope(everything=True)) == {"a"}


def test_a_unit_and_a_post_are_found_as_they_stood_on_a_day(registry):
    directory = Directory(registry)
    later = date(2026, 3, 1)
    registry.append("unit", "a", effective_on=later, changes={"state": "closed"}, operation="close")
    assert directory.unit_on("a", date(2026, 2, 28)).is_open
    assert not directory.unit_on("a", later).is_open
    assert directory.unit_on("a", date(2025, 12, 31)) is None
    assert directory.unit_on("none", later) is None
    post = {"person": "p-1", "role": "secretary", "organization": "org-1", "unit": "a", "state": "open"}
    registry.append("assignment", "asg-1", effective_on=DAY, changes=post)
    registry.append("assignment", "asg-1", effective_on=later, changes={"state": "closed"}, operation="close")
    assert [each.organization for each in directory.posts_on("p-1", "secretary", DAY)] == ["org-1"]
    assert directory.posts_on("p-1", "secretary", later) == []
    assert directory.posts_on("p-1", "instructor", DAY) == []


def test_the_reach_of_a_scope_is_units_divisions_and_zones(registry):
    reach = Directory(registry).reach(Scope(divisions=(TOWN,), zones=("zon-1",)))
    assert reach == Reach(frozenset({"a", "b", "p"}), frozenset({TOWN, VILLAGE}), frozenset({"zon-1"}))
    assert reach.holds("a", Place())
    assert reach.holds("x", Place(unit="b"))
    assert reach.holds("x", Place(division=VILLAGE))
    assert reach.holds("x", Place(division=OTHER, zone="zon-1"))
    assert not reach.holds("x", Place(unit="c", division=OTHER))
    assert not reach.holds("x", Place())


@pytest.mark.parametrize(
    ("place", "unit"),
    [
        (Place("unt-own", VILLAGE, "zon-1"), "unt-own"),
        (Place(None, VILLAGE, "zon-1"), "unt-park"),
        (Place(None, VILLAGE, "zon-none"), "unt-town"),
        (Place(None, TOWN), "unt-town"),
        (Place(None, OTHER), None),
        (Place(None, COUNTY), None),
        (Place(), None),
    ],
)
def test_what_lies_somewhere_is_answered_for_by_its_park_else_the_nearest_township(place, unit):
    parents = {COUNTY: None, TOWN: COUNTY, VILLAGE: TOWN, OTHER: COUNTY}
    units = [
        Unit("unt-town", "镇", "township", TOWN, None, is_open=True),
        Unit("unt-town-2", "镇二", "township", TOWN, None, is_open=True),
        Unit("unt-other", "乡", "township", OTHER, None, is_open=False),
        Unit("unt-park", "园", "park", TOWN, "zon-1", is_open=True),
        Unit("unt-county", "县", "commission", COUNTY, None, is_open=True),
    ]
    assert Answering.of(units, parents).placed(place).unit == unit


def test_member_units_are_departments_associations_and_parks():
    made = FakeRegistry()
    for kind in ("commission", "township", "park", "department", "association"):
        made.append("unit", f"unt-{kind}", effective_on=DAY, changes={"name": kind, "kind": kind, "state": "open"})
    directory = Directory(made)
    members = [unit.id for unit in directory.units_of_kind("department")]
    assert members == ["unt-association", "unt-department", "unt-park"]
    assert [unit.id for unit in directory.units_of_kind("township")] == ["unt-township"]
    assert directory.units_of_kind("organization") == []

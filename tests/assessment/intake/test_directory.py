"""The directory of units follows the registry: fresh within seconds, held while it is down, anew after a restore."""

from datetime import date

import pytest

from heli_assessment.intake.directory import FRESH_SECONDS, HELD_SECONDS, Directory
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

"""Who moved is told from those around whom the map was redrawn, case by case (docs/rules/change-causes.md)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from heli_reporting.history.domain import EVERYTHING, KnownAt, Query
from heli_reporting.history.store import Store
from heli_shared.kernel.access import Scope
from reporting.history.county import TOWNS, UNITS, VILLAGES, ZONES, County

MARCH, APRIL, MAY, JULY = date(2024, 3, 31), date(2024, 4, 1), date(2024, 5, 9), date(2024, 7, 1)
LONG_AGO = date(2024, 1, 15)
PLACES = {"division": "division", "zone": "zone", "unit": "responsible_unit", "sector": "sector"}
A1, A2, B1, _, C1, _ = VILLAGES
TOWN_A, TOWN_B, TOWN_C = TOWNS
Told = dict[str | None, dict[tuple[str, str | None], int]]


class Place(County):
    """A county with its tree alone, in which the tests found, move and merge."""

    def __init__(self) -> None:
        super().__init__(0, changes=0)
        self.entries = [entry for entry in self.entries if entry["entity"] in ("division", "zone", "unit")]

    def found(self, n: int, entity: str = "enterprise", **places: str | None) -> str:
        """Put a record somewhere."""
        key = f"91330102{n:010d}" if entity == "enterprise" else f"pty-{n}"
        kind = {"ownership": "private"} if entity == "enterprise" else {"kind": "branch"}
        self.write(entity, key, "create", LONG_AGO, {"name": key, **kind, **places})
        return key

    def move(self, key: str, on: date, entity: str = "enterprise", **places: str) -> None:
        """Let a record name other places from a day on."""
        self.write(entity, key, "change", on, places)

    def merge(self, kind: str, gone: str, parts: str | tuple[str, ...], on: date, along: Iterable[str] = ()) -> None:
        """Let a node go and others take its place; the records along with it go to the first of them."""
        successors = (parts,) if isinstance(parts, str) else parts
        for key in along:
            self.move(
                key,
                on,
                "party_organization" if key.startswith("pty") else "enterprise",
                **{PLACES[kind]: successors[0]},
            )
        self.write(kind, gone, "close", on, {})
        for successor in successors:
            fields = {"node": kind, "predecessor": gone, "successor": successor}
            self.write("succession", f"suc-{len(self.entries)}", "create", on, fields)


@pytest.fixture
def place() -> Place:
    return Place()


def causes(store: Store, place: Place, by: str | None, measure: str = "enterprise_count", **asked: Any) -> Told:
    """Ask for the change from March to July, and check that the rows behind each cause are as many as it tells."""
    if not store.heads()["registry"].seq:
        store.append("registry", place.entries, epoch="e")
        store.refresh()
    first, known = asked.pop("first", MARCH), asked.pop("known", KnownAt())
    last, scope = asked.pop("last", JULY), asked.pop("scope", EVERYTHING)
    before, after = (
        Query(day, KnownAt(seq), asked.get("filters", {}), scope, asked.get("structure_of"))
        for day, seq in ((first, asked.get("from_known", known.registry)), (last, known.registry))
    )
    grouped = [by] if by else []
    answer = store.change(measure, grouped, before, after)
    for line in answer.rows or [answer.total]:
        for each in line.causes:
            only = {"cause": each.cause, "reason": each.reason}
            only |= {f"g{n}": group.code for n, group in enumerate(line.groups)}
            page = store.change_rows(measure, grouped, before, after, only=only)
            assert page.total == each.records
            assert sum(item["numerator"] for item in page.items) == each.numerator
    return {
        (line.groups[0].code if line.groups else None): {
            (each.cause, each.reason): each.numerator for each in line.causes
        }
        for line in answer.rows or [answer.total]
        if line.causes
    }


def between(cause: str, here: str | None, there: str | None, number: int = 1) -> Told:
    return {here: {(cause, None): -number}, there: {(cause, None): number}}


def test_two_villages_merged_redraw_their_enterprises(store: Store, place: Place) -> None:
    place.merge("division", A1, B1, APRIL, [place.found(1, division=A1), place.found(2, division=A1)])
    place.found(3, division=B1)

    assert causes(store, place, "division:village") == between("redrawn", A1, B1, 2)
    assert causes(store, place, "division:town") == between("redrawn", TOWN_A, TOWN_B, 2)
    assert causes(store, place, "division:county") == {}
    assert causes(store, place, None) == {}
    assert causes(store, place, "division:town", structure_of=JULY) == {}


def test_a_village_that_went_to_another_town_redraws_its_enterprises(store: Store, place: Place) -> None:
    place.found(1, division=A2)
    place.write("division", A2, "change", APRIL, {"parent": TOWN_B})

    assert causes(store, place, "division:town") == between("redrawn", TOWN_A, TOWN_B)
    assert causes(store, place, "division:village") == {}
    assert causes(store, place, "division:town", structure_of=JULY) == {}


def test_a_zone_that_was_succeeded_redraws_its_enterprises(store: Store, place: Place) -> None:
    place.merge("zone", ZONES[0], ZONES[1], APRIL, [place.found(1, zone=ZONES[0], division=A1)])

    assert causes(store, place, "zone") == between("redrawn", *ZONES)
    assert causes(store, place, "division:village") == {}


def test_the_parts_of_a_unit_that_was_split_take_its_place(store: Store, place: Place) -> None:
    stays, goes = (place.found(n, responsible_unit=UNITS[0]) for n in (1, 2))
    place.write("unit", "unt-c", "create", APRIL, {"name": "丙", "kind": "township"})
    place.merge("unit", UNITS[0], (UNITS[1], "unt-c"), APRIL, [stays])
    place.move(goes, APRIL, responsible_unit="unt-c")

    assert causes(store, place, "unit") == {
        UNITS[0]: {("redrawn", None): -2}, UNITS[1]: {("redrawn", None): 1}, "unt-c": {("redrawn", None): 1},
    }  # fmt: skip


def test_an_enterprise_that_went_elsewhere_moved(store: Store, place: Place) -> None:
    place.move(place.found(1, division=A1), MAY, division=B1)
    place.merge("division", A2, B1, APRIL, [place.found(2, division=A2)])
    place.write("division", C1, "change", APRIL, {"parent": TOWN_B})

    assert causes(store, place, "division:village") == {
        A1: {("moved", None): -1}, A2: {("redrawn", None): -1}, B1: {("moved", None): 1, ("redrawn", None): 1},
    }  # fmt: skip
    assert causes(store, place, "division:town") == {
        TOWN_A: {("moved", None): -1, ("redrawn", None): -1}, TOWN_B: {("moved", None): 1, ("redrawn", None): 1},
    }  # fmt: skip


def test_one_succession_after_the_other_redraws(store: Store, place: Place) -> None:
    goes = place.found(1, division=A1)
    place.merge("division", A1, B1, APRIL, [goes])
    place.merge("division", B1, C1, MAY, [goes])

    assert causes(store, place, "division:town") == between("redrawn", TOWN_A, TOWN_C)


def test_who_went_elsewhere_after_a_merge_moved(store: Store, place: Place) -> None:
    goes = place.found(1, division=A1)
    place.merge("division", A1, B1, APRIL, [goes])
    place.move(goes, MAY, division=C1)

    assert causes(store, place, "division:town") == between("moved", TOWN_A, TOWN_C)


@pytest.mark.parametrize(
    ("first", "last", "cause"),
    [(MARCH, APRIL, "redrawn"), (MARCH - timedelta(days=9), MARCH, None), (APRIL, JULY, "moved")],
)
def test_a_merge_counts_after_the_earlier_day_and_until_the_later(
    store: Store, place: Place, first: date, last: date, cause: str | None
) -> None:
    """Number 1 goes along on the day, number 2 was forgotten and follows by itself in May."""
    place.merge("division", A1, B1, APRIL, [place.found(1, division=A1)])
    place.move(place.found(2, division=A1), MAY, division=B1)

    told = causes(store, place, "division:town", first=first, last=last)
    assert told == (between(cause, TOWN_A, TOWN_B) if cause else {})


def test_a_succession_that_was_withdrawn_or_is_not_known_redraws_nothing(store: Store, place: Place) -> None:
    goes = place.found(1, division=A1)
    place.merge("division", A1, B1, APRIL, [goes])
    known = len(place.entries)
    place.write("succession", f"suc-{known - 1}", "close", MAY, {})

    assert causes(store, place, "division:town") == between("moved", TOWN_A, TOWN_B)
    assert causes(store, place, "division:town", known=KnownAt(known)) == between("redrawn", TOWN_A, TOWN_B)
    assert causes(store, place, "division:town", known=KnownAt(known - 1)) == between("moved", TOWN_A, TOWN_B)


def test_organisations_are_redrawn_too(store: Store, place: Place) -> None:
    goes, moves = (place.found(n, "party_organization", division=A1, zone=ZONES[0]) for n in (1, 2))
    place.merge("division", A1, B1, APRIL, [goes])
    place.merge("zone", ZONES[0], ZONES[1], APRIL, [goes, moves])
    place.move(moves, MAY, "party_organization", division=C1)

    assert causes(store, place, "division:town", "organization_count") == {
        TOWN_A: {("redrawn", None): -1, ("moved", None): -1},
        TOWN_B: {("redrawn", None): 1},
        TOWN_C: {("moved", None): 1},
    }
    assert causes(store, place, "zone", "organization_count") == between("redrawn", *ZONES, 2)


def test_filters_and_scopes_tell_it_alike(store: Store, place: Place) -> None:
    place.merge("division", A1, B1, APRIL, [place.found(1, division=A1, zone=ZONES[0])])
    place.move(place.found(2, division=A2, zone=ZONES[0]), MAY, division=B1)
    place.move(place.found(3, division=A2, zone=ZONES[0]), MAY, zone=ZONES[1])
    place.write("division", A2, "change", APRIL, {"parent": TOWN_C})

    left = {None: {("moved", None): -1, ("redrawn", None): -2}}
    assert causes(store, place, None, filters={"division": (TOWN_A,)}) == left
    assert causes(store, place, None, scope=Scope(divisions=(TOWN_A,))) == left
    assert causes(store, place, None, filters={"division": (TOWN_C,)}) == {None: {("redrawn", None): 1}}
    assert causes(store, place, None, filters={"zone": (ZONES[0],)}) == {None: {("moved", None): -1}}
    both = Scope(divisions=(TOWN_A,), zones=(ZONES[1],))
    assert causes(store, place, None, scope=both) == {None: {("moved", None): -1, ("redrawn", None): -1}}
    within = {"division": (TOWN_A,), "zone": ZONES}
    assert causes(store, place, None, filters=within) == left


def test_a_merge_that_was_told_later_is_a_correction_that_redraws(store: Store, place: Place) -> None:
    goes, moves = (place.found(n, division=A1) for n in (1, 2))
    reported = len(place.entries)
    place.merge("division", A1, B1, LONG_AGO + timedelta(days=9), [goes])
    place.move(moves, MARCH, division=C1)

    assert causes(store, place, "division:town", from_known=reported) == {
        TOWN_A: {("corrected", "moved"): -1, ("corrected", "redrawn"): -1},
        TOWN_B: {("corrected", "redrawn"): 1},
        TOWN_C: {("corrected", "moved"): 1},
    }


def test_sectors_tell_moves_alone(store: Store, place: Place) -> None:
    for sector in ("sec-a", "sec-b"):
        place.write("sector", sector, "create", LONG_AGO, {"name": sector, "industries": []})
    place.merge("sector", "sec-a", "sec-b", APRIL, [place.found(1, sector="sec-a")])

    assert causes(store, place, "sector") == between("moved", "sec-a", "sec-b")

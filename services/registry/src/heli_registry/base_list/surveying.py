"""A survey: every registered enterprise of a census looked at once, as of its cut-off day and a point of the ledger.

It is a function of the ledger up to `known_at` alone: whoever makes it again, on whatever day, gets the same rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import Any, Literal, NamedTuple

from sqlalchemy.orm import Session

from heli_registry.base_list.domain import (
    Clarity,
    Item,
    Place,
    Step,
    clarity_of,
    items_on,
    step_of,
    steps_on,
)
from heli_registry.censuses.service import CENSUS_CHECKS
from heli_registry.covers.service import COVERS
from heli_registry.divisions.service import DIVISIONS
from heli_registry.organizations.service import PARTY_ORGANIZATIONS
from heli_registry.units.service import UNITS
from heli_registry.zones.service import ZONES
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.folding import Folded, fold
from heli_shared.ledger.reading import by_key
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Moment, Record, iterate_as_of
from heli_shared.statistics.scope import scope_reason_of

Share = Literal["new", "matched", "conflicting"]
KEPT_UNKNOWN = ("operation_state", "has_premises", "has_stable_staff", "has_activity", "ownership")
"""Facts that leave an enterprise in the base while they are unknown; how many stay for want of them is told."""


class Row(NamedTuple):
    """What the survey found of one enterprise; `step` is None in the base, `clarity` None outside it.

    `counted` says whether the statistics count it on the day, `sources` what each unit's lists did to it.
    """

    uscc: str
    division: str
    zone: str | None
    responsible_unit: str | None
    step: str | None
    counted: bool
    unknown: tuple[str, ...]
    clarity: Clarity | None
    sources: tuple[tuple[str | None, Share], ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """All rows in order of keys, and what they were looked at with."""

    census: Record
    day: date
    known_at: int
    steps: tuple[Step, ...]
    items: tuple[Item, ...]
    rows: tuple[Row, ...]
    parents: Mapping[str, str | None]
    names: Mapping[tuple[str, str], str]

    @property
    def is_preliminary(self) -> bool:
        """Say whether the cut-off day is still to come, so that an earlier day was looked at."""
        return self.day.isoformat() < str(self.census["cut_off_on"])

    def subtree(self, root: str) -> frozenset[str]:
        """Return the divisions at and below one, by the parents of the day."""
        return subtree(self.parents, root)


def subtree(parents: Mapping[str, str | None], root: str) -> frozenset[str]:
    """Return the codes at and below a root; empty when the root was not there."""
    children: dict[str | None, list[str]] = {}
    for code, parent in parents.items():
        children.setdefault(parent, []).append(code)
    found: set[str] = set()
    wanted = [root] if root in parents else []
    while wanted:
        code = wanted.pop()
        if code not in found:
            found.add(code)
            wanted += children.get(code, ())
    return frozenset(found)


def make_survey(session: Session, ledger: LedgerTables, census: Record, *, day: date, known_at: int) -> Survey:
    """Look at every enterprise registered up to a seq, as it was on a day."""
    moment = Moment(day, known_at)

    def folded(kind: RecordKind) -> Iterable[Record]:
        return iterate_as_of(session, ledger, kind, moment)

    parents, names = {}, {}
    for division in folded(DIVISIONS.kind):
        parents[division["code"]] = division["parent"]
        names["division", division["code"]] = division["name"]
    for kind in (UNITS.kind, ZONES.kind):
        names |= {(kind.entity, record["id"]): record["name"] for record in folded(kind)}
    surveyor = _Surveyor(
        day=day,
        steps=steps_on(date.fromisoformat(census["cut_off_on"]), census["optional_steps"] or ()),
        items=items_on(date.fromisoformat(census["cut_off_on"])),
        place=Place(subtree(parents, census["division"]) if census["division"] else None, census["zone"]),
        organizations=_covering(folded(COVERS.kind), folded(PARTY_ORGANIZATIONS.kind)),
        answers=_answers(session, ledger, census["id"], known_at),
    )
    groups = by_key(session, ledger, "enterprise", on=None, known_at=known_at)
    rows = tuple(surveyor.row(key, entries) for key, entries in groups)
    return Survey(census, day, known_at, surveyor.steps, surveyor.items, rows, parents, names)


def _covering(covers: Iterable[Record], organizations: Iterable[Record]) -> dict[str, list[Record]]:
    """Return the open organisations with an open cover of each enterprise."""
    standing = {record["id"]: record for record in organizations if record["state"] == "open"}
    found: dict[str, list[Record]] = {}
    for cover in covers:
        if cover["state"] == "open" and cover["organization"] in standing:
            found.setdefault(cover["enterprise"], []).append(standing[cover["organization"]])
    return found


def _answers(session: Session, ledger: LedgerTables, census: str, known_at: int) -> dict[str, dict[str, str]]:
    """Return the checkers' answers by enterprise and item: all that were known, on whatever day they were given."""
    found: dict[str, dict[str, str]] = {}
    for check in iterate_as_of(session, ledger, CENSUS_CHECKS.kind, Moment(None, known_at)):
        if check["census"] == census and check["state"] == "open":
            found.setdefault(check["enterprise"], {})[check["item"]] = check["answer"]
    return found


@dataclass(slots=True)
class _Surveyor:
    day: date
    steps: tuple[Step, ...]
    items: tuple[Item, ...]
    place: Place
    organizations: dict[str, list[Record]]
    answers: dict[str, dict[str, str]]

    def row(self, key: str, entries: list[Entry]) -> Row:
        there = fold(entries, on=self.day)
        record = record_of(key, there or fold(entries))
        step = step_of(record, self.day, self.steps, there=there is not None, place=self.place)
        clarity = None
        if step is None:
            clarity = clarity_of(
                record, self.organizations.get(key, ()), self.answers.get(key, {}), day=self.day, items=self.items
            )
        return Row(
            uscc=key,
            division=intern(record["division"]),
            zone=_interned(record.get("zone")),
            responsible_unit=_interned(record.get("responsible_unit")),
            step=None if step is None else step.code,
            counted=step is None or (step.optional and self._is_counted(record, is_there=there is not None)),
            unknown=tuple(name for name in KEPT_UNKNOWN if step is None and record.get(name) is None),
            clarity=clarity,
            sources=sources_of(entries),
        )

    def _is_counted(self, record: Record, *, is_there: bool) -> bool:
        """Say whether the statistics count an enterprise that an optional step left out."""
        return is_there and self.place.holds(record) and scope_reason_of(record, self.day) is None


def _interned(text: str | None) -> str | None:
    return None if text is None else intern(text)


def record_of(key: str, folded: Folded | None) -> dict[str, Any]:
    """Return a folded enterprise with its code; every enterprise has an entry that creates it."""
    values = folded.values if folded is not None else {}
    return {"uscc": key, **values}


def sources_of(entries: Sequence[Entry]) -> tuple[tuple[str | None, Share], ...]:
    """Return what each unit's entries did to a record, in the order in which the units came.

    The unit that created it brought it `new`; one that replaced another unit's value by a different one is
    `conflicting`; any other that wrote to it `matched` it.
    """
    if len(entries) == 1:
        return ((entries[0].unit, "new"),)
    shares: dict[str | None, Share] = {}
    held: dict[str, tuple[str | None, Any]] = {}
    for entry in entries:
        share: Share = "new" if entry.operation == "create" else "matched"
        for name, value in entry.changes.items():
            owner, before = held.get(name, (entry.unit, None))
            if owner != entry.unit and before is not None and before != value and entry.operation == "change":
                share = "conflicting"
            held[name] = (entry.unit, value)
        if shares.get(entry.unit) in (None, "matched"):
            shares[entry.unit] = share
    return tuple(shares.items())

"""Merges and splits of divisions, zones, units and sectors: everything that named the old node names the new one.

One transaction on one day of effect: referring records are re-pointed, the old node is closed and stays, the
succession is recorded. What was, as of any day before, reads as it did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from heli_registry.divisions.service import DIVISIONS
from heli_registry.sectors.service import SECTORS
from heli_registry.successions import repository
from heli_registry.successions.checking import (
    check_codes,
    check_held,
    check_named,
    check_parts,
    check_transfers,
    homeless,
    stands_from,
)
from heli_registry.successions.domain import Part, assigned, counted, handed_over
from heli_registry.successions.models import SUCCESSION
from heli_registry.successions.writing import write_handing_over, write_moves, writes_of_new, writes_of_the_end
from heli_registry.units.service import UNITS
from heli_registry.zones.service import ZONES
from heli_shared.kernel.errors import Conflict, Forbidden
from heli_shared.ledger.appending import lock_head
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Record, find_row
from heli_shared.records.service import Resource, folded_before
from heli_shared.records.writing import Write

SUCCESSIONS = Resource(SUCCESSION, no_conditions, filters=equality_filters(SUCCESSION))
NODE_RESOURCES: Mapping[str, Resource] = {
    resource.kind.plural: resource for resource in (DIVISIONS, ZONES, UNITS, SECTORS)
}
"""The kinds whose records can be merged and split, by plural."""
_KEPT = ("kind", "level", "parent", "division", "zone", "unit", "lead_unit", "duty")


@dataclass(frozen=True, slots=True)
class Change:
    """A merge or split that is asked for: the parts, the names of new ones, why, by which document, from which day."""

    form: str
    parts: Sequence[Part]
    made: Mapping[str, str]
    reason: str
    document: str | None
    effective_on: date | None
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did, or would do: the day, and how many records went where."""

    effective_on: date
    moves: list[dict[str, object]]


def reorganise(call: RecordCall, resource: Resource, record: Record, change: Change) -> Outcome:
    """Carry out a merge or split of a node that was locked and read, or tell what it would do.

    Forbidden to all but those who see the whole county; InvalidInput for new nodes that cannot be; Conflict when the
    node is closed on the day or later, or something would be left without a home.
    """
    if not call.principal.scope.everything:
        raise Forbidden("撤并只能由县级办理。", "Only the county merges and splits.")
    effective = call.effective_day(change.effective_on)
    kind, key = resource.kind, record[resource.kind.key]
    old = folded_before(call, kind, key, effective).values
    if not stands_from(call, kind, key, effective):
        raise Conflict("该记录在生效日或其后已经关闭。", "The record is closed on that day or was closed later.")
    check_parts(call, kind, key, change.parts, change.made, old=old, effective=effective)
    check_held(call, kind, key)
    codes, left = handed_over(old.get("industries") or (), change.parts)
    check_codes(kind, change.parts, left)
    successors = sorted({part.successor for part in change.parts} - set(change.made))
    pointing = _pointing(call, kind, key, effective, locked=None if change.dry_run else successors)
    moves, nowhere = assigned((each.reference for each in pointing), change.parts)
    if nowhere:
        raise homeless(nowhere)
    check_named(change.parts, moves)
    check_transfers(call, moves)
    if not change.dry_run:
        made = {
            successor: {**{name: old[name] for name in _KEPT if old.get(name) is not None}, "name": name}
            for successor, name in change.made.items()
        }
        call.write(writes_of_new(kind, made, effective))
        write_moves(call, [(each, moves[each.reference]) for each in pointing])
        write_handing_over(call, kind, codes, effective)
        call.write(_writes_of_the_end(kind, key, change, effective))
    return Outcome(effective, counted(moves))


def _writes_of_the_end(kind: RecordKind, key: str, change: Change, effective: date) -> list[Write]:
    why = f"{'并入' if change.form == 'merge' else '拆分为'} {'、'.join(part.successor for part in change.parts)}"
    reason = f"{why}：{change.reason}"[:1_000]
    return writes_of_the_end(kind, key, change.parts, change.form, change.document, reason, effective)


def _pointing(
    call: RecordCall, kind: RecordKind, key: str, effective: date, *, locked: Sequence[str] | None
) -> list[repository.Pointing]:
    """Return what refers to the node; to carry it out, rows are locked first and the ledger last, as everywhere."""

    def read(*, lock: bool) -> list[repository.Pointing]:
        return list(repository.pointing_at(call.session, call.ledger, kind.entity, key, on=effective, lock=lock))

    for successor in locked or ():
        find_row(call.session, kind, successor, lock=True)
    found = read(lock=locked is not None)
    if locked is not None:
        lock_head(call.session, call.ledger)
        if read(lock=False) != found:
            raise Conflict(
                "办理期间有记录划入或划出，请重试。", "Records came or went meanwhile; try again.", retry_after=1
            )
    return found

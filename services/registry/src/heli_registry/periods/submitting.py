"""What each unit hands in: its figures, confirmed by a named person; or the county waives it, with a reason."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from heli_registry.periods import repository
from heli_registry.periods.asking import Stand, visible_unit_keys, whole_stand_of
from heli_registry.periods.checking import check_has_come, check_open, check_person, locked, wrong
from heli_registry.periods.domain import HandedIn, UnitStand, unexplained
from heli_registry.periods.models import PERIOD, PERIOD_SUBMISSION
from heli_registry.periods.questions import unexplained_conflict
from heli_registry.periods.resources import PERIOD_SUBMISSIONS, PERIODS
from heli_registry.units.service import UNITS
from heli_shared.kernel.errors import Conflict, Forbidden
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.appending import lock_head
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record
from heli_shared.records.service import get_record
from heli_shared.records.writing import Write

Met = Callable[[int], None]
"""Refuses a step on a record whose version the caller has not read."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said for a unit: by whom, and why where it is waived."""

    unit: str
    person: str
    reason: str | None = None


def units_of(call: RecordCall, key: str) -> tuple[Stand, list[UnitStand]]:
    """Return how a period stands, and how each unit that reports in it and that the caller may see."""
    stand = whole_stand_of(call, get_record(call, PERIODS, key))
    seen = visible_unit_keys(call)
    return stand, [each for each in stands_of_units(call, stand) if seen is None or each.unit in seen]


def stands_of_units(call: RecordCall, stand: Stand) -> list[UnitStand]:
    """Return how each unit below that of the period stands, by key; a unit alone has nobody to wait for."""
    given = repository.handed_in(call.session, stand.period["id"])
    return [
        UnitStand(
            unit,
            stand.names.get(unit),
            stand.cells.get(unit, {}),
            len(unexplained(stand.within(unit))),
            given.get(unit),
        )
        for unit in stand.territory.owners_below(stand.period["unit"])
    ]


def hand_in(call: RecordCall, key: str, said: Said) -> Record:
    """Hand in a unit's figures of an open period, in the name of a person; they are kept as they are now.

    NotFound for a unit that the caller may not see; InvalidInput for one that does not report in this period;
    Conflict while something of the unit is unexplained, or when the same figures were handed in already.
    """
    found, stand = _opened(call, key, said)
    if found.state == "handed_in":
        raise Conflict("该机构已报送，数字没有变化。", "The unit has handed in these figures already.")
    left = unexplained(stand.within(said.unit))
    if left:
        raise unexplained_conflict(left, "不能报送", "before the unit hands in")
    return _said(call, stand, found, said, form="handed_in")


def waive(call: RecordCall, key: str, said: Said) -> Record:
    """Let an open period close without a unit's word, in the name of a person and with a reason."""
    found, stand = _opened(call, key, said)
    if found.state in ("handed_in", "waived"):
        raise Conflict("该机构已报送或已豁免。", "The unit is in, or waived already.")
    return _said(call, stand, found, said, form="waived")


def take_back(call: RecordCall, key: str, *, reason: str, met: Met) -> Record:
    """Take back what was said for a unit while the period is open: it has to hand in again."""
    record = locked(call, PERIOD_SUBMISSION, key)
    get_record(call, PERIOD_SUBMISSIONS, key)
    met(record["version"])
    check_open(locked(call, PERIOD, record["period"]))
    if record["state"] == "closed":
        raise Conflict("该报送已退回或已由新的报送代替。", "This was taken back, or replaced by a later one, already.")
    if record["form"] == "waived" and not call.principal.may("periods:write"):
        raise Forbidden("豁免由县级作出，请由县级撤回。", "The county waived the unit; the county takes that back.")
    call.write([_closing(call, key, reason)])
    return get_record(call, PERIOD_SUBMISSIONS, key)


def _opened(call: RecordCall, key: str, said: Said) -> tuple[UnitStand, Stand]:
    period = locked(call, PERIOD, key)
    check_open(period)
    check_has_come(call, period, "不能报送", "nothing can be handed in")
    get_record(call, UNITS, said.unit)
    check_person(call, said.person)
    # Nobody may write between the reading of the figures and their keeping.
    head = lock_head(call.session, call.ledger)
    stand = whole_stand_of(call, period, known_at=head.seq)
    found = next((each for each in stands_of_units(call, stand) if each.unit == said.unit), None)
    if found is None:
        raise wrong("/unit", "该机构不在本报送期的报送范围内", "does not report in this period")
    return found, stand


def _said(call: RecordCall, stand: Stand, found: UnitStand, said: Said, *, form: str) -> Record:
    key, today = new_id("psb"), call.clock.today()
    values = {
        "period": stand.period["id"], "unit": said.unit, "form": form, "known_at": stand.known_at,
        "figures": json.dumps(found.figures, sort_keys=True), "person": said.person,
        "principal": call.principal.id, "reason": said.reason, "state": "open",
    }  # fmt: skip
    given = {name: value for name, value in values.items() if value is not None}
    call.write([*_replaced(call, found.given), Write(PERIOD_SUBMISSION, key, "create", today, given)])
    return get_record(call, PERIOD_SUBMISSIONS, key)


def _replaced(call: RecordCall, earlier: HandedIn | None) -> list[Write]:
    return [] if earlier is None else [_closing(call, earlier.id, "另行报送")]


def _closing(call: RecordCall, key: str, reason: str) -> Write:
    today = call.clock.today()
    changes = {"state": "closed", "closed_on": today, "closed_reason": reason}
    return Write(PERIOD_SUBMISSION, key, "close", today, changes)

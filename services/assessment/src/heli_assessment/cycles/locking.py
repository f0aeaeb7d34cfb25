"""The lock on an assessed period: what scores are made from stands still while they are reviewed and on notice.

The cycles that hold records still are asked for once for all writes of a call, however many there are, and under the
lock of the ledger: a cycle is scored in the same order in which records are written, so none slips through beside it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from heli_assessment.cycles.counting import COUNTED, Claim, Known
from heli_assessment.cycles.domain import STAGE_WORDS, Stage
from heli_assessment.cycles.repository import locked_cycles, names_of_assessed
from heli_shared.kernel.errors import Conflict
from heli_shared.ledger.appending import lock_head
from heli_shared.ledger.entries import json_value
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import find_row, record_of_row, rows_of_keys
from heli_shared.records.writing import Write

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Touched:
    """A claim that lies in the period of a locked cycle."""

    cycle: Any
    claim: Claim


def lock_periods(call: RecordCall, writes: list[Write]) -> Callable[[], None] | None:
    """Refuse to write records of a unit in a period that is under review; goes beside every write of the service."""
    counted = [each for each in writes if each.kind.entity in COUNTED]
    if not counted:
        return None
    lock_head(call.session, call.ledger)
    cycles = locked_cycles(call.session, today=call.clock.today())
    if cycles:
        _check(call, list(_touched(call, cycles, counted)))
    return None


def _touched(call: RecordCall, cycles: list[Any], writes: list[Write]) -> Iterator[_Touched]:
    known = _read_at_once(call, writes)
    for each in writes:
        for values in _before_and_after(each, known):
            for claim in COUNTED[each.kind.entity](values, each.effective_on, known):
                for cycle in cycles:
                    if cycle.period_from <= claim.last and cycle.counted_on >= claim.first:
                        yield _Touched(cycle, claim)


def _check(call: RecordCall, touched: list[_Touched]) -> None:
    units = {each.claim.unit for each in touched}
    names = names_of_assessed(call.session, [each.cycle.id for each in touched], sorted(units)) if units else {}
    for each in touched:
        name = names.get((each.cycle.id, each.claim.unit))
        if name is not None:
            raise Conflict(
                f"“{each.cycle.title}”正在{STAGE_WORDS[Stage.REVIEW]}，{name}在考核期内的记录已锁定；"
                "确需更正的，请考核经办解锁。",
                f"The records of {name} in this period are locked by the cycle “{each.cycle.title}”; ask whoever "
                "manages it to unlock them.",
                data={"unit": each.claim.unit, "on": each.claim.last.isoformat()},
            )


def _read_at_once(call: RecordCall, writes: list[Write]) -> Known:
    """Return what finds rows: those that are changed are read at once, those they rest on when they are asked for."""
    rows: dict[tuple[str, str], Any] = {}
    for kind in {each.kind.entity: each.kind for each in writes}.values():
        keys = [each.key for each in writes if each.kind is kind and each.operation != "create"]
        found = rows_of_keys(call.session, kind, keys)
        rows |= {(kind.entity, key): found.get(key) for key in keys}

    def row(kind: Any, key: str) -> Any:
        place = (kind.entity, key)
        if place not in rows:
            rows[place] = find_row(call.session, kind, key)
        return rows[place]

    return Known(call, row)


def _before_and_after(each: Write, known: Known) -> Iterator[Values]:
    found = None if each.operation == "create" else known.row(each.kind, each.key)
    before = {} if found is None else record_of_row(each.kind, found)
    if before:
        yield before
    yield {**before, **{name: json_value(value) for name, value in each.changes.items()}, each.kind.key: each.key}

"""Use cases of objections: file one, uphold it (what it is about is decided anew), reject it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from heli_assessment.access import Units, Visibility
from heli_assessment.cycles.turns import parameter_days, wrong
from heli_assessment.objections.models import OBJECTION
from heli_assessment.objections.repository import find_pending
from heli_shared.kernel.errors import Conflict, Forbidden
from heli_shared.kernel.ids import new_id
from heli_shared.kernel.workdays import IsWorking, working_day_after
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Record, find_row, record_of_row
from heli_shared.records.service import Resource, not_found
from heli_shared.records.writing import Write

Reopen = Callable[[RecordCall, str, str], list[Write]]
"""Returns the writes that send something decided back to a person; none when it is not decided (any more)."""


def objections_resource(units: Units) -> Resource:
    """Return objections, seen within the units that somebody may see."""
    return Resource(OBJECTION, Visibility(OBJECTION, units), filters=equality_filters(OBJECTION))


@dataclass(frozen=True, slots=True)
class ObjectionRequest:
    """Against what, and why."""

    target: str
    target_id: str
    reason: str
    evidence: str | None


class ObjectionService:
    """Files and answers objections; `kinds` says what may be objected to, and how it is opened again."""

    def __init__(self, is_working: IsWorking, kinds: Mapping[str, tuple[RecordKind, Reopen]]) -> None:
        """Count deadlines in days that are working days."""
        self._is_working = is_working
        self._kinds = kinds

    def file(self, call: RecordCall, asked: ObjectionRequest) -> Record:
        """File an objection in the name of one's own unit, against what is decided."""
        if call.principal.unit is None:
            raise Forbidden("请以所在单位的账号提出。", "File it with an account that belongs to a unit.")
        kind, _ = self._kinds[asked.target]
        # Held to the end: of two objections at once the second sees the first, and is refused.
        row = find_row(call.session, kind, asked.target_id, lock=True)
        if row is None:
            raise wrong("/target_id", "没有这个编号", "there is no such record")
        if row.status != "confirmed":
            raise Conflict("尚未确认，无需提出异议。", "It is not decided yet: there is nothing to object to.")
        pending = find_pending(call.session, target=asked.target, target_id=asked.target_id, unit=call.principal.unit)
        if pending is not None:
            raise Conflict(
                f"本单位对此已有异议 {pending} 待答复，请等待答复后再提。",
                f"Your unit's objection {pending} to this waits for its answer: file another one after that.",
                data={"objection": pending},
            )
        today = call.clock.today()
        due = working_day_after(today, parameter_days("appeal.decide_days", today), self._is_working)
        fields = {
            "target": asked.target, "target_id": asked.target_id, "unit": call.principal.unit, "reason": asked.reason,
            "evidence": asked.evidence, "filed_by": call.principal.id, "due_on": due, "status": "pending",
            "state": "open",
        }  # fmt: skip
        key = new_id(str(OBJECTION.prefix))
        given = {name: value for name, value in fields.items() if value is not None}
        call.write([Write(OBJECTION, key, "create", today, given)])
        return _fresh(call, key)

    def answer(self, call: RecordCall, key: str, *, is_upheld: bool, reason: str) -> Record:
        """Answer an objection; one that is upheld sends its target back to be decided anew."""
        row = find_row(call.session, OBJECTION, key, lock=True)
        if row is None:
            raise not_found(OBJECTION, key)
        if row.status != "pending":
            raise Conflict("该异议已经办结。", "The objection is answered already.", data={"outcome": row.status})
        if call.principal.id == row.filed_by or call.principal.unit == row.unit or call.principal.kind != "person":
            raise Forbidden(
                "须回避：异议由提出单位以外的人答复。", "Conflict of interest: a person of another unit answers it."
            )
        today = call.clock.today()
        changes = {
            "status": "upheld" if is_upheld else "rejected", "decided_by": call.principal.id, "decided_on": today,
            "decision_reason": reason, "state": "closed", "closed_on": today, "closed_reason": reason,
        }  # fmt: skip
        again = self._kinds[row.target][1](call, row.target_id, reason) if is_upheld else []
        call.write([Write(OBJECTION, key, "close", today, changes), *again])
        return _fresh(call, key)


def _fresh(call: RecordCall, key: str) -> Record:
    return record_of_row(OBJECTION, find_row(call.session, OBJECTION, key))

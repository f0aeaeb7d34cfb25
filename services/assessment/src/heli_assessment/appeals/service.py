"""Use cases of appeals: file one while the notice is up, uphold it with its effect, reject it, take it back."""

from dataclasses import dataclass
from typing import Any

from heli_assessment.access import Units, Visibility
from heli_assessment.appeals.models import APPEAL
from heli_assessment.appeals.repository import appeals_of
from heli_assessment.cycles.acting import Capacity, capacity_for
from heli_assessment.cycles.domain import APPEALED, STAGE_WORDS, Actor, Stage, Step
from heli_assessment.cycles.entry_steps import adjusted
from heli_assessment.cycles.points import spans_of
from heli_assessment.cycles.requests import Adjustment, StepRequest
from heli_assessment.cycles.service import entries_in, get_entry, locked_cycle
from heli_assessment.cycles.turns import Helpers, Turn, parameter_days, plan_for, wrong
from heli_assessment.cycles.whole_steps import settled
from heli_shared.kernel.errors import Conflict, Forbidden
from heli_shared.kernel.ids import new_id
from heli_shared.kernel.workdays import working_day_after
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Record, find_row, record_of_row
from heli_shared.records.service import Resource, get_record, not_found
from heli_shared.records.writing import Write


def appeals_resource(units: Units) -> Resource:
    """Return appeals, seen within the units that somebody may see."""
    return Resource(APPEAL, Visibility(APPEAL, units), filters=equality_filters(APPEAL))


@dataclass(frozen=True, slots=True)
class AppealRequest:
    """What is doubted, and why."""

    cycle: str
    subject: str
    items: tuple[str, ...]
    reason: str
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to an appeal; one that is upheld says which points take the place of which."""

    is_upheld: bool
    reason: str
    adjustments: tuple[Adjustment, ...]


class AppealService:
    """Files and decides appeals."""

    def __init__(self, helpers: Helpers, appeals: Resource) -> None:
        """Work with what the cycles work with."""
        self._helpers = helpers
        self._appeals = appeals

    def file(self, call: RecordCall, asked: AppealRequest) -> Record:
        """File an appeal for one's own unit; Conflict when the time is over or another one is open."""
        cycle = locked_cycle(call, asked.cycle)
        entry = get_entry(call, self._helpers.entries, asked.cycle, asked.subject)
        capacity_for(call, cycle, Step.SUBMIT, Actor.SUBJECT, entry)
        today = call.clock.today()
        _check_time(cycle, today.isoformat())
        if entry["open_appeal"]:
            raise Conflict(
                f"{entry['name']}已有一件申诉待答复。", f"An appeal of {entry['name']} has yet to be decided.",
                data={"appeal": entry["open_appeal"]},
            )  # fmt: skip
        spans = spans_of(plan_for(call, cycle).book, entry["subject_group"])
        for place, item in enumerate(asked.items):
            if item not in spans:
                raise wrong(f"/items/{place}", "该对象没有这个考核项", "is no item of this subject")
        key = new_id(str(APPEAL.prefix))
        days = parameter_days("appeal.decide_days", today)
        due = working_day_after(today, days, self._helpers.bodies.is_working)
        fields: dict[str, Any] = {
            "cycle": cycle["id"], "entry": entry["id"], "subject": entry["subject"], "unit": entry["unit"],
            "items": list(asked.items), "reason": asked.reason, "evidence": asked.evidence,
            "filed_by": call.principal.id, "due_on": due, "status": "pending", "state": "open",
        }  # fmt: skip
        given = {name: value for name, value in fields.items() if value is not None}
        turn = self._turn(call, cycle, asked.reason[:1_000])
        flagged = turn.write_entry(entry, open_appeal=key, step=APPEALED[0])
        call.write([Write(APPEAL, key, "create", today, given), flagged])
        return _fresh(call, key)

    def _turn(self, call: RecordCall, cycle: Record, reason: str) -> Turn:
        return Turn(call, cycle, StepRequest(Step.ADJUST, reason), self._helpers)

    def decide(self, call: RecordCall, key: str, decision: Decision) -> Record:
        """Answer an appeal; one that is upheld changes points, score, grade and everybody's rank at once."""
        appeal, cycle, entry = self._pending(call, key)
        capacity = capacity_for(call, cycle, Step.DECIDE, Actor.DECIDER, entry)
        _check_fresh_eyes(call, capacity, appeal, entry)
        _check_decision(decision)
        turn = self._turn(call, cycle, decision.reason)
        changes = adjusted(turn, entry, decision.adjustments)
        after = {**entry, **changes}
        writes = [turn.write_entry(entry, capacity, open_appeal=None, step=APPEALED[1], **changes)]
        if changes:
            writes = _settled_anew(turn, entry, after, writes)
        told = {
            "status": "upheld" if decision.is_upheld else "rejected",
            "score_before": entry["score"], "score_after": after["score"],
            "grade_before": entry["grade"], "grade_after": writes[0].changes.get("grade", entry["grade"]),
        }  # fmt: skip
        return self._end(call, appeal, writes, told, reason=decision.reason, acted_for=capacity.acted_for)

    def withdraw(self, call: RecordCall, key: str, reason: str) -> Record:
        """Take an appeal back; its own unit may."""
        appeal, cycle, entry = self._pending(call, key)
        capacity_for(call, cycle, Step.SUBMIT, Actor.SUBJECT, entry)
        turn = self._turn(call, cycle, reason)
        writes = [turn.write_entry(entry, open_appeal=None, step=APPEALED[1])]
        return self._end(call, appeal, writes, {"status": "withdrawn"}, reason=reason, acted_for=None)

    def _pending(self, call: RecordCall, key: str) -> tuple[Record, Record, Record]:
        appeal = get_record(call, self._appeals, key)
        cycle = locked_cycle(call, appeal["cycle"])
        row = find_row(call.session, APPEAL, key, lock=True)
        if row is None:
            raise not_found(APPEAL, key)
        if row.status != "pending":
            raise Conflict("该申诉已经办结。", "The appeal has been decided already.", data={"outcome": row.status})
        return appeal, cycle, get_entry(call, self._helpers.entries, appeal["cycle"], appeal["subject"])

    def _end(
        self, call: RecordCall, appeal: Record, writes: list[Write], told: dict[str, Any], *, reason: str,
        acted_for: str | None,
    ) -> Record:  # fmt: skip
        today = call.clock.today()
        changes = {
            **told, "decided_by": call.principal.id, "decided_on": today, "decision_reason": reason,
            "acted_for": acted_for, "state": "closed", "closed_on": today, "closed_reason": reason,
        }  # fmt: skip
        call.write([Write(APPEAL, appeal["id"], "close", today, changes), *writes])
        return _fresh(call, appeal["id"])


def _check_time(cycle: Record, today: str) -> None:
    stage = Stage(cycle["stage"])
    if stage is not Stage.NOTICE or today > str(cycle["appeal_until"]):
        until = cycle["appeal_until"]
        raise Conflict(
            f"周期现为“{STAGE_WORDS[stage]}”，申诉期限 {until or '未开始'}：现在不能提出申诉。",
            f"The cycle is {stage.value}, appeals were possible until {until or '(not yet)'}.",
            data={"stage": stage.value, "appeal_until": until},
        )


def _check_fresh_eyes(call: RecordCall, capacity: Capacity, appeal: Record, entry: Record) -> None:
    me = {call.principal.id, capacity.acted_for} - {None}
    if me & {entry["first_reviewed_by"], entry["second_reviewed_by"], appeal["filed_by"]}:
        raise Forbidden(
            "须回避：申诉不能由原初审、复核人或提出人答复，请由他人办理。",
            "Conflict of interest: who reviewed the subject or filed the appeal does not decide it.",
        )


def _check_decision(decision: Decision) -> None:
    if decision.is_upheld and not decision.adjustments:
        raise wrong("/adjustments", "支持申诉的，请填写更正的得分", "is needed to uphold an appeal")
    if not decision.is_upheld and decision.adjustments:
        raise wrong("/adjustments", "驳回申诉的，不能更改得分", "goes with an appeal that is upheld only")


def _settled_anew(turn: Turn, entry: Record, after: Record, writes: list[Write]) -> list[Write]:
    """Give grades and ranks anew; the appeal of one may move others."""
    entries = [after if each["id"] == entry["id"] else each for each in entries_in(turn.call, turn.cycle["id"])]
    final = settled(turn, entries)

    def result(each: Record) -> dict[str, Any]:
        return {"grade": final[each["subject"]].grade, "rank": final[each["subject"]].rank}

    moved = [
        each
        for each in entries
        if each["id"] != entry["id"] and result(each) != {name: each[name] for name in ("grade", "rank")}
    ]
    own = writes[0]
    first = Write(own.kind, own.key, own.operation, own.effective_on, {**own.changes, **result(after)})
    return [first, *(turn.write_entry(each, **result(each), step=APPEALED[1]) for each in moved)]


def _fresh(call: RecordCall, key: str) -> Record:
    return record_of_row(APPEAL, find_row(call.session, APPEAL, key))


def appeals_in(call: RecordCall, cycle: str) -> list[Record]:
    """Return every appeal in a cycle, the eldest first."""
    return appeals_of(call.session, cycle)

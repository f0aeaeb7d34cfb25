"""Steps on the subjects of a cycle, one or many at once: submit, adjust, review, return, decide."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from heli_assessment.cycles.acting import Capacity, capacity_for
from heli_assessment.cycles.domain import STATUS_WORDS, STEP_WORDS, STEPS, Actor, Stage, Status, Step, turn_of
from heli_assessment.cycles.points import ItemSpan, outcome, spans_of, total
from heli_assessment.cycles.repository import entries_of, find_entry
from heli_assessment.cycles.requests import Adjustment, SubjectStep
from heli_assessment.cycles.turns import Turn, final_points, held_of, points_text, wrong
from heli_assessment.cycles.whole_steps import settled
from heli_shared.kernel.errors import Conflict, NotFound, PreconditionFailed, PreconditionRequired
from heli_shared.records.reading import Record
from heli_shared.records.writing import Write

Changes = dict[str, Any]
Handler = Callable[[Turn, Record, SubjectStep, Capacity], Changes]


def take(turn: Turn) -> list[Write]:
    """Return the writes of a step on the subjects that were named; one that cannot be taken undoes all."""
    writes = []
    for place, each in enumerate(_named(turn)):
        entry = _entry(turn, each, place)
        capacity = capacity_for(turn.call, turn.cycle, turn.asked.step, _actor(turn, entry), entry)
        _check_version(turn, each, entry)
        changes = _HANDLERS[turn.asked.step](turn, entry, each, capacity)
        writes.append(turn.write_entry(entry, capacity, **changes))
    return writes


def _named(turn: Turn) -> tuple[SubjectStep, ...]:
    named = turn.asked.subjects
    if len({each.subject for each in named}) < len(named):
        raise wrong("/subjects", "同一单位只能列一次", "names somebody twice")
    if named or turn.asked.step is not Step.DECIDE:
        if not named:
            raise wrong("/subjects", "请列出单位", "name the subjects")
        return named
    ready = [e for e in entries_of(turn.call.session, turn.cycle["id"]) if e["status"] == Status.SECOND_REVIEWED]
    if not ready:
        raise Conflict("没有已复核、待评定的单位。", "Nobody is through the second review and waits to be decided.")
    return tuple(SubjectStep(each["subject"]) for each in ready)


def _entry(turn: Turn, asked: SubjectStep, place: int) -> Record:
    found = find_entry(turn.call.session, turn.cycle["id"], asked.subject)
    seen = turn.helpers.entries.visible(turn.call.session, turn.call.principal.scope)
    if found is None or not all(condition.matches(found) for condition in seen):
        raise NotFound(
            f"本周期没有考核对象 {asked.subject}，或您无权办理（/subjects/{place}）。",
            f"There is no subject {asked.subject} in this cycle, or you may not see it (/subjects/{place}).",
        )
    return found


def _actor(turn: Turn, entry: Record) -> Actor:
    step, status = turn.asked.step, Status(entry["status"])
    is_overdue = entry["due_on"] is not None and str(entry["due_on"]) < turn.today.isoformat()
    actor = turn_of(step, status, is_overdue=is_overdue)
    if actor is None:
        by = entry["second_reviewed_by"] or entry["first_reviewed_by"] or entry["submitted_by"] or "–"
        raise Conflict(
            f"{entry['name']}现为“{STATUS_WORDS[status]}”（{by}），不能办理“{STEP_WORDS[step]}”；请重新读取后再办。",
            f"{entry['name']} is {status.value} (by {by}): {step.value} is not its turn. Read it again.",
            data={"subject": entry["subject"], "standing": status.value, "version": entry["version"]},
        )
    return actor


def _check_version(turn: Turn, asked: SubjectStep, entry: Record) -> None:
    """Refuse to put points over what another reviewer did meanwhile."""
    if asked.version is None and asked.adjustments:
        raise PreconditionRequired(
            "调整得分时请填写读取到的版本号 version，以免覆盖他人的调整。",
            "Name the `version` you have read when you adjust points, so that nobody's work is overwritten.",
        )
    if asked.version is not None and asked.version != entry["version"]:
        raise PreconditionFailed(
            f"{entry['name']}在您读取之后已被他人办理，请重新读取、核对后再提交。",
            f"{entry['name']} was changed since you read it: read it again, compare, and send your step anew.",
            data={"subject": entry["subject"], "version": entry["version"], "standing": entry["status"]},
        )
    if asked.points and turn.asked.step is not Step.SUBMIT:
        raise wrong("/subjects", "自评分只能在提交自评时填写", "own points go with `submit` only")
    if asked.adjustments and turn.asked.step not in {Step.ADJUST, Step.FIRST_REVIEW, Step.SECOND_REVIEW}:
        raise wrong("/subjects", "这一步不能调整得分", "points cannot be adjusted in this step")


def _submit(turn: Turn, entry: Record, asked: SubjectStep, capacity: Capacity) -> Changes:
    due = str(entry["due_on"])
    if turn.today.isoformat() > due:
        raise Conflict(
            f"{entry['name']}的自评期限 {due} 已过，请联系考核经办延期。",
            f"The self-assessment was due on {due}; ask whoever manages the cycle to extend it.",
            data={"due_on": due},
        )
    if capacity.is_on_behalf and turn.asked.reason is None:
        raise wrong("/reason", "代为提交须说明理由", "is needed to submit for another")
    if not asked.points and asked.statement is None:
        raise wrong("/subjects", "请填写自评分或自评说明", "give own points or a statement")
    spans = spans_of(turn.plan().book, entry["subject_group"])
    for item, points in asked.points.items():
        _check_span(spans, item, points)
    return {
        "status": Status.SUBMITTED.value,
        "self_points": points_text(asked.points),
        "self_score": str(total(turn.plan().book, asked.points)),
        "statement": asked.statement,
        "submitted_by": turn.call.principal.id,
        "submitted_on": turn.today,
    }


def _check_span(spans: dict[str, ItemSpan], item: str, points: Decimal) -> None:
    span = spans.get(item)
    if span is None:
        raise wrong(f"/points/{item}", "该对象没有这个考核项", "is no item of this subject")
    if not span.least <= points <= span.most or points != points.quantize(Decimal("0.01")):
        zh = f"“{span.title}”应在 {span.least} 与 {span.most} 之间，至多两位小数"
        raise wrong(f"/points/{item}", zh, f"must be from {span.least} to {span.most}, two decimals at most")


def adjusted(turn: Turn, entry: Record, adjustments: tuple[Adjustment, ...]) -> Changes:
    """Return the entry's points with adjustments put over them, and what they sum to."""
    if not adjustments:
        return {}
    plan = turn.plan()
    spans = spans_of(plan.book, entry["subject_group"])
    kept = json.loads(entry["adjustments"] or "{}")
    for each in adjustments:
        _check_span(spans, each.item, each.points)
        kept[each.item] = {
            "points": f"{each.points:.2f}", "by": turn.call.principal.id, "reason": each.reason,
            "step": turn.asked.step.value,
        }  # fmt: skip
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    found = outcome(plan, final_points({**entry, "adjustments": text}), held_of(entry))
    return {"adjustments": text, "score": str(found.score), "grade": found.grade}


def _adjust(turn: Turn, entry: Record, asked: SubjectStep, _capacity: Capacity) -> Changes:
    if not asked.adjustments:
        raise wrong("/subjects", "请填写要调整的考核项", "name the items to adjust")
    return adjusted(turn, entry, asked.adjustments)


def _first_review(turn: Turn, entry: Record, asked: SubjectStep, _capacity: Capacity) -> Changes:
    reviewed = {"status": Status.FIRST_REVIEWED.value, "first_reviewed_by": turn.call.principal.id}
    return {**reviewed, **adjusted(turn, entry, asked.adjustments)}


def _return(turn: Turn, _entry: Record, _asked: SubjectStep, _capacity: Capacity) -> Changes:
    due = turn.deadline("cycle.return_days")
    return {"status": Status.RETURNED.value, "due_on": due, "first_reviewed_by": None}


def _second_review(turn: Turn, entry: Record, asked: SubjectStep, _capacity: Capacity) -> Changes:
    reviewed = {"status": Status.SECOND_REVIEWED.value, "second_reviewed_by": turn.call.principal.id}
    return {**reviewed, **adjusted(turn, entry, asked.adjustments)}


def _decide(turn: Turn, _entry: Record, _asked: SubjectStep, _capacity: Capacity) -> Changes:
    return {"status": Status.DECIDED.value, "decided_by": turn.call.principal.id}


_HANDLERS: dict[Step, Handler] = {
    Step.SUBMIT: _submit,
    Step.ADJUST: _adjust,
    Step.FIRST_REVIEW: _first_review,
    Step.RETURN: _return,
    Step.SECOND_REVIEW: _second_review,
    Step.DECIDE: _decide,
}


def decide(turn: Turn) -> list[Write]:
    """Decide a batch; with the last subject the whole cycle is decided, and everybody has a rank."""
    writes = take(turn)
    decided = {write.key for write in writes}
    entries = entries_of(turn.call.session, turn.cycle["id"])
    left = [each for each in entries if each["id"] not in decided and each["status"] != Status.DECIDED]
    if left:
        return [turn.write_cycle({}), *writes]
    settle = settled(turn, entries)
    changed = {write.key: write for write in writes}
    for entry in entries:
        before = changed.get(entry["id"])
        given = dict(before.changes) if before else {}
        final = settle[entry["subject"]]
        changed[entry["id"]] = turn.write_entry(entry, **{**given, "grade": final.grade, "rank": final.rank})
    return [turn.write_cycle({"stage": Stage.DECIDED.value}), *changed.values()]


def is_on_subjects(step: Step) -> bool:
    """Say whether a step is taken on subjects."""
    return bool(STEPS[step].turns)

"""Use cases of cycles: draft one, take a step, delegate steps, draw a spot check."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli_assessment.access import Units, Visibility
from heli_assessment.cycles import entry_steps, whole_steps
from heli_assessment.cycles.acting import capacity_for
from heli_assessment.cycles.domain import STAGE_WORDS, STEP_WORDS, STEPS, Actor, Stage, Status, Step, steps_from
from heli_assessment.cycles.models import CYCLE, CYCLE_ENTRY, DELEGATION, SPOT_CHECK
from heli_assessment.cycles.repository import (
    approved_of,
    count_by_status,
    delegations_of,
    entries_of,
    find_entry,
    spot_checks_of,
)
from heli_assessment.cycles.requests import StepRequest
from heli_assessment.cycles.turns import Helpers, Turn, plan_for, wrong
from heli_assessment.engine.sampling import digest_of_list, draw
from heli_assessment.rulebooks.service import get_version, planned
from heli_shared.kernel.errors import Conflict, FieldProblem, Forbidden, InvalidInput, NotFound
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.appending import read_head
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.reading import Record, find_row, record_of_row
from heli_shared.records.service import Resource, get_record, not_found
from heli_shared.records.writing import Write

CYCLES = Resource(CYCLE, no_conditions, filters=equality_filters(CYCLE))
DELEGATIONS = Resource(DELEGATION, no_conditions, filters=equality_filters(DELEGATION))
SPOT_CHECKS = Resource(SPOT_CHECK, no_conditions, filters=equality_filters(SPOT_CHECK))
_TAKEN: Mapping[Step, Callable[[Turn], list[Write]]] = {
    Step.PUBLISH: whole_steps.publish,
    Step.START: whole_steps.start,
    Step.EXTEND: whole_steps.extend,
    Step.SCORE: whole_steps.score,
    Step.UNLOCK: whole_steps.unlock,
    Step.ANNOUNCE: whole_steps.announce,
    Step.APPROVE: whole_steps.approve,
    Step.ARCHIVE: whole_steps.archive,
    Step.WITHDRAW: whole_steps.withdraw,
    Step.DECIDE: entry_steps.decide,
}


def entries_resource(units: Units) -> Resource:
    """Return entries, seen within the units that somebody may see."""
    return Resource(CYCLE_ENTRY, Visibility(CYCLE_ENTRY, units), filters=equality_filters(CYCLE_ENTRY))


@dataclass(frozen=True, slots=True)
class GivenSubject:
    """A subject that is no unit: its id, its name, and the unit it belongs to."""

    subject: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class CycleRequest:
    """A cycle as it is drafted; no `subjects` means every open unit of the rulebook's kind."""

    title: str
    rulebook: str
    version: int | None
    period_from: date
    counted_on: date
    first_reviewers: tuple[str, ...]
    second_reviewers: tuple[str, ...]
    subjects: tuple[GivenSubject | str, ...]


class CycleService:
    """Drafts cycles and takes their steps."""

    def __init__(self, helpers: Helpers) -> None:
        """Work with what the rest of the service offers."""
        self._helpers = helpers

    def create(self, call: RecordCall, asked: CycleRequest) -> Record:
        """Draft a cycle with an entry for each subject."""
        version = get_version(call, asked.rulebook, asked.version)
        self._check(call, asked)
        subjects = self._subjects(asked, planned(version.body).book.subject_kind)
        key, today = new_id(str(CYCLE.prefix)), call.clock.today()
        fields = {
            "title": asked.title, "rulebook": asked.rulebook, "rulebook_version": asked.version,
            "subject_kind": version.subject_kind, "period_from": asked.period_from, "counted_on": asked.counted_on,
            "first_reviewers": list(asked.first_reviewers), "second_reviewers": list(asked.second_reviewers),
            "stage": Stage.DRAFT.value, "state": "open",
        }  # fmt: skip
        given = {name: value for name, value in fields.items() if value is not None}
        writes = [Write(CYCLE, key, "create", today, given)]
        for each in subjects:
            entry = {
                "cycle": key, "subject": each.subject, "name": each.name, "unit": each.unit,
                "status": Status.AWAITING.value, "state": "open",
            }  # fmt: skip
            writes.append(Write(CYCLE_ENTRY, new_id(str(CYCLE_ENTRY.prefix)), "create", today, entry))
        call.write(writes)
        return cycle_now(call, key)

    def _check(self, call: RecordCall, asked: CycleRequest) -> None:
        problems = []
        if asked.period_from > asked.counted_on:
            problems.append(FieldProblem("/period_from", "不能晚于考核期止", "must not lie after `counted_on`"))
        if asked.counted_on.year > call.clock.today().year:
            problems.append(FieldProblem("/counted_on", "不能晚于本年", "must not lie after this year"))
        for name in ("first_reviewers", "second_reviewers"):
            for place, unit in enumerate(getattr(asked, name)):
                if self._helpers.bodies.unit(unit) is None:
                    zh, en = "登记服务中没有这个机构", "the registry has no such unit"
                    problems.append(FieldProblem(f"/{name}/{place}", zh, en))
        if problems:
            raise InvalidInput("考核周期内容有误。", "The cycle is not valid.", errors=problems)

    def _subjects(self, asked: CycleRequest, kind: str) -> Sequence[GivenSubject]:
        bodies = self._helpers.bodies
        if not asked.subjects:
            every = [GivenSubject(unit.id, unit.name, unit.id) for unit in bodies.units_of_kind(kind)]
            if not every:
                raise wrong("/subjects", f"登记服务中没有“{kind}”类机构，请列出考核对象", f"the registry has no {kind}")
            return every
        found = [self._subject(each, place) for place, each in enumerate(asked.subjects)]
        if len({each.subject for each in found}) < len(found):
            raise wrong("/subjects", "同一对象只能列一次", "names somebody twice")
        return found

    def _subject(self, given: GivenSubject | str, place: int) -> GivenSubject:
        unit = self._helpers.bodies.unit(given if isinstance(given, str) else given.unit)
        if unit is None:
            raise wrong(f"/subjects/{place}", "登记服务中没有这个机构", "the registry has no such unit")
        return GivenSubject(unit.id, unit.name, unit.id) if isinstance(given, str) else given

    def take_step(self, call: RecordCall, key: str, asked: StepRequest) -> tuple[Record, list[Record]]:
        """Take a step and return the cycle with the entries it touched; all of it happens or nothing."""
        cycle = locked_cycle(call, key)
        turn = Turn(call, cycle, asked, self._helpers)
        rule = STEPS[asked.step]
        if rule.actor is Actor.MANAGER:
            capacity_for(call, cycle, asked.step, Actor.MANAGER)
        _check_stage(cycle, asked.step)
        if rule.needs_reason and asked.reason is None:
            raise wrong("/reason", "请说明理由", "is needed for this step")
        take = _TAKEN.get(asked.step, entry_steps.take)
        writes = take(turn)
        call.write(writes)
        touched = {write.key for write in writes if write.kind is CYCLE_ENTRY}
        return cycle_now(call, key), [each for each in entries_of(call.session, key) if each["id"] in touched]


def locked_cycle(call: RecordCall, key: str) -> Record:
    """Return a cycle, locked against everybody else's steps until the end of the call."""
    row = find_row(call.session, CYCLE, key, lock=True)
    if row is None:
        raise not_found(CYCLE, key)
    return record_of_row(CYCLE, row)


def cycle_now(call: RecordCall, key: str) -> Record:
    """Return a cycle as it stands in this call."""
    return record_of_row(CYCLE, find_row(call.session, CYCLE, key))


def _check_stage(cycle: Record, step: Step) -> None:
    stage = Stage(cycle["stage"])
    if stage in STEPS[step].stages:
        return
    allowed = [each.value for each in steps_from(stage)]
    zh = "、".join(STEP_WORDS[Step(each)] for each in allowed) or "无"
    raise Conflict(
        f"周期现为“{STAGE_WORDS[stage]}”，不能办理“{STEP_WORDS[step]}”；现在可以办理：{zh}。",
        f"The cycle is {stage.value}: {step.value} is not its turn. Now possible: {', '.join(allowed) or 'nothing'}.",
        data={"stage": stage.value, "allowed": allowed},
    )


def get_entry(call: RecordCall, entries: Resource, cycle: str, subject: str) -> Record:
    """Return the entry of a subject; NotFound where there is none or it lies outside the caller's scope."""
    get_record(call, CYCLES, cycle)
    found = find_entry(call.session, cycle, subject)
    conditions = entries.visible(call.session, call.principal.scope)
    if found is None or not all(condition.matches(found) for condition in conditions):
        raise NotFound(
            f"本周期没有考核对象 {subject}，或您无权查看。",
            f"There is no subject {subject} in this cycle, or you may not see it.",
        )
    return found


@dataclass(frozen=True, slots=True)
class DelegationRequest:
    """Who may take which of the caller's steps of a cycle, until when, and why."""

    cycle: str
    delegate: str
    steps: tuple[str, ...]
    until: date
    reason: str


def delegate(call: RecordCall, asked: DelegationRequest) -> Record:
    """Let somebody else take one's own steps until a day; Forbidden where one could not take them oneself."""
    cycle = get_record(call, CYCLES, asked.cycle)
    principal = call.principal
    if asked.delegate == principal.id:
        raise wrong("/delegate", "不能委托给自己", "must be somebody else")
    if asked.until < call.clock.today():
        raise wrong("/until", "截止日期已过", "has passed")
    rights = {
        "submit": any(entry["unit"] == principal.unit for entry in entries_of(call.session, cycle["id"])),
        "first_review": principal.may("cycles:review") and principal.unit in cycle["first_reviewers"],
        "second_review": principal.may("cycles:review") and principal.unit in cycle["second_reviewers"],
        "decide": principal.may("cycles:decide"),
        "approve": principal.may("cycles:decide"),
    }
    rights |= dict.fromkeys(("adjust", "return"), rights["first_review"] or rights["second_review"])
    foreign = [step for step in asked.steps if not rights[step]]
    if foreign:
        raise Forbidden(
            f"只能委托本人有权办理的事项；您不能办理：{'、'.join(STEP_WORDS[Step(step)] for step in foreign)}。",
            f"Only own steps can be delegated; not yours: {', '.join(foreign)}.",
        )
    fields = {
        "cycle": cycle["id"], "grantor": principal.id, "grantor_unit": principal.unit, "delegate": asked.delegate,
        "steps": sorted(set(asked.steps)), "until": asked.until, "reason": asked.reason, "state": "open",
    }  # fmt: skip
    key = new_id(str(DELEGATION.prefix))
    given = {name: value for name, value in fields.items() if value is not None}
    call.write([Write(DELEGATION, key, "create", call.clock.today(), given)])
    return record_of_row(DELEGATION, find_row(call.session, DELEGATION, key))


def revoke(call: RecordCall, key: str, reason: str) -> Record:
    """End a delegation; its grantor may, and whoever manages cycles."""
    row = find_row(call.session, DELEGATION, key, lock=True)
    if row is None:
        raise not_found(DELEGATION, key)
    if row.grantor != call.principal.id and not call.principal.may("cycles:write"):
        raise Forbidden("只能由委托人或考核经办撤销。", "Only its grantor or a manager of cycles may revoke it.")
    if row.state == "closed":
        raise Conflict("该委托已经撤销。", "The delegation is revoked already.")
    today = call.clock.today()
    closed = {"state": "closed", "closed_on": today, "closed_reason": reason}
    call.write([Write(DELEGATION, key, "close", today, closed)])
    return record_of_row(DELEGATION, find_row(call.session, DELEGATION, key))


@dataclass(frozen=True, slots=True)
class SpotCheckRequest:
    """What to draw: `size` of the given ids, of the subjects of a group, or of all subjects."""

    cycle: str
    title: str
    size: int
    population: tuple[str, ...]
    group: str | None


def draw_spot_check(call: RecordCall, asked: SpotCheckRequest) -> Record:
    """Draw a list by a seed that nobody can choose, the ledger's head; with list and seed anybody draws it again."""
    cycle = locked_cycle(call, asked.cycle)
    if cycle["stage"] in {Stage.DRAFT, Stage.ARCHIVED, Stage.WITHDRAWN}:
        _check_drawing(cycle)
    population = asked.population or tuple(
        entry["subject"]
        for entry in entries_of(call.session, cycle["id"])
        if asked.group in {None, entry["subject_group"]}
    )
    distinct = sorted(set(population))
    if len(distinct) < asked.size:
        raise wrong("/size", f"总体只有 {len(distinct)} 个", f"there are only {len(distinct)} to draw from")
    seed = read_head(call.session, call.ledger).hash
    fields: dict[str, Any] = {
        "cycle": cycle["id"], "title": asked.title, "population": json.dumps(distinct, ensure_ascii=False),
        "population_digest": digest_of_list(distinct), "size": asked.size, "seed": seed,
        "drawn": json.dumps(draw(seed, asked.title, distinct, asked.size), ensure_ascii=False), "state": "open",
    }  # fmt: skip
    key = new_id(str(SPOT_CHECK.prefix))
    call.write([Write(SPOT_CHECK, key, "create", call.clock.today(), fields)])
    return record_of_row(SPOT_CHECK, find_row(call.session, SPOT_CHECK, key))


def _check_drawing(cycle: Record) -> None:
    stage = Stage(cycle["stage"])
    raise Conflict(
        f"周期现为“{STAGE_WORDS[stage]}”，不能抽取名单。", f"The cycle is {stage.value}: nothing can be drawn now."
    )


def counts_of(call: RecordCall, cycle: str) -> dict[str, int]:
    """Return how many subjects of a cycle stand where."""
    return count_by_status(call.session, cycle)


def entries_in(call: RecordCall, cycle: str) -> list[Record]:
    """Return every entry of a cycle, whoever may see it, in order of subjects."""
    return entries_of(call.session, cycle)


def delegations_in(call: RecordCall, cycle: str) -> list[Record]:
    """Return every delegation of a cycle."""
    return delegations_of(call.session, cycle)


def spot_checks_in(call: RecordCall, cycle: str) -> list[Record]:
    """Return every spot check of a cycle, in the order in which they were drawn."""
    return spot_checks_of(call.session, cycle)


def results_of(call: RecordCall, subject: str) -> tuple[list[Record], dict[str, str]]:
    """Return a subject's results in approved cycles, and the highest grade of each of these cycles' rulebooks."""
    entries = approved_of(call.session, subject)
    best = {each["cycle"]: _highest(call, cycle_now(call, each["cycle"])) for each in entries}
    return entries, best


def _highest(call: RecordCall, cycle: Record) -> str:
    from heli_assessment.engine.plan import grade_titles

    return grade_titles(plan_for(call, cycle).book)[-1]

"""As whom somebody takes a step: in one's own right or for another, and never in one's own cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heli_assessment.cycles.domain import JUDGING, Actor, Step
from heli_assessment.cycles.repository import delegations_to
from heli_shared.kernel.errors import Forbidden
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record

_ON_BEHALF = frozenset({"administrator", "county_clerk", "township_clerk"})
_WHO: Mapping[Actor, tuple[str, str]] = {
    Actor.MANAGER: ("组织考核的县级经办", "whoever manages cycles"),
    Actor.SUBJECT: ("被考核单位的人员", "people of the assessed unit"),
    Actor.FIRST_REVIEWER: ("初审单位的人员", "people of a first-reviewing unit"),
    Actor.SECOND_REVIEWER: ("复核单位的人员", "people of a second-reviewing unit"),
    Actor.DECIDER: ("有评定权限的领导", "a leader who may decide"),
}


@dataclass(frozen=True, slots=True)
class Capacity:
    """In whose right a step is taken: the unit, and the principal who delegated it if any."""

    unit: str | None
    acted_for: str | None
    is_on_behalf: bool = False


def capacity_for(call: RecordCall, cycle: Record, step: Step, actor: Actor, entry: Record | None = None) -> Capacity:
    """Return in whose right the caller may take a step; Forbidden when in nobody's, or in the own cause."""
    if step in JUDGING or step is Step.APPROVE:
        _check_person(call)
    found = _own_right(call, cycle, actor, entry) or _delegated(call, cycle, step, actor=actor, entry=entry)
    if found is None:
        zh, en = _WHO[actor]
        raise Forbidden(f"这一步由{zh}办理。", f"This step is for {en}.", data={"actor": actor.value})
    if entry is not None and step in JUDGING:
        _check_own_cause(call, found, step, entry)
    return found


def _check_person(call: RecordCall) -> None:
    if call.principal.kind != "person":
        raise Forbidden(
            "评分须由人确认，系统账号不能办理。", "Scores are confirmed by a person; a system's account cannot do that."
        )


def _own_right(call: RecordCall, cycle: Record, actor: Actor, entry: Record | None) -> Capacity | None:
    principal = call.principal
    unit = principal.unit
    may = {
        Actor.MANAGER: principal.may("cycles:write"),
        Actor.SUBJECT: entry is not None and unit is not None and unit == entry["unit"],
        Actor.FIRST_REVIEWER: principal.may("cycles:review") and unit in cycle["first_reviewers"],
        Actor.SECOND_REVIEWER: principal.may("cycles:review") and unit in cycle["second_reviewers"],
        Actor.DECIDER: principal.may("cycles:decide"),
    }
    if may[actor]:
        return Capacity(unit, None)
    if actor is Actor.SUBJECT and _ON_BEHALF.intersection(principal.roles):
        return Capacity(unit, None, is_on_behalf=True)
    return None


def _delegated(call: RecordCall, cycle: Record, step: Step, *, actor: Actor, entry: Record | None) -> Capacity | None:
    units: Mapping[Actor, Any] = {
        Actor.SUBJECT: [entry["unit"]] if entry else [],
        Actor.FIRST_REVIEWER: cycle["first_reviewers"],
        Actor.SECOND_REVIEWER: cycle["second_reviewers"],
    }
    for each in delegations_to(call.session, cycle["id"], call.principal.id, on=call.clock.today()):
        if step.value in each["steps"] and (actor is Actor.DECIDER or each["grantor_unit"] in units.get(actor, [])):
            return Capacity(each["grantor_unit"], each["grantor"])
    return None


def _check_own_cause(call: RecordCall, capacity: Capacity, step: Step, entry: Record) -> None:
    """Refuse to judge one's own unit, what oneself submitted, and a second look by the same eyes."""
    me = {call.principal.id, capacity.acted_for} - {None}
    if entry["unit"] in {call.principal.unit, capacity.unit}:
        raise _own_cause(f"{entry['name']}是您所在（或委托方）的单位", f"{entry['name']} is your own unit")
    if entry["submitted_by"] in me:
        raise _own_cause(f"{entry['name']}的自评由您提交", f"you submitted the self-assessment of {entry['name']}")
    if step is Step.SECOND_REVIEW and entry["first_reviewed_by"] in me:
        raise _own_cause(f"{entry['name']}由您初审", f"you did the first review of {entry['name']}")


def _own_cause(zh: str, en: str) -> Forbidden:
    return Forbidden(f"须回避：{zh}，请由他人办理。", f"Conflict of interest: {en}; somebody else has to do this.")

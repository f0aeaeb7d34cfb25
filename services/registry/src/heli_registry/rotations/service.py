"""Use cases of rotations: decide that a contact point is mature, see what could follow it, and change over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.assignments.models import ASSIGNMENT
from heli_registry.assignments.service import ASSIGNMENTS
from heli_registry.enterprises.counting import is_counted
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.references import check_references
from heli_registry.rotations import repository
from heli_registry.rotations.domain import Candidate, Proposal, Thresholds, proposals
from heli_registry.rotations.models import MATURITY_DECISION
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.kernel.ids import new_id
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import among, equality_filters
from heli_shared.records.reading import Condition, Record, find_row, record_of_row
from heli_shared.records.service import Resource
from heli_shared.records.writing import Write
from heli_shared.statistics.parameters import parameter

_KEPT = ("person", "role", "unit", "level", "is_full_time", "days_per_month", "visits_per_year")


def visible_decisions(session: Session, scope: Scope) -> list[Condition]:
    """Show the decisions about assignments that the scope shows."""
    if scope.everything:
        return []
    clauses = [condition.clause for condition in ASSIGNMENTS.visible(session, scope)]
    keys = sa.select(ASSIGNMENT.table.c.id).where(*clauses)
    return [among(MATURITY_DECISION, "assignment", keys, session)]


def check_decision(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse references that point nowhere, a day to come, and a decision about what is no leader's contact point."""
    check_references(call, MATURITY_DECISION, before=before, after=after)
    row = find_row(call.session, ASSIGNMENT, after["assignment"])
    faults = []
    if row is None or row.role != "contact_leader":
        faults.append(FieldProblem("/assignment", "不是领导联系点", "is no leader's contact point"))
    if str(after["decided_on"]) > call.clock.today().isoformat():
        faults.append(FieldProblem("/decided_on", "日期晚于今天", "lies after today"))
    if faults:
        raise InvalidInput("认定信息有误。", "The decision is not right; see `errors`.", errors=faults)


MATURITY_DECISIONS = Resource(
    MATURITY_DECISION, visible_decisions, check=check_decision, filters=equality_filters(MATURITY_DECISION)
)


@dataclass(frozen=True, slots=True)
class Rotation:
    """A mature contact point with the enterprises proposed in its place."""

    point: Any
    proposals: list[Proposal]


def list_rotations(call: RecordCall, *, most: int) -> list[Rotation]:
    """Return the mature contact points in the caller's scope, each with at most so many proposals.

    An enterprise is proposed once: what the first leader is to take up is not offered to the next.
    """
    session, scope, today = call.session, call.principal.scope, call.clock.today()
    points = repository.mature_points(session, _clauses(ASSIGNMENTS, session, scope))
    if not points:
        return []
    rows = repository.without_leader(session, _clauses(ENTERPRISES, session, scope))
    open_ones = [_candidate(row) for row in rows if is_counted(row._mapping, today)]  # noqa: SLF001 - by name
    found, taken = [], set[str]()
    for point in points:
        left = (each for each in open_ones if each.uscc not in taken)
        ranked = proposals(left, division=point.division, thresholds=_thresholds(today))[:most]
        taken |= {each.candidate.uscc for each in ranked[:1]}
        found.append(Rotation(point, ranked))
    return found


def _clauses(resource: Resource, session: Session, scope: Scope) -> list[Any]:
    return [condition.clause for condition in resource.visible(session, scope)]


def _candidate(row: Any) -> Candidate:
    return Candidate(row.uscc, row.name, row.division, row.staff, row.full_members, row.probationary_members)


def _thresholds(today: date) -> Thresholds:
    names = ("branch.min_full_members", "staff100.min_staff", "staff50.min_staff")
    branch, organization, member = (int(parameter(name).on(today)) for name in names)
    return Thresholds(branch, organization, member)


def rotate(
    call: RecordCall, record: Record, *, target: Mapping[str, str], reason: str | None, effective_on: date | None
) -> Record:
    """Close a mature contact point and open the leader's next one, in one transaction; Conflict when it is not mature.

    `target` names the enterprise or the organisation of the next one.
    """
    effective = call.effective_day(effective_on)
    if record["role"] != "contact_leader" or record["state"] != "open":
        raise Conflict("只有仍在联系的领导联系点可以更换。", "Only an open contact point of a leader can be rotated.")
    if not repository.is_mature(call.session, record["id"]):
        raise Conflict(
            "该联系点尚未认定成熟：请先登记认定（maturity-decisions）再更换。",
            "There is no decision yet that this contact point is mature; record one first.",
        )
    key = new_id("asg")
    values = {name: record[name] for name in _KEPT if record[name] is not None} | dict(target)
    blank: dict[str, Any] = dict.fromkeys(each.name for each in ASSIGNMENT.all_fields)
    after = {"id": key, **blank, **values, "state": "open"}
    if not all(condition.matches(after) for condition in ASSIGNMENTS.visible(call.session, call.principal.scope)):
        raise InvalidInput("新的联系点不在您的管辖范围内。", "The next contact point lies outside your scope.")
    ASSIGNMENTS.check(call, None, after, effective)
    why = f"联系点成熟更换：{reason}" if reason else "联系点成熟更换"
    closing = {"state": "closed", "closed_on": effective, "closed_reason": why}
    call.write(
        [
            Write(ASSIGNMENT, record["id"], "close", effective, closing),
            Write(ASSIGNMENT, key, "create", effective, {**values, "state": "open"}),
        ]
    )
    return record_of_row(ASSIGNMENT, find_row(call.session, ASSIGNMENT, key))

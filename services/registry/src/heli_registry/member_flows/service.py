"""Member flows as the registry serves them: one table for each organisation and year, and it adds up."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import linked
from heli_registry.member_flows.domain import LINES, Fault, completed, faults_of
from heli_registry.member_flows.models import MEMBER_FLOW
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.references import check_references
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource


def visible_flows(session: Session, scope: Scope) -> list[Condition]:
    """Show the tables of organisations that the scope shows."""
    return [] if scope.everything else [linked(MEMBER_FLOW, "organization", PARTY_ORGANIZATION, session, scope)]


def complete_flow(_call: RecordCall, values: dict[str, Any]) -> dict[str, Any]:
    """Fill in the lines that are sums of lines given."""
    return completed(values)


def check_flow(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse a table that does not add up, a year to come, and a second table of the same year."""
    check_references(call, MEMBER_FLOW, before=before, after=after)
    faults = [_problem(fault) for fault in faults_of(after)]
    if after["year"] > call.clock.today().year:
        faults.append(FieldProblem("/year", "年度尚未到来", "this year has not come yet"))
    if faults:
        raise InvalidInput("表内关系不符。", "The table does not add up; see `errors`.", errors=faults)
    _check_only_one(call, after)


def _problem(fault: Fault) -> FieldProblem:
    zh, en = ("不大于", "at most ") if "≥" in fault.check else ("", "")
    line = LINES[fault.field]
    return FieldProblem(
        f"/{fault.field}",
        f"第{line}行为{fault.given}，按表内关系 {fault.check} 应为{zh}{fault.wanted}",
        f"line {line} is {fault.given}; by {fault.check} it must be {en}{fault.wanted}",
    )


def _check_only_one(call: RecordCall, after: Mapping[str, Any]) -> None:
    table = MEMBER_FLOW.table
    same = sa.select(table.c.id).where(
        table.c.organization == after["organization"],
        table.c.year == after["year"],
        table.c.state == "open",
        table.c.id != after["id"],
    )
    twin = call.session.execute(same.limit(1)).scalar_one_or_none()
    if twin is not None and after["state"] == "open":
        raise Conflict(
            "该党组织本年度的党员增减表已存在，请修改原表。",
            "There is a table of this organisation and year already; change it.",
            data={"member_flow": twin},
        )


MEMBER_FLOWS = Resource(
    MEMBER_FLOW, visible_flows, check=check_flow, complete=complete_flow, filters=equality_filters(MEMBER_FLOW)
)

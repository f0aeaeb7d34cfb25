"""Censuses and their checks as the registry serves them: a census that is over stands still."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import linked
from heli_registry.censuses.models import CENSUS, CENSUS_CHECK, STAGES
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.references import check_references
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters, no_conditions
from heli_shared.records.reading import Condition, find_row
from heli_shared.records.service import Resource

Values = Mapping[str, Any]


def check_census(call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse references that point nowhere, stages that end before they begin, and changes of a closed census."""
    if before is not None and before["state"] == "closed" and after["state"] == "closed":
        raise Conflict(
            "普查已结束，结果已固定；确需更正，请先重新启用该普查。",
            "The census is closed and its result stands; re-open it first if it must be corrected.",
        )
    check_references(call, CENSUS, before=before, after=after)
    wrong = [
        FieldProblem(f"/{stage}_until", "结束日期早于开始日期", "lies before the stage begins")
        for stage in STAGES
        if after[f"{stage}_from"] and after[f"{stage}_until"]
        if str(after[f"{stage}_until"]) < str(after[f"{stage}_from"])
    ]
    if wrong:
        raise InvalidInput("阶段日期有误。", "The days of a stage are not in order.", errors=wrong)


def check_closing_census(call: RecordCall, _before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse to end a census before its cut-off day is over."""
    cut_off = str(after["cut_off_on"])
    if call.clock.today().isoformat() <= cut_off:
        raise Conflict(
            f"截止日期 {cut_off} 尚未过去，请在次日起结束普查。",
            f"The cut-off day {cut_off} is not over yet; close the census on a later day.",
        )


def visible_checks(session: Session, scope: Scope) -> list[Condition]:
    """Show the checks of enterprises that the scope shows."""
    return [] if scope.everything else [linked(CENSUS_CHECK, "enterprise", ENTERPRISE, session, scope)]


def check_check(call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse a check of nothing, in a census that is over, of a day to come, or beside another of the same item."""
    check_references(call, CENSUS_CHECK, before=before, after=after)
    _check_open(call, after)
    checked_on = after["checked_on"]
    if checked_on is not None and str(checked_on) > call.clock.today().isoformat():
        found = FieldProblem("/checked_on", "日期晚于今天", "lies after today")
        raise InvalidInput("核查日期有误。", "The day of the check lies in the future.", errors=[found])
    twin = _find_twin(call.session, after)
    if twin is not None and after["state"] == "open":
        raise Conflict(
            "该企业的这一项已有核查结论，请修改原结论。",
            "This item of the enterprise has been answered already; change that answer.",
            data={"check": twin},
        )


def _check_open(call: RecordCall, after: Values) -> None:
    """Refuse to change what a closed census rests on; a check can be neither added, changed nor closed then.

    One that slips in while the census is being closed has a later seq than the closing and so counts no more.
    """
    census = find_row(call.session, CENSUS, after["census"])
    if census is not None and census.state == "closed":
        raise Conflict(
            "普查已结束，不再接受核查结论。", "The census is closed and takes no more answers.",
        )  # fmt: skip


def check_closing_check(call: RecordCall, _before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse to take an answer back once its census is over."""
    _check_open(call, after)


def _find_twin(session: Session, after: Values) -> str | None:
    table = CENSUS_CHECK.table
    same = sa.select(table.c.id).where(
        *(table.c[name] == after[name] for name in ("census", "enterprise", "item")),
        table.c.state == "open",
        table.c.id != after["id"],
    )
    return session.execute(same.limit(1)).scalar_one_or_none()


CENSUSES = Resource(
    CENSUS,
    no_conditions,
    check=check_census,
    check_closing=check_closing_census,
    filters={**equality_filters(CENSUS), "name": contains_filter(CENSUS, "name")},
)
"""Every clerk sees every census: whoever is asked must know what is asked, and until when."""
CENSUS_CHECKS = Resource(
    CENSUS_CHECK,
    visible_checks,
    check=check_check,
    check_closing=check_closing_check,
    filters=equality_filters(CENSUS_CHECK),
)

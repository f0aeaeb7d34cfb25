"""Enterprises as the registry serves them: a valid code, references that exist, no circle of duplicates."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from heli_registry.access import visible_enterprises
from heli_registry.enterprises.credit_codes import find_problem
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.filters import division_filter, prefix_filter
from heli_registry.references import check_references
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters
from heli_shared.records.reading import equals, find_row
from heli_shared.records.service import Resource, folded_before


def check_enterprise(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], effective_on: date
) -> None:
    """Refuse an impossible credit code, references that point nowhere, dates to come, and a duplicate that opens."""
    if before is None:
        problem = find_problem(after["uscc"])
        if problem is not None:
            found = FieldProblem("/uscc", problem.zh, problem.en)
            raise InvalidInput("统一社会信用代码有误。", "The unified social credit code is not valid.", errors=[found])
    check_references(call, ENTERPRISE, before=before, after=after)
    if before is not None and "state" in (call.written or ()):
        _check_opening(call, after["uscc"], effective_on)
    _check_duplicate(call, after)
    _check_days(call, after)


def _check_duplicate(call: RecordCall, after: Mapping[str, Any]) -> None:
    stays = after["duplicate_of"]
    if stays is None:
        return
    row = None if stays == after["uscc"] else find_row(call.session, ENTERPRISE, stays)
    if row is None or row.duplicate_of is not None:
        found = FieldProblem(
            "/duplicate_of",
            "应为另一家已登记、且自身不是重复的企业",
            "must be another enterprise, not itself a duplicate",
        )
        raise InvalidInput("重复对象有误。", "The enterprise that stays is not one.", errors=[found])


def _check_opening(call: RecordCall, key: str, day: date) -> None:
    stays = folded_before(call, ENTERPRISE, key, day).values.get("duplicate_of")
    if stays is not None:
        raise Conflict(
            f"该企业是 {stays} 的重复登记，不能重新启用：请撤销合并，或先清除“重复于”。",
            f"It is a duplicate of {stays} and stays closed: undo the merger, or clear `duplicate_of` first.",
        )


def _check_days(call: RecordCall, after: Mapping[str, Any]) -> None:
    late = [
        FieldProblem(f"/{name}", "日期晚于今天", "lies after today")
        for name in ("registered_on", "refreshed_on")
        if after[name] is not None and str(after[name]) > call.clock.today().isoformat()
    ]
    if late:
        raise InvalidInput("日期有误。", "A date lies in the future.", errors=late)


ENTERPRISES = Resource(
    ENTERPRISE,
    visible_enterprises,
    check=check_enterprise,
    filters={
        **equality_filters(ENTERPRISE),
        "name": contains_filter(ENTERPRISE, "name"),
        "division": division_filter(ENTERPRISE),
        "zone": lambda _session, value: equals(ENTERPRISE, "zone", value),
        "industry": prefix_filter(ENTERPRISE, "industry"),
    },
)

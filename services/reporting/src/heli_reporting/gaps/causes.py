"""What stands in the way of who lacks something: the documents behind each cause, and causes as JSON values."""

from datetime import date
from typing import Any, Literal

from heli_reporting.history.domain import Cause
from heli_shared.statistics.parameters import parameter
from heli_shared.statistics.reasons import CAUSES

CauseCode = Literal[
    "organization_dissolved", "cover_ended", "members_without_organization", "members_too_few", "members_elsewhere",
    "no_member", "instructor_missing", "instructor_term_expired", "election_overdue",
]  # fmt: skip
"""The keys of `CAUSES`."""

_ADJUSTED = "中国共产党支部工作条例（试行）：不再符合设立条件的党支部及时调整或者撤销，符合条件的单独或者联合组建"
_ELECTED = "中国共产党基层组织选举工作条例：党的基层组织任期届满应当按期进行换届选举"
_DOCUMENTS = {
    "organization_dissolved": _ADJUSTED,
    "cover_ended": _ADJUSTED,
    "election_overdue": _ELECTED,
}
_PARAMETERS = {
    "members_without_organization": "branch.min_full_members",
    "members_too_few": "joint_branch.max_units",
    "members_elsewhere": "member_transfer.within_months",
    "no_member": "staff50.min_staff",
    "instructor_missing": "instructor.required",
    "instructor_term_expired": "instructor.term_years",
}


def basis_of(code: str, on: date) -> str:
    """Return the document that asks for what the cause tells is missing; empty before its parameter's first day."""
    if code in _DOCUMENTS:
        return _DOCUMENTS[code]
    found = parameter(_PARAMETERS[code]).find(on)
    return found.basis if found else ""


def cause_json(cause: Cause, on: date, *, english: bool) -> dict[str, Any]:
    """Return a cause as JSON values."""
    zh, en = CAUSES[cause.code]
    return {
        "cause": cause.code,
        "cause_name": en if english else zh,
        "since": cause.since.isoformat(),
        "basis": basis_of(cause.code, on),
    }


def cause_words(causes: tuple[Cause, ...]) -> str:
    """Return causes in Chinese, each with the day since which it holds."""
    return "；".join(f"{CAUSES[each.code][0]}（{each.since}起）" for each in causes)

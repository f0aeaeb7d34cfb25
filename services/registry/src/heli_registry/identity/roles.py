"""Roles: what each may do, and how far it may reach. This table is the whole of it; nothing else grants anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Reach = Literal["everything", "unit"]

_PLACES = ("divisions", "zones", "units", "sectors", "calendar-days", "censuses", "field-stewards")
_RECORDS = (
    "enterprises",
    "party-organizations",
    "covers",
    "affiliations",
    "mass-organizations",
    "people",
    "assignments",
    "maturity-decisions",
    "pairings",
    "instructors",
    "secretary-candidates",
    "guidance-projects",
    "member-flows",
    "census-checks",
    "transfers",
)
_REPORTED = ("periods", "period-submissions", "period-closings", "period-cells", "explanations")
_WORK = ("plans", "targets", "tasks", "activities", "marks")
# Cycles: who sees them all sees their entries, appeals, delegations and samples too.
_CYCLES = ("cycles", "cycle-entries", "appeals", "delegations", "sample-lists")
_FUNDS = ("funds", "fund-budgets", "fund-movements", "party-expenses")
_OWN_FUNDS = ("fund-movements", "party-expenses")
# Incentives: proposed by clerks, decided by leaders, objected to by whom they are about.
_INCENTIVES = ("incentives", "objections", "opinions")
_TAKES_PART = frozenset({"cycles:step", "cycles:review", "objections:write", "representative-evaluations:speak"})
# What has procedures of its own in assessment: who takes a step is said by unit there.
_STEPPED = (
    "progress-reports",
    "attachments",
    "rectification-orders",
    "letters",
    "duty-sessions",
    "duty-reports",
)
_READ_BY_ALL_CLERKS = (
    "successions:read",
    "trees:read",
    "findings:read",
    "quality:read",
    "statistics:read",
    "gaps:read",
    "worklists:read",
    "alarms:read",
    "own-claims:read",
    "own-disputes:read",
    "search:read",
    "duplicates:read",
    "reconciliation:read",
)
_DECISIONS = ("duplicate-decisions", "mergers")
_EXCHANGE = frozenset({"changes:read", "exports:read", "ledger:read"})
# A department's client takes whole kinds of records; people's masked names are of no use to it.
_EXCHANGED = frozenset(
    f"{plural}:read"
    for plural in (*_PLACES, *_RECORDS, *_DECISIONS, *_REPORTED, *_WORK, *_STEPPED, "rulebooks")
    if plural != "people"
) | {"search:read", "reconciliation:read", "opinions:read"}
# Exchange between departments: what is shared, with whom, what was handed out, and what somebody asks to correct.
_SHARED = frozenset({"catalogue:read", "sharing-agreements:read", "correction-requests:read"})
_ASKS = frozenset({"deliveries:read", "correction-requests:write"})
_FORMS = frozenset({"forms:read", "form-items:read", "burden:read"})
_READS = (
    frozenset(
        f"{plural}:read"
        for plural in (
            *_PLACES,
            *_RECORDS,
            *_DECISIONS,
            *_REPORTED,
            *_WORK,
            *_STEPPED,
            *_CYCLES,
            *_FUNDS,
            *_INCENTIVES,
            "rulebooks",
            "runs",
        )
    )
    | frozenset(_READ_BY_ALL_CLERKS)
    | _SHARED
    | _FORMS
)
_RUNS_EXCHANGE = frozenset(
    {
        "deliveries:audit",
        "sharing-agreements:write",
        "subscriptions:read",
        "subscriptions:write",
        "correction-requests:decide",
        "forms:write",
    }
)
_OWN_RECORDS = frozenset(
    f"{plural}:write"
    for plural in (
        *_RECORDS,
        "duplicates",
        "explanations",
        "period-submissions",
        "tasks",
        "activities",
        *_STEPPED,
        "duty-marks",
        "lists",
        *_OWN_FUNDS,
    )
)


def _writes(*plurals: str) -> frozenset[str]:
    return frozenset(f"{plural}:write" for plural in plurals)


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its names, its permissions, and whether it reaches over the whole county or its own unit's part only."""

    name: str
    zh: str
    permissions: frozenset[str]
    reach: Reach


# What departments say and where they disagree: a department sees its own part, these roles all in their reach.
_ALL_THAT_IS_SAID = frozenset({"claims:read", "disputes:read"})
_COUNTY_CLERK = (
    _READS
    | _ALL_THAT_IS_SAID
    | _EXCHANGE
    | _ASKS
    | _RUNS_EXCHANGE
    | _writes(
        *_PLACES,
        *_RECORDS,
        "duplicates",
        *_WORK,
        *_STEPPED,
        "duty-marks",
        "lists",
        "periods",
        "period-submissions",
        "explanations",
        "quality",
        "rulebooks",
        "runs",
        "cycles",
        *_FUNDS[1:],
        "incentives",
        "opinions",
        "representative-evaluations",
        "imports",
        "syncs",
    )
    | _TAKES_PART
    | {
        "archives:read",
        "representative-evaluations:read",
        "people:unmask",
        "duty-marks:read",
        "claims:write",
        "claims:write-any",
        "disputes:settle",
        "disputes:settle-any",
    }
)
_TOWNSHIP_CLERK = (
    (_READS - {"runs:read"})
    | _TAKES_PART
    | _OWN_RECORDS
    | _ALL_THAT_IS_SAID
    | _ASKS
    | {"correction-requests:decide", "imports:write", "exports:read", "changes:read", "people:unmask", "claims:write"}
)

ROLES = {
    role.name: role
    for role in (
        Role(
            "administrator",
            "管理员",
            _COUNTY_CLERK
            | {
                "principals:read",
                "principals:write",
                "rights:read",
                "metrics:read",
                "cycles:decide",
                "incentives:decide",
            },
            "everything",
        ),
        Role("county_clerk", "县级经办", _COUNTY_CLERK, "everything"),
        Role("township_clerk", "乡镇经办", _TOWNSHIP_CLERK, "unit"),
        Role(
            "department_liaison",
            "部门联络员",
            _READS
            | _TAKES_PART
            | {"exports:read", "disputes:settle"}
            | _ASKS
            | _writes("tasks", "activities", "forms", "claims", *_STEPPED, "duty-marks", "lists", *_OWN_FUNDS),
            "everything",
        ),
        Role(
            "leader",
            "领导",
            _READS
            | _ALL_THAT_IS_SAID
            | {"cycles:step", "cycles:decide", "incentives:decide", "archives:read", "representative-evaluations:read"},
            "everything",
        ),
        Role("exchange", "数据交换", _EXCHANGE | _EXCHANGED | _SHARED | _ASKS, "everything"),
        Role("service", "服务间", _EXCHANGE | {"metrics:read", "quality:read", "rights:read"}, "everything"),
    )
}
"""Every role by its name."""

PERMISSIONS = frozenset().union(*(role.permissions for role in ROLES.values()))
"""Every permission that anybody can hold."""


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Return everything that these roles may do together; names that are no role (any more) give nothing."""
    return frozenset().union(*(ROLES[name].permissions for name in roles if name in ROLES))


def reach_of(roles: Iterable[str]) -> Reach:
    """Return how far these roles reach together: as far as the one that reaches least.

    Otherwise a second role with a wide reach and few rights would carry the rights of the first over the county.
    """
    reaches = {ROLES[name].reach for name in roles if name in ROLES}
    return "everything" if reaches == {"everything"} else "unit"

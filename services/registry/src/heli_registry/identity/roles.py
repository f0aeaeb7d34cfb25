"""Roles: what each may do, and how far it may reach. This table is the whole of it; nothing else grants anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Reach = Literal["everything", "unit"]

_PLACES = ("divisions", "zones", "units")
_RECORDS = (
    "enterprises",
    "party-organizations",
    "covers",
    "affiliations",
    "mass-organizations",
    "people",
    "assignments",
)
_WORK = ("plans", "tasks", "activities", "marks")
_READ_BY_ALL_CLERKS = ("findings:read", "statistics:read", "gaps:read", "worklists:read")
_READS = frozenset(f"{plural}:read" for plural in (*_PLACES, *_RECORDS, *_WORK, "rulebooks", "runs")) | frozenset(
    _READ_BY_ALL_CLERKS
)
_EXCHANGE = frozenset({"changes:read", "exports:read", "ledger:read"})
# A department's client takes whole kinds of records; people's masked names are of no use to it.
_EXCHANGED = frozenset(f"{plural}:read" for plural in (*_PLACES, *_RECORDS, *_WORK, "rulebooks") if plural != "people")
_OWN_RECORDS = frozenset(f"{plural}:write" for plural in (*_RECORDS, "tasks", "activities"))


def _writes(*plurals: str) -> frozenset[str]:
    return frozenset(f"{plural}:write" for plural in plurals)


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its names, its permissions, and whether it reaches over the whole county or its own unit's part only."""

    name: str
    zh: str
    permissions: frozenset[str]
    reach: Reach


_COUNTY_CLERK = (
    _READS
    | _EXCHANGE
    | _writes(*_PLACES, *_RECORDS, *_WORK, "rulebooks", "runs", "imports", "syncs")
    | {"people:unmask"}
)
_TOWNSHIP_CLERK = (
    (_READS - {"runs:read"}) | _OWN_RECORDS | {"imports:write", "exports:read", "changes:read", "people:unmask"}
)

ROLES = {
    role.name: role
    for role in (
        Role(
            "administrator",
            "管理员",
            _COUNTY_CLERK | {"principals:read", "principals:write", "metrics:read"},
            "everything",
        ),
        Role("county_clerk", "县级经办", _COUNTY_CLERK, "everything"),
        Role("township_clerk", "乡镇经办", _TOWNSHIP_CLERK, "unit"),
        Role(
            "department_liaison",
            "部门联络员",
            _READS | {"exports:read"} | _writes("tasks", "activities"),
            "everything",
        ),
        Role("leader", "领导", _READS, "everything"),
        Role("exchange", "数据交换", _EXCHANGE | _EXCHANGED, "everything"),
        Role("service", "服务间", _EXCHANGE | {"metrics:read"}, "everything"),
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

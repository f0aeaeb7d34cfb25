"""Who may see what, and who may hand which rights on: rules on plain facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from heli_registry.identity.roles import ROLES, permissions_of, reach_of
from heli_shared.kernel.access import Principal, Scope
from heli_shared.kernel.divisions import LEVELS, ancestors, level_of
from heli_shared.kernel.errors import FieldProblem, Forbidden, InvalidInput

_BELOW_COUNTY = LEVELS[LEVELS.index("county") + 1 :]


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A principal's unit as access looks at it."""

    id: str
    name: str
    kind: str
    division: str | None
    zone: str | None
    is_open: bool


class PrincipalRow(Protocol):
    """A principal as it is kept."""

    id: str
    login: str
    kind: str
    roles: Iterable[str]


def scope_of(roles: Iterable[str], unit: UnitFacts | None) -> Scope:
    """Return what somebody with these roles in this unit sees.

    A township sees its division's subtree, a park its zone, whatever the role; so does any unit whose own division
    lies below the county. Other units see everything if their roles reach that far, else what is theirs. Somebody
    without a unit sees everything or nothing, a closed unit nothing.
    """
    everything = reach_of(roles) == "everything"
    if unit is None:
        return Scope(everything=everything)
    if not unit.is_open:
        return Scope()
    if unit.kind == "park":
        return Scope(zones=(unit.zone,) if unit.zone else ())
    is_local = unit.kind == "township" or (unit.division is not None and level_of(unit.division) in _BELOW_COUNTY)
    if everything and not is_local:
        return Scope(everything=True)
    return Scope(
        divisions=(unit.division,) if unit.division else (),
        zones=(unit.zone,) if unit.zone else (),
    )


def principal_of(row: PrincipalRow, unit: UnitFacts | None) -> Principal:
    """Return what a principal's roles and unit make of it at this moment."""
    roles = tuple(row.roles)
    unit_key = unit.id if unit else None
    return Principal(row.id, row.login, row.kind, unit_key, roles, permissions_of(roles), scope_of(roles, unit))


def check_roles(roles: Iterable[str]) -> None:
    """Refuse names that are no role."""
    unknown = [name for name in roles if name not in ROLES]
    if unknown:
        raise InvalidInput(
            f"没有这样的角色；可用的角色：{'、'.join(ROLES)}。",
            f"There is no such role; roles are: {', '.join(ROLES)}.",
            errors=[FieldProblem("/roles", "没有这样的角色", "no such role")],
        )


def check_grant(giver: Principal, roles: Iterable[str], scope: Scope) -> None:
    """Refuse rights that the giver does not hold, or a wider view than the giver's own."""
    missing = permissions_of(roles) - giver.permissions
    if missing:
        raise Forbidden(
            "您不能授予自己没有的权限。",
            "You cannot grant what you do not hold.",
            data={"missing_permissions": sorted(missing)},
        )
    if not is_within(scope, giver.scope):
        raise Forbidden("您不能授予超出您管辖范围的账号。", "You cannot grant a wider scope than your own.")


def is_within(inner: Scope, outer: Scope) -> bool:
    """Say whether everything that `inner` certainly sees `outer` sees, too; divisions by the nesting of their codes."""
    if outer.everything:
        return True
    if inner.everything:
        return False
    return all(any(root in {code, *ancestors(code)} for root in outer.divisions) for code in inner.divisions) and set(
        inner.zones
    ) <= set(outer.zones)

"""The narrow door: which records a scope shows, and who may write for which unit."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy.orm import Session

from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import FieldProblem, Forbidden, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition

_WRITE_FOR_ALL = {"administrator", "county_clerk", "township_clerk"}

Values = Mapping[str, Any]


class Units(Protocol):
    """What is known of the registry's units."""

    def has_unit(self, unit: str) -> bool:
        """Say whether there is a unit of this id."""
        ...

    def units_in(self, scope: Scope) -> frozenset[str]:
        """Return the ids of the units that lie in a scope."""
        ...


class Visibility:
    """Shows records whose unit lies in the caller's scope; `field` names the unit of a kind."""

    def __init__(self, kind: RecordKind, units: Units, field: str = "unit") -> None:
        """Restrict records of `kind`."""
        self._kind = kind
        self._units = units
        self._field = field

    def __call__(self, _session: Session, scope: Scope) -> list[Condition]:
        """Return what restricts the kind to a scope."""
        if scope.everything:
            return []
        inside = sorted(self._units.units_in(scope))
        allowed = frozenset(inside)
        clause = self._kind.table.c[self._field].in_(inside)
        return [Condition(clause, lambda record: record[self._field] in allowed)]


def check_unit_known(units: Units, before: Values | None, after: Values, field: str = "unit") -> None:
    """Refuse a new or changed unit that the registry does not know."""
    unit = after[field]
    if unit is None or (before is not None and before[field] == unit) or units.has_unit(unit):
        return
    found = FieldProblem(f"/{field}", "登记服务中没有这个机构", "the registry has no such unit")
    raise InvalidInput("引用的机构不存在。", "The unit does not exist.", errors=[found])


def check_own_unit(call: RecordCall, before: Values | None, after: Values) -> None:
    """Refuse what somebody who writes for the own unit only would write for another."""
    if _WRITE_FOR_ALL.intersection(call.principal.roles):
        return
    touched = {after["unit"], (before or after)["unit"]}
    if touched != {call.principal.unit}:
        raise Forbidden("您只能登记和修改本单位的记录。", "You may record and change what concerns your own unit only.")

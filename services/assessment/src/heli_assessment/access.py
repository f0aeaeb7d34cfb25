"""The narrow door: which records a scope shows, and who may write for which unit."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.intake.domain import Pairing, Place, Post, Reach, Unit
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

    def unit(self, unit: str) -> Unit | None:
        """Return a unit, or None."""
        ...

    def units(self) -> Mapping[str, Unit]:
        """Return every unit by id."""
        ...

    def units_named(self, name: str) -> list[str]:
        """Return the ids of the open units of a name."""
        ...

    def is_working(self, day: date) -> bool:
        """Say whether a day is a working day."""
        ...

    def posts(self) -> list[Post]:
        """Return the open assignments."""
        ...

    def pairings(self) -> list[Pairing]:
        """Return the open pairings."""
        ...

    def units_in(self, scope: Scope) -> frozenset[str]:
        """Return the ids of the units that lie in a scope."""
        ...

    def reach(self, scope: Scope) -> Reach:
        """Return the units, divisions and zones of a scope."""
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


def in_reach(table: sa.FromClause, reach: Reach) -> sa.ColumnElement[bool]:
    """Keep the rows of a table whose subject is a unit in reach, of a unit in reach, or lies in reach."""
    units = sorted(reach.units)
    return sa.or_(
        table.c.subject.in_(units),
        table.c.unit.in_(units),
        table.c.division.in_(sorted(reach.divisions)),
        table.c.zone.in_(sorted(reach.zones)),
    )


def place_of(record: Values) -> Place:
    """Return the place that a record of a subject names."""
    return Place(record["unit"], record["division"], record["zone"])


class SubjectVisibility:
    """Shows records of a subject of any kind in the caller's scope: the unit itself, of whom it is, where it lies."""

    def __init__(self, kind: RecordKind, units: Units) -> None:
        """Restrict records of `kind`, which name `subject`, `unit`, `division` and `zone`."""
        self._kind = kind
        self._units = units

    def __call__(self, _session: Session, scope: Scope) -> list[Condition]:
        """Return what restricts the kind to a scope."""
        if scope.everything:
            return []
        reach = self._units.reach(scope)
        clause = in_reach(self._kind.table, reach)
        return [Condition(clause, lambda record: reach.holds(record["subject"], place_of(record)))]


def check_unit_known(units: Units, before: Values | None, after: Values, field: str = "unit") -> None:
    """Refuse a new or changed unit that the registry does not know."""
    unit = after[field]
    if unit is None or (before is not None and before[field] == unit) or units.has_unit(unit):
        return
    found = FieldProblem(f"/{field}", "登记服务中没有这个机构", "the registry has no such unit")
    raise InvalidInput("引用的机构不存在。", "The unit does not exist.", errors=[found])


def writes_for_all(call: RecordCall) -> bool:
    """Say whether somebody may write for every unit in their scope, and not for the own one only."""
    return bool(_WRITE_FOR_ALL.intersection(call.principal.roles))


def check_own_unit(call: RecordCall, before: Values | None, after: Values) -> None:
    """Refuse what somebody who writes for the own unit only would write for another."""
    if writes_for_all(call):
        return
    touched = {after["unit"], (before or after)["unit"]}
    if touched != {call.principal.unit}:
        raise Forbidden("您只能登记和修改本单位的记录。", "You may record and change what concerns your own unit only.")

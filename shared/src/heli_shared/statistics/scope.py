"""The scope of the statistics, declared once and read in two ways: as columns of a table and as a test of a record.

Each reason of being left out is a condition on facts. Reporting runs the conditions as columns, the registry on single
records; both are the same objects, so the two can never count differently. What is not known meets no condition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from heli_shared.statistics.parameters import parameter

Column = Any
Table = Any
Record = Mapping[str, Any]


class Condition(Protocol):
    """Something that holds of an enterprise on a day, or not; `fields` are the facts it looks at."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the facts that decide."""
        ...

    def column(self, t: Table) -> Column:
        """Return the condition as a column that is never null."""
        ...

    def holds(self, record: Record, day: date) -> bool:
        """Say whether the condition holds of one record, whose values are as JSON has them."""
        ...


@dataclass(frozen=True, slots=True)
class Among:
    """A fact is known and one of some values."""

    field: str
    values: tuple[Any, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the one field."""
        return (self.field,)

    def column(self, t: Table) -> Column:
        """Return the condition as a column."""
        return known(t[self.field].isin(list(self.values)))

    def holds(self, record: Record, day: date) -> bool:  # noqa: ARG002 - the same on every day
        """Say whether it holds of a record."""
        return record.get(self.field) in self.values


@dataclass(frozen=True, slots=True)
class Given:
    """A fact has been given at all."""

    field: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the one field."""
        return (self.field,)

    def column(self, t: Table) -> Column:
        """Return the condition as a column."""
        return t[self.field].notnull()

    def holds(self, record: Record, day: date) -> bool:  # noqa: ARG002 - the same on every day
        """Say whether it holds of a record."""
        return record.get(self.field) is not None


@dataclass(frozen=True, slots=True)
class BeginsOtherwise:
    """A text, always given, does not begin with some letters."""

    field: str
    beginning: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the one field."""
        return (self.field,)

    def column(self, t: Table) -> Column:
        """Return the condition as a column."""
        return ~t[self.field].startswith(self.beginning)

    def holds(self, record: Record, day: date) -> bool:  # noqa: ARG002 - the same on every day
        """Say whether it holds of a record."""
        return not str(record[self.field]).startswith(self.beginning)


@dataclass(frozen=True, slots=True)
class Below:
    """A number is known and less than a dated parameter; nothing is below a parameter that has no value yet."""

    field: str
    parameter: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the one field."""
        return (self.field,)

    def column(self, t: Table) -> Column:
        """Return the condition as a column."""
        return known(t[self.field] < dated(self.parameter, t.day))

    def holds(self, record: Record, day: date) -> bool:
        """Say whether it holds of a record."""
        value, least = record.get(self.field), parameter(self.parameter).find(day)
        return value is not None and least is not None and value < least.value


@dataclass(frozen=True, slots=True)
class Either:
    """One condition holds or the other."""

    first: Condition
    second: Condition

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields of both."""
        return (*self.first.fields, *self.second.fields)

    def column(self, t: Table) -> Column:
        """Return the condition as a column."""
        return self.first.column(t) | self.second.column(t)

    def holds(self, record: Record, day: date) -> bool:
        """Say whether it holds of a record."""
        return self.first.holds(record, day) or self.second.holds(record, day)


SCOPE: dict[str, Condition] = {
    "closed": Among("state", ("closed",)),
    "not_enterprise": BeginsOtherwise("uscc", "9"),
    "duplicate": Given("duplicate_of"),
    "branch_office": Among("is_branch_office", (True,)),
    "state_owned": Among("ownership", ("state_owned",)),
    "collective": Among("ownership", ("collective",)),
    "not_operating": Among("operation_state", ("suspended", "closed_down")),
    "no_premises": Among("has_premises", (False,)),
    "no_staff": Either(Among("has_stable_staff", (False,)), Below("staff", "substance.min_staff")),
    "no_activity": Among("has_activity", (False,)),
}
"""Why an enterprise is left out, in the order in which the shown reason is chosen (DOMAIN 1.1, 1.3)."""


def scope_reason_of(record: Record, day: date) -> str | None:
    """Return why an enterprise is left out on a day, the first reason that holds; None when it is counted."""
    return next((reason for reason, condition in SCOPE.items() if condition.holds(record, day)), None)


def dated(name: str, day: Column, kind: str = "int64") -> Column:
    """Return the value of a parameter on each row's day as a column; null before its first value."""
    import ibis

    newest_first = reversed(parameter(name).values())
    branches = [
        (day >= ibis.date(value.since.isoformat()), ibis.literal(value.value, type=kind)) for value in newest_first
    ]
    return ibis.cases(*branches, else_=ibis.null(kind))


def known(condition: Column) -> Column:
    """Return a condition as a column without nulls: unknown is read as no."""
    import ibis

    return condition.fill_null(ibis.literal(value=False))

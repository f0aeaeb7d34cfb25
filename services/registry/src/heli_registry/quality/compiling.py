"""Checks as SQL on current rows: the same conditions, for whole tables at once, on SQLite and PostgreSQL."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import mul
from typing import Any, assert_never

import sqlalchemy as sa

from heli_registry.database import METADATA
from heli_registry.quality.domain import (
    Compare,
    Condition,
    Constant,
    Count,
    Every,
    Exists,
    Is,
    Link,
    Missing,
    Not,
    OneOf,
    OrZero,
    Own,
    Part,
    Product,
    Shared,
    Some,
    Sum,
    Term,
    ThisYear,
    Threshold,
    Today,
    YearOf,
    refers_outwards,
)
from heli_shared.records.kinds import kinds_of
from heli_shared.statistics.parameters import parameter

Clause = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Sql:
    """Compiles the conditions of one kind for one day; `chain` are the tables from the innermost link outwards."""

    on: date
    kind: str
    chain: tuple[Any, ...]

    def clause(self, condition: Condition, *, negated: bool = False) -> Clause:  # noqa: C901, PLR0911 - one case for each word
        """Return a condition; where it is negated, what is not known counts as false and not as unknown."""
        match condition:
            case Missing(field):
                return self._column(field).is_(None)
            case Is(field, value):
                column = self._column(field)
                return _known(column.is_(value) if isinstance(value, bool) else column == value, negated=negated)
            case OneOf(term, values):
                return _known(self.value(term).in_(values), negated=negated)
            case Compare():
                return _known(self._comparison(condition), negated=negated)
            case Every(conditions):
                return sa.and_(sa.true(), *(self.clause(each, negated=negated) for each in conditions))
            case Some(conditions):
                return sa.or_(sa.false(), *(self.clause(each, negated=negated) for each in conditions))
            case Not(inner):
                return ~self.clause(inner, negated=True)
            case Exists(link):
                if refers_outwards(link.where):
                    return self._linked(link, sa.literal(1)).exists()
                return _known(self._among(link), negated=negated)
            case Shared(fields):
                return _known(self._shared(fields), negated=negated)
        assert_never(condition)

    def _column(self, field: Own) -> sa.ColumnElement[Any]:
        column: sa.ColumnElement[Any] = self.chain[field.level].c[field.name]
        return column

    def _comparison(self, condition: Compare) -> Clause:
        left, right = self.value(condition.left), self.value(condition.right)
        match condition.operator:
            case "<":
                return left < right  # type: ignore[no-any-return]
            case "<=":
                return left <= right  # type: ignore[no-any-return]
            case "=":
                return left == right  # type: ignore[no-any-return]
            case "!=":
                return left != right  # type: ignore[no-any-return]
            case ">=":
                return left >= right  # type: ignore[no-any-return]
            case ">":
                return left > right  # type: ignore[no-any-return]
        assert_never(condition.operator)

    def _linked(self, link: Link, what: Any) -> sa.Select[Any]:
        other = kinds_of(METADATA)[link.kind].table.alias()
        inside = Sql(self.on, link.kind, (other, *self.chain))
        matched = [other.c[field.name] == self.value(term) for field, term in link.match]
        return sa.select(what).select_from(other).where(*matched, inside.clause(link.where)).correlate_except(other)

    def _among(self, link: Link) -> Clause:
        # Asked once for the whole table: the databases look the rows up in its answer, not in the other table.
        other = kinds_of(METADATA)[link.kind].table.alias()
        theirs = [other.c[field.name] for field, _ in link.match]
        inside = Sql(self.on, link.kind, (other,)).clause(link.where)
        known = [column.is_not(None) for column in theirs]
        answer = sa.select(*theirs).where(inside, *known).correlate(None)
        mine = [self.value(term) for _, term in link.match]
        return sa.tuple_(*mine).in_(answer) if len(mine) > 1 else mine[0].in_(answer)

    def _shared(self, fields: tuple[Own, ...]) -> Clause:
        # Grouped once for the whole table: looking for each row's twin would read the table for each row.
        other = kinds_of(METADATA)[self.kind].table.alias()
        theirs = [other.c[field.name] for field in fields]
        known = [column.is_not(None) for column in theirs]
        twins = sa.select(*theirs).where(other.c.state == "open", *known).group_by(*theirs)
        twins = twins.having(sa.func.count() > 1).correlate(None)
        mine = [self._column(field) for field in fields]
        return sa.tuple_(*mine).in_(twins) if len(mine) > 1 else mine[0].in_(twins)

    def value(self, term: Term) -> Any:  # noqa: C901, PLR0911 - one case for each word
        """Return a term as an expression; NULL for what is not known."""
        match term:
            case Own():
                column = self._column(term)
                return sa.cast(column, sa.Numeric) if term.type == "decimal" else column
            case Constant(value):
                return sa.literal(value)
            case Threshold(name):
                return sa.literal(self._threshold(name), sa.BigInteger)
            case Today(days_ago):
                return sa.literal(self._day(days_ago), sa.Date)
            case ThisYear():
                return sa.literal(self.on.year)
            case YearOf(inner):
                return sa.cast(sa.extract("year", self.value(inner)), sa.Integer)
            case Part(inner, start, length):
                return sa.func.substr(self.value(inner), start, length, type_=sa.Text)
            case OrZero(inner):
                return sa.func.coalesce(self.value(inner), 0)
            case Sum(plus, minus):
                added = [self.value(each) for each in plus]
                return reduce(lambda one, two: one - two, map(self.value, minus), reduce(lambda a, b: a + b, added))
            case Product(first, second):
                return reduce(mul, (self.value(first), self.value(second)))
            case Count(link):
                return self._linked(link, sa.func.count()).scalar_subquery()
        assert_never(term)

    def _threshold(self, name: str) -> Any:
        found = parameter(name).find(self.on)
        return None if found is None else found.value

    def _day(self, days_ago: Constant | Threshold | None) -> date | None:
        match days_ago:
            case None:
                days: Any = 0
            case Constant(value):
                days = value
            case Threshold(name):
                days = self._threshold(name)
        return None if days is None else self.on - timedelta(days=days)


def _known(clause: Clause, *, negated: bool) -> Clause:
    return sa.func.coalesce(clause, sa.false()) if negated else clause

"""Current rows against the checks: counts for whole tables in one scan, the rows that fail, and what they say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.divisions.models import DIVISION
from heli_registry.quality.compiling import Clause, Sql
from heli_registry.quality.domain import ALWAYS, Check, Quantity
from heli_registry.quality.placing import CHECKED, PLACINGS, Path, Place, Territory
from heli_registry.quality.tallies import Group, Tally
from heli_registry.units.models import UNIT
from heli_shared.kernel.access import Scope
from heli_shared.records.reading import Record, record_of_row

_SOME = 400


@dataclass(frozen=True, slots=True)
class Frame:
    """A kind's table joined with what tells its place, restricted to open rows that the caller may see."""

    entity: str
    table: Any
    joined: Any
    clauses: Sequence[Clause]
    division: Any
    zone: Any
    responsible: Any
    name: Any

    @property
    def place(self) -> tuple[Any, Any, Any]:
        """Return the three columns of the place."""
        return self.division.label("division"), self.zone.label("zone"), self.responsible.label("responsible")

    @property
    def key(self) -> Any:
        """Return the key column."""
        return self.table.c[CHECKED[self.entity].kind.key]


class CurrentRecords:
    """The records as they stand now, asked in SQL."""

    def __init__(self, session: Session, scope: Scope, on: date) -> None:
        """Read what `scope` shows; `on` is today."""
        self._session = session
        self._scope = scope
        self._on = on

    def territory(self) -> Territory:
        """Return the units and divisions."""
        units = self._session.execute(sa.select(UNIT.table)).mappings()
        divisions = self._session.execute(sa.select(DIVISION.table.c.code, DIVISION.table.c.parent)).mappings()
        return Territory(map(dict, units), map(dict, divisions))

    def groups(self, entity: str, checks: Sequence[Check]) -> Iterator[Group]:
        """Yield for each place the open records there and what each check finds among them, in one scan."""
        frame = self._frame(entity)
        said = [self._said(frame, check) for check in checks]
        picky = [number for number, check in enumerate(checks) if check.among != ALWAYS]
        wrong = sa.or_(sa.false(), *(said[n][1] for n, check in enumerate(checks) if check.severity == "error"))
        columns = [*frame.place, sa.func.count(), _number(wrong), *(_number(fails) for _, fails in said)]
        columns += [_number(said[number][0]) for number in picky]
        statement = sa.select(*columns).select_from(frame.joined).where(*frame.clauses)
        statement = statement.group_by(frame.division, frame.zone, frame.responsible)
        for division, zone, responsible, records, with_errors, *numbers in self._session.execute(statement):
            # A check that is not picky looks at every open record: counting those once for all is quicker.
            looked_at = [records] * len(checks)
            for number, seen in zip(picky, numbers[len(checks) :], strict=True):
                looked_at[number] = seen
            tallies = zip(checks, looked_at, numbers, strict=False)
            found = {check.id: Tally(seen, failing) for check, seen, failing in tallies if seen}
            yield Group(Place(division, zone, responsible), records, with_errors, found)

    def sums(self, entity: str, quantities: Sequence[Quantity]) -> Iterator[tuple[Place, dict[str, int]]]:
        """Yield for each place what the quantities come to there."""
        frame = self._frame(entity)
        sql = Sql(self._on, entity, (frame.table,))
        columns = [_sum(sql, each) for each in quantities]
        statement = sa.select(*frame.place, *columns).select_from(frame.joined).where(*frame.clauses)
        statement = statement.group_by(frame.division, frame.zone, frame.responsible)
        for division, zone, responsible, *numbers in self._session.execute(statement):
            found = {each.id: int(number) for each, number in zip(quantities, numbers, strict=True)}
            yield Place(division, zone, responsible), found

    def failing(self, entity: str, checks: Sequence[Check], *, after: str | None = None) -> Iterator[tuple[str, Place]]:
        """Yield key and place of the records that fail one of the checks, in order of keys."""
        frame = self._frame(entity)
        clause = sa.or_(sa.false(), *(self._said(frame, check)[1] for check in checks))
        statement = sa.select(frame.key, *frame.place).select_from(frame.joined).where(*frame.clauses, clause)
        if after is not None:
            statement = statement.where(frame.key > after)
        rows = self._session.execute(statement.order_by(frame.key), execution_options={"yield_per": 5_000})
        for key, division, zone, responsible in rows:
            yield key, Place(division, zone, responsible)

    def told(
        self, entity: str, checks: Sequence[Check], keys: Sequence[str]
    ) -> dict[str, tuple[Record, str | None, list[Check]]]:
        """Return records by key, each with its name and the checks that it fails."""
        frame, kind = self._frame(entity), CHECKED[entity].kind
        flags = [sa.case((self._said(frame, check)[1], 1), else_=0) for check in checks]
        found: dict[str, tuple[Record, str | None, list[Check]]] = {}
        for start in range(0, len(keys), _SOME):
            here = frame.key.in_(keys[start : start + _SOME])
            columns = [frame.table.c[name] for name in kind.shown_names]
            marked = [flag.label(f"flag_{number}") for number, flag in enumerate(flags)]
            statement = sa.select(*columns, frame.name.label("shown_name"), *marked).select_from(frame.joined)
            for row in self._session.execute(statement.where(here)):
                values = row._mapping  # noqa: SLF001 - SQLAlchemy's public way to read a row by name
                failed = [check for number, check in enumerate(checks) if values[f"flag_{number}"]]
                found[values[kind.key]] = (record_of_row(kind, row), values["shown_name"], failed)
        return found

    def _said(self, frame: Frame, check: Check) -> tuple[Clause, Clause]:
        sql = Sql(self._on, check.kind, (frame.table,))
        among = sql.clause(check.among)
        return among, sa.and_(among, sql.clause(check.fails)) if check.among != ALWAYS else sql.clause(check.fails)

    def _frame(self, entity: str) -> Frame:
        resource, placing = CHECKED[entity], PLACINGS[entity]
        table = resource.kind.table
        joins: dict[Path, Any] = {}
        columns = [_first(table, joins, paths) for paths in
                   (placing.division, placing.zone, placing.responsible, placing.name)]  # fmt: skip
        joined: Any = table
        for (field, target), alias in joins.items():
            joined = joined.outerjoin(alias, alias.c[CHECKED[target].kind.key] == table.c[field])
        visible = [condition.clause for condition in resource.visible(self._session, self._scope)]
        return Frame(entity, table, joined, [table.c.state == "open", *visible], *columns)


def _number(clause: Clause) -> Any:
    return sa.func.count().filter(clause)


def _sum(sql: Sql, quantity: Quantity) -> Any:
    among = sql.clause(quantity.among)
    if quantity.amount is None:
        return _number(among)
    return sa.func.coalesce(sa.func.sum(sql.value(quantity.amount)).filter(among), 0)


def _first(table: Any, joins: dict[Path, Any], paths: Iterable[Path]) -> Any:
    columns = []
    for field, *rest in paths:
        if not rest:
            columns.append(table.c[field])
            continue
        target, wanted = rest
        alias = joins.setdefault((field, target), CHECKED[target].kind.table.alias())
        columns.append(alias.c[wanted])
    if not columns:
        return sa.cast(sa.null(), sa.Text)
    return columns[0] if len(columns) == 1 else sa.func.coalesce(*columns)

"""The store: the one door to the columnar copy; append entries, refresh, and ask."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Self

import duckdb

from heli_reporting.history import aggregates, details, names, refreshing, schema, vintages
from heli_reporting.history.domain import (
    SOURCES,
    Aggregate,
    GapPage,
    KnownAt,
    Part,
    Query,
    Refreshed,
    RowPage,
    SourceHead,
)
from heli_shared.kernel.errors import BadRequest, InvalidInput, Unavailable
from heli_shared.statistics.compile import NAMES, compiled, definition_digest
from heli_shared.statistics.dimensions import get_dimension
from heli_shared.statistics.measures import get_measure

Cursor = Any

MEMORY = Path(":memory:")
HEAD = KnownAt()


class Store:
    """A DuckDB file with all entries, the versions folded from them, and the facts of the head.

    One process opens it. Any number of threads may ask at once, each call sees one consistent state; what writes is
    taken one at a time and is atomic: a reader or a crash never sees half of it.
    """

    def __init__(self, connection: Any) -> None:
        """Serve from an open connection whose tables are there; use `open`."""
        self._connection = connection
        self._writing = Lock()
        self._vintages = vintages.Vintages(connection)
        self._definitions: dict[str, str] = {}

    @classmethod
    def open(cls, path: Path, *, threads: int | None = None) -> Self:
        """Open or create the store (`MEMORY` for one that is forgotten) and finish a refresh that a crash prevented."""
        connection = duckdb.connect(str(path), config={"threads": threads} if threads else {})
        store = cls(connection)
        with store._transaction() as cursor:
            for statement in schema.statements():
                cursor.execute(statement)
        if store._load_definitions():
            store.refresh()
        else:
            store._adopt_definitions()
        return store

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[Cursor]:
        """Yield a cursor whose work is kept as a whole when the block ends, and undone when it fails."""
        with self._connection.cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
            except BaseException:
                cursor.rollback()
                raise
            cursor.commit()

    def _load_definitions(self) -> bool:
        """Take the compiled definitions the store keeps; say whether they are those of this release."""
        rows = self._connection.execute("SELECT name, digest, text FROM definitions").fetchall()
        self._definitions = {name: text for name, digest, text in rows if digest == _digest()}
        return len(self._definitions) == len(NAMES)

    def _adopt_definitions(self) -> None:
        """Compile the definitions of this release, keep their text, and make everything that follows from them anew."""
        self._definitions = {name: compiled(name) for name in NAMES}
        with self._writing, self._transaction() as cursor:
            cursor.execute("DELETE FROM definitions")
            rows = [[name, _digest(), text] for name, text in self._definitions.items()]
            cursor.executemany("INSERT INTO definitions VALUES (?, ?, ?)", rows)
            for statement in schema.fresh_versions():
                cursor.execute(statement)
            refreshing.rebuild(cursor, self._definitions)

    def heads(self) -> dict[str, SourceHead]:
        """Return how far each source has been followed."""
        with self._transaction() as cursor:
            return _heads(cursor)

    def append(self, source: str, items: Any, *, epoch: str, known_at: int | None = None) -> int:
        """Take in entries of a source's ledger and return how many were new; answers include them after `refresh`.

        `items` are feed items (dicts as in the feed's JSON) or Arrow (a Table, RecordBatchReader or iterable of
        RecordBatches in the ledger export's columns), in any number. Entries already held are passed over. Conflict
        when one is missing after the last held, when a held one comes again with another hash, or when `known_at`
        (the seq the source named) is not reached; Gone when the epoch is not the one held: then pull from the start
        and `replace`. Nothing is kept of a refused call.
        """
        from heli_reporting.history import entries  # pyarrow is not needed to start

        _check_source(source)
        with self._writing, self._transaction() as cursor:
            return entries.append(cursor, source, items, epoch=epoch, known_at=known_at)

    def replace(self, source: str, items: Any, *, epoch: str, known_at: int | None = None) -> Refreshed:
        """Take a source's ledger from its start in the place of what is held, and make everything anew, as one step."""
        from heli_reporting.history import entries

        _check_source(source)
        with self._writing, self._transaction() as cursor:
            entries.forget(cursor, source)
            entries.append(cursor, source, items, epoch=epoch, known_at=known_at)
            return refreshing.rebuild(cursor, self._definitions)

    def refresh(self) -> Refreshed:
        """Bring versions and facts up to the last entries appended, touching only what they touch."""
        with self._writing, self._transaction() as cursor:
            return refreshing.refresh(cursor, self._definitions)

    def rebuild(self) -> Refreshed:
        """Make versions and facts anew from the entries; gives the same answers as refreshing step by step."""
        with self._writing, self._transaction() as cursor:
            return refreshing.rebuild(cursor, self._definitions)

    @contextmanager
    def _reading(self, on: date, known_at: KnownAt) -> Iterator[tuple[Cursor, vintages.Tables, KnownAt]]:
        """Yield a cursor on one consistent state, the tables that answer, and how far they know each source."""
        with self._transaction() as cursor:
            heads = _heads(cursor)
            known = _resolve(heads, known_at)
            if known.registry == heads["registry"].seq:
                yield cursor, vintages.HEAD, known
                return
        # A refresh may come in between building a vintage and reading it; the last try keeps refreshes out.
        for keep_out in (nullcontext(), nullcontext(), self._writing):
            with ExitStack() as stack:
                with keep_out:
                    opened = self._open_vintage(stack, on, known.registry or 0)
                if opened is not None:
                    yield (*opened, known)
                    return
        raise Unavailable("数据正在更新，请稍后再试。", "The data is being refreshed; try again.", retry_after=1)

    def _open_vintage(self, stack: ExitStack, on: date, seq: int) -> tuple[Cursor, vintages.Tables] | None:
        """Return a cursor and the tables of a vintage that fit together, open until the stack ends; None if not."""
        with self._transaction() as cursor:
            head = vintages.head_of(cursor)
        tables, built_on = stack.enter_context(self._vintages.tables(head, on, seq, self._definitions))
        cursor = stack.enter_context(self._transaction())
        return (cursor, tables) if vintages.head_of(cursor) == built_on else None

    def aggregate(self, measures: Sequence[str], by: Sequence[str], query: Query) -> Aggregate:
        """Return numerator and denominator of each measure per group, and in total.

        `by` are texts of `heli_shared.statistics.dimensions.DIMENSIONS` (`division:town`, `size`, …), none for the
        total only. With a division level as the only dimension every open division of that level in scope has a line,
        even an empty one. Rows are ordered by code, unknown last. BadRequest for unknown measures, dimensions or
        filters, or ones that the measures' subject does not carry (organisations have no industry); InvalidInput when
        `known_at` lies beyond the head.
        """
        wanted = [get_measure(measure) for measure in dict.fromkeys(measures)]
        dimensions = [get_dimension(text) for text in dict.fromkeys(by)]
        with self._reading(query.on, query.known_at) as (cursor, tables, known):
            rows, total = aggregates.aggregate(cursor, tables, wanted, dimensions, query)
            return Aggregate(rows, total, known)

    def excluded(self, measure: str, query: Query) -> dict[str, int]:
        """Return how many rows of the query are not in the measure's denominator, by reason, most frequent first."""
        with self._reading(query.on, query.known_at) as (cursor, tables, _):
            return aggregates.excluded(cursor, tables, get_measure(measure), query)

    def rows(
        self, measure: str, query: Query, *, part: Part = "numerator", limit: int = 50, after: str | None = None
    ) -> RowPage:
        """Return the rows behind a number, ordered by key; `total` equals the number by construction.

        `denominator` + `excluded` are all rows of the query; `numerator` + `gap` are the denominator. For a count the
        denominator is the numerator and there is no gap.
        """
        wanted = get_measure(measure)
        with self._reading(query.on, query.known_at) as (cursor, tables, known):
            page = details.rows(cursor, tables, wanted, query, part=part, limit=limit, after=after)
            return RowPage(*page, known)

    def gaps(
        self,
        query: Query,
        *,
        measure: str = "due_established_rate",
        limit: int = 50,
        after: str | None = None,
    ) -> GapPage:
        """Return the enterprises in the measure's gap (by default 应建未建), longest overdue first.

        The measures with gap lists are `details.DUTIES`; BadRequest for others.
        """
        wanted = get_measure(measure)
        with self._reading(query.on, query.known_at) as (cursor, tables, known):
            page = details.gaps(cursor, tables, wanted, query, limit=limit, after=after)
            return GapPage(*page, known)

    def records(
        self,
        entity: str,
        on: date,
        *,
        known_at: KnownAt = HEAD,
        keys: Sequence[str] | None = None,
        open_only: bool = True,
    ) -> list[dict[str, Any]]:
        """Return the records of a kind as of a day, by key.

        Each has key, its typed fields, state, closed_on, closed_reason and version.
        Any kind of both services in `schema.KINDS` (division, unit, assignment, task, activity, …); decimals are
        Decimal, dates are date. No scope is applied: for names, drop-downs and worklists that filter themselves.
        """
        if entity not in schema.KINDS:
            raise BadRequest(f"没有这类记录：{entity}。", f"There is no such kind of record: {entity}.")
        with self._transaction() as cursor:
            heads = _heads(cursor)
            source = schema.source_of(entity)
            asked = getattr(_resolve(heads, known_at), source)
            seq = None if asked == heads[source].seq else asked
            return names.records(cursor, entity, on, seq=seq, keys=keys, open_only=open_only)

    def organizations(self, query: Query) -> list[dict[str, Any]]:
        """Return the open organisations of a query with what worklists need, by id.

        id, name, kind, setup_form, division and its path (province … village), zone, established_on, elected_on,
        term_years, extension_until, election_due_on, full_members, probationary_members, has_secretary, enterprises
        (number covered).
        """
        with self._reading(query.on, query.known_at) as (cursor, tables, _):
            return details.organizations(cursor, tables, query)


def _digest() -> str:
    """Name the definitions and the tables they fill; another digest means everything is made anew."""
    tables = "\n".join(schema.fresh_versions())
    return sha256((definition_digest() + tables).encode()).hexdigest()


def _check_source(source: str) -> None:
    if source not in SOURCES:
        raise BadRequest(f"没有这个来源：{source}。", f"There is no such source: {source}.")


def _heads(cursor: Cursor) -> dict[str, SourceHead]:
    rows = cursor.execute("SELECT source, epoch, refreshed, appended, refreshed_at FROM sources").fetchall()
    empty = {source: SourceHead(source, None, 0, 0, None) for source in SOURCES}
    return empty | {row[0]: _source_head(*row) for row in rows}


def _source_head(source: str, epoch: str, seq: int, appended: int, recorded_at: datetime | None) -> SourceHead:
    return SourceHead(source, epoch, seq, appended, recorded_at and recorded_at.replace(tzinfo=UTC))


def _resolve(heads: dict[str, SourceHead], known_at: KnownAt) -> KnownAt:
    """Fill in the head where nothing was asked for; refuse what lies beyond it."""
    found = {}
    for source in SOURCES:
        asked, head = getattr(known_at, source), heads[source].seq
        if asked is not None and not 0 <= asked <= head:
            raise InvalidInput(
                f"{source}目前只知道到第{head}条。",
                f"{source} is known up to {head} so far.",
                data={"source": source, "asked": asked, "head": head},
            )
        found[source] = head if asked is None else asked
    return KnownAt(**found)

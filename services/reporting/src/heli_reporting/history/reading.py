"""Reading: one consistent state of the store at a time, with the relations that answer a question."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any

from heli_reporting.history import changes, redrawings, structures, vintages
from heli_reporting.history.domain import SOURCES, SOURCES_ZH, KnownAt, Query, SourceHead
from heli_shared.kernel.errors import FieldProblem, InvalidInput, Unavailable
from heli_shared.statistics.dimensions import Dimension

Cursor = Any


class Reader:
    """Opens states of a store for reading; what writes is kept out only where it must be."""

    def __init__(self, connection: Any) -> None:
        """Serve from an open connection whose tables are there; use `Store.open`."""
        self._connection = connection
        self._writing = Lock()
        self._vintages = vintages.Vintages(connection)
        self._structures = structures.Structures()
        self._definitions: dict[str, str] = {}
        self._has_explanations = False

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

    def heads(self) -> dict[str, SourceHead]:
        """Return how far each source has been followed."""
        with self._transaction() as cursor:
            return heads_of(cursor)

    @contextmanager
    def _reading(self, on: date, known_at: KnownAt) -> Iterator[tuple[Cursor, vintages.Tables, KnownAt]]:
        """Yield a cursor on one consistent state, the tables that answer, and how far they know each source."""
        with self._reading_all([(on, known_at)]) as (cursor, (tables,), (known,)):
            yield cursor, tables, known

    @contextmanager
    def _reading_all(
        self, points: Sequence[tuple[date, KnownAt]], *, first: str = "known_at"
    ) -> Iterator[tuple[Cursor, list[vintages.Tables], list[KnownAt]]]:
        """Yield a cursor on one consistent state, and for each point its tables and how far they know each source.

        `first` is the parameter that told what is known at the first point, where it is not the one of the others.
        """
        with self._transaction() as cursor:
            heads = heads_of(cursor)
            others = [resolved(heads, known_at) for _, known_at in points[1:]]
            known = [resolved(heads, points[0][1], parameter=first), *others]
            if all(each.registry == heads["registry"].seq for each in known):
                yield cursor, [vintages.HEAD for _ in points], known
                return
        wanted = [(on, each.registry or 0) for (on, _), each in zip(points, known, strict=True)]
        # A refresh may come in between building a vintage and reading it; the last try keeps refreshes out.
        for keep_out in (nullcontext(), nullcontext(), self._writing):
            with ExitStack() as stack:
                with keep_out:
                    opened = self._open_vintages(stack, wanted)
                if opened is not None:
                    yield (*opened, known)
                    return
        raise Unavailable("数据正在更新，请稍后再试。", "The data is being refreshed; try again.", retry_after=1)

    @contextmanager
    def _asking(
        self, query: Query, dimensions: Sequence[Dimension] = ()
    ) -> Iterator[tuple[Cursor, vintages.Tables, KnownAt]]:
        """Yield what `_reading` does, the rows placed by the structure and in the trees that a query asks for."""
        with self._reading(query.on, query.known_at) as (cursor, tables, known):
            placing = structures.Placing.of(query, dimensions, known)
            yield cursor, self._structures.tables(cursor, tables, placing), known

    def _open_vintages(
        self, stack: ExitStack, wanted: Sequence[tuple[date, int]]
    ) -> tuple[Cursor, list[vintages.Tables]] | None:
        """Return a cursor and the tables of days as known at seqs, open until the stack ends; None if they do not fit.

        What is known up to the head is read from the head itself.
        """
        with self._transaction() as cursor:
            head = vintages.head_of(cursor)
        found = []
        for on, seq in wanted:
            opened = (vintages.HEAD, head)
            if seq != head[1]:
                opened = stack.enter_context(self._vintages.tables(head, on, seq, self._definitions))
            found.append(opened)
        cursor = stack.enter_context(self._transaction())
        now = vintages.head_of(cursor)
        return (cursor, [tables for tables, _ in found]) if all(built == now for _, built in found) else None

    @contextmanager
    def _changing(
        self, before: Query, after: Query, dimensions: Sequence[Dimension]
    ) -> Iterator[tuple[Cursor, changes.States, KnownAt, KnownAt]]:
        """Yield a cursor, the three states of a change, and how far the earlier and the later answer know."""
        queries = (before, replace(before, known_at=after.known_at), after)
        points = [(each.on, each.known_at) for each in queries]
        with self._reading_all(points, first="from_known_at") as (cursor, tables, known):
            # Both days of one relation are placed together, so that what is the same on both is seen to be the same.
            both = (before.on, after.on)
            placings = [
                structures.Placing.of(query, dimensions, told, both if each is tables[2] else ())
                for query, told, each in zip(queries, known, tables, strict=True)
            ]
            placed = [
                self._structures.tables(cursor, each, placing, state=placings.index(placing))
                for each, placing in zip(tables, placings, strict=True)
            ]
            redrawn = _redrawn(cursor, queries, tables, known, dimensions)
            is_corrected = _is_corrected(known)
            states = changes.States(queries, (placed[0], placed[1], placed[2]), redrawn, is_corrected=is_corrected)
            yield cursor, states, known[0], known[2]


def _is_corrected(known: Sequence[KnownAt]) -> bool:
    return known[0].registry != known[1].registry


def _redrawn(
    cursor: Cursor,
    queries: Sequence[Query],
    tables: Sequence[vintages.Tables],
    known: Sequence[KnownAt],
    dimensions: Sequence[Dimension],
) -> tuple[redrawings.Redrawn, redrawings.Redrawn]:
    """Return how the map differs between the first two states of a change, and between the last two.

    Nothing is looked up where it does not matter; by one structure for all of them nothing is redrawn.
    """
    if queries[2].structure_of is not None or not changes.asks_for_places(queries[2], dimensions):
        return redrawings.NOTHING, redrawings.NOTHING
    then, still, later = (
        redrawings.State(query.on, each, told) for query, each, told in zip(queries, tables, known, strict=True)
    )
    known_later = redrawings.between(cursor, then, still) if _is_corrected(known) else redrawings.NOTHING
    return known_later, redrawings.between(cursor, still, later)


def heads_of(cursor: Cursor) -> dict[str, SourceHead]:
    """Return how far each source has been followed."""
    rows = cursor.execute("SELECT source, epoch, refreshed, appended, refreshed_at FROM sources").fetchall()
    empty = {source: SourceHead(source, None, 0, 0, None) for source in SOURCES}
    return empty | {row[0]: _source_head(*row) for row in rows}


def _source_head(source: str, epoch: str, seq: int, appended: int, recorded_at: datetime | None) -> SourceHead:
    return SourceHead(source, epoch, seq, appended, recorded_at and recorded_at.replace(tzinfo=UTC))


def resolved(heads: dict[str, SourceHead], known_at: KnownAt, *, parameter: str = "known_at") -> KnownAt:
    """Fill in the head where nothing was asked for; refuse what lies beyond it, told by a parameter."""
    found = {}
    for source in SOURCES:
        asked, head = getattr(known_at, source), heads[source].seq
        if asked is not None and not 0 <= asked <= head:
            zh, en = f"{SOURCES_ZH[source]}的流水目前只到第 {head} 条", f"{source} is known up to {head} so far"
            raise InvalidInput(
                f"{zh}。",
                f"{en}.",
                errors=[FieldProblem(f"parameter {parameter}", zh, en)],
                data={"source": source, "asked": asked, "head": head},
            )
        found[source] = head if asked is None else asked
    return KnownAt(**found)

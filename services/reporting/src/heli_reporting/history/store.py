"""The store: the one door to the columnar copy; append entries, refresh, and ask."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import duckdb

from heli_reporting.history import (
    aggregates,
    asking,
    candidates,
    changes,
    denominators,
    details,
    duties,
    explanations,
    gaps,
    names,
    refreshed,
    refreshing,
    schema,
    sights,
    structures,
    sums,
    vintages,
)
from heli_reporting.history.domain import (
    SOURCES,
    Accounts,
    Aggregate,
    Change,
    GapPage,
    KnownAt,
    Part,
    PartPage,
    Query,
    Refreshed,
    RowPage,
    Series,
    line_order,
)
from heli_reporting.history.reading import Reader, heads_of, resolved
from heli_shared.kernel.errors import BadRequest
from heli_shared.statistics.compile import NAMES, compiled, definition_digest
from heli_shared.statistics.dimensions import Dimension, get_dimension
from heli_shared.statistics.measures import get_measure

Cursor = Any

MEMORY = Path(":memory:")
HEAD = KnownAt()


class Store(Reader):
    """A DuckDB file with all entries, the versions folded from them, and the facts of the head.

    One process opens it. Any number of threads may ask at once, each call sees one consistent state; what writes is
    taken one at a time and is atomic: a reader or a crash never sees half of it.
    """

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
        with store._transaction() as cursor:
            store._notice_explanations(cursor)
        return store

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

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
            made = refreshing.rebuild(cursor, self._definitions)
            self._notice_explanations(cursor)
            return made

    def refresh(self) -> Refreshed:
        """Bring versions and facts up to the last entries appended, touching only what they touch."""
        with self._writing, self._transaction() as cursor:
            made = refreshing.refresh(cursor, self._definitions)
            self._notice_explanations(cursor)
            return made

    def _notice_explanations(self, cursor: Cursor) -> None:
        """Remember once anybody explained anything: until then no answer pays for asking; said before it is seen."""
        self._has_explanations = self._has_explanations or explanations.any_given(cursor)

    def rebuild(self) -> Refreshed:
        """Make versions and facts anew from the entries; gives the same answers as refreshing step by step."""
        with self._writing, self._transaction() as cursor:
            return refreshing.rebuild(cursor, self._definitions)

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
        with self._asking(query, dimensions) as (cursor, tables, known):
            rows, total = aggregates.aggregate(cursor, tables, wanted, dimensions, query)
            return Aggregate(rows, total, known)

    def series(self, measures: Sequence[str], by: Sequence[str], query: Query, days: Sequence[date]) -> Series:
        """Return what `aggregate` does on each of some days, in one pass; lines are named as on the query's day.

        What was known at an earlier point is counted day by day, because each day is another vintage.
        """
        wanted = [get_measure(measure) for measure in dict.fromkeys(measures)]
        dimensions = [get_dimension(text) for text in dict.fromkeys(by)]
        with self._reading(query.on, query.known_at) as (cursor, tables, known):
            if tables is vintages.HEAD:
                placing = structures.Placing.of(query, dimensions, known, days)
                placed = self._structures.tables(cursor, tables, placing)
                return Series(*aggregates.series(cursor, placed, wanted, dimensions, query, days), known)
        each = [self.aggregate(measures, by, replace(query, on=day, known_at=known)) for day in days]
        return aggregates.joined(each, dimensions)

    def excluded(self, measure: str, query: Query) -> dict[str, int]:
        """Return how many rows of the query are not in the measure's denominator, by reason, most frequent first."""
        with self._asking(query) as (cursor, tables, _):
            return aggregates.excluded(cursor, tables, get_measure(measure), query)

    def account(self, measure: str, by: Sequence[str], query: Query) -> Accounts:
        """Return what became of every record of a query for a measure's denominator: in or out, and why."""
        wanted, dimensions = get_measure(measure), [get_dimension(text) for text in dict.fromkeys(by)]
        with self._asking(query, dimensions) as (cursor, tables, known):
            lines, total = denominators.account(cursor, tables, wanted, dimensions, query)
            named = names.named_lines(cursor, tables, dimensions, list(lines) if dimensions else [], query.structure_on)
            return Accounts([(groups, lines[codes]) for codes, groups in named.items()], total, known)

    def rows(
        self,
        measure: str,
        query: Query,
        *,
        part: Part = "numerator",
        reason: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> RowPage:
        """Return the rows behind a number, ordered by key; `total` equals the number by construction.

        `denominator` + `excluded` are `all` rows of the query; `numerator` + `gap` are the denominator. For a count the
        denominator is the numerator and there is no gap. `reason` leaves only rows that were excluded for it.
        """
        wanted = get_measure(measure)
        with self._asking(query) as (cursor, tables, known):
            page = details.rows(
                cursor,
                tables,
                wanted,
                query,
                part=part,
                reason=reason,
                limit=limit,
                after=after,
                seq=known.registry or 0,
            )
            return RowPage(*page, known)

    def change(self, measure: str, by: Sequence[str], before: Query, after: Query) -> Change:
        """Return how a number of one day became that of another: per line, causes that add up to the difference.

        Both queries ask the same but for the day and what is known; corrections are what is known of the earlier day
        by the later answer and was not by the earlier one.
        """
        wanted, dimensions = get_measure(measure), [get_dimension(text) for text in dict.fromkeys(by)]
        with self._changing(before, after, dimensions) as (cursor, states, from_known_at, known_at):
            causes = changes.counts(cursor, states, wanted, dimensions)
            ends = changes.ends(cursor, states, wanted, dimensions)
            codes = {each for cells, _ in ends for each in cells} | set(causes)
            listed = sorted(codes, key=line_order(dimensions)) if dimensions else []
            groups = names.named_lines(cursor, states.tables[2], dimensions, listed, after.structure_on)
            lines, total = changes.lines(wanted, causes, ends, groups)
            return Change(lines, total, from_known_at, known_at)

    def change_rows(
        self,
        measure: str,
        by: Sequence[str],
        before: Query,
        after: Query,
        *,
        only: Mapping[str, str | None],
        limit: int = 50,
        start: tuple[str, int] | None = None,
    ) -> PartPage:
        """Return the parts behind a cause: `only` fixes `cause`, `reason` and groups `g0`, `g1`, … to values."""
        wanted, dimensions = get_measure(measure), [get_dimension(text) for text in dict.fromkeys(by)]
        where = asking.Where()
        for name, value in only.items():
            where.add(f"{name} IS NOT DISTINCT FROM ?", value)
        with self._changing(before, after, dimensions) as (cursor, states, from_known_at, known_at):
            found = changes.rows(cursor, states, wanted, dimensions, only=where, limit=limit, after=start)
            items, following, total = found
            named = names.named_lines(
                cursor,
                states.tables[2],
                dimensions,
                [tuple(item[f"g{i}"] for i in range(len(dimensions))) for item in items],
                after.structure_on,
            )
            for item in items:
                item["groups"] = named[tuple(item.pop(f"g{i}") for i in range(len(dimensions)))]
            return PartPage(items, following, total, from_known_at, known_at)

    def gaps(
        self,
        query: Query,
        *,
        measure: str = "due_established_rate",
        causes: Sequence[str] = (),
        limit: int = 50,
        after: str | None = None,
    ) -> GapPage:
        """Return the enterprises in the measure's gap (by default 应建未建), longest overdue first.

        `causes`, keys of `reasons.CAUSES`, leave those for which one of them holds.
        The measures with gap lists are `duties.DRIVERS`; BadRequest for others.
        """
        wanted = get_measure(measure)
        with self._asking(query) as (cursor, tables, known):
            seq = _earlier(cursor, known)
            page = gaps.gaps(cursor, tables, wanted, query, chosen=causes, limit=limit, after=after, seq=seq)
            return GapPage(*page, known)

    def candidates(self, query: Query, *, measure: str) -> list[dict[str, Any]]:
        """Return the enterprises of a measure's gap and those with members and no organisation, see `candidates`."""
        wanted = get_measure(measure)
        with self._asking(query) as (cursor, tables, _):
            return candidates.candidates(cursor, tables, wanted, query)

    def has_value(self, dimension: Dimension, code: str) -> bool:
        """Say whether a row ever had a code in a dimension; those of trees are not in the facts."""
        with self._transaction() as cursor:
            return sights.has_value(cursor, dimension, code)

    def unseen(self, name: str, codes: Sequence[str], query: Query) -> list[str]:
        """Return those codes of a filter that have nothing to do with the query's scope, see `sights`."""
        with self._asking(replace(query, filters={name: tuple(codes)})) as (cursor, tables, _):
            return sights.unseen(cursor, tables, name, codes, query)

    def places(self, keys: Sequence[str], query: Query) -> list[dict[str, Any]]:
        """Return division, path and zone of those of these open enterprises that are part of a query, by code."""
        with self._asking(query) as (cursor, tables, _):
            return candidates.places(cursor, tables, list(keys), query)

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
            heads = heads_of(cursor)
            source = schema.source_of(entity)
            asked = getattr(resolved(heads, known_at), source)
            seq = None if asked == heads[source].seq else asked
            return names.records(cursor, entity, on, seq=seq, keys=keys, open_only=open_only)

    def explanations(self, measures: Sequence[str], on: date, *, known_at: KnownAt = HEAD) -> list[dict[str, Any]]:
        """Return what named persons said about the figures of a period that holds the day, see `explanations`."""
        if not self._has_explanations:
            return []
        with self._transaction() as cursor:
            heads = heads_of(cursor)
            asked = resolved(heads, known_at).registry
            seq = None if asked == heads["registry"].seq else asked
            return explanations.explanations(cursor, measures, on, seq=seq)

    def cell_explanations(self, measures: Sequence[str], query: Query) -> list[dict[str, Any]]:
        """Return what was said about failed checks of records that a query counts, see `of_counted_records`."""
        if not self._has_explanations:
            return []
        wanted = [get_measure(measure) for measure in dict.fromkeys(measures)]
        with self._asking(query) as (cursor, tables, known):
            return explanations.of_counted_records(cursor, tables, wanted, query, seq=_earlier(cursor, known))

    def organizations(self, query: Query) -> list[dict[str, Any]]:
        """Return the open organisations of a query with what worklists need, by id.

        id, name, kind, setup_form, division and its path (province … village), zone, established_on, elected_on,
        term_years, extension_until, election_due_on, full_members, probationary_members, has_secretary, enterprises
        (number covered).
        """
        with self._asking(query) as (cursor, tables, _):
            return details.organizations(cursor, tables, query)

    def sums(self, wanted: Sequence[sums.Sum], by: str, query: Query) -> dict[str | None, list[sums.Number | None]]:
        """Return sums of numbers for each value of a dimension, in the order wanted; the key None is the unknown.

        A sum is None where nothing is there to add up; amounts are Decimal, in yuan.
        """
        dimension = get_dimension(by)
        with self._asking(query, [dimension]) as (cursor, tables, known):
            heads = heads_of(cursor)
            seqs = sums.Seqs(
                *(
                    None if getattr(known, source) == heads[source].seq else getattr(known, source)
                    for source in ("registry", "assessment")
                )
            )
            return sums.sums(cursor, tables, wanted, dimension, query, seqs=seqs)

    def not_refreshed_since(self, since: date, query: Query) -> list[dict[str, Any]]:
        """Return the enterprises that count and were not refreshed since a day, see `refreshed`."""
        with self._asking(query) as (cursor, tables, known):
            return refreshed.not_refreshed_since(cursor, tables, query, since, seq=_earlier(cursor, known))


def _earlier(cursor: Cursor, known: KnownAt) -> int | None:
    """Return the seq of the registry's ledger that a reading stops at, None where it goes to the head."""
    return None if known.registry == heads_of(cursor)["registry"].seq else known.registry


def _digest() -> str:
    """Name the definitions and the tables they fill; another digest means everything is made anew."""
    tables = "\n".join([*schema.fresh_versions(), duties.stretches_of("facts"), duties.runs_of("lacking_stretches")])
    return sha256((definition_digest() + tables).encode()).hexdigest()


def _check_source(source: str) -> None:
    if source not in SOURCES:
        raise BadRequest(f"没有这个来源：{source}。", f"There is no such source: {source}.")

"""The store: the one door to the columnar copy; append entries, refresh, and ask."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Self

from heli_reporting.history.domain import (
    Aggregate,
    GapPage,
    KnownAt,
    Part,
    Query,
    Refreshed,
    RowPage,
    SourceHead,
)

MEMORY = Path(":memory:")


class Store:
    """A DuckDB file with all entries, the versions folded from them, and the facts of the head.

    One process opens it. Any number of threads may ask at once, each call sees one consistent state; `append` and `refresh`
    are taken one at a time and are atomic: a reader or a crash never sees half of one.
    """

    @classmethod
    def open(cls, path: Path, *, threads: int | None = None) -> Self:
        """Open or create the store (`Path(":memory:")` for one that is forgotten); finishes a refresh a crash prevented."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the file."""
        raise NotImplementedError

    def heads(self) -> dict[str, SourceHead]:
        """Return how far each source has been followed."""
        raise NotImplementedError

    def append(
        self,
        source: str,
        entries: Iterable[Mapping[str, Any]] | Any,
        *,
        epoch: str,
        known_at: int | None = None,
    ) -> int:
        """Take in entries of a source's ledger and return how many were new; call `refresh` to let answers include them.

        `entries` are feed items (dicts as in the feed's JSON) or Arrow (a Table, RecordBatchReader or iterable of
        RecordBatches in the ledger export's columns), in any number, ordered by seq. Entries already held are passed over.
        Conflict when there is a gap after the last seq held, when a held seq comes again with another hash, or when
        `known_at` (the seq the source named) was not reached; Gone when the epoch is not the one held: then `forget(source)`
        and pull again from the start. Nothing is kept of a refused call.
        """
        raise NotImplementedError

    def forget(self, source: str) -> None:
        """Drop all entries of a source (another epoch began); answers keep the last refreshed state until `refresh`."""
        raise NotImplementedError

    def refresh(self) -> Refreshed:
        """Bring versions and facts up to the last entries appended, touching only what they touch."""
        raise NotImplementedError

    def rebuild(self) -> Refreshed:
        """Make versions and facts anew from the entries; gives the same answers as refreshing step by step."""
        raise NotImplementedError

    def aggregate(self, measures: Sequence[str], by: Sequence[str], query: Query) -> Aggregate:
        """Return numerator and denominator of each measure per group, and in total.

        `by` are texts of `heli_shared.statistics.dimensions.DIMENSIONS` (`division:town`, `size`, …), none for the total only.
        With one division level as the only dimension every open division of that level in scope has a line, even an empty one.
        Rows are ordered by code, unknown last. BadRequest for unknown measures, dimensions or filters, or ones that the
        measures' subject does not carry (organisations have no industry); InvalidInput when `known_at` lies beyond the head.
        """
        raise NotImplementedError

    def excluded(self, measure: str, query: Query) -> dict[str, int]:
        """Return how many rows of the query are not in the measure's denominator, by reason, most frequent first."""
        raise NotImplementedError

    def rows(
        self, measure: str, query: Query, *, part: Part = "numerator", limit: int = 50, after: str | None = None
    ) -> RowPage:
        """Return the rows behind a number, ordered by key; `total` equals the number for the same query by construction.

        `denominator` + `excluded` are all rows of the query; `numerator` + `gap` are the denominator. For a count the
        denominator is the numerator and there is no gap.
        """
        raise NotImplementedError

    def gaps(
        self,
        query: Query,
        *,
        measure: str = "due_established_rate",
        limit: int = 50,
        after: str | None = None,
    ) -> GapPage:
        """Return the enterprises in the measure's gap (by default 应建未建), longest overdue first, with since and cause."""
        raise NotImplementedError

    def records(
        self,
        entity: str,
        on: date,
        *,
        known_at: KnownAt = KnownAt(),
        keys: Sequence[str] | None = None,
        open_only: bool = True,
    ) -> list[dict[str, Any]]:
        """Return the records of a kind as of a day (key, typed fields, state, closed_on, closed_reason, version), by key.

        Any kind of both services in `heli_reporting.history.schema.KINDS` (division, unit, assignment, task, activity, …);
        decimals are Decimal, dates are date. No scope is applied: for names, drop-downs and worklists that filter themselves.
        """
        raise NotImplementedError

    def organizations(self, query: Query) -> list[dict[str, Any]]:
        """Return the open organisations of a query with what worklists need.

        id, name, kind, setup_form, division path (province … village), zone, established_on, elected_on, term_years,
        extension_until, election_due_on, full_members, probationary_members, has_secretary, enterprises (number covered).
        """
        raise NotImplementedError

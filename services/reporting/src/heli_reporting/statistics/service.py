"""Answering questions: freshness first, then figures, then the passport; every answer is kept under its permalink."""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from heli_reporting.history.domain import EVERYTHING, KnownAt, Part, RowPage
from heli_reporting.history.store import Store
from heli_reporting.intake.domain import Freshness
from heli_reporting.intake.service import Intake
from heli_reporting.known_codes import check_groups, check_known
from heli_reporting.passports import Origin, check_answerable, passport_of
from heli_reporting.permalinks.service import Permalinks
from heli_reporting.statistics.answers import digest_of, figures_of
from heli_reporting.statistics.comparing import breaks_json, comparison_json, ranked, ranking_json
from heli_reporting.statistics.domain import Question, checked_breaks
from heli_reporting.statistics.explaining import relevant
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import BadRequest

MAX_ROWS = 50_000
REUSE_SECONDS = 2.0
_MAX_REUSED = 512


def check_size(rows: int) -> None:
    """Refuse an answer that nobody could read."""
    if rows > MAX_ROWS:
        raise BadRequest(
            f"结果超过 {MAX_ROWS} 行，请减少维度或加筛选条件。",
            f"The answer has more than {MAX_ROWS} rows; take fewer dimensions or add filters.",
        )


class StatisticsService:
    """Answers questions from the store; safe to share between threads.

    The same question within two seconds gets the same bytes, unless the sources were read in between: boards that poll
    cost nothing, and do not fill the archive with answers that say the same.
    """

    def __init__(self, store: Store, intake: Intake, permalinks: Permalinks, *, clock: Clock) -> None:
        """Answer from `store` as far as `intake` has brought it."""
        self._store = store
        self._intake = intake
        self._permalinks = permalinks
        self._clock = clock
        self._recent: OrderedDict[tuple[object, ...], tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, question: Question, *, strict: bool) -> bytes:
        """Return the answer as JSON bytes; Unavailable when there is no copy, or a stale one and `strict`."""
        freshness = self._fresh(strict=strict)
        version = (self._intake.version, *(each.status for each in freshness))
        key = (version, *question.key)
        recent = self._recent.get(key)
        if recent is not None and time.monotonic() - recent[0] < REUSE_SECONDS:
            return recent[1]
        self._check(question)
        figures, known_at = self._figures(question)
        body = self.sealed(question, figures, freshness, known_at)
        with self._lock:
            self._recent[key] = (time.monotonic(), body)
            while len(self._recent) > _MAX_REUSED:
                self._recent.popitem(last=False)
        return body

    def opened(self, question: Question, *, strict: bool) -> Sequence[Freshness]:
        """Return how fresh the copy is; refused as `answer` refuses."""
        freshness = self._fresh(strict=strict)
        self._check(question)
        return freshness

    def _fresh(self, *, strict: bool) -> Sequence[Freshness]:
        freshness = self._intake.freshness()
        check_answerable(freshness, strict=strict)
        return freshness

    def _check(self, question: Question) -> None:
        query = replace(question.query, scope=EVERYTHING) if question.names_any_place else question.query
        check_known(self._store, query, on=self._clock.today())

    def check_line(self, question: Question, codes: Sequence[str | None]) -> None:
        """Refuse a line that there can never have been, told by its codes in the order of the question's dimensions."""
        check_groups(self._store, question.query, question.dimensions, codes, on=self._clock.today())

    def _figures(self, question: Question) -> tuple[dict[str, Any], KnownAt]:
        """Return the figures of an answer, and how far they know each source."""
        measures = [measure.id for measure in question.measures]
        by = [dimension.text for dimension in question.dimensions]
        days = [question.on, question.compare_on or question.on]
        breaks = checked_breaks(question.measures, days, shown=question.shows_breaks)
        aggregate = self._store.aggregate(measures, by, question.query)
        check_size(len(aggregate.rows))
        figures = figures_of(aggregate, question.dimensions, question.language)
        if question.ranking is not None:
            figures["rows"] = ranked(figures["rows"], question.dimensions, question.ranking)
            figures["ranking"] = ranking_json(question.ranking, figures["rows"], question.language)
        if question.compare_on is not None:
            query = replace(question.query, on=question.compare_on, known_at=aggregate.known_at)
            before = self._store.aggregate(measures, by, query)
            figures["comparison"] = comparison_json(
                aggregate, before, question.dimensions, question.language, question.compare_on
            )
            figures["breaks"] = breaks_json(breaks)
        return figures, aggregate.known_at

    def sealed(
        self, question: Question, figures: dict[str, Any], freshness: Sequence[Freshness], known_at: KnownAt
    ) -> bytes:
        """Return the bytes of an answer with its passport and permalink, kept for good."""
        measures = [measure.id for measure in question.measures]
        told = self._store.explanations(measures, question.on, known_at=known_at)
        cells = self._store.cell_explanations(measures, replace(question.query, known_at=known_at))
        passport = self.passport(question, freshness, known_at) | {
            "explanations": relevant(question, told, cells),
            "digest": digest_of(figures),
        }
        content = {**figures, "filters": passport["filters"], "passport": passport}
        return self._permalinks.seal(content, scope=question.scope, given_at=self._clock.now())

    def passport(self, question: Question, freshness: Sequence[Freshness], known_at: KnownAt) -> dict[str, Any]:
        """Return the passport of rows: without digest and permalink."""
        return passport_of(self._origin(question, freshness, known_at), question.measures)

    def rows(
        self,
        question: Question,
        *,
        part: Part,
        reason: str | None = None,
        limit: int,
        after: str | None,
        strict: bool,
    ) -> tuple[RowPage, dict[str, Any]]:
        """Return rows behind the question's one measure, and their passport."""
        freshness = self.opened(question, strict=strict)
        measure = question.measures[0]
        page = self._store.rows(measure.id, question.query, part=part, reason=reason, limit=limit, after=after)
        return page, self.passport(question, freshness, page.known_at)

    def _origin(self, question: Question, freshness: Sequence[Freshness], known_at: KnownAt) -> Origin:
        """Return what an answer to a question was made from, now."""
        return Origin(
            freshness,
            question.on,
            known_at,
            question.filters,
            question.scope,
            self._clock.now(),
            question.language,
            question.structure_of,
        )

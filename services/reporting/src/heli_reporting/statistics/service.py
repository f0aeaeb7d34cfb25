"""Answering questions: freshness first, then figures, then the passport; every answer is kept under its permalink."""

import threading
import time
from collections import OrderedDict
from typing import Any

import orjson

from heli_reporting.history.domain import Part, RowPage
from heli_reporting.history.store import Store
from heli_reporting.intake.service import Intake
from heli_reporting.known_codes import check_known
from heli_reporting.passports import Origin, check_answerable, passport_of
from heli_reporting.permalinks.domain import code_of
from heli_reporting.permalinks.service import Permalinks
from heli_reporting.statistics.answers import digest_of, figures_of
from heli_reporting.statistics.domain import Question
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import BadRequest

MAX_ROWS = 50_000
REUSE_SECONDS = 2.0
_MAX_REUSED = 512


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
        freshness = self._intake.freshness()
        check_answerable(freshness, strict=strict)
        version = (self._intake.version, *(each.status for each in freshness))
        key = (version, *question.key)
        recent = self._recent.get(key)
        if recent is not None and time.monotonic() - recent[0] < REUSE_SECONDS:
            return recent[1]
        check_known(self._store, question.filters, on=self._clock.today())
        measures = [measure.id for measure in question.measures]
        by = [dimension.text for dimension in question.dimensions]
        aggregate = self._store.aggregate(measures, by, question.query)
        if len(aggregate.rows) > MAX_ROWS:
            raise BadRequest(
                f"结果超过 {MAX_ROWS} 行，请减少维度或加筛选条件。",
                f"The answer has more than {MAX_ROWS} rows; take fewer dimensions or add filters.",
            )
        figures = figures_of(aggregate, question.dimensions, question.language)
        now = self._clock.now()
        origin = Origin(
            freshness, question.on, aggregate.known_at, question.filters, question.scope, now, question.language
        )
        passport = passport_of(origin, question.measures) | {"digest": digest_of(figures)}
        body = self._sealed(figures, passport, question)
        with self._lock:
            self._recent[key] = (time.monotonic(), body)
            while len(self._recent) > _MAX_REUSED:
                self._recent.popitem(last=False)
        return body

    def _sealed(self, figures: dict[str, Any], passport: dict[str, Any], question: Question) -> bytes:
        """Return the bytes of an answer with its permalink, kept for good."""
        content = {**figures, "filters": passport["filters"], "passport": passport}
        code = code_of(orjson.dumps(content))
        passport["permalink"] = f"/v1/permalinks/{code}"
        body = orjson.dumps(content)
        self._permalinks.keep(code, body, scope=question.scope, given_at=self._clock.now())
        return body

    def rows(
        self, question: Question, *, part: Part, limit: int, after: str | None, strict: bool
    ) -> tuple[RowPage, dict[str, Any]]:
        """Return rows behind the question's one measure, and their passport."""
        freshness = self._intake.freshness()
        check_answerable(freshness, strict=strict)
        check_known(self._store, question.filters, on=self._clock.today())
        measure = question.measures[0]
        page = self._store.rows(measure.id, question.query, part=part, limit=limit, after=after)
        origin = Origin(
            freshness,
            question.on,
            page.known_at,
            question.filters,
            question.scope,
            self._clock.now(),
            question.language,
        )
        return page, passport_of(origin, question.measures)

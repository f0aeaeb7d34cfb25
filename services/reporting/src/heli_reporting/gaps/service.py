"""The gap list with its passport."""

from typing import Any

from heli_reporting.gaps.domain import GAP_MEASURES
from heli_reporting.history.domain import GapPage
from heli_reporting.history.store import Store
from heli_reporting.intake.service import Intake
from heli_reporting.known_codes import check_known
from heli_reporting.passports import Origin, check_answerable, passport_of
from heli_reporting.statistics.domain import Question
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import BadRequest, FieldProblem


class GapService:
    """Lists gaps from the store; safe to share between threads."""

    def __init__(self, store: Store, intake: Intake, *, clock: Clock) -> None:
        """Answer from `store` as far as `intake` has brought it."""
        self._store = store
        self._intake = intake
        self._clock = clock

    def list_gaps(
        self, question: Question, *, limit: int, after: str | None, strict: bool
    ) -> tuple[GapPage, dict[str, Any]]:
        """Return the gaps of the question's one measure, and their passport."""
        measure = question.measures[0]
        if measure.id not in GAP_MEASURES:
            listed = ", ".join(GAP_MEASURES)
            raise BadRequest(
                f"指标 {measure.id} 没有缺口清单；可用的有：{listed}。",
                f"The measure {measure.id} has no gaps; those that have: {listed}.",
                errors=[FieldProblem("parameter measure", "没有缺口清单", "has no gaps")],
            )
        freshness = self._intake.freshness()
        check_answerable(freshness, strict=strict)
        check_known(self._store, question.filters, on=self._clock.today())
        page = self._store.gaps(question.query, measure=measure.id, limit=limit, after=after)
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

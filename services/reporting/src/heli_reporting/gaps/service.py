"""The gap list and simulations with their passports."""

from collections.abc import Sequence
from typing import Any

from heli_reporting.gaps.domain import GAP_MEASURES
from heli_reporting.gaps.proposing import Proposing, Simulation
from heli_reporting.history.domain import GapPage, KnownAt
from heli_reporting.history.store import Store
from heli_reporting.intake.domain import Freshness
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
        self._proposing = Proposing(store, intake)

    def list_gaps(
        self, question: Question, causes: Sequence[str], *, limit: int, after: str | None, strict: bool
    ) -> tuple[GapPage, dict[str, Any]]:
        """Return the gaps of the question's one measure, those with one of `causes` if any, and their passport."""
        check_gap_measure(question)
        freshness = self._checked(question, strict=strict)
        measure = question.measures[0].id
        page = self._store.gaps(question.query, measure=measure, causes=causes, limit=limit, after=after)
        return page, self._passport(question, causes, freshness, page.known_at)

    def simulate(self, question: Question, causes: Sequence[str], *, strict: bool) -> tuple[Simulation, dict[str, Any]]:
        """Return the plan for the gaps that `list_gaps` lists with what it would change, and its passport."""
        check_gap_measure(question)
        freshness = self._checked(question, strict=strict)
        simulation = self._proposing.simulate(question, causes)
        return simulation, self._passport(question, causes, freshness, simulation.known_at)

    def _checked(self, question: Question, *, strict: bool) -> list[Freshness]:
        freshness = self._intake.freshness()
        check_answerable(freshness, strict=strict)
        check_known(self._store, question.query, on=self._clock.today())
        return freshness

    def _passport(
        self, question: Question, causes: Sequence[str], freshness: list[Freshness], known_at: KnownAt
    ) -> dict[str, Any]:
        now = self._clock.now()
        filters = {**question.filters, **({"cause": sorted(set(causes))} if causes else {})}
        origin = Origin(freshness, question.on, known_at, filters, question.scope, now, question.language)
        return passport_of(origin, question.measures)


def check_gap_measure(question: Question) -> None:
    """Refuse a measure without gaps."""
    measure = question.measures[0]
    if measure.id not in GAP_MEASURES:
        listed = ", ".join(GAP_MEASURES)
        raise BadRequest(
            f"指标 {measure.id} 没有缺口清单；可用的有：{listed}。",
            f"The measure {measure.id} has no gaps; those that have: {listed}.",
            errors=[FieldProblem("parameter measure", "没有缺口清单", "has no gaps")],
        )

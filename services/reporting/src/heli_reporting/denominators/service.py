"""Answering for denominators."""

from typing import Any

from heli_reporting.history.domain import Accounted
from heli_reporting.history.store import Store
from heli_reporting.statistics.answers import group_json
from heli_reporting.statistics.domain import Language, Question
from heli_reporting.statistics.service import StatisticsService, check_size
from heli_shared.statistics.reasons import INSIDE, REASONS


class DenominatorService:
    """Accounts for the denominators of questions."""

    def __init__(self, store: Store, statistics: StatisticsService) -> None:
        """Count in `store`; `statistics` tells how fresh it is and seals what is answered."""
        self._store = store
        self._statistics = statistics

    def answer(self, question: Question, *, strict: bool) -> bytes:
        """Return the account of the denominator of the question's one measure as JSON bytes."""
        freshness = self._statistics.opened(question, strict=strict)
        by = [dimension.text for dimension in question.dimensions]
        found = self._store.account(question.measures[0].id, by, question.query)
        check_size(len(found.rows))
        language = question.language
        rows = [
            {each.id: group_json(group, language) for each, group in zip(question.dimensions, groups, strict=True)}
            | {"account": _json(account, language)}
            for groups, account in found.rows
        ]
        figures: dict[str, Any] = {"rows": rows, "total": _json(found.total, language)}
        return self._statistics.sealed(question, figures, freshness, found.known_at)


def _json(account: Accounted, language: Language) -> dict[str, Any]:
    reasons = [
        {
            "code": code,
            "name": (INSIDE | REASONS)[code][language == "en"],
            "is_in": code in INSIDE,
            "records": count,
        }
        for code, count in account.reasons.items()
    ]
    parts = account.parts
    return {
        "records": account.records,
        "denominator": parts["numerator"] + parts["gap"],
        **parts,
        "reasons": reasons,
    }

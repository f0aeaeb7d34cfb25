"""Explaining changes: cells at both ends, causes that add up, and a link from each cause to its rows."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from heli_reporting.change_causes.domain import Between, cause_words, reason_words
from heli_reporting.history.domain import CauseCount, ChangeLine, KnownAt, PartPage
from heli_reporting.history.store import Store
from heli_reporting.statistics.answers import cell_json, group_json
from heli_reporting.statistics.comparing import breaks_json, change_json
from heli_reporting.statistics.domain import Language
from heli_reporting.statistics.service import StatisticsService, check_size
from heli_shared.statistics.breaks import breaks_between
from heli_shared.statistics.dimensions import UNKNOWN

PATH = "/v1/statistics/change"


class ChangeService:
    """Explains changes from the store."""

    def __init__(self, store: Store, statistics: StatisticsService) -> None:
        """Count in `store`; `statistics` tells how fresh it is and seals what is answered."""
        self._store = store
        self._statistics = statistics

    def answer(self, between: Between, *, strict: bool) -> bytes:
        """Return the change as JSON bytes."""
        question, measure = between.question, between.question.measures[0]
        freshness = self._statistics.opened(question, strict=strict)
        by = [dimension.text for dimension in question.dimensions]
        found = self._store.change(measure.id, by, between.before, question.query)
        between.check_known(found.from_known_at, found.known_at)
        check_size(len(found.rows))
        link = _link(between, found.from_known_at, found.known_at)
        rows = []
        for line in found.rows:
            places = zip(question.dimensions, line.groups, strict=True)
            row: dict[str, Any] = {each.id: group_json(group, question.language) for each, group in places}
            codes = [("group", group.code or UNKNOWN) for group in line.groups]
            rows.append(row | {"change": _line_json(line, [*link, *codes], question.language)})
        figures = {
            "from": {"on": between.from_on.isoformat(), "known_at": found.from_known_at.registry},
            "rows": rows,
            "total": _line_json(found.total, link, question.language),
            "breaks": breaks_json(breaks_between(measure, between.from_on, question.on)),
        }
        return self._statistics.sealed(question, figures, freshness, found.known_at)

    def rows(
        self,
        between: Between,
        only: Mapping[str, str | None],
        *,
        limit: int,
        start: tuple[str, int] | None,
        strict: bool,
    ) -> tuple[PartPage, dict[str, Any]]:
        """Return the parts behind a cause, and their passport."""
        question = between.question
        freshness = self._statistics.opened(question, strict=strict)
        self._statistics.check_line(question, [only[name] for name in sorted(only) if name.startswith("g")])
        by = [dimension.text for dimension in question.dimensions]
        measure = question.measures[0].id
        page = self._store.change_rows(measure, by, between.before, question.query, only=only, limit=limit, start=start)
        between.check_known(page.from_known_at, page.known_at)
        return page, self._statistics.passport(question, freshness, page.known_at)


def _link(between: Between, from_known_at: KnownAt, known_at: KnownAt) -> list[tuple[str, str]]:
    """Return the parameters that lead to the rows of this very change, whatever becomes known later."""
    question = between.question
    return [
        ("measure", question.measures[0].id),
        ("from", between.from_on.isoformat()),
        ("to", question.on.isoformat()),
        ("from_known_at", str(from_known_at.registry)),
        ("known_at", str(known_at.registry)),
        *(("structure", "now") for _ in [question.structure_of] if question.structure_of is not None),
        *(("by", dimension.text) for dimension in question.dimensions),
        *((name, value) for name, values in question.filters.items() for value in values),
    ]


def _line_json(line: ChangeLine, link: Sequence[tuple[str, str]], language: Language) -> dict[str, Any]:
    return {
        "before": cell_json(line.before),
        "after": cell_json(line.after),
        "difference": change_json(line.after, line.before),
        "causes": [
            _cause_json(each, link, language, is_share=line.after.denominator is not None) for each in line.causes
        ],
    }


def _cause_json(
    told: CauseCount, link: Sequence[tuple[str, str]], language: Language, *, is_share: bool
) -> dict[str, Any]:
    english = language == "en"
    chosen = [("cause", told.cause), *([("reason", told.reason)] if told.reason else [])]
    return {
        **cause_json(told.cause, told.reason, is_share=is_share, english=english),
        "numerator": told.numerator,
        "denominator": told.denominator,
        "records": told.records,
        "rows": f"{PATH}/rows?{urlencode([*link, *chosen])}",
    }


def cause_json(cause: str, reason: str | None, *, is_share: bool, english: bool) -> dict[str, Any]:
    """Return a cause and its reason with their words."""
    words = None if reason is None else reason_words(cause, reason, is_share=is_share)
    return {
        "cause": {"code": cause, "name": cause_words(cause, is_share=is_share)[english]},
        "reason": None if words is None else {"code": reason, "name": words[english]},
    }

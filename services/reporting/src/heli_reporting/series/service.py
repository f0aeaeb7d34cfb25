"""Answering series: refused across a change of definition unless the break is to be shown."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from heli_reporting.history.domain import Cell
from heli_reporting.history.store import Store
from heli_reporting.statistics.answers import cell_json, group_json
from heli_reporting.statistics.comparing import breaks_json
from heli_reporting.statistics.domain import Question, checked_breaks
from heli_reporting.statistics.service import StatisticsService, check_size


class SeriesService:
    """Answers questions about many days from the store."""

    def __init__(self, store: Store, statistics: StatisticsService) -> None:
        """Count in `store`; `statistics` tells how fresh it is and seals what is answered."""
        self._store = store
        self._statistics = statistics

    def answer(self, question: Question, days: Sequence[date], *, strict: bool) -> bytes:
        """Return the series as JSON bytes; the question's day is the last one."""
        freshness = self._statistics.opened(question, strict=strict)
        breaks = checked_breaks(question.measures, days, shown=question.shows_breaks)
        measures = [measure.id for measure in question.measures]
        by = [dimension.text for dimension in question.dimensions]
        series = self._store.series(measures, by, question.query, days)
        check_size(len(series.rows) * len(days))
        rows = []
        for line in series.rows:
            places = zip(question.dimensions, line.groups, strict=True)
            row: dict[str, Any] = {each.id: group_json(group, question.language) for each, group in places}
            rows.append(row | _cells(line.cells))
        figures = {
            "days": [day.isoformat() for day in days],
            "rows": rows,
            "total": _cells(series.total),
            "breaks": breaks_json(breaks),
        }
        return self._statistics.sealed(question, figures, freshness, series.known_at)


def _cells(cells: Mapping[str, Sequence[Cell]]) -> dict[str, Any]:
    return {measure: [cell_json(cell) for cell in found] for measure, found in cells.items()}

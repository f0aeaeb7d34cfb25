"""An answer of statistics as observations: the day compared with has its own, changes belong to the day asked for."""

from collections.abc import Iterator
from typing import Any

from heli_reporting.statistics.domain import Question
from heli_reporting.statistics.flattening import rows_of, told, total_of
from heli_reporting.statistics.formats.cube import Cube, Observation, codes_of, names_of, total_codes
from heli_reporting.statistics.formats.flat import Answer


def cube_of(answer: Answer, question: Question) -> Cube:
    """Return an answer as observations."""
    rows = list(rows_of(answer, question)) if question.dimensions else []
    dimensions = question.dimensions
    observations = [each for row in rows for each in _observations(row, codes_of(row, dimensions), question)]
    comparison = answer.get("comparison")
    compared = {} if comparison is None else {"total_before": comparison["total"]}
    return Cube(
        dimensions=dimensions,
        measures=question.measures,
        language=question.language,
        names=names_of(rows, dimensions),
        observations=observations,
        totals=list(_observations(total_of(answer), total_codes(dimensions), question)),
        beside={"total": answer["total"], **compared, **told(answer), "passport": answer["passport"]},
        compared_with=None if comparison is None else comparison["on"],
        ranked=None if question.ranking is None else question.ranking.measure.id,
    )


def _observations(row: dict[str, Any], codes: tuple[str, ...], question: Question) -> Iterator[Observation]:
    before = row.get("before")
    # A day compared with itself has one observation: its changes are nothing.
    if before is not None and question.compare_on is not None and question.compare_on != question.on:
        yield Observation(codes, question.compare_on.isoformat(), before)
    changes = {} if before is None else {each.id: before[each.id]["change"] for each in question.measures}
    yield Observation(codes, question.on.isoformat(), row, changes, row.get("rank"))

"""A series as flat lines, one for each group and day, and as observations."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from heli_reporting.statistics.domain import Question
from heli_reporting.statistics.formats.cube import Cube, Observation, codes_of, names_of, total_codes
from heli_reporting.statistics.formats.flat import (
    Answer,
    Column,
    Flat,
    Line,
    figure_columns,
    figure_values,
    group_columns,
    group_values,
    name_columns,
)

_ON = {"zh": "统计日", "en": "On"}


def flat_of(answer: Answer, question: Question) -> Flat:
    """Return a series as flat lines; its total has a line for each day."""
    dimensions, language = question.dimensions, question.language
    columns = [*group_columns(dimensions, language), Column("on", _ON[language], "day")]
    for each in question.measures:
        name = each.en if language == "en" else each.zh
        columns += figure_columns(each.id, name, language, is_share=each.denominator is not None)
    total = list(_lines(answer["total"], {}, answer, question))
    lines = [line for row in answer["rows"] for line in _lines(row, group_values(row, dimensions), answer, question)]
    told = {"breaks": answer["breaks"]}
    return Flat(columns, lines if dimensions else total, total, answer["passport"], name_columns(dimensions), told)


def _lines(row: Answer, start: Line, answer: Answer, question: Question) -> Iterator[Line]:
    for number, day in enumerate(answer["days"]):
        line = start | {"on": date.fromisoformat(day)}
        for each in question.measures:
            line |= figure_values(each.id, row[each.id][number], is_share=each.denominator is not None)
        yield line


def cube_of(answer: Answer, question: Question) -> Cube:
    """Return a series as observations."""
    rows, dimensions = answer["rows"] if question.dimensions else [], question.dimensions
    return Cube(
        dimensions=dimensions,
        measures=question.measures,
        language=question.language,
        names=names_of(rows, dimensions),
        observations=[each for row in rows for each in _observations(row, codes_of(row, dimensions), answer, question)],
        totals=list(_observations(answer["total"], total_codes(dimensions), answer, question)),
        beside={name: answer[name] for name in ("total", "breaks", "passport")},
    )


def _observations(row: Answer, codes: tuple[str, ...], answer: Answer, question: Question) -> Iterator[Observation]:
    for number, day in enumerate(answer["days"]):
        cells: dict[str, Any] = {each.id: row[each.id][number] for each in question.measures}
        yield Observation(codes, day, cells)

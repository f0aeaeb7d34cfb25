"""An answer of statistics as flat lines: with the day it is compared with and its ranks, if these were asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from heli_reporting.statistics.domain import Question
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
from heli_shared.statistics.measures import Measure

_WORDS = {
    "zh": {"rank": "名次（{by}）", "tied": "并列数", "before": "{name}（{day}）", "change": "{name} 变化"},
    "en": {"rank": "Rank ({by})", "tied": "Tied", "before": "{name} ({day})", "change": "{name} change"},
}
UNRANKED = {"position": None, "tied": 0}


def flat_of(answer: Answer, question: Question) -> Flat:
    """Return an answer as flat lines, from the answer itself, so that no cell can differ from the JSON."""
    dimensions = question.dimensions
    total = _line(total_of(answer), question)
    lines = [
        group_values(row, dimensions) | _line(row, question)
        for row in (rows_of(answer, question) if dimensions else ())
    ]
    columns = [*group_columns(dimensions, question.language), *_rank_columns(question)]
    for measure in question.measures:
        columns += _columns(measure, question)
    return Flat(
        columns, lines if dimensions else [total], total, answer["passport"], name_columns(dimensions), told(answer)
    )


def told(answer: Answer) -> dict[str, Any]:
    """Return what an answer says beside its figures: the day compared with, breaks, how lines are ranked."""
    found = {name: answer[name] for name in ("breaks", "ranking") if name in answer}
    return found | ({"compared_with": answer["comparison"]["on"]} if "comparison" in answer else {})


def rows_of(answer: Answer, question: Question) -> Iterator[dict[str, Any]]:
    """Yield the lines with what they were under `before`; lines of the earlier day alone come last, as they are now."""
    if question.compare_on is None:
        yield from answer["rows"]
        return
    before = {_codes(row, question): row for row in answer["comparison"]["rows"]}
    for row in answer["rows"]:
        yield row | {"before": before.pop(_codes(row, question))}
    for row in before.values():
        groups = {each.id: row[each.id] for each in question.dimensions}
        now = {each.id: _nothing(each) for each in question.measures}
        yield groups | now | ({"rank": UNRANKED} if question.ranking else {}) | {"before": row}


def total_of(answer: Answer) -> dict[str, Any]:
    """Return the total with what it was under `before`."""
    total: dict[str, Any] = answer["total"]
    return total | ({"before": answer["comparison"]["total"]} if "comparison" in answer else {})


def _codes(row: Answer, question: Question) -> tuple[str | None, ...]:
    return tuple(row[each.id]["code"] for each in question.dimensions)


def _nothing(measure: Measure) -> dict[str, Any]:
    if measure.denominator is None:
        return {"value": 0}
    return {"value": None, "numerator": 0, "denominator": 0, "reason": "zero_denominator"}


def _rank_columns(question: Question) -> list[Column]:
    if question.ranking is None:
        return []
    words, by = _WORDS[question.language], _name(question.ranking.measure, question)
    return [Column("rank", words["rank"].format(by=by), "count"), Column("rank_tied", words["tied"], "count")]


def _columns(measure: Measure, question: Question) -> Sequence[Column]:
    is_share, language, words = measure.denominator is not None, question.language, _WORDS[question.language]
    name = _name(measure, question)
    found = figure_columns(measure.id, name, language, is_share=is_share)
    if question.compare_on is not None:
        for what in ("before", "change"):
            title = words[what].format(name=name, day=question.compare_on)
            found += figure_columns(f"{measure.id}_{what}", title, language, is_share=is_share)
    return found


def _name(measure: Measure, question: Question) -> str:
    return measure.en if question.language == "en" else measure.zh


def _line(row: Mapping[str, Any], question: Question) -> Line:
    line: Line = {}
    if "rank" in row:
        line |= {"rank": row["rank"]["position"], "rank_tied": row["rank"]["tied"]}
    for measure in question.measures:
        is_share = measure.denominator is not None
        line |= figure_values(measure.id, row[measure.id], is_share=is_share)
        if "before" in row:
            before = row["before"][measure.id]
            line |= figure_values(f"{measure.id}_before", before, is_share=is_share)
            line |= figure_values(f"{measure.id}_change", before["change"], is_share=is_share)
    return line

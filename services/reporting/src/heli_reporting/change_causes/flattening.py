"""A change as flat lines, one for each group and step from before to after; and the parts behind a cause."""

from collections.abc import Iterator, Sequence
from typing import Any

from heli_reporting.history.asking import key_of
from heli_reporting.statistics.domain import Question
from heli_reporting.statistics.formats.flat import (
    PARTS,
    Answer,
    Column,
    Flat,
    Line,
    group_columns,
    group_values,
    name_columns,
    share_of,
)

_WORDS = {
    "step": ("环节 代码", "Step code"),
    "step_name": ("环节", "Step"),
    "cause": ("原因 代码", "Cause code"),
    "cause_name": ("原因", "Cause"),
    "reason": ("情形 代码", "Reason code"),
    "reason_name": ("情形", "Reason"),
    "numerator": ("分子", "Numerator"),
    "denominator": ("分母", "Denominator"),
    "records": ("记录数", "Records"),
    "rows": ("明细地址", "Address of the rows"),
    "uscc": ("统一社会信用代码", "Credit code"),
    "id": ("编号", "Id"),
    "name": ("名称", "Name"),
}
_STEPS = {"before": ("期初", "Before"), "difference": ("增减", "Difference"), "after": ("期末", "After")}


def flat_of(answer: Answer, question: Question) -> Flat:
    """Return a change as flat lines: before, what each cause adds, their sum, after.

    Numerator and denominator of before and of the causes add up to those of after.
    """
    dimensions, english, measure = question.dimensions, question.language == "en", question.measures[0]
    title = measure.en if english else measure.zh
    columns = [
        *group_columns(dimensions, question.language),
        *_columns(("step", "step_name", "reason", "reason_name"), "text", english=english),
        Column("value", title, "count" if measure.denominator is None else "share"),
        *_columns((*PARTS, "records"), "count", english=english),
        *_columns(("rows",), "text", english=english),
    ]
    total = list(_steps(answer["total"], question))
    lines = [group_values(row, dimensions) | step for row in answer["rows"] for step in _steps(row["change"], question)]
    told = {name: answer[name] for name in ("from", "breaks")}
    return Flat(columns, lines if dimensions else total, total, answer["passport"], name_columns(dimensions), told)


def rows_flat_of(answer: Answer, question: Question) -> Flat:
    """Return the parts behind a cause as flat lines; the total is what they add up to."""
    dimensions, english, key = question.dimensions, question.language == "en", key_of(question.measures[0].subject)
    columns = [
        *_columns((key, "name"), "text", english=english),
        *group_columns(dimensions, question.language),
        *_columns(("cause", "cause_name", "reason", "reason_name"), "text", english=english),
        *_columns(PARTS, "count", english=english),
    ]
    lines = [_part(item, key, question) for item in answer["items"]]
    nothing: Line = dict.fromkeys(each.name for each in columns)
    total = nothing | {name: sum(item[name] for item in answer["items"]) for name in PARTS}
    return Flat(columns, lines, {**total}, answer["passport"], ("name",))


def _columns(names: Sequence[str], kind: Any, *, english: bool) -> list[Column]:
    return [Column(name, _WORDS[name][english], kind) for name in names]


def _steps(line: Answer, question: Question) -> Iterator[Line]:
    yield _end("before", line["before"], question)
    for cause in line["causes"]:
        yield {
            **_coded("step", cause["cause"]),
            **_coded("reason", cause["reason"]),
            "value": None,
            **{name: cause[name] for name in (*PARTS, "records", "rows")},
        }
    yield _end("difference", line["difference"], question)
    yield _end("after", line["after"], question)


def _end(step: str, cell: Answer, question: Question) -> Line:
    """Return the line of a figure; a count is its own numerator and has no denominator."""
    is_share = question.measures[0].denominator is not None
    parts = {name: cell[name] for name in PARTS} if is_share else {"numerator": cell["value"], "denominator": None}
    return {
        "step": step,
        "step_name": _STEPS[step][question.language == "en"],
        "reason": None,
        "reason_name": None,
        "value": share_of(cell) if is_share else cell["value"],
        **parts,
        "records": None,
        "rows": None,
    }


def _coded(name: str, group: Answer | None) -> Line:
    return {name: None, f"{name}_name": None} if group is None else {name: group["code"], f"{name}_name": group["name"]}


def _part(item: Answer, key: str, question: Question) -> Line:
    return {
        key: item[key],
        "name": item["name"],
        **group_values(item, question.dimensions),
        **_coded("cause", item["cause"]),
        **_coded("reason", item["reason"]),
        **{part: item[part] for part in PARTS},
    }

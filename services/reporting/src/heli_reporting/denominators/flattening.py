"""The account of a denominator as flat lines: one for each group, a column for each reason that occurs."""

from heli_reporting.statistics.domain import Question
from heli_reporting.statistics.formats.flat import (
    Answer,
    Column,
    Flat,
    Line,
    group_columns,
    group_values,
    name_columns,
)

_PARTS = {
    "records": ("全部", "Records"),
    "denominator": ("分母", "Denominator"),
    "numerator": ("分子", "Numerator"),
    "gap": ("分母中未计入分子", "In the denominator, not in the numerator"),
    "excluded": ("不计入分母", "Left out"),
}
_TITLES = {True: ("计入：{name}", "In: {name}"), False: ("不计入：{name}", "Out: {name}")}


def flat_of(answer: Answer, question: Question) -> Flat:
    """Return an account as flat lines; every column is a count that may be added up."""
    dimensions, english = question.dimensions, question.language == "en"
    reasons = answer["total"]["reasons"]
    columns = [
        *group_columns(dimensions, question.language),
        *(Column(name, words[english], "count") for name, words in _PARTS.items()),
        *(_reason_column(each, english=english) for each in reasons),
    ]
    codes = [each["code"] for each in reasons]
    total = _line(answer["total"], codes)
    lines = [group_values(row, dimensions) | _line(row["account"], codes) for row in answer["rows"]]
    return Flat(columns, lines if dimensions else [total], total, answer["passport"], name_columns(dimensions))


def _reason_column(reason: Answer, *, english: bool) -> Column:
    title = _TITLES[reason["is_in"]][english].format(name=reason["name"])
    return Column(f"reason_{reason['code']}", title, "count")


def _line(account: Answer, codes: list[str]) -> Line:
    counted = {each["code"]: each["records"] for each in account["reasons"]}
    return {name: account[name] for name in _PARTS} | {f"reason_{code}": counted.get(code, 0) for code in codes}

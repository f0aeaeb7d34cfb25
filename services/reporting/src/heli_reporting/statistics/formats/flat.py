"""An answer as flat typed lines: the one place that says which columns every form has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from heli_reporting.statistics.domain import Language
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import Measure

Value = str | int | Decimal | None
Line = dict[str, Value]
_WORDS = {
    "zh": {"code": "代码", "numerator": "分子", "denominator": "分母"},
    "en": {"code": "code", "numerator": "numerator", "denominator": "denominator"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for programs, its heading for people, and of which kind its values are."""

    name: str
    title: str
    kind: Literal["text", "share", "count"]


@dataclass(frozen=True, slots=True)
class Flat:
    """An answer's columns, its lines, the line of the total, and its passport.

    A question without dimensions has one line, which is the total.
    """

    columns: Sequence[Column]
    lines: Sequence[Line]
    total: Line
    passport: Mapping[str, Any]

    def with_total(self, word: str) -> list[Line]:
        """Return the lines as people read them: the total comes last, under this word."""
        names = [each.name for each in self.columns if each.name.endswith("_name") and each.kind == "text"]
        return [*self.lines, {**dict.fromkeys(names, word), **self.total}] if names else [*self.lines]


def flat_of(
    answer: Mapping[str, Any], dimensions: Sequence[Dimension], measures: Sequence[Measure], language: Language
) -> Flat:
    """Return an answer as flat lines, from the answer itself, so that no cell can differ from the JSON."""
    total = _line(answer["total"], (), measures)
    lines = [_line(row, dimensions, measures) for row in answer["rows"]] if dimensions else [total]
    return Flat(_columns(dimensions, measures, language), lines, total, answer["passport"])


def _columns(dimensions: Sequence[Dimension], measures: Sequence[Measure], language: Language) -> list[Column]:
    words, english = _WORDS[language], language == "en"
    found = []
    for dimension in dimensions:
        name = dimension.en if english else dimension.zh
        found.append(Column(f"{dimension.id}_code", f"{name} {words['code']}", "text"))
        found.append(Column(f"{dimension.id}_name", name, "text"))
    for measure in measures:
        name = measure.en if english else measure.zh
        found.append(Column(measure.id, name, "count" if measure.denominator is None else "share"))
        if measure.denominator is not None:
            found += [
                Column(f"{measure.id}_{part}", f"{name} {words[part]}", "count")
                for part in ("numerator", "denominator")
            ]
    return found


def _line(row: Mapping[str, Any], dimensions: Sequence[Dimension], measures: Sequence[Measure]) -> Line:
    line: Line = {}
    for dimension in dimensions:
        group = row[dimension.id]
        line |= {f"{dimension.id}_code": group["code"], f"{dimension.id}_name": group["name"]}
    for measure in measures:
        cell = row[measure.id]
        if measure.denominator is None:
            line[measure.id] = cell["value"]
        else:
            line[measure.id] = None if cell["value"] is None else Decimal(cell["value"])
            line |= {f"{measure.id}_{part}": cell[part] for part in ("numerator", "denominator")}
    return line

"""An answer as flat typed lines, and the columns of which every answer is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from heli_reporting.statistics.domain import Language
from heli_shared.statistics.dimensions import Dimension

Value = str | int | Decimal | date | None
Line = dict[str, Value]
Kind = Literal["text", "share", "count", "day"]
Answer = Mapping[str, Any]
PARTS = ("numerator", "denominator")
_WORDS = {
    "zh": {"code": "代码", "numerator": "分子", "denominator": "分母"},
    "en": {"code": "code", "numerator": "numerator", "denominator": "denominator"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for programs, its heading for people, and of which kind its values are."""

    name: str
    title: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Flat:
    """An answer's columns, its lines, its total (one line, or one for each point or step), and its passport.

    `places` are the columns in which the total's word stands; without any, the lines are the total. `told` is what
    the answer says beside its figures.
    """

    columns: Sequence[Column]
    lines: Sequence[Line]
    total: Line | list[Line]
    passport: Mapping[str, Any]
    places: Sequence[str] = ()
    told: Mapping[str, Any] = field(default_factory=dict)

    def with_total(self, word: str) -> list[Line]:
        """Return the lines as people read them: the total comes last, under this word."""
        if not self.places:
            return [*self.lines]
        total = self.total if isinstance(self.total, list) else [self.total]
        return [*self.lines, *({**dict.fromkeys(self.places, word), **line} for line in total)]


def group_columns(dimensions: Sequence[Dimension], language: Language) -> list[Column]:
    """Return the columns of dimensions: the code and the name of each."""
    found = []
    for dimension in dimensions:
        name = dimension.en if language == "en" else dimension.zh
        found += [
            Column(f"{dimension.id}_code", f"{name} {_WORDS[language]['code']}", "text"),
            Column(f"{dimension.id}_name", name, "text"),
        ]
    return found


def group_values(row: Answer, dimensions: Sequence[Dimension]) -> Line:
    """Return the cells under the columns of dimensions."""
    return {f"{each.id}_{part}": row[each.id][part] for each in dimensions for part in ("code", "name")}


def name_columns(dimensions: Sequence[Dimension]) -> list[str]:
    """Return which columns name the place of a line."""
    return [f"{dimension.id}_name" for dimension in dimensions]


def figure_columns(name: str, title: str, language: Language, *, is_share: bool) -> list[Column]:
    """Return the columns of a figure: of a share its value and both parts, of a count its value alone."""
    if not is_share:
        return [Column(name, title, "count")]
    parts = [Column(f"{name}_{part}", f"{title} {_WORDS[language][part]}", "count") for part in PARTS]
    return [Column(name, title, "share"), *parts]


def figure_values(name: str, cell: Answer, *, is_share: bool) -> Line:
    """Return the cells under the columns of a figure."""
    if not is_share:
        return {name: cell["value"]}
    return {name: share_of(cell)} | {f"{name}_{part}": cell[part] for part in PARTS}


def share_of(cell: Answer) -> Decimal | None:
    """Return the value of a share as a number."""
    return None if cell["value"] is None else Decimal(cell["value"])

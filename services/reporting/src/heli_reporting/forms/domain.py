"""What a form is, and its checks and jumps: pure rules on cells."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from heli_shared.statistics.measures import Measure

Number = int | Decimal
Part = Literal["value", "numerator", "denominator", "gap"]
Relation = Literal["=", ">=", "<="]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a part of a measure, or a sum over the rows that it counts; `headings` from the top down."""

    id: str
    headings: tuple[str, ...]
    headings_en: tuple[str, ...]
    measure: Measure
    part: Part
    filters: Mapping[str, tuple[str, ...]]
    sum: str | None = None
    flow: str | None = None
    fund: str | None = None

    @property
    def is_share(self) -> bool:
        """Say whether its values are shares, not counts."""
        return self.part == "value" and self.measure.denominator is not None and self.is_counted

    @property
    def is_counted(self) -> bool:
        """Say whether rows are counted, not numbers added up."""
        return self.sum is None and not self.is_yearly

    @property
    def is_yearly(self) -> bool:
        """Say whether what a year brought is added up: flows of members, or money."""
        return self.flow is not None or self.fund is not None


@dataclass(frozen=True, slots=True)
class Check:
    """Left side, relation, right side: sums of columns, one with `-` before it taken away; the right of `other`."""

    id: str
    left: tuple[str, ...]
    relation: Relation
    right: tuple[str, ...]
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A table: what its lines and columns are, what it rests on, and what must hold in it.

    With `leaves_unknown_out` what stands in none of its lines is no part of it, not even of the total.
    """

    id: str
    title: str
    title_en: str
    basis: str
    by: str
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    is_own: bool = False
    leaves_unknown_out: bool = False

    @property
    def depth(self) -> int:
        """Return how many lines the heading has."""
        return max(len(each.headings) for each in self.columns)

    def names(self, *, english: bool = False) -> dict[str, str]:
        """Return by column what it is called where it stands alone: its lowest heading, all where two share that."""
        headings = {each.id: each.headings_en if english else each.headings for each in self.columns}
        shared = Counter(each[-1] for each in headings.values())
        return {key: each[-1] if shared[each[-1]] == 1 else "·".join(each) for key, each in headings.items()}


@dataclass(frozen=True, slots=True)
class Cell:
    """One number with its parts, where its rows are listed and which answer it comes from.

    A value is a count, a share as text, or an amount in yuan as Decimal.
    """

    value: int | str | Decimal | None
    numerator: int | None
    denominator: int | None
    rows: str | None
    permalink: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the code and name of its place (code None: unknown, or the total), and its cells by column."""

    code: str | None
    name: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A form filled in: its lines, and the total, in which every row counts once."""

    form: Form
    on: date
    lines: Sequence[Line]
    total: Line
    explanations: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a check does not hold: the line, and the number on either side."""

    line: Line
    left: Number
    right: Number


@dataclass(frozen=True, slots=True)
class Jump:
    """A number that changed more than it should without a word: what it was a year before, and what was said."""

    line: Line
    column: Column
    before: int
    now: int
    said: tuple[str, ...]


def formula(check: Check, form: Form, other: Form | None = None) -> str:
    """Return a check as clerks write it: names of columns with their numbers."""
    right = other or form
    where = f"《{right.title}》" if other else ""
    return f"{_side(check.left, form)} {check.relation} {where}{_side(check.right, right)}"


def _side(terms: Iterable[str], form: Form) -> str:
    numbers = {each.id: number for number, each in enumerate(form.columns, 1)}
    words = form.names()
    text = ""
    for term in terms:
        name = term.removeprefix("-")
        sign = " − " if term.startswith("-") else " + " if text else ""
        text += f"{sign}{numbers[name]}{words[name]}"
    return text


def failures(check: Check, table: Table, other: Table | None = None) -> list[Failure]:
    """Return where a check does not hold: in the total, and in every line that the other side has, too."""
    right = other or table
    theirs = {each.code: each for each in right.lines}
    pairs = [(table.total, right.total), *((each, theirs[each.code]) for each in table.lines if each.code in theirs)]
    found = []
    for line, opposite in pairs:
        ours, against = _added(check.left, line), _added(check.right, opposite)
        if ours is not None and against is not None and not _holds(ours, check.relation, against):
            found.append(Failure(line, ours, against))
    return found


def _added(terms: Iterable[str], line: Line) -> Number | None:
    total: Number = 0
    for term in terms:
        value = line.cells[term.removeprefix("-")].value
        if not isinstance(value, int | Decimal):
            return None
        total += -value if term.startswith("-") else value
    return total


def _holds(left: Number, relation: Relation, right: Number) -> bool:
    match relation:
        case "=":
            return left == right
        case ">=":
            return left >= right
        case "<=":
            return left <= right


def jumps(table: Table, before: Table, *, percent: int, least: int) -> list[Jump]:
    """Return the counts that changed by more than a share of what they were and by more than a few.

    A line that was not there a year before has nothing to be held against.
    """
    then = {each.code: each for each in before.lines}
    pairs = [(table.total, before.total), *((each, then[each.code]) for each in table.lines if each.code in then)]
    found = []
    for line, old in pairs:
        for column in table.form.columns:
            now, was = line.cells[column.id].value, old.cells[column.id].value
            if not isinstance(now, int) or not isinstance(was, int):
                continue
            change = abs(now - was)
            if change > least and change * 100 > percent * was:
                found.append(Jump(line, column, was, now, _said(table, line, column)))
    return found


def _said(table: Table, line: Line, column: Column) -> tuple[str, ...]:
    """Return what named persons said about a measure in the line's place; about the total everything counts."""
    return tuple(
        str(each["text"])
        for each in table.explanations
        if column.measure.id in each["measures"]
        and (line is table.total or line.code in (each["division"], each["zone"], each["unit"]))
    )

"""Periods and their rules: what a code means, which period is compared with which, and when a change is a jump."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

State = Literal["open", "explained", "stale"]
UnitState = Literal["missing", "handed_in", "changed", "waived"]

_PARTS = {"": 1, "H": 2, "Q": 4, "M": 12}
_MONTHS = 12
_FIRST_YEAR, _LAST_YEAR = 1949, 2199
_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Span:
    """A year or a half, quarter or month of one: `letter` is "", H, Q or M, `number` counts from 1."""

    year: int
    letter: str
    number: int

    @property
    def code(self) -> str:
        """Return the code, such as 2026, 2026H1, 2026Q2 or 2026M05."""
        if not self.letter:
            return str(self.year)
        return (
            f"{self.year}{self.letter}{self.number:02d}"
            if self.letter == "M"
            else f"{self.year}{self.letter}{self.number}"
        )

    @property
    def first(self) -> date:
        """Return the first day."""
        return date(self.year, (self.number - 1) * self._months + 1, 1)

    @property
    def last(self) -> date:
        """Return the last day."""
        month = self.number * self._months
        following = date(self.year + 1, 1, 1) if month == _MONTHS else date(self.year, month + 1, 1)
        return following - timedelta(days=1)

    @property
    def _months(self) -> int:
        return _MONTHS // _PARTS[self.letter]

    def before(self) -> "Span":
        """Return the period of the same length before this one."""
        if self.number > 1:
            return Span(self.year, self.letter, self.number - 1)
        return Span(self.year - 1, self.letter, _PARTS[self.letter])

    def year_before(self) -> "Span":
        """Return the same period of the year before."""
        return Span(self.year - 1, self.letter, self.number)

    def compared_with(self) -> tuple[str, ...]:
        """Return the codes of the periods whose figures this one's are held against, each once."""
        return tuple(dict.fromkeys((self.before().code, self.year_before().code)))


def parse_span(code: str) -> Span | None:
    """Return what a code means, or None when it is none."""
    year, letter, number = code[:_YEAR_DIGITS], code[_YEAR_DIGITS : _YEAR_DIGITS + 1], code[_YEAR_DIGITS + 1 :]
    if not (year.isascii() and year.isdigit() and len(year) == _YEAR_DIGITS and letter in _PARTS):
        return None
    if letter and not (number.isascii() and number.isdigit()):
        return None
    span = Span(int(year), letter, int(number or 1))
    fits = _FIRST_YEAR <= span.year <= _LAST_YEAR and 1 <= span.number <= _PARTS[letter]
    return span if fits and span.code == code else None


def is_jump(now: int, before: int, *, percent: int, least: int) -> bool:
    """Say whether a figure changed by more than a share of what it was, and by a number that is no noise."""
    change = abs(now - before)
    return change >= least and change * 100 > before * percent


@dataclass(frozen=True, slots=True)
class Target:
    """What an explanation is about: a check and the record that fails it, or a unit's figure and another period's."""

    check: str | None = None
    record: str | None = None
    unit: str | None = None
    figure: str | None = None
    compared_with: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An explanation on record: whom it names, and the values that it explained."""

    id: str
    text: str
    person: str
    value: str
    previous: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """Something that has to be explained; `value` and `previous` are the values now, as text."""

    target: Target
    record_kind: str | None
    name: str | None
    unit: str
    unit_name: str | None
    zh: str
    en: str
    value: str
    previous: str | None
    threshold: Mapping[str, Any] | None
    given: Given | None

    @property
    def state(self) -> State:
        """Say whether it is explained; an explanation of other values than today's is stale."""
        if self.given is None:
            return "open"
        return "explained" if (self.given.value, self.given.previous) == (self.value, self.previous) else "stale"


@dataclass(frozen=True, slots=True)
class Pinned:
    """The figures of a closed period that others are held against, by unit and figure."""

    code: str
    closing: str
    cells: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a named person said for a unit: that its figures are so, or that the period closes without its word."""

    id: str
    form: Literal["handed_in", "waived"]
    person: str
    principal: str
    on: date
    known_at: int
    figures: Mapping[str, int]
    reason: str | None


@dataclass(frozen=True, slots=True)
class UnitStand:
    """How a unit stands in a period: its figures now, how many of its questions are open, and what was said for it."""

    unit: str
    name: str | None
    figures: Mapping[str, int]
    unexplained: int
    given: HandedIn | None

    @property
    def state(self) -> UnitState:
        """Say whether the unit is in; figures other than those handed in have to be handed in again."""
        if self.given is None:
            return "missing"
        if self.given.form == "waived":
            return "waived"
        return "changed" if self.changed else "handed_in"

    @property
    def changed(self) -> Mapping[str, tuple[int, int]]:
        """Return the figures that are not what was handed in: what they were then, and what they are now."""
        if self.given is None or self.given.form == "waived":
            return {}
        then = self.given.figures
        return {name: (then.get(name, 0), now) for name, now in self.figures.items() if then.get(name, 0) != now}


def not_in(units: Sequence[UnitStand]) -> list[UnitStand]:
    """Return the units that keep a period from closing."""
    return [each for each in units if each.state in ("missing", "changed")]


def unexplained(questions: Sequence[Question]) -> list[Question]:
    """Return the questions that keep a period from closing."""
    return [each for each in questions if each.state != "explained"]

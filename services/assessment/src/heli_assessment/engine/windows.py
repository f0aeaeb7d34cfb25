"""Slices of the year that an item may be read in, and looks back over so many months."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from heli_assessment.engine.rules.base import Label, Labels, Rule, Sentence

MONTHS_IN_YEAR = 12
_LOOK_BACK = re.compile(r"([1-9][0-9]{0,2})m")
_YEARS_BACK = re.compile(r"([1-9])y")
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Window:
    """The months from `first` to `last` of the year, both included."""

    id: str
    first: int
    last: int
    words: Sentence

    def days(self, year: int) -> tuple[date, date]:
        """Return the first and the last day of the window in a year."""
        return date(year, self.first, 1), date(year, self.last, calendar.monthrange(year, self.last)[1])


def _windows() -> dict[str, Window]:
    quarters = [
        Window(f"q{n}", 3 * n - 2, 3 * n, Sentence(f"第{_QUARTERS[n - 1]}季度", f"quarter {n}")) for n in range(1, 5)
    ]
    halves = [
        Window("h1", 1, 6, Sentence("上半年", "first half-year")),
        Window("h2", 7, 12, Sentence("下半年", "second half-year")),
    ]
    months = [Window(f"m{n:02d}", n, n, Sentence(f"{n}月", f"month {n}")) for n in range(1, 13)]
    return {window.id: window for window in (*quarters, *halves, *months)}


WINDOWS: Mapping[str, Window] = _windows()


EACH: Mapping[str, tuple[str, ...]] = {
    "month": tuple(f"m{n:02d}" for n in range(1, 13)),
    "quarter": ("q1", "q2", "q3", "q4"),
    "half_year": ("h1", "h2"),
}
"""The windows that an item is read in one by one, by the name of their kind."""


def lies_within(window: str, other: str) -> bool:
    """Say whether all months of a window belong to another."""
    inner, outer = WINDOWS[window], WINDOWS[other]
    return outer.first <= inner.first and inner.last <= outer.last


def years_back(years: int) -> str:
    """Return the window id of the same period so many years earlier."""
    return f"{years}y"


def years_of(window: str) -> int | None:
    """Return how many years a window id lies back; None where it is of another kind."""
    back = _YEARS_BACK.fullmatch(window)
    return None if back is None else int(back[1])


def look_back(months: int) -> str:
    """Return the window id of the last so many months."""
    return f"{months}m"


def window_days(window: str, on: date) -> tuple[date, date]:
    """Return the days of a window as seen on a day: of that year, or the months before it (the day itself included)."""
    back = _LOOK_BACK.fullmatch(window)
    if back is None:
        return WINDOWS[window].days(on.year)
    return months_before(on, int(back[1])), on


def months_before(day: date, months: int) -> date:
    """Return the day so many months earlier; where that month is shorter, its last day."""
    count = day.year * MONTHS_IN_YEAR + day.month - 1 - months
    year, month = divmod(count, MONTHS_IN_YEAR)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def window_of(key: str) -> str | None:
    """Return the slice of the year in an input key; None where it is of the whole period."""
    window = key.rpartition("@")[2]
    return window if "@" in key and window in WINDOWS else None


_EACH_WORDS = {
    "month": Sentence("逐月计分取平均", "scored month by month, the mean counts"),
    "quarter": Sentence("逐季计分取平均", "scored quarter by quarter, the mean counts"),
    "half_year": Sentence("逐半年计分取平均", "scored half-year by half-year, the mean counts"),
}


def rule_words(rule: Rule, maximum: int, labels: Labels, *, window: str | None, each: str | None) -> Sentence:
    """Return the rule of an item as a sentence, with the window or windows it is read in."""
    words = rule.describe(maximum, labels_within(labels, window))
    if each is None:
        return words
    return Sentence(f"{_EACH_WORDS[each].zh}：{words.zh}", f"{_EACH_WORDS[each].en}: {words.en}")


def labels_within(labels: Labels, window: str | None) -> Labels:
    """Return labels that name the window before the measure."""
    return labels if window is None else _Within(labels, WINDOWS[window].words)


class _Within(dict[str, Label]):
    """Labels of one window, made when they are asked for."""

    def __init__(self, labels: Labels, words: Sentence) -> None:
        super().__init__()
        self._labels = labels
        self._words = words

    def __missing__(self, measure: str) -> Label:
        label = self._labels[measure]
        return Label(
            self._words.zh + label.zh, f"{label.en} in {self._words.en}", label.unit_zh, label.unit_en, label.is_share
        )

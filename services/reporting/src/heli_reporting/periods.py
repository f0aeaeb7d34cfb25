"""The periods that forms and bulletins are about: a year, a half, a quarter, a month."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.spans import add_months

PART_PATTERN = r"^[0-9]{4}-?(H[12]|Q[1-4])$|^[0-9]{4}-(0[1-9]|1[0-2])$"
"""A half, a quarter or a month."""
PATTERN = rf"{PART_PATTERN}|^[0-9]{{4}}$"
"""The same, or a year."""
_HALVES = ("上半年", "下半年")
_QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")
_FIRST_YEAR, _LAST_YEAR = 1950, 9998
_MONTHS_IN_YEAR = 12
_PARTS_TOLD = (
    "2026-H1（半年，H1 或 H2）、2026-Q2（季度，Q1 至 Q4）或 2026-06（月份，01 至 12）",
    "2026-H1 (half-year, H1 or H2), 2026-Q2 (quarter, Q1 to Q4) or 2026-06 (month, 01 to 12)",
)
_TOLD = (f"2026（年）、{_PARTS_TOLD[0]}", f"2026 (year), {_PARTS_TOLD[1]}")


@dataclass(frozen=True, slots=True)
class Period:
    """A period: its code (2026, 2026-H1, 2026-Q2, 2026-06), what it is called, its first and last day."""

    code: str
    name: str
    first: date
    last: date

    @property
    def year(self) -> int:
        """Return the year that it lies in."""
        return self.first.year

    @property
    def previous_last(self) -> date:
        """Return the last day of the period before, which its figures are compared with."""
        return self.first - timedelta(days=1)


def period_of(code: str) -> Period:
    """Return the period of a code, written with a hyphen or (2026H1, 2026Q2) without; BadRequest for anything else."""
    return _period(code, PATTERN, _TOLD)


def part_of_year(code: str) -> Period:
    """Return the half-year, quarter or month of a code, as `period_of` does; BadRequest for a whole year."""
    return _period(code, PART_PATTERN, _PARTS_TOLD)


def _period(code: str, pattern: str, told: tuple[str, str]) -> Period:
    year = int(code[:4]) if re.fullmatch(pattern, code) else 0
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        zh = f"应写作 {told[0]}，年份为 {_FIRST_YEAR} 至 {_LAST_YEAR}"
        en = f"is written {told[1]}, of a year from {_FIRST_YEAR} to {_LAST_YEAR}"
        raise BadRequest(f"报告期{zh}。", f"A period {en}.", errors=[FieldProblem("parameter period", zh, en)])
    part = code[4:].removeprefix("-")
    start, months, name = _stretch(part)
    first = date(year, start, 1)
    shown = f"{year}-{part}" if part else str(year)
    return Period(shown, f"{year}年{name}", first, add_months(first, months) - timedelta(days=1))


def day_in_words(day: date) -> str:
    """Return a day as documents write it: 2026年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _stretch(part: str) -> tuple[int, int, str]:
    """Return the first month of a part of the year, how many months it has, and what it is called."""
    if not part:
        return 1, _MONTHS_IN_YEAR, ""
    if part[0] == "H":
        return 6 * int(part[1]) - 5, 6, _HALVES[int(part[1]) - 1]
    if part[0] == "Q":
        return 3 * int(part[1]) - 2, 3, _QUARTERS[int(part[1]) - 1]
    return int(part), 1, f"{int(part)}月"

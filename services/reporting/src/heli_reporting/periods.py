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
    year = int(code[:4]) if re.fullmatch(PATTERN, code) else 0
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise BadRequest(
            "报告期应写作 2026（年）、2026-H1（半年）、2026-Q2（季）或 2026-06（月）。",
            "A period is written 2026 (year), 2026-H1 (half-year), 2026-Q2 (quarter) or 2026-06 (month).",
            errors=[FieldProblem("parameter period", "格式有误", "is not a period")],
        )
    part = code[4:].removeprefix("-")
    start, months, name = _stretch(part)
    first = date(year, start, 1)
    shown = f"{year}-{part}" if part else str(year)
    return Period(shown, f"{year}年{name}", first, add_months(first, months) - timedelta(days=1))


def _stretch(part: str) -> tuple[int, int, str]:
    """Return the first month of a part of the year, how many months it has, and what it is called."""
    if not part:
        return 1, _MONTHS_IN_YEAR, ""
    if part[0] == "H":
        return 6 * int(part[1]) - 5, 6, _HALVES[int(part[1]) - 1]
    if part[0] == "Q":
        return 3 * int(part[1]) - 2, 3, _QUARTERS[int(part[1]) - 1]
    return int(part), 1, f"{int(part)}月"

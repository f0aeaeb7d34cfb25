"""The calendar of the State Council as a kept library knows it: holidays, days shifted to weekends, plain weeks."""

from datetime import date
from functools import cache
from typing import Any

FIRST_YEAR, LAST_YEAR = 1950, 2100
"""The years for which the library computes holidays."""


@cache
def _china() -> Any:
    import holidays

    return holidays.country_holidays("CN", language="zh_CN")


def is_working(day: date) -> bool:
    """Say whether a day is a working day: a weekday that is no holiday, or a weekend that was made one (调休)."""
    return bool(_china().is_working_day(day))


def name_of(day: date) -> str | None:
    """Return the holiday's name in Chinese, 调休上班 on a weekend that is worked, or None on any other day."""
    if day in _china().weekend_workdays:
        return "调休上班"
    found = _china().get(day)
    if found is None:
        return None
    # The library tells with which day a day off was exchanged; clerks say it in one word.
    return "调休放假" if found.startswith("休息日") else str(found).replace("（观察日）", "（补休）")


def is_announced(year: int) -> bool:
    """Say whether the year's shifted days are known; otherwise only the law's own holidays are."""
    return year in _china().special_public_holidays

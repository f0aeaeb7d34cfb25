"""What departments' opinions suggest (A first, B possible, C not suitable), and whether a grade holds on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Voice(StrEnum):
    """What one department says."""

    POSITIVE = "positive"  # 无异议
    CONCERN = "concern"  # 有保留
    NEGATIVE = "negative"  # 不宜


class Standing(StrEnum):
    """Whether an evaluation may be used on a day."""

    UNCONFIRMED = "unconfirmed"
    VALID = "valid"
    RECHECK_DUE = "recheck_due"
    RECHECK_FAILED = "recheck_failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A grade, None while opinions are missing, and why."""

    grade: str | None
    zh: str
    en: str


def suggested(asked: Sequence[str], voices: Mapping[str, Voice]) -> Suggestion:
    """Return the grade that opinions suggest: any negative one gives C, any concern B, all positive A."""
    against = [unit for unit in asked if voices.get(unit) is Voice.NEGATIVE]
    if against:
        listed = ", ".join(against)
        return Suggestion("C", f"有部门认为不宜：{listed}", f"not suitable according to {listed}")
    missing = [unit for unit in asked if unit not in voices]
    if missing:
        listed = ", ".join(missing)
        return Suggestion(None, f"尚缺部门意见：{listed}", f"opinions are missing of {listed}")
    reserved = [unit for unit in asked if voices[unit] is Voice.CONCERN]
    if reserved:
        listed = ", ".join(reserved)
        return Suggestion("B", f"有部门持保留意见：{listed}", f"with concerns of {listed}")
    return Suggestion("A", "各部门均无异议", "no department objects")


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")  # pragma: no cover


def standing_of(evaluation: Mapping[str, Any], on: date, *, recheck_months: int) -> Standing:
    """Return whether an evaluation may be used on a day.

    Within its validity, compliance and business are checked again: the last check may not be older than so many months.
    """
    if evaluation["status"] != "confirmed":
        return Standing.UNCONFIRMED
    if on.isoformat() > str(evaluation["valid_until"]):
        return Standing.EXPIRED
    if evaluation["recheck_passed"] is False:
        return Standing.RECHECK_FAILED
    checked = date.fromisoformat(str(evaluation["rechecked_on"] or evaluation["confirmed_on"]))
    return Standing.VALID if on <= months_after(checked, recheck_months) else Standing.RECHECK_DUE


def may_be_recommended(evaluation: Mapping[str, Any], standing: Standing) -> bool:
    """Say whether somebody may be put forward: evaluated A or B, and the evaluation holds."""
    return standing is Standing.VALID and evaluation["grade"] in {"A", "B"}

"""The days of a series, checked."""

from datetime import date

from heli_reporting.days import Every, ends_between
from heli_shared.kernel.errors import BadRequest, FieldProblem

MAX_DAYS = 120


def checked_days(first: date, last: date, every: Every) -> tuple[date, ...]:
    """Return the days of a series; BadRequest when it ends before it begins or would have too many."""
    if first > last:
        raise _refused("from", "起始日不能晚于截止日", "must not lie after to")
    # A month is the shortest step, so this bounds the work before any day is made.
    months = (last.year - first.year) * 12 + last.month - first.month
    days = tuple(ends_between(first, last, every)) if months <= MAX_DAYS * 12 else ()
    if not 1 <= len(days) <= MAX_DAYS:
        raise _refused("from", f"一个序列最多{MAX_DAYS}个时点", f"a series has at most {MAX_DAYS} points")
    return days


def _refused(parameter: str, zh: str, en: str) -> BadRequest:
    return BadRequest(
        f"参数 {parameter}：{zh}。",
        f"Parameter {parameter}: {en}.",
        errors=[FieldProblem(f"parameter {parameter}", zh, en)],
    )

"""Exact numbers of the engine: points and values as scaled 64-bit integers.

Points are kept in hundredths and values in ten-thousandths. With the limits below every product that a rule forms
stays under 2 · 10^18, so nothing can overflow an int64.
"""

from decimal import Decimal
from typing import overload

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
SmallArray = npt.NDArray[np.int8]
BoolArray = npt.NDArray[np.bool_]

POINT_SCALE = 100
VALUE_SCALE = 10_000
LARGEST_POINTS = Decimal(1000)
LARGEST_VALUE = Decimal(1_000_000_000)
ONE = VALUE_SCALE


def points_to_int(points: Decimal) -> int:
    """Return points in hundredths; ValueError when they have more than two decimals or are too large."""
    return _scaled(points, POINT_SCALE, LARGEST_POINTS)


def value_to_int(value: Decimal) -> int:
    """Return a value in ten-thousandths; ValueError when it has more than four decimals or is too large."""
    return _scaled(value, VALUE_SCALE, LARGEST_VALUE)


def _scaled(number: Decimal, scale: int, limit: Decimal) -> int:
    if not number.is_finite() or abs(number) > limit:
        raise ValueError(f"number out of range: at most {limit}")
    scaled = number * scale
    if scaled != scaled.to_integral_value():
        raise ValueError(f"too many decimals: at most {len(str(scale)) - 1}")
    return int(scaled)


def points_text(points: int) -> str:
    """Return hundredths of points as decimal text with two places, such as "12.50"."""
    sign = "-" if points < 0 else ""
    whole, rest = divmod(abs(points), POINT_SCALE)
    return f"{sign}{whole}.{rest:02d}"


def short_points(points: Decimal | int) -> str:
    """Return points (a Decimal, or hundredths as int) without needless zeros, for sentences."""
    number = points if isinstance(points, Decimal) else Decimal(points) / POINT_SCALE
    return _plain(number)


def value_text(value: int) -> str:
    """Return ten-thousandths as the shortest decimal text, such as "3" or "0.8125"."""
    return _plain(Decimal(value) / VALUE_SCALE)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


@overload
def half_up(part: int, whole: int) -> int: ...
@overload
def half_up(part: IntArray, whole: int | IntArray) -> IntArray: ...
def half_up(part: int | IntArray, whole: int | IntArray) -> int | IntArray:
    """Return part / whole rounded half up (towards more), for whole > 0, without leaving the integers."""
    return (2 * part + whole) // (2 * whole)

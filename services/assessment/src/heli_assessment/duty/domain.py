"""How a report on duty is scored: the mean of each group of judges, weighted, exact, and its grade."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

Grade = Literal["good", "fair", "average", "poor"]
_CENT = Decimal("0.01")
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Result:
    """What judges gave: marks and mean by group, the weighted total (None while a group that counts is missing)."""

    counts: Mapping[str, int]
    means: Mapping[str, Decimal | None]
    total: Decimal | None
    grade: Grade | None
    missing: tuple[str, ...]


def result_of(
    marks: Iterable[tuple[str, Decimal]], weights: Mapping[str, int], grades: Mapping[Grade, Decimal]
) -> Result:
    """Return the result of (group, points) under weights that add up to 100; grades start at their points."""
    points: dict[str, list[Fraction]] = {group: [] for group in weights}
    for group, given in marks:
        points[group].append(Fraction(given))
    means = {group: sum(given, Fraction(0)) / len(given) if given else None for group, given in points.items()}
    missing = tuple(group for group, weight in weights.items() if weight and means[group] is None)
    total = None
    if not missing:
        total = _rounded(
            sum((weights[group] * (means[group] or Fraction(0)) for group in weights), Fraction(0)) / _HUNDRED
        )
    return Result(
        counts={group: len(given) for group, given in points.items()},
        means={group: None if mean is None else _rounded(mean) for group, mean in means.items()},
        total=total,
        grade=None if total is None else _grade(total, grades),
        missing=missing,
    )


def _rounded(exact: Fraction) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_CENT, ROUND_HALF_UP)


def _grade(total: Decimal, grades: Mapping[Grade, Decimal]) -> Grade:
    found = [grade for grade, least in sorted(grades.items(), key=lambda each: -each[1]) if total >= least]
    return found[0] if found else "poor"

"""How far a statistic can still move until the open disputes are settled: exact, without trying every combination.

Each disputed enterprise adds one of a few parts (numerator, denominator) to the statistic, whatever the others add. A
part is (0, 0), (0, 1) or (1, 1), because who is in the numerator is in the denominator. For a share N ÷ D with
N ≤ D, and whatever N and D are,

* (1, 1) never makes it smaller than (0, 0) does, and (0, 1) never makes it larger: (N+1)/(D+1) ≥ N/D ≥ N/(D+1);

so the highest share takes (1, 1) before (0, 0) before (0, 1) for every enterprise by itself, the lowest the reverse.
Only where nothing else is counted at all (D = 0) a choice must leave one enterprise in, which is looked at apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Part = tuple[int, int]
_OUT, _LACKS, _HAS = (0, 0), (0, 1), (1, 1)


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the largest that a statistic can become; None where nothing would be counted in any case.

    `can_be_empty`: some settlement leaves nothing in the denominator, so that the share has no value.
    """

    low: Part | None
    high: Part | None
    can_be_empty: bool


def range_of_share(settled: Part, open_parts: Iterable[frozenset[Part]]) -> Range:
    """Return the range of a share whose settled enterprises add up to `settled`."""
    options = list(open_parts)
    high = _summed(settled, options, (_HAS, _OUT, _LACKS))
    low = _summed(settled, options, (_LACKS, _OUT, _HAS))
    if high[1] == 0:
        high = _LACKS if any(_LACKS in each for each in options) else high
    if low[1] == 0:
        low = _HAS if any(_HAS in each for each in options) else low
    can_be_empty = settled[1] == 0 and all(_OUT in each for each in options)
    return Range(low if low[1] else None, high if high[1] else None, can_be_empty)


def range_of_count(settled: int, open_parts: Iterable[frozenset[Part]]) -> Range:
    """Return the range of a count: of its numerator alone."""
    options = list(open_parts)
    low = settled + sum(min(part[0] for part in each) for each in options)
    high = settled + sum(max(part[0] for part in each) for each in options)
    return Range((low, 0), (high, 0), can_be_empty=False)


def _summed(settled: Part, options: list[frozenset[Part]], order: tuple[Part, ...]) -> Part:
    chosen = [next(part for part in order if part in each) for each in options]
    return settled[0] + sum(part[0] for part in chosen), settled[1] + sum(part[1] for part in chosen)

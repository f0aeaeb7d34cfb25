"""What the lint reports, where things stand in a book, and the check of intervals that bands and grades share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from heli_assessment.engine.book import Item, Limit, Part, Rulebook
from heli_assessment.measures.domain import Measure


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; an error refuses the book, a warning is shown with it."""

    code: str
    severity: Literal["error", "warning"]
    pointer: str
    zh: str
    en: str


Measures = Mapping[str, Measure]


def error(code: str, pointer: str, zh: str, en: str) -> Finding:
    """Return a finding that refuses the book."""
    return Finding(code, "error", pointer, zh, en)


def warning(code: str, pointer: str, zh: str, en: str) -> Finding:
    """Return a finding that is shown and refuses nothing."""
    return Finding(code, "warning", pointer, zh, en)


Bounds = tuple[Decimal | None, Decimal | None]


def intervals(pointer: str, bounds: Sequence[Bounds], *, code: str, lowest: Decimal | None) -> Iterator[Finding]:
    """Check that half-open intervals cover everything from `lowest` upwards once; they may run up or down."""
    rising = sorted(range(len(bounds)), key=lambda i: (bounds[i][0] is not None, bounds[i][0] or Decimal(0)))
    if code == "band" and rising != list(range(len(bounds))):
        yield error("band_order", pointer, "档次应按 at_least 从低到高排列", "bands must be in rising order")
    for i, (low, high) in enumerate(bounds):
        if low is not None and high is not None and low >= high:
            yield error(
                f"{code}_empty", f"{pointer}/{i}", "区间为空：at_least 应小于 below", "at_least must be below `below`"
            )
    first, last = rising[0], rising[-1]
    if bounds[first][0] not in {None, lowest}:
        zh, en = f"最低区间之下有空档：{bounds[first][0]} 以下没有规定", f"nothing is said below {bounds[first][0]}"
        yield error(f"{code}_hole", f"{pointer}/{first}", zh, en)
    if bounds[last][1] is not None:
        zh, en = (
            f"最高区间之上有空档：{bounds[last][1]} 以上没有规定",
            f"nothing is said from {bounds[last][1]} upwards",
        )
        yield error(f"{code}_hole", f"{pointer}/{last}", zh, en)
    for lower, upper in pairwise(rising):
        high, low = bounds[lower][1], bounds[upper][0]
        if high is None or low is None or high > low:
            yield error(f"{code}_overlap", f"{pointer}/{upper}", "区间重叠", "intervals overlap")
        elif high < low:
            zh, en = f"区间有空档：从 {high} 到 {low}", f"there is a hole from {high} to {low}"
            yield error(f"{code}_hole", f"{pointer}/{upper}", zh, en)


def pointed(book: Rulebook) -> Iterator[tuple[str, Part, Item]]:
    """Yield every item with its part and its JSON pointer."""
    for p, part in enumerate(book.parts):
        for i, item in enumerate(part.items):
            yield f"/parts/{p}/items/{i}", part, item


def pointed_limits(book: Rulebook) -> Iterator[tuple[str, Limit]]:
    """Yield every veto, cap and consequence with its JSON pointer."""
    for name, limits in (("vetoes", book.vetoes), ("caps", book.caps), ("consequences", book.consequences)):
        for i, limit in enumerate(limits):
            yield f"/{name}/{i}", limit

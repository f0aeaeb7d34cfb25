"""Postings: which texts hold which two neighbouring characters, and which two neighbouring initials of their sound.

A pair of characters falls into one of 16,384 tokens, so that a token's list has more than one entry even in a small
batch; what shares a token by chance is told apart afterwards by the text itself. Pairs that nearly every name holds
(有限公司 …) have no token.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from heli_shared.records.sounds import initial_maps

_BUCKETS = 1 << 14
_END = 10  # line feed: searchable texts hold no spaces of any kind
_LETTERS = 26
_EVERYWHERE = ("有限责任公司", "股份有限公司", "党支部", "委员会", "党总支")


def _code_units(text: str) -> Any:
    import numpy as np

    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16).astype(np.int64)


@cache
def _skipped() -> Any:
    import numpy as np

    units = [_code_units(text) for text in _EVERYWHERE]
    return np.unique(np.concatenate([each[:-1] << 16 | each[1:] for each in units]))


def _pairs(units: Any) -> tuple[Any, Any]:
    """Return each pair of neighbours that has a token, as its token, and where it begins."""
    import numpy as np

    left, right = units[:-1], units[1:]
    kept = (left != _END) & (right != _END) & ~np.isin(left << 16 | right, _skipped())
    places = np.flatnonzero(kept)
    mixed = left[places] * 0x9E3B + right[places] * 0x85EB
    return (mixed ^ mixed >> 14) % _BUCKETS, places


def tokens_of(text: str) -> list[int]:
    """Return the tokens of a searchable text: every text that contains it has all of them."""
    if len(text) < 2:  # noqa: PLR2004 - a pair
        return []
    return sorted(set(_pairs(_code_units(text))[0].tolist()))


def tokens_of_initials(initials: str) -> list[int]:
    """Return the tokens of initials a to z: every text that sounds like that has all of them."""
    numbers = [ord(letter) - ord("a") + 1 for letter in initials]
    return sorted({_initial_token(a, b) for a, b in pairwise(numbers)})


def _initial_token(left: Any, right: Any) -> Any:
    return _BUCKETS + left * (_LETTERS + 1) + right


def postings(texts: Sequence[str]) -> Iterator[tuple[int, list[int]]]:
    """Yield each token of the searchable texts with the places of the texts that hold it, both in order."""
    import numpy as np

    units = _code_units("\n".join(texts) + "\n")
    row = np.cumsum(units == _END) - (units == _END)
    tokens, places = _pairs(units)
    found = [tokens << 32 | row[places], *_sounds(units, row)]
    both = np.concatenate(found)
    both.sort()  # np.unique hashes, which takes ten times as long for numbers like these
    both = both[np.diff(both, prepend=-1) != 0]
    if not both.size:
        return
    tokens, rows = both >> 32, both & 0xFFFFFFFF
    starts = np.flatnonzero(np.diff(tokens, prepend=-1))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(tokens)], strict=True):
        yield int(tokens[start]), rows[start:end].tolist()


def _sounds(units: Any, row: Any) -> Iterator[Any]:
    """Yield the tokens of neighbouring initials with their rows, by the readings of either character."""
    first, last = initial_maps()
    heard = (first[units] > 0) | (units == _END)
    kept, rows = units[heard], row[heard]
    same = rows[:-1] == rows[1:]
    common, other = first[kept].astype("int64"), last[kept].astype("int64")
    differs = common != other
    for left, right, wanted in (
        (common, common, same),
        (other, common, same & differs[:-1]),
        (common, other, same & differs[1:]),
        (other, other, same & differs[:-1] & differs[1:]),
    ):
        both = wanted & (left[:-1] > 0) & (right[1:] > 0)
        yield _initial_token(left[:-1][both], right[1:][both]) << 32 | rows[:-1][both]

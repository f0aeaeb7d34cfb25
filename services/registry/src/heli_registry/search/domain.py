"""How well a name fits what was typed: exactly, from its beginning, somewhere in it, by its sound, or nearly.

`docs/rules/name-matching.md` tells the scores in prose.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from heli_registry.names.domain import Parts, regions_agree

Match = Literal["exact", "code", "prefix", "contains", "pinyin", "fuzzy"]
MATCHES: tuple[Match, ...] = ("exact", "code", "prefix", "contains", "pinyin", "fuzzy")

_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{4,18}")
_LETTERS = re.compile(r"[a-z]{2,24}")
_SAME_CORE = 96
_OTHER_REGION = 70
_LEAST_ALIKE = 70
_HALVED = 4
_IN_THIRDS = 6
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """How a name fits, and how well: 0 to 100."""

    match: Match
    score: int


def code_in(typed: str) -> str | None:
    """Return the beginning of a credit code that was typed, in capitals and half width; None when it is none."""
    text = typed.upper()
    has_digit = any(character.isdigit() for character in text)
    return text if has_digit and _CODE.fullmatch(text) else None


def letters_in(typed: str) -> str | None:
    """Return letters that may be pinyin; None when there is anything else."""
    return typed if _LETTERS.fullmatch(typed) else None


def fit_of_text(typed: str, text: str) -> Fit | None:
    """Return how a searchable text fits a typed one by its characters; None when it does not hold it."""
    if typed == text:
        return Fit("exact", 100)
    if not typed or typed not in text:
        return None
    share = len(typed) / len(text)
    if text.startswith(typed):
        return Fit("prefix", round(85 + 10 * share))
    return Fit("contains", round(75 + 10 * share))


def fit_of_sound(typed: str, place: int, text: str) -> Fit:
    """Return how a text fits letters that are heard in it from a place on: better at its beginning, and in a short one.

    Letters say less than characters, so the best sound stands below the worst text.
    """
    return Fit("pinyin", round(60 + (8 if place == 0 else 0) + 6 * min(1.0, len(typed) / (3 * len(text)))))


def likeness(one: Parts, other: Parts) -> int:
    """Return how alike two names are, 0 to 100, by what tells them apart; regions that contradict weigh against it."""
    from rapidfuzz import fuzz

    if one.core == other.core:
        return _SAME_CORE if regions_agree(one.region, other.region) else _OTHER_REGION
    alike = fuzz.ratio(one.core, other.core)
    if not regions_agree(one.region, other.region):
        alike -= 20
    return max(0, min(_SAME_CORE - 1, round(alike)))


def fit_of_likeness(one: Parts, other: Parts) -> Fit | None:
    """Return how a name fits that is nearly the same; None when it is not."""
    alike = likeness(one, other)
    return Fit("fuzzy", alike) if alike >= _LEAST_ALIKE else None


def unharmed_pieces(core: str) -> tuple[str, ...]:
    """Return pieces of which at least one is whole in every spelling with one slip; with two slips when it is long."""
    length = len(core)
    if length < _PAIR:
        return ()
    if length < _HALVED:
        return tuple(dict.fromkeys((core[:_PAIR], core[-_PAIR:])))
    cuts = (0, length // 3, 2 * length // 3, length) if length >= _IN_THIRDS else (0, length // 2, length)
    return tuple(dict.fromkeys(core[start:end] for start, end in pairwise(cuts)))

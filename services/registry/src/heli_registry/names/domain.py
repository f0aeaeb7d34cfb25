"""What of a name or an address tells one enterprise from another, and how alike two names are.

`docs/rules/name-matching.md` tells these rules in prose, with worked examples.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from heli_shared.kernel.text import searchable

COMPANY = "有限公司"
# The form, or the form with one character wrong or missing.
_FORM = re.compile("(有限公司|有限公.|有限.司|有.公司|有限公|有限司|限公司)$")
_LIABILITY = "有限责任公司"
_BRACKETS = re.compile("[][(){}<>〔〕【】〈〉《》「」『』\"'“”‘’·•.,。、]")
_PUNCTUATION = re.compile(r"[^\w]|_")
# A place that the gazetteer does not know, by its kind; a market or a municipal company begins no name of a place.
_UNKNOWN_REGION = re.compile(r"[\u4e00-\u9fff]{2,3}?(?:省|自治区|自治州|自治县|市(?![场政容民])|县)")
_LEAST_LEFT = 2
_BRANCH = re.compile(r"(分公司|分店|分厂|分行|支行|分所|办事处|营业部|门市部)$")
_LEAST_PLACE = 5
# Whether the town is told or left out says nothing: the record's division tells it.
_TOWN = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:街道办事处|街道|镇|乡)(?=[\u4e00-\u9fff]{2})")
_DIGIT = re.compile(r"\d|[一二三四五六七八九十]号")
_SAID_TWICE = re.compile(r"^(中国|china)")


class Regions:
    """Names of regions, found at the beginning of a text."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take names of two characters or more."""
        self._names = frozenset(names)
        lengths: dict[str, set[int]] = {}
        for name in self._names:
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {begin: sorted(found, reverse=True) for begin, found in lengths.items()}

    def begin(self, text: str, place: int) -> int:
        """Return how long the region's name is that begins here, 0 when none does."""
        for length in self._lengths.get(text[place : place + 2], ()):
            if text[place : place + length] in self._names:
                return length
        found = _UNKNOWN_REGION.match(text, place)
        return found.end() - place if found else 0


class Parts(NamedTuple):
    """A name taken apart: the regions it begins with, and the rest without its form (有限公司)."""

    region: str
    core: str


def plain_name(text: str) -> str:
    """Return a searchable text of a name without brackets, its form in one spelling."""
    return _BRACKETS.sub("", text).replace(_LIABILITY, COMPANY)


def name_parts(text: str, regions: Regions) -> Parts:
    """Take the searchable text of a name apart; a region stays where nothing that tells an enterprise would remain."""
    rest = plain_name(text)
    form = _FORM.search(rest)
    if form is not None and form.start() >= _LEAST_LEFT:
        rest = rest[: form.start()]
    begins, core = _without_regions(rest, regions)
    return Parts(begins, core)


def _without_regions(text: str, regions: Regions) -> tuple[str, str]:
    place = 0
    while True:
        length = regions.begin(text, place)
        if not length or len(text) - place - length < _LEAST_LEFT:
            return text[:place], text[place:]
        place += length


def is_branch(text: str) -> bool:
    """Say whether a searchable text names a branch office, which is never the same as its head office."""
    return _BRANCH.search(plain_name(text)) is not None


def place_of(address: str, regions: Regions) -> str | None:
    """Return what of an address tells one place from another; None when it is too vague to tell."""
    text = _PUNCTUATION.sub("", searchable(address))
    if _DIGIT.search(text) is None:
        return None
    _, place = _without_regions(_SAID_TWICE.sub("", text), regions)
    town = _TOWN.match(place)
    place = place[town.end() :] if town else place
    return place if len(place) >= _LEAST_PLACE else None


def regions_agree(one: str, other: str) -> bool:
    """Say whether the regions of two names can be the same: one may be left out, or told more closely."""
    return one == other or not one or not other or one in other or other in one or _stem(one) == _stem(other)


def _stem(region: str) -> str:
    return re.sub(r"[省市县区州]", "", region)

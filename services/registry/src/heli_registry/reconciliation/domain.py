"""How well a record answers a reconciliation query: the name, and what the query tells beside it.

`docs/rules/name-matching.md` tells the scores in prose, with worked examples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heli_registry.names.domain import Parts

MATCHES_FROM = 93
_CLEAR_BY = 3
_EXACT = 100
_OTHER_CODE = 40
_SAME_DIVISION, _OTHER_DIVISION = 4, -10
_SAME_PLACE, _OTHER_PLACE = 4, -4
_SAME_VALUE, _OTHER_VALUE = 2, -3
_MOST_UNSURE = 99


@dataclass(frozen=True, slots=True)
class Query:
    """One query of a batch: a name (empty when there is none), values of properties, and how many candidates."""

    text: str
    properties: tuple[tuple[str, tuple[str, ...]], ...]
    limit: int
    types: tuple[str, ...] = ()

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values given for a property."""
        return tuple(value for pid, values in self.properties if pid == name for value in values)


@dataclass(frozen=True, slots=True)
class Subject:
    """What of a record is compared: its searchable name taken apart, its place, its key and its fields as text."""

    key: str
    text: str
    parts: Parts
    place: str | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """A candidate's score, 0 to 100, and the features it was made of."""

    total: float
    features: tuple[tuple[str, float | bool], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query made comparable: its searchable text taken apart, and the place its address names."""

    query: Query
    text: str
    parts: Parts
    place: str | None
    code: str | None


def score_of(asked: Asked, subject: Subject, *, likeness: int) -> Score:
    """Return how well a record answers: `likeness` of the names first, then what speaks for and against.

    An equal code decides, a different one counts heavily against; nothing else makes a name sure that is not alike.
    """
    name: float = _EXACT if asked.text == subject.text else likeness
    features: list[tuple[str, float | bool]] = [("name_likeness", name)]
    total = name
    if asked.code is not None:
        is_same = subject.key == asked.code
        features.append(("code_equal", is_same))
        total = _EXACT if is_same else total - _OTHER_CODE
        if is_same:
            return Score(_EXACT, tuple(features))
    bonus = 0
    for pid, values in asked.query.properties:
        if pid != "uscc" and values:
            points, is_equal = _points(pid, values, asked, subject)
            features.append((f"{pid}_equal", is_equal))
            bonus += points
    # What is told beside the name sorts equals; only an exact name without anything against it is surely right.
    total = total + bonus if bonus < 0 or total >= _EXACT else min(_MOST_UNSURE, total + bonus)
    return Score(max(0, min(_EXACT, total)), tuple(features))


def _points(pid: str, values: Sequence[str], asked: Asked, subject: Subject) -> tuple[int, bool]:
    if pid == "division":
        own = str(subject.fields.get("division") or "")
        is_equal = any(own.startswith(value.rstrip("0") or "-") for value in values)
        return (_SAME_DIVISION if is_equal else _OTHER_DIVISION), is_equal
    if pid == "address":
        if asked.place is None or subject.place is None:
            return 0, False
        is_equal = asked.place in subject.place or subject.place in asked.place
        return (_SAME_PLACE if is_equal else _OTHER_PLACE), is_equal
    is_equal = str(subject.fields.get(pid)) in values
    return (_SAME_VALUE if is_equal else _OTHER_VALUE), is_equal


def is_match(scores: Sequence[float], place: int) -> bool:
    """Say whether the candidate in this place is surely the one: the first, sure by itself, and clear of the second."""
    second = scores[1] if len(scores) > 1 else 0.0
    return place == 0 and scores[0] >= MATCHES_FROM and scores[0] - second >= _CLEAR_BY

"""Searching for a caller: the records of a kind that fit what was typed best, in the caller's scope."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from heli_registry.names.matching import parts_of
from heli_registry.search.domain import (
    Fit,
    code_in,
    fit_of_likeness,
    fit_of_sound,
    fit_of_text,
    letters_in,
    unharmed_pieces,
)
from heli_registry.search.repository import NameReader
from heli_shared.kernel.text import searchable
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind
from heli_shared.records.postings import tokens_of, tokens_of_initials
from heli_shared.records.service import Resource
from heli_shared.records.sounds import sounds_like, spellings

Reader = NameReader
"""What reads the index of names of one kind, for features that look names up."""
_LOOKED_AT = 200
_LOOKED_AT_LIKE = 500
_HEARD = 700
_LEAST_ALIKE = 3
_SHOWN = ("division", "address")
_CODE_SCORE = 90


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that fits, and how."""

    row: Any
    fit: Fit


class Hits:
    """The best fit of each record that was met."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._by_key: dict[str, Hit] = {}

    def add(self, rows: Iterable[Any], fit: Callable[[Any], Fit | None]) -> None:
        """Keep the rows that fit, each with its best fit."""
        for row in rows:
            found = fit(row)
            known = self._by_key.get(row.key)
            if found is not None and (known is None or known.fit.score < found.score):
                self._by_key[row.key] = Hit(row, found)

    def __contains__(self, key: object) -> bool:
        """Say whether a record was met."""
        return key in self._by_key

    def __len__(self) -> int:
        """Return how many records fit."""
        return len(self._by_key)

    def best(self, limit: int) -> list[Hit]:
        """Return the best hits: by score, open before closed, short names before long ones."""

        def place(hit: Hit) -> tuple[Any, ...]:
            return -hit.fit.score, hit.row.state != "open", len(hit.row.text), hit.row.key

        return sorted(self._by_key.values(), key=place)[:limit]


def search(call: RecordCall, resource: Resource, typed: str, limit: int) -> list[Hit]:
    """Return the records that fit what was typed best, best first."""
    text = searchable(typed)
    if not text:
        return []
    reader = reader_of(call, resource)
    hits = Hits()
    _add_code(hits, reader, resource.kind, text, limit)
    hits.add(reader.beginning("text", text, _LOOKED_AT), lambda row: fit_of_text(text, row.text))
    if len(text) > 1:
        hits.add(reader.holding(tokens_of(text), _LOOKED_AT, text=text), lambda row: fit_of_text(text, row.text))
    letters = letters_in(text)
    if letters:
        _add_sounds(hits, reader, letters, limit)
    if len(hits) < limit and len(text) >= _LEAST_ALIKE:
        add_alike(hits, reader, text)
    return hits.best(limit)


def reader_of(call: RecordCall, resource: Resource) -> NameReader:
    """Return a reader of the names that the caller may see."""
    shown = [name for name in _SHOWN if name in resource.kind.by_name]
    visible = [condition.clause for condition in resource.visible(call.session, call.principal.scope)]
    return NameReader(call.session, resource.kind, visible, shown=shown)


def _add_code(hits: Hits, reader: NameReader, kind: RecordKind, text: str, limit: int) -> None:
    code = code_in(text)
    if kind.prefix is None and code is not None:
        exact = Fit("exact", 100)
        begun = Fit("code", _CODE_SCORE)
        hits.add(reader.beginning("key", code, limit), lambda row: exact if row.key == code else begun)


def _add_sounds(hits: Hits, reader: NameReader, letters: str, limit: int) -> None:
    def fit(row: Any) -> Fit | None:
        place = sounds_like(row.text, letters)
        return None if place is None else fit_of_sound(letters, place, row.text)

    for initials in spellings(letters):
        hits.add(reader.holding(tokens_of_initials(initials), _HEARD), fit)
        if len(hits) >= limit:
            return


def add_alike(hits: Hits, reader: NameReader, text: str) -> None:
    """Add records whose names are nearly the same: some piece of what tells them apart is whole in both."""
    wanted = parts_of(text)

    def fit(row: Any) -> Fit | None:
        return None if row.key in hits else fit_of_likeness(wanted, parts_of(row.text))

    for piece in unharmed_pieces(wanted.core):
        hits.add(reader.holding(tokens_of(piece), _LOOKED_AT_LIKE), fit)

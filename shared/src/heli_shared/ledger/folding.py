"""The fold: a record on a day, as known at a point of the ledger, is its entries laid over one another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli_shared.ledger.entries import Entry


@dataclass(frozen=True, slots=True)
class Folded:
    """A record as its entries make it: JSON values by field, the last seq and the last day of effect laid in."""

    values: dict[str, Any]
    version: int
    last_effective_on: date


def fold(entries: Iterable[Entry], *, on: date | None = None, known_at: int | None = None) -> Folded | None:
    """Lay a record's entries over one another: by day of effect, then by seq, field by field, the last write wins.

    Entries with effect after `on` or a seq beyond `known_at` are left out; None when nothing remains, that is when
    the record did not exist (or was not known) then.
    """
    chosen = [
        entry
        for entry in entries
        if (on is None or entry.effective_on <= on) and (known_at is None or entry.seq <= known_at)
    ]
    chosen.sort(key=lambda entry: (entry.effective_on, entry.seq))
    if not any(entry.operation == "create" for entry in chosen):
        return None
    values: dict[str, Any] = {}
    for entry in chosen:
        values.update(entry.changes)
    return Folded(values, max(entry.seq for entry in chosen), chosen[-1].effective_on)

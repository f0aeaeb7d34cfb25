"""Successions: where today's structure puts what stood at a node that has been merged or split since."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Part:
    """What took the place of a node, and whether it took the rest of a split."""

    successor: str
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A merge (one part) or split of a node: the day from which it holds, and its place in the ledger."""

    day: date
    seq: int
    parts: tuple[Part, ...]

    def applies_to(self, day: date, seq: int | None) -> bool:
        """Say whether it moves what came to the node on a day, by an entry: later ones do, and those recorded later.

        What is read as of a day (seq None) has every change of that day behind it.
        """
        return self.day > day or (seq is not None and self.seq > seq)

    def taken_by(self, place: str | None) -> str | None:
        """Return the part that took what stood at `place` on the day of the change; None when nobody took it."""
        if len(self.parts) == 1:
            return self.parts[0].successor
        within = [each.successor for each in self.parts if each.successor == place]
        rest = [each.successor for each in self.parts if each.is_rest]
        return next(iter(within or rest), None)


class Successions:
    """Where a node's place is today: its changes, followed one after the other."""

    def __init__(self, changes: Mapping[str, Sequence[Change]]) -> None:
        """Take the changes by the node that went."""
        self._changes = changes

    def __contains__(self, key: object) -> bool:
        """Say whether a node ever went."""
        return key in self._changes

    @property
    def have_splits(self) -> bool:
        """Say whether a node was ever split, so that what stood at it has to be asked where it went."""
        return any(len(change.parts) > 1 for changes in self._changes.values() for change in changes)

    def place_now(self, key: str, on: date, place_on: Callable[[date, int], str | None]) -> str:
        """Return where today's structure puts what stood at a node on a day.

        A merge leads to the other node. A split leads to the part where it put the thing itself, read as of the day and
        as known when the split was recorded (`place_on` day and seq). What it did not know goes to the rest; where
        nobody took the rest, it stays at the node that went, and goes on with that if it is opened and goes again.
        """
        day, seq = on, None
        while True:
            later = [each for each in self._changes.get(key, ()) if each.applies_to(day, seq)]
            if not later:
                return key
            change = min(later, key=lambda each: (each.day, each.seq))
            day = max(day, change.day)
            key, seq = change.taken_by(place_on(day, change.seq)) or key, change.seq


def changes_of(rows: Iterable[tuple[str, str, bool, date, int]]) -> dict[str, list[Change]]:
    """Return the changes of each node from its successions (node, successor, is rest, day, seq), in order of seq.

    The successions of one change were written without a gap; between two changes lies at least the closing of a node.
    """
    found: dict[str, list[Change]] = defaultdict(list)
    last: tuple[str, int] | None = None
    for node, successor, is_rest, day, seq in rows:
        part = Part(successor, is_rest)
        if last == (node, seq - 1):
            change = found[node][-1]
            found[node][-1] = Change(change.day, seq, (*change.parts, part))
        else:
            found[node].append(Change(day, seq, (part,)))
        last = (node, seq)
    return dict(found)

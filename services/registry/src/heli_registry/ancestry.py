"""Who stands above whom on any day: a move that would close a circle is refused, also on a day that has passed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from heli_registry.pending import pending_links
from heli_shared.db.engine import is_writing
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.ledger.appending import lock_head
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import list_of_record
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind

Steps = Sequence[tuple[date, str | None]]
"""What stood above something from which days on, in order: it holds until the next step."""
Links = Callable[[str], Iterable[Steps]]
"""Tells what ever stood above a node: one run of steps for each link it has."""
Values = Mapping[str, Any]


def steps_of(entries: Iterable[Entry], above: Callable[[Values], str | None]) -> Steps:
    """Return what stood above a record from which days on, read from its values on each day it changed."""
    known = list(entries)
    days = sorted({entry.effective_on for entry in known})
    folds = ((day, fold(known, on=day)) for day in days)
    return [(day, above(folded.values)) for day, folded in folds if folded is not None]


def step_on(steps: Steps, day: date) -> str | None:
    """Return what stood above on a day."""
    found = None
    for since, above in steps:
        if since > day:
            break
        found = above
    return found


def first_day_below(key: str, top: str, links: Links, *, start: date, end: date | None = None) -> date | None:
    """Return the first day from `start` to before `end` on which a node is another or stands below it, or None."""
    days, seen, waiting = {start}, {key}, [key]
    while waiting:
        for since, above in (step for steps in links(waiting.pop()) for step in steps):
            if since > start and (end is None or since < end):
                days.add(since)
            if above is not None and above not in seen:
                seen.add(above)
                waiting.append(above)
    if top not in seen:
        return None
    return next((day for day in sorted(days) if _is_below(key, top, links, day)), None)


def _is_below(key: str, top: str, links: Links, day: date) -> bool:
    seen, waiting = {key}, [key]
    while waiting:
        node = waiting.pop()
        if node == top:
            return True
        above = {step_on(steps, day) for steps in links(node)}
        waiting += [each for each in above if each is not None and each not in seen]
        seen |= {each for each in above if each is not None}
    return False


class Ancestry:
    """The nodes of one kind as a call sees them, each read from the ledger once."""

    def __init__(self, call: RecordCall, kind: RecordKind) -> None:
        """Read nothing yet."""
        self._call = call
        self._kind = kind
        self._entries: dict[str, list[Entry]] = {}
        self._pending = pending_links(call, kind.entity)

    def is_pending(self, key: str) -> bool:
        """Say whether the list that is being read brings a node."""
        return key in self._pending

    def entries(self, key: str) -> list[Entry]:
        """Return a node's entries."""
        if key not in self._entries:
            self._entries[key] = list_of_record(self._call.session, self._call.ledger, self._kind.entity, key)
        return self._entries[key]

    def values(self, key: str, day: date) -> Values | None:
        """Return a node's values on a day, or None when it was not there."""
        folded = fold(self.entries(key), on=day)
        return None if folded is None else folded.values

    def steps(self, key: str) -> Steps:
        """Return a node's parents; of one that the same list brings, the parent that the list names, on every day."""
        if self.is_pending(key):
            return [(date.min, self._pending[key])]
        return steps_of(self.entries(key), lambda values: values.get("parent"))

    def links(self, key: str) -> Iterable[Steps]:
        """Return the one link of a node to its parents."""
        return (self.steps(key),)


def check_parent(call: RecordCall, kind: RecordKind, before: Values | None, after: Values, effective: date) -> None:
    """Refuse a parent that is closed on the day, or under which the node would stand below itself on any day.

    A move holds until the node's next move: no day from the one to the other may see a circle.
    """
    parent, key = after["parent"], after[kind.key]
    if parent is None or (before is not None and call.written is not None and "parent" not in call.written):
        return
    # Two moves at once could close a circle together: the second waits until the first is done.
    if before is not None and is_writing(call.session):
        lock_head(call.session, call.ledger)
    ancestry = Ancestry(call, kind)
    own = [] if before is None else steps_of(ancestry.entries(key), lambda values: values.get("parent"))
    if own and step_on(own, effective) == parent:
        return
    _check_is_there(ancestry, kind, parent, effective, is_new=before is None)
    end = next((day for day, above in own if day > effective and above != step_on(own, effective)), None)
    day = first_day_below(parent, key, ancestry.links, start=effective, end=end)
    if day is not None:
        found = FieldProblem("/parent", f"形成循环（{day}）", f"makes a circle on {day}")
        raise InvalidInput(
            f"上级{kind.zh}不能是本身或其下级。",
            f"A {kind.entity.replace('_', ' ')} cannot stand above itself.",
            errors=[found],
        )


def _check_is_there(ancestry: Ancestry, kind: RecordKind, parent: str, day: date, *, is_new: bool) -> None:
    values = ancestry.values(parent, day)
    # A new node may be older on paper than its parent; one that moves must find the new parent standing.
    if (values is None and is_new) or (values is not None and values.get("state") == "open"):
        return
    if ancestry.is_pending(parent):
        return
    found = FieldProblem("/parent", f"在{day}未启用", f"is not open on {day}")
    raise InvalidInput(f"上级{kind.zh}在生效日未启用。", "The parent is not open on that day.", errors=[found])

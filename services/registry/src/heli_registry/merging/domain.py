"""What a merger does with what hangs on the enterprise that goes: moved to the other, or closed as a double."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

# What makes two links of one kind say the same about an enterprise; of other kinds, everything they say.
_SAME_WHEN: Mapping[str, tuple[str, ...]] = {
    "cover": ("organization",),
    "assignment": ("person", "role"),
    "mass_organization": ("kind",),
    "pairing": ("unit",),
    "secretary_candidate": ("person",),
}
_NOT_SAID = frozenset({"state", "closed_on", "closed_reason", "version"})


@dataclass(frozen=True, slots=True)
class Link:
    """An open record of some kind whose `field` names an enterprise; `day` is its last day of effect so far."""

    entity: str
    key: str
    field: str
    values: Mapping[str, Any]
    day: date

    def says(self) -> tuple[Any, ...]:
        """Return what the link says, whichever enterprise it is about."""
        names = _SAME_WHEN.get(self.entity)
        if names is None:
            names = tuple(sorted(set(self.values) - _NOT_SAID - {self.field}))
        return (self.entity, self.field, *(_hashable(self.values.get(name)) for name in names))


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one link: moved from a day on, or closed; a double may have to be moved until it is closed."""

    link: Link
    moved_on: date | None
    closed_on: date | None


def steps_of(of_source: Iterable[Link], of_target: Iterable[Link], merged_on: date) -> Sequence[Step]:
    """Return what becomes of the links of the enterprise that goes, so that the one that stays has none of them twice.

    A link that was changed after the merger's day moves on that later day: until then it says what was so. Where the
    one that stays says the same from a later day only, the link moves and is closed on that day, so that no day is
    without it.
    """
    known: dict[tuple[Any, ...], date] = {link.says(): link.day for link in of_target}
    steps = []
    for link in sorted(of_source, key=lambda each: (each.entity, each.key)):
        day, twin = max(merged_on, link.day), known.get(link.says())
        if twin is None:
            steps.append(Step(link, day, None))
            known[link.says()] = day
        elif twin > day:
            steps.append(Step(link, day, twin))
        else:
            steps.append(Step(link, None, day))
    return steps


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

"""The burden meter: answers a year that forms ask for, and what is left of them when held values are filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a form: the registry field it is, or None for free text."""

    label: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """A form with its items, how many targets fill it, and for how many of them each field is held."""

    id: str
    name: str
    unit: str
    target_kind: str
    times_per_year: int
    items: tuple[Item, ...]
    targets: int
    held: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Twice:
    """One field that more than one form asks for."""

    kind: str
    field: str
    forms: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitBurden:
    """What one unit asks for in a year: answers now, and answers left when held values are filled in."""

    unit: str
    forms: int
    items: int
    items_held: int
    answers: int
    answers_left: int


def is_held(form: Form, item: Item) -> bool:
    """Say whether the registry holds an item for at least one of the form's targets."""
    return item.field is not None and form.held.get(item.field, 0) > 0


def answers(form: Form) -> int:
    """Return items × targets × times a year."""
    return len(form.items) * form.targets * form.times_per_year


def answers_left(form: Form) -> int:
    """Return the answers a year that nobody holds yet: free text, and fields of targets that have no value.

    A field without a value is typed once, at the first filling; from then on it is held.
    """
    free = sum(item.field is None for item in form.items) * form.targets * form.times_per_year
    missing = sum(form.targets - form.held.get(item.field, 0) for item in form.items if item.field is not None)
    return free + missing


def by_unit(forms: Sequence[Form]) -> list[UnitBurden]:
    """Return the burden of each unit, the heaviest first."""
    found = []
    for unit in {form.unit for form in forms}:
        own = [form for form in forms if form.unit == unit]
        found.append(
            UnitBurden(
                unit=unit,
                forms=len(own),
                items=sum(len(form.items) for form in own),
                items_held=sum(is_held(form, item) for form in own for item in form.items),
                answers=sum(map(answers, own)),
                answers_left=sum(map(answers_left, own)),
            )
        )
    return sorted(found, key=lambda each: (-each.answers, each.unit))


def asked_twice(forms: Sequence[Form]) -> list[Twice]:
    """Return the fields that more than one form asks of the same kind of target, the most asked first."""
    asking: dict[tuple[str, str], list[Form]] = {}
    for form in forms:
        for field in {item.field for item in form.items if item.field is not None}:
            asking.setdefault((form.target_kind, field), []).append(form)
    found = [
        Twice(kind, field, tuple(sorted(f.id for f in each)), tuple(sorted({f.unit for f in each})))
        for (kind, field), each in asking.items()
        if len(each) > 1
    ]
    return sorted(found, key=lambda each: (-len(each.forms), each.kind, each.field))

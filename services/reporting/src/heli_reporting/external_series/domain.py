"""A series of published figures: values that are joined only where they were counted by one definition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from heli_shared.kernel.errors import BadRequest, FieldProblem


@dataclass(frozen=True, slots=True)
class Definition:
    """What some of the values count: their unit, and for a share of what it is one."""

    id: str
    zh: str
    en: str
    unit: str
    denominator: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """A published figure of a day: the number counted, the share, or both, by a definition and from a source.

    `is_confirmed` is False for what is told in general and was not read in the source itself.
    """

    on: date
    definition: str
    count: int | None
    share: Decimal | None
    source: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class ExternalSeries:
    """Published figures under one name, by day."""

    id: str
    zh: str
    en: str
    definitions: tuple[Definition, ...]
    values: tuple[Value, ...]

    def chosen(self, definition: str | None) -> tuple[Value, ...]:
        """Return the values of one definition (None: all); BadRequest when there is no such definition."""
        known = [each.id for each in self.definitions]
        if definition is not None and definition not in known:
            raise BadRequest(
                f"没有这个口径：{definition}；可用：{', '.join(known)}。",
                f"There is no definition {definition}; there are: {', '.join(known)}.",
                errors=[FieldProblem("parameter definition", "没有这个口径", "is not known")],
            )
        return tuple(each for each in self.values if definition in {None, each.definition})


@dataclass(frozen=True, slots=True)
class Turn:
    """From `on` the values are of another definition than before."""

    on: date
    before: str
    after: str


def turns_of(values: Sequence[Value]) -> list[Turn]:
    """Return where neighbouring values are of two definitions."""
    return [
        Turn(two.on, one.definition, two.definition)
        for one, two in pairwise(values)
        if one.definition != two.definition
    ]

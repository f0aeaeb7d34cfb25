"""Checks as predicates on one record of any day: plain Python over JSON values, with linked records looked up."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol, assert_never

from heli_registry.quality.domain import (
    Compare,
    Condition,
    Constant,
    Count,
    Every,
    Exists,
    Is,
    Link,
    Missing,
    Not,
    OneOf,
    OrZero,
    Own,
    Part,
    Product,
    Shared,
    Some,
    Sum,
    Term,
    ThisYear,
    Threshold,
    Today,
    YearOf,
)
from heli_shared.statistics.parameters import parameter

Values = Mapping[str, Any]

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


class Records(Protocol):
    """The records of the day, found by the values of some of their fields."""

    def matching(self, kind: str, fields: tuple[str, ...], values: tuple[Any, ...]) -> Sequence[Values]:
        """Return the records of a kind, open and closed, whose fields have these values."""
        ...

    def key_of(self, kind: str) -> str:
        """Return the name of a kind's key field."""
        ...


@dataclass(frozen=True, slots=True)
class Day:
    """What a predicate reads beside the record: the day, its parameters, and the other records."""

    on: date
    records: Records

    def threshold(self, name: str) -> Any:
        """Return a parameter's value on the day, None before its first."""
        found = parameter(name).find(self.on)
        return None if found is None else found.value


def holds(condition: Condition, kind: str, chain: tuple[Values, ...], day: Day) -> bool:  # noqa: PLR0911 - one case for each word
    """Say whether a condition holds for the first record of a chain; the others are the ones outside its links."""
    match condition:
        case Missing(field):
            return _value(field, kind, chain, day) is None
        case Is(field, value):
            return bool(_value(field, kind, chain, day) == value)
        case OneOf(term, values):
            return _value(term, kind, chain, day) in values
        case Compare(left, sign, right):
            first, second = _value(left, kind, chain, day), _value(right, kind, chain, day)
            return first is not None and second is not None and _OPERATORS[sign](first, second)
        case Every(conditions):
            return all(holds(each, kind, chain, day) for each in conditions)
        case Some(conditions):
            return any(holds(each, kind, chain, day) for each in conditions)
        case Not(inner):
            return not holds(inner, kind, chain, day)
        case Exists(link):
            return any(True for _ in _linked(link, kind, chain, day))
        case Shared(fields):
            return _is_shared(fields, kind, chain, day)
    assert_never(condition)


def amount_of(term: Term, kind: str, record: Values, day: Day) -> int:
    """Return a whole number that a record adds to a sum, 0 when it is not known."""
    return int(_value(term, kind, (record,), day) or 0)


def _is_shared(fields: tuple[Own, ...], kind: str, chain: tuple[Values, ...], day: Day) -> bool:
    record, key = chain[0], day.records.key_of(kind)
    values = tuple(record[field.name] for field in fields)
    if None in values:
        return False
    twins = day.records.matching(kind, tuple(field.name for field in fields), values)
    return any(twin["state"] == "open" and twin[key] != record[key] for twin in twins)


def _linked(link: Link, kind: str, chain: tuple[Values, ...], day: Day) -> list[Values]:
    wanted = tuple(_value(term, kind, chain, day) for _, term in link.match)
    if None in wanted:
        return []
    found = day.records.matching(link.kind, tuple(field.name for field, _ in link.match), wanted)
    return [each for each in found if holds(link.where, link.kind, (each, *chain), day)]


def _value(term: Term, kind: str, chain: tuple[Values, ...], day: Day) -> Any:  # noqa: C901, PLR0911 - one case for each word
    match term:
        case Own(name, type_, level):
            value = chain[level][name]
            return Decimal(value) if type_ == "decimal" and value is not None else value
        case Constant(value):
            return value
        case Threshold(name):
            return day.threshold(name)
        case Today(days_ago):
            days = 0 if days_ago is None else _value(days_ago, kind, chain, day)
            return None if days is None else (day.on - timedelta(days=days)).isoformat()
        case ThisYear():
            return day.on.year
        case YearOf(inner):
            text = _value(inner, kind, chain, day)
            return None if text is None else int(text[:4])
        case Part(inner, start, length):
            text = _value(inner, kind, chain, day)
            return None if text is None else text[start - 1 : start - 1 + length]
        case OrZero(inner):
            value = _value(inner, kind, chain, day)
            return 0 if value is None else value
        case Sum(plus, minus):
            added, taken = ([_value(each, kind, chain, day) for each in some] for some in (plus, minus))
            return None if None in added or None in taken else sum(added) - sum(taken)
        case Product(first, second):
            one, two = _value(first, kind, chain, day), _value(second, kind, chain, day)
            return None if one is None or two is None else one * two
        case Count(link):
            return len(_linked(link, kind, chain, day))
    assert_never(term)

"""The vocabulary of checks: terms and conditions on one record, and the checks made of them.

A condition is said once and read twice: as SQL on current rows (`compiling`) and as a predicate on a record of any day
(`predicates`). Both follow one rule: a comparison with a value that is not known does not hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
Operator = Literal["<", "<=", "=", "!=", ">=", ">"]
FieldType = Literal["text", "integer", "decimal", "boolean", "date", "texts"]


@dataclass(frozen=True, slots=True)
class Own:
    """A field of the record itself, or (`level` 1) of the record outside the link whose condition this is."""

    name: str
    type: FieldType
    level: int = 0


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a text."""

    value: Any


@dataclass(frozen=True, slots=True)
class Threshold:
    """A dated parameter, in its value of the day that is looked at."""

    name: str


@dataclass(frozen=True, slots=True)
class Today:
    """The day that is looked at, some days (a term without fields) earlier."""

    days_ago: "Constant | Threshold | None" = None


@dataclass(frozen=True, slots=True)
class ThisYear:
    """The year of the day that is looked at."""


@dataclass(frozen=True, slots=True)
class YearOf:
    """The year of a date."""

    term: "Term"


@dataclass(frozen=True, slots=True)
class Part:
    """Some characters of a text; the first has the number 1."""

    term: "Term"
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class OrZero:
    """A number, 0 when it is not known."""

    term: "Term"


@dataclass(frozen=True, slots=True)
class Sum:
    """Numbers added, others taken away; not known when one of them is not."""

    plus: tuple["Term", ...]
    minus: tuple["Term", ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """Two numbers multiplied."""

    first: "Term"
    second: "Term"


@dataclass(frozen=True, slots=True)
class Link:
    """Records of a kind whose fields equal terms of this record and that meet a condition; the key is `key`."""

    kind: str
    match: tuple[tuple[Own, "Term"], ...]
    where: "Condition"


@dataclass(frozen=True, slots=True)
class Count:
    """How many linked records there are."""

    link: Link


Term = Own | Constant | Threshold | Today | ThisYear | YearOf | Part | OrZero | Sum | Product | Count


@dataclass(frozen=True, slots=True)
class Missing:
    """The field has no value."""

    field: Own


@dataclass(frozen=True, slots=True)
class Is:
    """The field has this value."""

    field: Own
    value: Any


@dataclass(frozen=True, slots=True)
class OneOf:
    """The term is one of some texts."""

    term: Term
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """One term stands to another as said."""

    left: Term
    operator: Operator
    right: Term


@dataclass(frozen=True, slots=True)
class Every:
    """All of some conditions hold."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of some conditions holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A condition does not hold."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Exists:
    """There is a linked record."""

    link: Link


@dataclass(frozen=True, slots=True)
class Shared:
    """Another open record of the kind has the same values in these fields, all of them known."""

    fields: tuple[Own, ...]


Condition = Missing | Is | OneOf | Compare | Every | Some | Not | Exists | Shared
ALWAYS = Every(())


@dataclass(frozen=True, slots=True)
class Check:
    """A check of the catalogue: which open records it looks at, when one fails, on what basis, and what to do then.

    `blocks` says that a period does not close while a failure is unexplained; `since` is the first day it applies to.
    """

    id: str
    kind: str
    severity: Severity
    blocks: bool
    since: date
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    basis: str
    fix_zh: str
    fix_en: str
    among: Condition
    fails: Condition

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the record's own fields that the check reads, in order, each once."""
        return tuple(dict.fromkeys((*_fields(self.among), *_fields(self.fails))))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the dated parameters that the check holds the facts against."""
        return tuple(dict.fromkeys((*_thresholds(self.among), *_thresholds(self.fails))))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of open records that meet a condition, or the sum of a term over them (what is not known adds 0)."""

    id: str
    kind: str
    among: Condition
    amount: Term | None = None


def parts_of(node: Any) -> tuple[Any, ...]:  # noqa: C901, PLR0911 - one case for each word
    """Return the terms and conditions directly inside one."""
    match node:
        case YearOf(term) | Part(term) | OrZero(term) | OneOf(term):
            return (term,)
        case Sum(plus, minus):
            return (*plus, *minus)
        case Product(first, second):
            return (first, second)
        case Count(link) | Exists(link):
            return (link,)
        case Compare(left, _, right):
            return (left, right)
        case Every(conditions) | Some(conditions):
            return conditions
        case Not(condition):
            return (condition,)
        case Missing(field) | Is(field):
            return (field,)
        case Shared(fields):
            return fields
        case Link(_, match, where):
            return (*(term for _, term in match), *(theirs for theirs, _ in match), where)
        case Today(days_ago) if days_ago is not None:
            return (days_ago,)
    return ()


def _fields(node: Any, depth: int = 0) -> Iterator[str]:
    """Yield the fields of the record outermost, however deep they are named."""
    match node:
        case Own(name, _, level):
            if level == depth:
                yield name
        case Link(_, match, where):
            # What a link is matched with belongs to this record; what it asks of the others is one level down.
            for _, term in match:
                yield from _fields(term, depth)
            yield from _fields(where, depth + 1)
        case _:
            for part in parts_of(node):
                yield from _fields(part, depth)


def _thresholds(node: Any) -> Iterator[str]:
    if isinstance(node, Threshold):
        yield node.name
    for part in parts_of(node):
        yield from _thresholds(part)


def links_of(node: Any) -> Iterator[Link]:
    """Yield every link inside a condition, the ones within links included."""
    if isinstance(node, Link):
        yield node
    for part in parts_of(node):
        yield from links_of(part)


def refers_outwards(node: Any, depth: int = 0) -> bool:
    """Say whether what a link asks of the others names a field of the record outside the link."""
    if isinstance(node, Own):
        return node.level > depth
    if isinstance(node, Link):
        inside = refers_outwards(node.where, depth + 1)
        return inside or any(refers_outwards(term, depth) for _, term in node.match)
    return any(refers_outwards(part, depth) for part in parts_of(node))

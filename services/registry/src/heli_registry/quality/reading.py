"""Reading the catalogue: YAML to checks, with every fault of it said by the check and the place where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, cast, get_args

from heli_registry.database import METADATA
from heli_registry.quality.domain import (
    ALWAYS,
    SEVERITIES,
    Check,
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
    Operator,
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
from heli_registry.quality.placing import CHECKED
from heli_shared.kernel.industries import DIVISIONS
from heli_shared.kernel.plain_yaml import read_plain
from heli_shared.records.kinds import RecordKind, kinds_of
from heli_shared.statistics.parameters import UnknownParameterError, parameter

_TEXTS = ("zh", "en", "definition_zh", "definition_en", "basis", "fix_zh", "fix_en")
_ALLOWED = {*_TEXTS, "severity", "blocks", "since", "among", "fails"}
_PAIR = 2
_TRIPLE = 3


class CatalogueError(ValueError):
    """The catalogue says something that the vocabulary does not know."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the conditions of one kind; `outer` are the kinds outside the link it stands in."""

    kind: RecordKind
    lists: Mapping[str, tuple[str, ...]]
    outer: tuple[RecordKind, ...] = ()

    def condition(self, said: Any) -> Condition:
        """Return what a YAML mapping of one word says; several words mean all of them."""
        if not isinstance(said, Mapping) or not said:
            raise CatalogueError(f"not a condition: {said!r}")
        found = tuple(self._word(word, body) for word, body in said.items())
        return found[0] if len(found) == 1 else Every(found)

    def _word(self, word: str, body: Any) -> Condition:  # noqa: C901, PLR0911 - one case for each word
        match word:
            case "missing":
                names = [body] if isinstance(body, str) else body
                return _single(Some, [Missing(self.field(name)) for name in names])
            case "present":
                names = [body] if isinstance(body, str) else body
                return _single(Every, [Not(Missing(self.field(name))) for name in names])
            case "is":
                return _single(Every, [self._is(name, value) for name, value in body.items()])
            case "one_of":
                return OneOf(self.term(body["term"]), self._values(body["values"]))
            case "none_of":
                term = self.term(body["term"])
                # A value that is not known is not outside the list: it is missing, which another check says.
                return Every((Compare(term, "=", term), Not(OneOf(term, self._values(body["values"])))))
            case "compare":
                return self._comparison(body)
            case "all":
                return Every(tuple(self.condition(each) for each in body))
            case "any":
                return Some(tuple(self.condition(each) for each in body))
            case "not":
                return Not(self.condition(body))
            case "exists":
                return Exists(self._link(body))
            case "none":
                return Not(Exists(self._link(body)))
            case "shared":
                return Shared(tuple(self.field(name) for name in body))
        raise CatalogueError(f"no such word: {word}")

    def field(self, name: str, level: int = 0) -> Own:
        """Return a field of this kind, or of one outside."""
        kind = (self.kind, *self.outer)[level]
        if name == kind.key:
            return Own(name, "text", level)
        if name not in kind.by_name:
            raise CatalogueError(f"{kind.entity} has no field {name}")
        return Own(name, kind.by_name[name].type, level)

    def _is(self, name: str, value: Any) -> Is:
        field = self.field(name)
        choices = self.kind.by_name[name].choices if name in self.kind.by_name else ()
        if (choices and value not in choices) or (field.type == "boolean") != isinstance(value, bool):
            raise CatalogueError(f"{name} is never {value!r}")
        return Is(field, value)

    def _values(self, said: Any) -> tuple[str, ...]:
        if isinstance(said, str):
            if said not in self.lists:
                raise CatalogueError(f"no such list: {said}")
            return self.lists[said]
        return tuple(str(each) for each in said)

    def _comparison(self, said: Any) -> Compare:
        if len(said) != _TRIPLE or said[1] not in get_args(Operator):
            raise CatalogueError(f"not a comparison: {said!r}")
        return Compare(self.term(said[0]), cast("Operator", said[1]), self.term(said[2]))

    def _link(self, said: Mapping[str, Any]) -> Link:
        kinds = kinds_of(METADATA)
        if said["kind"] not in kinds:
            raise CatalogueError(f"no such kind: {said['kind']}")
        inside = replace(self, kind=kinds[said["kind"]], outer=(self.kind, *self.outer))
        match = tuple((inside.field(theirs), self.term(mine)) for theirs, mine in said["match"].items())
        where = inside.condition(said["where"]) if "where" in said else ALWAYS
        return Link(said["kind"], match, where)

    def term(self, said: Any) -> Term:
        """Return what a YAML value says: a field's name, a number, or a mapping of one word."""
        if isinstance(said, bool) or said is None:
            raise CatalogueError(f"not a term: {said!r}")
        if isinstance(said, int):
            return Constant(said)
        if isinstance(said, str):
            return self._named(said)
        if not isinstance(said, Mapping) or ("plus" not in said and len(said) != 1):
            raise CatalogueError(f"not a term: {said!r}")
        if "plus" in said:
            return Sum(tuple(map(self.term, said["plus"])), tuple(map(self.term, said.get("minus", ()))))
        return self._made(*next(iter(said.items())))

    def _named(self, name: str) -> Term:
        if name == "today":
            return Today()
        return ThisYear() if name == "this_year" else self.field(name)

    def _made(self, word: str, body: Any) -> Term:  # noqa: PLR0911 - one case for each word
        match word:
            case "outer":
                return self.field(body, 1)
            case "text":
                return Constant(str(body))
            case "parameter":
                return _threshold(body)
            case "days_ago":
                return Today(_threshold(body["parameter"]) if isinstance(body, Mapping) else Constant(body))
            case "year_of":
                return YearOf(self.term(body))
            case "part":
                return Part(self.term(body[0]), body[1], body[_PAIR])
            case "or_zero":
                return OrZero(self.term(body))
            case "times":
                return Product(self.term(body[0]), self.term(body[1]))
            case "count":
                return Count(self._link(body))
        raise CatalogueError(f"no such word: {word}")


def _single(several: Any, conditions: list[Any]) -> Condition:
    return conditions[0] if len(conditions) == 1 else several(tuple(conditions))  # type: ignore[no-any-return]


def _threshold(name: str) -> Threshold:
    try:
        parameter(name)
    except UnknownParameterError as error:
        raise CatalogueError(str(error)) from error
    return Threshold(name)


def read_check(entity: str, name: str, body: Mapping[str, Any], lists: Mapping[str, tuple[str, ...]]) -> Check:
    """Return one check of a kind; CatalogueError says what is wrong with it."""
    try:
        return _check(f"{entity}.{name}", body, Reader(CHECKED[entity].kind, lists))
    except (CatalogueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise CatalogueError(f"{entity}.{name}: {error}") from error


def _check(id_: str, body: Mapping[str, Any], reader: Reader) -> Check:
    unknown = sorted(set(body) - _ALLOWED)
    lacking = [text for text in _TEXTS if not isinstance(body.get(text), str) or not body[text].strip()]
    if unknown or lacking:
        raise CatalogueError(f"unknown: {unknown}, lacking: {lacking}")
    if body["severity"] not in SEVERITIES or not isinstance(body["since"], date):
        raise CatalogueError("its severity or since is none")
    return Check(
        id=id_,
        kind=reader.kind.entity,
        severity=body["severity"],
        blocks=body.get("blocks", False),
        since=body["since"],
        **{text: body[text].strip() for text in _TEXTS},
        among=reader.condition(body["among"]) if "among" in body else ALWAYS,
        fails=reader.condition(body["fails"]),
    )


_LISTS = {"gb4754_divisions": tuple(sorted(DIVISIONS))}
"""The lists that checks name instead of writing them out."""


@cache
def catalogue() -> Mapping[str, Check]:
    """Return every check by id, in the order of the files and of what stands in them."""
    folder = files("heli_registry.quality").joinpath("checks")
    documents = {
        entry.name.removesuffix(".yaml"): read_plain(entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml")
    }
    checks = [
        read_check(entity, name, body, _LISTS)
        for entity, document in documents.items()
        for name, body in document.items()
    ]
    return {check.id: check for check in checks}

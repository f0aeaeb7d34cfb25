"""Dated parameters: every threshold as a value by date, with its unit and the document it rests on.

They live in `parameters/*.yaml`; the parameter `branch.min_full_members` is the key `min_full_members` of
`branch.yaml`. A change of a rule adds a dated value and never edits one. Before its first date a parameter has no
value.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from heli_shared.kernel.plain_yaml import read_plain


class UnknownParameterError(LookupError):
    """There is no parameter of that name; the message names those of the same group."""


class NoValueYetError(LookupError):
    """The parameter has no value on that day; the message says from when it has."""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """What holds from `since` until the next dated value, and by which document."""

    since: date
    value: Any
    basis: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold with its unit and its values in the order of their dates."""

    name: str
    unit: str
    dated: tuple[DatedValue, ...]

    def values(self) -> tuple[DatedValue, ...]:
        """Return all dated values, the earliest first."""
        return self.dated

    def find(self, day: date) -> DatedValue | None:
        """Return what holds on a day with its basis, or None before the first value."""
        held = [value for value in self.dated if value.since <= day]
        return held[-1] if held else None

    def on(self, day: date) -> Any:
        """Return the value that holds on a day; NoValueYetError before the first one."""
        found = self.find(day)
        if found is None:
            raise NoValueYetError(f"{self.name} has no value on {day}, its first is of {self.dated[0].since}")
        return found.value


@cache
def _group(group: str) -> dict[str, Parameter]:
    """Read one file of parameters; empty when there is no such file."""
    source = files("heli_shared.statistics").joinpath("parameters", f"{group}.yaml")
    if not group.isidentifier() or not source.is_file():
        return {}
    document = read_plain(source.read_text(encoding="utf-8"))
    return {f"{group}.{key}": _parameter(f"{group}.{key}", body) for key, body in document.items()}


def _parameter(name: str, body: dict[str, Any]) -> Parameter:
    dated = sorted(body["values"].items())
    return Parameter(
        name=name,
        unit=body["unit"],
        dated=tuple(DatedValue(since=day, value=held["value"], basis=held["basis"]) for day, held in dated),
    )


def parameter(name: str) -> Parameter:
    """Return a parameter by its dotted name such as `branch.min_full_members`, or raise UnknownParameterError."""
    group = _group(name.partition(".")[0])
    try:
        return group[name]
    except KeyError:
        known = ", ".join(sorted(group or names()))
        raise UnknownParameterError(f"no parameter {name!r}; there are: {known}") from None


@cache
def names() -> frozenset[str]:
    """Return the names of all parameters."""
    folder = files("heli_shared.statistics").joinpath("parameters")
    groups = [entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    return frozenset(name for group in groups for name in _group(group))

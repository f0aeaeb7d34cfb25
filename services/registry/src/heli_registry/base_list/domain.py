"""The rules of a base list: the steps of the funnel and the five clear items, read from dated data."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from heli_shared.statistics.parameters import parameter
from heli_shared.statistics.scope import SCOPE, Among, Condition

Record = Mapping[str, Any]
Outer = Literal["not_there_yet", "elsewhere"]
State = Literal["clear", "confirmed", "missing", "unclear", "not_reachable"]
STATES: tuple[State, ...] = ("clear", "confirmed", "missing", "unclear", "not_reachable")
"""How an item stands: by facts, by facts and a checker's word, for want of facts, or by a checker's word alone."""
_FRESHNESS = "refreshed_on"


@dataclass(frozen=True, slots=True)
class Unknown:
    """One of some facts has not been given; beside the statistics' conditions, which unknown facts never meet."""

    fields: tuple[str, ...]

    def holds(self, record: Record, day: date) -> bool:  # noqa: ARG002 - the same on every day
        """Say whether it holds of a record."""
        return any(record.get(name) is None for name in self.fields)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel: whom it leaves out, in words, by which document, for cut-off days from when to when."""

    code: str
    zh: str
    en: str
    basis: str
    since: date
    until: date | None = None
    optional: bool = False
    outer: Outer | None = None
    condition: Condition | Unknown | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the facts that decide, to be shown beside each row that falls here."""
        if self.outer is not None:
            return ("registered_on",) if self.outer == "not_there_yet" else ("division", "zone")
        return self.condition.fields if self.condition is not None else ()

    def in_force(self, day: date) -> bool:
        """Say whether a census with this cut-off day takes the step."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Item:
    """One of the five clear items: which facts it asks for, of whom, and how fresh they must be."""

    code: str
    zh: str
    en: str
    basis: str
    since: date
    fields: tuple[str, ...]
    until: date | None = None
    covered: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    fresh: str | None = None

    def in_force(self, day: date) -> bool:
        """Say whether a census with this cut-off day asks for the item."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a census counts: `divisions` are the codes of its territory on the day, None when it has no bound."""

    divisions: frozenset[str] | None = None
    zone: str | None = None

    def holds(self, record: Record) -> bool:
        """Say whether an enterprise lies there."""
        return (self.divisions is None or record.get("division") in self.divisions) and (
            self.zone is None or record.get("zone") == self.zone
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that must still be asked: for which item, the field, and whether it is empty or too old."""

    item: str
    record_kind: Literal["enterprise", "party_organization"]
    field: str
    reason: Literal["empty", "stale"] = "empty"


@dataclass(frozen=True, slots=True)
class Clarity:
    """How the five items of one enterprise stand, in the order of the items, and what is missing."""

    states: tuple[State, ...] = ()
    missing: tuple[Missing, ...] = field(default=())

    @property
    def clear(self) -> int:
        """Return how many items are clear."""
        return sum(state in ("clear", "confirmed") for state in self.states)


def steps_on(day: date, optional: Sequence[str] = ()) -> tuple[Step, ...]:
    """Return the steps of a census with this cut-off day that chose these optional ones, in their order."""
    return tuple(step for step in all_steps() if step.in_force(day) and (not step.optional or step.code in optional))


def items_on(day: date) -> tuple[Item, ...]:
    """Return the items that a census with this cut-off day asks for."""
    return tuple(item for item in all_items() if item.in_force(day))


def step_of(record: Record, day: date, steps: Sequence[Step], *, there: bool, place: Place) -> Step | None:
    """Return the one step at which an enterprise falls, the first that holds; None when it is in the base."""
    for step in steps:
        match step.outer:
            case "not_there_yet":
                falls = not there
            case "elsewhere":
                falls = not place.holds(record)
            case None:
                falls = step.condition is not None and step.condition.holds(record, day)
        if falls:
            return step
    return None


def clarity_of(
    record: Record, organizations: Sequence[Record], answers: Mapping[str, str], *, day: date, items: Sequence[Item]
) -> Clarity:
    """Return how the items of one enterprise stand: facts first, then what a checker said of them.

    `organizations` are those that cover it on the day, `answers` the checkers' by item. A checker can confirm facts or
    doubt them, but no word of a checker replaces a fact that is missing.
    """
    states: list[State] = []
    missing: list[Missing] = []
    for item in items:
        lacking = _lacking(item, record, organizations, day)
        missing += lacking
        states.append(_state(bool(lacking), answers.get(item.code)))
    return Clarity(tuple(states), tuple(missing))


def _state(lacks: bool, answer: str | None) -> State:  # noqa: FBT001 - the fact that the function is about
    match answer:
        case "unclear":
            return "unclear"
        case "not_reachable":
            return "not_reachable"
        case "clear":
            return "missing" if lacks else "confirmed"
        case _:
            return "missing" if lacks else "clear"


def _lacking(item: Item, record: Record, organizations: Sequence[Record], day: date) -> list[Missing]:
    wanted = list(item.fields)
    if not organizations and item.due and is_due(record, day):
        wanted += item.due
    found = [Missing(item.code, "enterprise", name) for name in wanted if record.get(name) is None]
    found += [
        Missing(item.code, "party_organization", name)
        for name in item.covered
        if any(organization.get(name) is None for organization in organizations)
    ]
    if item.fresh and not _is_fresh(record.get(_FRESHNESS), item.fresh, day):
        reason: Literal["empty", "stale"] = "empty" if record.get(_FRESHNESS) is None else "stale"
        found.append(Missing(item.code, "enterprise", _FRESHNESS, reason))
    return found


def is_due(record: Record, day: date) -> bool:
    """Say whether an enterprise surely has the full members that make a branch due (R-1)."""
    least, members = parameter("branch.min_full_members").find(day), record.get("full_members")
    return least is not None and members is not None and bool(members >= least.value)


def _is_fresh(refreshed_on: str | None, name: str, day: date) -> bool:
    most = parameter(name).find(day)
    if most is None:
        return True
    return refreshed_on is not None and date.fromisoformat(refreshed_on) >= day - timedelta(days=int(most.value))


@cache
def all_steps() -> tuple[Step, ...]:
    """Return every step there ever was, in order; ValueError when together they would miss the statistics' scope."""
    steps = tuple(_step(each) for each in _read("steps.toml")["step"])
    for day in {step.since for step in steps} | {step.until for step in steps if step.until}:
        taken = [step.condition for step in steps if step.in_force(day) and not step.optional and not step.outer]
        if len(taken) != len(SCOPE) or any(condition not in taken for condition in SCOPE.values()):
            raise ValueError(f"the steps of {day} do not leave the statistics' denominator")
    return steps


@cache
def all_items() -> tuple[Item, ...]:
    """Return every item there ever was, in order."""
    return tuple(_item(each) for each in _read("items.toml")["item"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("heli_registry.base_list").joinpath(name).read_text("utf-8"))


def _step(said: dict[str, Any]) -> Step:
    condition: Condition | Unknown | None = None
    if "scope" in said:
        condition = SCOPE[said["scope"]]
    elif "missing" in said:
        condition = Unknown(tuple(said["missing"]))
    elif "among" in said:
        condition = Among(said["field"], tuple(said["among"]))
    return Step(
        code=said["code"],
        zh=said["zh"],
        en=said["en"],
        basis=said["basis"],
        since=said["since"],
        until=said.get("until"),
        optional=said.get("optional", False),
        outer=said.get("outer"),
        condition=condition,
    )


def _item(said: dict[str, Any]) -> Item:
    texts = {name: tuple(said.get(name, ())) for name in ("fields", "covered", "due")}
    return Item(
        code=said["code"],
        zh=said["zh"],
        en=said["en"],
        basis=said["basis"],
        since=said["since"],
        until=said.get("until"),
        fresh=said.get("fresh"),
        **texts,
    )

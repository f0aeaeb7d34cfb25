"""Which value of a field is in force on a day, and what departments disagree about: rules on ledger entries alone.

A `Pair` is one field of one enterprise with everything the ledger says about it. The value in force on a day is

1. the settled one, as long as nobody has changed what was said when it was settled;
2. else that of the steward, then of the units in their order of precedence;
3. else the one observed last, of units that are not listed (of the same day: the unit whose id comes first);
4. and where nobody claims anything, the value that stood there before the first claim.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from heli_shared.kernel.text import folded
from heli_shared.ledger.entries import Entry, Operation, json_value
from heli_shared.ledger.folding import Folded, fold

BEGINNING = date(1949, 10, 1)
"""The day from which every claim is there, as places and bodies are."""
How = Literal["settled", "precedence", "latest", "held"]


@dataclass(frozen=True, slots=True)
class Stewardship:
    """Who answers for a field on a day, and whose value comes before whose."""

    key: str
    steward: str
    order: tuple[str, ...]
    answer_days: int | None
    basis: str


@dataclass(frozen=True, slots=True)
class Position:
    """What one unit says on a day, and since when it was seen to be so."""

    value: Any
    observed_on: date
    document: str | None


@dataclass(frozen=True, slots=True)
class InForce:
    """The value in force on a day, the unit it comes from (None when nobody knows), and by which rule."""

    value: Any
    unit: str | None
    how: How


@dataclass(slots=True)
class Pair:
    """One field of one enterprise: entries of the enterprise, of each unit's claim, of the stewards, of the dispute."""

    enterprise: str
    field: str
    own: list[Entry]
    claims: dict[str, list[Entry]] = dataclass_field(default_factory=dict)
    stewards: Mapping[str, list[Entry]] = dataclass_field(default_factory=dict)
    dispute: list[Entry] = dataclass_field(default_factory=list)

    @property
    def first_day(self) -> date | None:
        """Return the day from which the enterprise is on record."""
        return min((each.effective_on for each in self.own if each.operation == "create"), default=None)

    @property
    def first_claim(self) -> int | None:
        """Return the seq of the first claim on record, of any unit."""
        return min((each.seq for entries in self.claims.values() for each in entries), default=None)


@dataclass(frozen=True, slots=True)
class Step:
    """A change that has to be made to the enterprise or to the dispute, with effect from a day."""

    operation: Operation
    effective_on: date
    changes: Mapping[str, Any]
    unit: str | None = None


def normal(value: Any) -> Any:
    """Return a value for comparing: texts without spaces, width and case; decimals by their worth; lists as sets."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, list):
        return tuple(sorted(str(normal(each)) for each in value))
    if isinstance(value, str):
        text = folded(value)
        return Decimal(text).normalize() if _is_decimal(text) else text
    return Decimal(value).normalize()


def _is_decimal(text: str) -> bool:
    whole, _, part = text.removeprefix("-").partition(".")
    return whole.isascii() and whole.isdigit() and (part == "" or (part.isascii() and part.isdigit()))


def agree(values: Iterable[Any], tolerance: Decimal) -> bool:
    """Say whether all values are one, numbers as near to one another as `tolerance` (a share of the largest) allows."""
    different = {normal(each) for each in values}
    if len(different) <= 1:
        return True
    numbers = [each for each in different if isinstance(each, Decimal)]
    if len(numbers) < len(different):
        return False
    return max(numbers) - min(numbers) <= tolerance * max(abs(each) for each in numbers)


def steward_on(stewards: Mapping[str, list[Entry]], day: date) -> Stewardship | None:
    """Return who answers for a field on a day; None when nobody does."""
    for key in sorted(stewards):
        folded_record = fold(stewards[key], on=day)
        if folded_record is not None and folded_record.values.get("state") == "open":
            values = folded_record.values
            listed = [each for each in values.get("precedence") or () if each != values["steward"]]
            order = (values["steward"], *listed)
            return Stewardship(key, values["steward"], order, values.get("answer_days"), values["basis"])
    return None


def positions_on(pair: Pair, day: date) -> dict[str, Position]:
    """Return what each unit says on a day; units that say nothing (any more) are left out."""
    found: dict[str, Position] = {}
    for unit in sorted(pair.claims):
        claim = fold(pair.claims[unit], on=day)
        text = None if claim is None else claim.values.get("value")
        if claim is not None and text is not None:
            observed = date.fromisoformat(claim.values["observed_on"])
            found[unit] = Position(json.loads(text), observed, claim.values.get("document"))
    return found


def held_on(pair: Pair, day: date) -> InForce:
    """Return the value that stood there before the first claim, and which unit had written it.

    A direct write that was kept as its unit's claim is that claim, not what stood there before it.
    """
    first = pair.first_claim
    said = {(unit, each.effective_on, each.changes.get("value")) for unit in pair.claims for each in pair.claims[unit]}
    entries = [each for each in pair.own if first is None or each.seq < first]
    written = [each for each in entries if pair.field in each.changes]
    held = [
        each for each in written if (each.unit, each.effective_on, value_text(each.changes[pair.field])) not in said
    ]
    last = last_write(held, pair.field, day)
    return InForce(last.changes[pair.field] if last else None, last.unit if last else None, "held")


def writer_of(entries: Iterable[Entry], name: str, day: date) -> str | None:
    """Return the unit whose entry gave a field the value that it has on a day."""
    last = last_write(entries, name, day)
    return None if last is None else last.unit


def last_write(entries: Iterable[Entry], name: str, day: date) -> Entry | None:
    """Return the entry that gave a field the value that it has on a day."""
    written = [each for each in entries if name in each.changes and each.effective_on <= day]
    return max(written, key=lambda each: (each.effective_on, each.seq), default=None)


def by_rank(positions: Mapping[str, Position], steward: Stewardship | None) -> list[str]:
    """Return the units that say something, the one that prevails first."""
    order = steward.order if steward else ()
    rank = {unit: place for place, unit in enumerate(order)}

    def place(unit: str) -> tuple[int, int, str]:
        if unit in rank:
            return rank[unit], 0, unit
        return len(order), -positions[unit].observed_on.toordinal(), unit

    return sorted(positions, key=place)


def in_force(pair: Pair, day: date) -> InForce:
    """Return the value in force on a day, by the four rules."""
    positions = positions_on(pair, day)
    if not positions:
        return held_on(pair, day)
    settled = _settled_on(pair, day, positions)
    if settled is not None:
        return settled
    steward = steward_on(pair.stewards, day)
    first = by_rank(positions, steward)[0]
    how: How = "precedence" if steward is not None and first in steward.order else "latest"
    return InForce(positions[first].value, first, how)


def _settled_on(pair: Pair, day: date, positions: Mapping[str, Position]) -> InForce | None:
    found = fold(pair.dispute, on=day)
    if found is None or found.values.get("state") != "closed" or found.values.get("outcome") != "settled":
        return None
    if not is_same(found.values["settled_positions"], positions):
        return None
    return InForce(json.loads(found.values["settled_value"]), found.values.get("settled_unit"), "settled")


def is_same(told: str, positions: Mapping[str, Position]) -> bool:
    """Say whether what was told then (JSON text by unit) is what is said now."""
    before = {unit: normal(value) for unit, value in json.loads(told).items()}
    return before == {unit: normal(each.value) for unit, each in positions.items()}


def told(positions: Mapping[str, Position]) -> str:
    """Return what each unit says as the JSON text that a dispute keeps."""
    return value_text({unit: each.value for unit, each in positions.items()})


def value_text(value: Any) -> str:
    """Return a value as canonical JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def days_of_change(pair: Pair) -> list[date]:
    """Return the days on which the value in force may become another: between two of them nothing changes."""
    everything = [each for each in pair.own if pair.field in each.changes]
    for entries in (*pair.claims.values(), *pair.stewards.values(), pair.dispute):
        everything += entries
    return sorted({each.effective_on for each in everything})


def in_force_since(pair: Pair, day: date) -> tuple[InForce, date | None]:
    """Return the value in force on a day with the day since which it has been so, from the same unit."""
    found, since = in_force(pair, day), None
    for earlier in reversed([each for each in days_of_change(pair) if (pair.first_day or day) <= each <= day]):
        before = in_force(pair, earlier)
        if (value_text(before.value), before.unit) != (value_text(found.value), found.unit):
            break
        since = earlier
    return found, since


def corrections(pair: Pair, *, since: date, today: date) -> list[Step]:
    """Return what has to be written so that the enterprise says on every day what is in force; adds it to the pair."""
    first = pair.first_day
    if first is None or not pair.claims:
        return []
    steps: list[Step] = []
    for day in sorted({since, *days_of_change(pair)}):
        if not max(since, first) <= day <= today:
            continue
        wanted, present = in_force(pair, day), last_write(pair.own, pair.field, day)
        if value_text(present.changes[pair.field] if present else None) == value_text(wanted.value):
            continue
        step = Step("change", day, {pair.field: wanted.value}, wanted.unit)
        pending(pair.own, step)
        steps.append(step)
    return steps


DIRECT, CLAIMED, AFTERWARDS = (10**15, 2 * 10**15, 3 * 10**15)
"""Entries that are still to be written count from here: direct writes, then claims, then what follows from them."""
_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


def pending(entries: list[Entry], step: Step, *, stage: int = AFTERWARDS) -> Entry:
    """Return a step as the entry that it will be, behind all others of its record, and add it to them."""
    seq = max([stage, *(each.seq for each in entries)]) + 1
    changes = {name: json_value(value) for name, value in step.changes.items()}
    entry = Entry(seq, _MOMENT, "", step.unit, "", "", step.operation, step.effective_on, changes, "", "")
    entries.append(entry)
    return entry


def say(pair: Pair, unit: str, value: Any, observed_on: date, document: str | None = None) -> list[Step]:
    """Put what a unit says beside what the others say; return the steps of its claim, none when nothing is new.

    A claim holds since ever and says nothing at first, so that an earlier observation finds its place at any time.
    """
    entries = pair.claims.get(unit, [])
    text = None if value is None else value_text(value)
    changes = {"value": text, "observed_on": observed_on.isoformat(), "document": document}
    before = fold(entries, on=observed_on)
    if before is None and text is None:
        return []
    if before is not None and all(before.values.get(name) == each for name, each in changes.items()):
        return []
    steps = [Step("change", observed_on, changes, unit)]
    if before is None:
        named = {"enterprise": pair.enterprise, "field": pair.field, "unit": unit, "state": "open"}
        steps.insert(0, Step("create", BEGINNING, named, unit))
        pair.claims[unit] = entries
    for step in steps:
        pending(entries, step, stage=CLAIMED)
    return steps


def retract(pair: Pair, unit: str, value: Any, day: date, *, before: int) -> Step | None:
    """Take back what a unit said of a day, and return the step: what it had said before a seq stands there again.

    None where it says something else of that day by now.
    """
    entries = pair.claims.get(unit, [])
    now, text = fold(entries, on=day), value_text(value)
    if now is None or now.values.get("value") != text or now.values.get("observed_on") != day.isoformat():
        return None
    earlier = fold([each for each in entries if each.seq < before], on=day)
    stood = earlier.values if earlier else {}
    step = Step("change", day, {name: stood.get(name) for name in ("value", "observed_on", "document")}, unit)
    pending(entries, step, stage=CLAIMED)
    return step


def trial_of(pair: Pair) -> Pair:
    """Return a copy on which something can be tried."""
    claims = {unit: list(entries) for unit, entries in pair.claims.items()}
    return Pair(pair.enterprise, pair.field, list(pair.own), claims, pair.stewards, list(pair.dispute))


def dispute_step(pair: Pair, *, today: date, tolerance: Decimal, deadline: Callable[[int | None], date]) -> Step | None:
    """Return what becomes of the dispute about a field today, and add it to the pair; None when nothing does.

    `deadline` gives the day until which the steward has to settle, from the days that its record allows.
    """
    step = _next(pair, today=today, tolerance=tolerance, deadline=deadline)
    if step is not None:
        pending(pair.dispute, step)
    return step


def _next(pair: Pair, *, today: date, tolerance: Decimal, deadline: Callable[[int | None], date]) -> Step | None:
    positions, before = positions_on(pair, today), fold(pair.dispute, on=today)
    is_open = before is not None and before.values["state"] == "open"
    enterprise = fold(pair.own, on=today)
    stands = enterprise is not None and enterprise.values.get("state") == "open"
    disagree = stands and not agree((each.value for each in positions.values()), tolerance)
    steward = steward_on(pair.stewards, today)
    if before is not None and not is_open and _rests(before, positions, stands=stands, disagree=disagree):
        return None
    now: dict[str, Any] = {"positions": told(positions), "owner": steward.steward if steward else None}
    if not disagree:
        return _withdrawn(now, today, is_open=is_open, stands=stands) if before is not None else None
    if before is not None and is_open:
        differing = {name: value for name, value in now.items() if before.values.get(name) != value}
        return Step("change", today, differing) if differing else None
    now |= {"opened_on": today, "due_on": deadline(steward.answer_days if steward else None), "state": "open"}
    if before is None:
        return Step("create", today, {"enterprise": pair.enterprise, "field": pair.field, **now})
    return Step("reopen", today, {**now, **_UNSETTLED})


_SETTLED = ("settled_value", "settled_positions", "settled_unit", "evidence")
_UNSETTLED = dict.fromkeys((*_SETTLED, "outcome", "closed_on", "closed_reason"))


def _rests(before: Folded, positions: Mapping[str, Position], *, stands: bool, disagree: bool) -> bool:
    """Say whether a closed dispute stays as it is: settled and nobody says anything new, or nothing to disagree about.

    A settled one of an enterprise that is closed rests, too.
    """
    if before.values.get("outcome") == "settled":
        return not stands or is_same(before.values["settled_positions"], positions)
    return not disagree


def _withdrawn(now: Mapping[str, Any], today: date, *, is_open: bool, stands: bool) -> Step:
    reason = "各方数据已一致 all say the same now" if stands else "企业已关闭 the enterprise is closed"
    ended = {"state": "closed", "closed_on": today, "closed_reason": reason, "outcome": "withdrawn"}
    return Step("close" if is_open else "change", today, {**now, **dict.fromkeys(_SETTLED), **ended})

"""Preparing rows: each becomes a new record, a change of one that is there, nothing, or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from heli_assessment.access import Values
from heli_assessment.imports.domain import ListKind, Message, above
from heli_assessment.imports.repository import open_activities_between, open_tasks_of
from heli_shared.kernel.errors import DomainError
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.entries import json_value
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record, find_row, record_of_row
from heli_shared.records.service import Resource, change_write, new_write
from heli_shared.records.writing import Write

_OF_PARENT = "number"


@dataclass(slots=True)
class Prepared:
    """What the rows come to: writes with the row each is of, rows that change nothing, and why rows are refused."""

    writes: list[tuple[int, Write]] = field(default_factory=list)
    before: dict[int, Record] = field(default_factory=dict)
    unchanged: int = 0
    refused: dict[int, list[Message]] = field(default_factory=dict)


class Preparing:
    """One list being prepared; `fixed` are values that every row has (its plan, the day of effect)."""

    def __init__(self, call: RecordCall, kind: ListKind, resource: Resource, fixed: Mapping[str, Any]) -> None:
        """Look at nothing yet."""
        self._call = call
        self._kind = kind
        self._resource = resource
        self._fixed = fixed

    def prepare(self, bodies: list[dict[str, Any]], problems: Mapping[int, list[Message]]) -> Prepared:
        """Return what the rows come to; rows with problems are refused, and those that repeat another row."""
        prepared = Prepared(refused=dict(problems))
        standing = self._standing([body for row, body in enumerate(bodies) if row not in problems])
        taken: dict[tuple[Any, ...], int] = {}
        keys = self._keys(bodies, standing)
        for row, body in enumerate(bodies):
            if row in problems:
                continue
            mark = self._mark(body)
            if mark in taken:
                told = taken[mark] + 1
                prepared.refused[row] = [
                    Message(None, f"与本表第{told}条数据重复。", f"Repeats data row {told} of this list.")
                ]
                continue
            taken[mark] = row
            try:
                self._prepare_one(prepared, row, self._whole(body, keys), standing.get(mark), keys.get(mark))
            except DomainError as error:
                prepared.refused[row] = _messages(error)
        return prepared

    def _prepare_one(
        self, prepared: Prepared, row: int, body: dict[str, Any], found: Record | None, key: str | None
    ) -> None:
        if found is None:
            made = new_write(self._call, self._resource, {**body, **({"id": key} if key else {})})
            prepared.writes.append((row, made))
            return
        kind = self._resource.kind
        locked = find_row(self._call.session, kind, found["id"], lock=True)
        before = found if locked is None else record_of_row(kind, locked)
        values = {name: value for name, value in body.items() if name != "effective_on" or value is not None}
        if self._kind.name == "activities":
            values.pop("effective_on", None)
        changed = change_write(self._call, self._resource, before, values)
        if changed is None:
            prepared.unchanged += 1
        else:
            prepared.writes.append((row, changed))
            prepared.before[row] = before

    def _whole(self, body: dict[str, Any], keys: Mapping[tuple[Any, ...], str]) -> dict[str, Any]:
        """Return a row's body with what every row has and, for a numbered task, the task it is part of."""
        whole = {**self._fixed, **body}
        number = body.get(_OF_PARENT) if self._kind.name == "tasks" else None
        upper = above(number) if number else None
        parent = keys.get((_OF_PARENT, upper)) if upper else None
        return {**whole, "parent": parent} if parent else whole

    def _keys(
        self, bodies: list[dict[str, Any]], standing: Mapping[tuple[Any, ...], Record]
    ) -> dict[tuple[Any, ...], str]:
        """Return the key of each task by its mark, and by its number where one task alone has that number."""
        if self._kind.name != "tasks":
            return {}
        keys: dict[tuple[Any, ...], str] = {mark: record["id"] for mark, record in standing.items()}
        plans: dict[str, Values] = {}
        for body in bodies:
            mark = self._mark(body)
            keys.setdefault(mark, new_id("tsk"))
        numbers: dict[str, list[str]] = {}
        for mark, key in keys.items():
            if mark[0]:
                numbers.setdefault(str(mark[0]), []).append(key)
        for mark, key in keys.items():
            upper = above(str(mark[0])) if mark[0] else None
            single = numbers.get(upper or "", [])
            plans[key] = {"plan": self._fixed.get("plan"), "parent": single[0] if len(single) == 1 else None}
        self._call.extras["coming_tasks"] = plans
        return keys | {(_OF_PARENT, number): found[0] for number, found in numbers.items() if len(found) == 1}

    def _standing(self, bodies: list[dict[str, Any]]) -> dict[tuple[Any, ...], Record]:
        """Return the open records that rows may speak of, by their marks; the first of several."""
        kind, session = self._resource.kind, self._call.session
        if self._kind.name == "tasks":
            rows = open_tasks_of(session, str(self._fixed["plan"]))
        else:
            days = [body["held_on"] for body in bodies if isinstance(body.get("held_on"), date)]
            units = {body["unit"] for body in bodies if body.get("unit")}
            rows = open_activities_between(session, units, min(days), max(days)) if days else []
        found: dict[tuple[Any, ...], Record] = {}
        for row in rows:
            record = record_of_row(kind, row)
            found.setdefault(self._mark(record), record)
        return found

    def _mark(self, values: Values) -> tuple[Any, ...]:
        return tuple(json_value(values.get(name)) for name in self._kind.identity)


def _messages(error: DomainError) -> list[Message]:
    """Return a refusal of a record as messages about a row's cells."""
    found = [
        Message(each.pointer.split("/")[1] if "/" in each.pointer else None, each.zh, each.en) for each in error.errors
    ]
    return found or [Message(None, error.zh, error.en)]

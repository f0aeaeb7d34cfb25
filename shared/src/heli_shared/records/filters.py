"""Filters that lists share, each said for current rows and for records as of a day."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.text import trimmed
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition, equals
from heli_shared.records.searching import keys_containing, text_within

Filter = Callable[[Session, str], Condition]


def equality_filters(kind: RecordKind) -> dict[str, Filter]:
    """Return a filter by equality for every field declared `filtered`."""
    return {each.name: equality_filter(kind, each.name) for each in kind.all_fields if each.filtered}


def equality_filter(kind: RecordKind, name: str) -> Filter:
    """Return a filter that keeps records whose field has a value."""

    def build(_session: Session, value: Any) -> Condition:
        return equals(kind, name, value)

    return build


def contains_filter(kind: RecordKind, name: str) -> Filter:
    """Return a filter that keeps records whose text field contains a text, upper and lower case alike.

    The kind's index, where it is of this field, says which rows have to be looked at.
    """
    is_indexed = kind.index is not None and kind.index.field == name

    def build(session: Session, value: str) -> Condition:
        wanted = trimmed(value)
        if not wanted:
            raise BadRequest(
                "查询文字不能为空。", "The text to look for is empty.",
                errors=[FieldProblem(f"parameter {name}", "不能为空", "must not be empty")],
            )  # fmt: skip
        clause = text_within(session, kind.table.c[name], wanted)
        keys = keys_containing(session, kind, wanted) if is_indexed else None
        if keys is not None:
            clause &= kind.table.c[kind.key].in_(keys)
        return Condition(clause, lambda record: wanted.lower() in str(record[name] or "").lower())

    return build


def no_conditions(_session: Session, _scope: Any) -> list[Condition]:
    """Show every record of a kind to everybody who may read it."""
    return []


def among(kind: RecordKind, name: str, allowed: sa.Select[Any], session: Session) -> Condition:
    """Keep records whose field is one of the values a query gives."""
    values: set[Any] | None = None

    def matches(record: Mapping[str, Any]) -> bool:
        nonlocal values
        if values is None:
            values = set(session.execute(allowed).scalars())
        return record[name] in values

    return Condition(kind.table.c[name].in_(allowed), matches)

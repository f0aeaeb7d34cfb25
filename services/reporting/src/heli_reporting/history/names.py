# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Names and records: what a code was called on the day, and whole records as of a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from heli_reporting.history import versions
from heli_reporting.history.domain import Group
from heli_reporting.history.schema import columns_of, version_table
from heli_reporting.history.vintages import Tables
from heli_shared.statistics.dimensions import Dimension

Cursor = Any


def names_on(cursor: Cursor, table: str, codes: Iterable[str | None], on: date) -> dict[str, str | None]:
    """Return the names that these keys had on a day; keys without a record then are left out."""
    wanted = sorted({code for code in codes if code is not None})
    if not wanted:
        return {}
    found = cursor.execute(
        f"SELECT key, name FROM {table} WHERE valid_from <= ? AND valid_to > ?"
        " AND key IN (SELECT unnest(CAST(? AS VARCHAR[])))",
        [on, on, wanted],
    )
    return dict(found.fetchall())


def groups_of(
    cursor: Cursor, tables: Tables, dimension: Dimension, codes: Iterable[str | None], on: date
) -> dict[str | None, Group]:
    """Return the group for each code of a dimension, named as on the day; the code itself where it has no name."""
    unknown: dict[str | None, Group] = {None: Group(None, *dimension.without)}
    listed = [code for code in codes if code is not None]
    if dimension.names is not None:
        found = names_on(cursor, tables.names[dimension.names], listed, on)
        return unknown | {code: Group(code, found.get(code) or code, found.get(code) or code) for code in listed}
    labels = {code: (zh, en) for code, zh, en in dimension.labels}
    return unknown | {code: Group(code, *labels.get(code, (code, code))) for code in listed}


def named_lines(
    cursor: Cursor,
    tables: Tables,
    dimensions: Sequence[Dimension],
    codes: Sequence[tuple[str | None, ...]],
    on: date,
) -> dict[tuple[str | None, ...], tuple[Group, ...]]:
    """Return the groups of each line of codes, one for each dimension, named as on the day."""
    named = [
        groups_of(cursor, tables, dimension, {line[i] for line in codes}, on) for i, dimension in enumerate(dimensions)
    ]
    return {line: tuple(groups[code] for groups, code in zip(named, line, strict=True)) for line in codes}


def records(
    cursor: Cursor, entity: str, on: date, *, seq: int | None, keys: Sequence[str] | None, open_only: bool
) -> list[dict[str, Any]]:
    """Return the records of a kind as of a day, by key; `seq` bounds what is known, None is the head of the copy."""
    bound: list[Any] = []
    only = ""
    if keys is not None:
        cursor.execute("CREATE OR REPLACE TEMP TABLE asked AS SELECT unnest(CAST(? AS VARCHAR[])) AS key", [list(keys)])
        only = " AND key IN (SELECT key FROM asked)"
    source = version_table(entity)
    if seq is not None:
        entries = versions.entries_of(entity, keys="asked" if keys is not None else None, until=True)
        source = f"({versions.fold(entity, entries)})"
        bound.append(seq)
    state = "state = 'open'" if open_only else "state IS NOT NULL"
    fields = ", ".join(f'"{name}"' for name in columns_of(entity) if name != "closed_on")
    found = cursor.execute(
        f"SELECT key, {fields}, CASE WHEN state = 'open' THEN NULL ELSE closed_on END AS closed_on, seq AS version"
        f" FROM {source} WHERE valid_from <= ? AND valid_to > ? AND {state}{only} ORDER BY key",
        [*bound, on, on],
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

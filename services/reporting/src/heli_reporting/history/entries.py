# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Entries as they come: checked against what is held, then put beside it, all or nothing."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import pyarrow as pa

from heli_shared.kernel.errors import Conflict, Gone

Cursor = Any

SCHEMA = pa.schema(
    [
        ("seq", pa.int64()),
        ("recorded_at", pa.timestamp("us")),
        ("actor", pa.string()),
        ("unit", pa.string()),
        ("entity", pa.string()),
        ("key", pa.string()),
        ("operation", pa.string()),
        ("effective_on", pa.date32()),
        ("changes", pa.string()),
        ("hash", pa.string()),
    ]
)
_COLUMNS = ", ".join(SCHEMA.names)
_CHUNK = 50_000
_STAGED = """
CREATE OR REPLACE TEMP TABLE staged (
  seq BIGINT, recorded_at TIMESTAMP, actor VARCHAR, unit VARCHAR, entity VARCHAR, key VARCHAR, operation VARCHAR,
  effective_on DATE, changes VARCHAR, hash VARCHAR
)"""


def batches(entries: Any) -> Iterable[pa.Table]:
    """Return entries as Arrow tables of `SCHEMA`, whether they came as feed items or as Arrow."""
    if isinstance(entries, pa.Table):
        return [_shaped(entries)]
    if isinstance(entries, pa.RecordBatch):
        return [_shaped(pa.Table.from_batches([entries]))]
    return _from_iterable(iter(entries))


def _from_iterable(entries: Any) -> Iterable[pa.Table]:
    for first in entries:
        if isinstance(first, pa.RecordBatch):
            yield _shaped(pa.Table.from_batches([first]))
        elif isinstance(first, pa.Table):
            yield _shaped(first)
        else:
            yield _from_items([first, *islice(entries, _CHUNK - 1)])


def _shaped(table: pa.Table) -> pa.Table:
    """Bring an export to `SCHEMA`: times in UTC without a zone, columns in order, others left away."""
    columns = {name: table.column(name) for name in SCHEMA.names}
    columns["recorded_at"] = columns["recorded_at"].cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
    return pa.table(columns).cast(SCHEMA)


def _from_items(items: list[Mapping[str, Any]]) -> pa.Table:
    rows = [
        {
            **{name: item.get(name) for name in SCHEMA.names},
            "recorded_at": _instant(item["recorded_at"]),
            "effective_on": _day(item["effective_on"]),
            "changes": _text(item["changes"]),
        }
        for item in items
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _instant(value: str | datetime) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC).replace(tzinfo=None)


def _day(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _text(changes: Any) -> str:
    return changes if isinstance(changes, str) else json.dumps(changes, ensure_ascii=False, separators=(",", ":"))


def append(cursor: Cursor, source: str, entries: Any, *, epoch: str, known_at: int | None) -> int:
    """Put new entries beside those held and return how many there were; the caller holds the transaction."""
    held_epoch, head = _head(cursor, source)
    if held_epoch is not None and held_epoch != epoch:
        raise Gone(
            "来源的流水已换代，须从头重新拉取。",
            f"The ledger of {source} has begun another epoch; pull it again from the start.",
            data={"held": held_epoch, "offered": epoch},
        )
    _stage(cursor, entries)
    _check_held(cursor, source, head)
    new_head, recorded_at = _check_dense(cursor, source, head)
    if known_at is not None and new_head < known_at:
        raise Conflict(
            f"只收到第{new_head}条，来源声明有{known_at}条。",
            f"Entries end at {new_head}, {source} named {known_at}.",
            data={"seq": new_head, "known_at": known_at},
        )
    cursor.execute(f"INSERT INTO entries SELECT ?, {_COLUMNS} FROM staged WHERE seq > ? ORDER BY seq", [source, head])
    cursor.execute(
        "INSERT INTO sources VALUES (?, ?, ?, ?, 0, NULL) ON CONFLICT (source) DO UPDATE SET epoch = excluded.epoch,"
        " appended = excluded.appended, appended_at = coalesce(excluded.appended_at, appended_at)",
        [source, epoch, new_head, recorded_at],
    )
    cursor.execute("DROP TABLE staged")
    return new_head - head


def _head(cursor: Cursor, source: str) -> tuple[str | None, int]:
    rows = cursor.execute("SELECT epoch, appended FROM sources WHERE source = ?", [source]).fetchall()
    return rows[0] if rows else (None, 0)


def _stage(cursor: Cursor, entries: Any) -> None:
    """Bring the entries into a temporary table, batch by batch, so that size does not matter.

    Nothing is ever inserted from an empty batch: in DuckDB 2.0 a later large insert of the same transaction would
    then be invisible to the queries of that transaction.
    """
    cursor.execute(_STAGED)
    for table in batches(entries):
        if table.num_rows:
            cursor.register("batch", table)
            cursor.execute(f"INSERT INTO staged SELECT {_COLUMNS} FROM batch")
            cursor.unregister("batch")


def _check_held(cursor: Cursor, source: str, head: int) -> None:
    """Refuse when an entry that is held comes again in another form."""
    changed = cursor.execute(
        "SELECT min(staged.seq) FROM staged JOIN entries ON entries.source = ? AND entries.seq = staged.seq"
        " WHERE staged.seq <= ? AND staged.hash IS DISTINCT FROM entries.hash",
        [source, head],
    ).fetchall()[0][0]
    if changed is not None:
        raise Conflict(
            f"第{changed}条流水与已有的不一致，须从头重新拉取。",
            f"Entry {changed} of {source} differs from the one held; pull the ledger again from the start.",
            data={"seq": changed},
        )


def _check_dense(cursor: Cursor, source: str, head: int) -> tuple[int, datetime | None]:
    """Return the new head and when it was recorded; refuse when an entry on the way is missing or double."""
    count, distinct, first, last, recorded_at = cursor.execute(
        "SELECT count(*), count(DISTINCT seq), min(seq), max(seq), arg_max(recorded_at, seq) FROM staged WHERE seq > ?",
        [head],
    ).fetchall()[0]
    if count == 0:
        return head, None
    if count != distinct or first != head + 1 or last != head + count:
        raise Conflict(
            f"流水在第{head}条之后不连续，请从第{head}条起重新读取。",
            f"Entries of {source} are not contiguous after {head}; read again from there.",
            data={"after": head, "first": first, "last": last, "count": count},
        )
    return last, recorded_at


def forget(cursor: Cursor, source: str) -> None:
    """Drop all entries of a source, so that another epoch can be taken in from its start."""
    cursor.execute("DELETE FROM entries WHERE source = ?", [source])
    cursor.execute("DELETE FROM sources WHERE source = ?", [source])

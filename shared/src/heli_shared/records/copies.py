"""What a bulk copy is made of: schemas, the straight way out of the database into Arrow, and record by record."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.ledger.appending import Head
from heli_shared.records.arrow import arrow_snapshot
from heli_shared.records.calls import RecordCalls
from heli_shared.records.kinds import RecordKind, column_value
from heli_shared.records.reading import (
    Condition,
    Moment,
    Record,
    beyond_the_end,
    columns_of,
    iterate_as_of,
    record_of_row,
)
from heli_shared.records.service import Resource

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 10_000
Opened = tuple[Head, "pa.Schema", "Iterator[pa.RecordBatch]"]


def straight(opening: ExitStack, calls: RecordCalls, resource: Resource | None, moment: Moment) -> Opened:
    """Open a copy of the ledger, or of all current rows of a kind, that the driver reads into Arrow."""
    snapshot = opening.enter_context(arrow_snapshot(calls.engine.url))
    head = snapshot.head(calls.ledger)
    if resource is not None:
        schema = record_schema(resource.kind)
        return head, schema, snapshot.batches(resource.kind.table, schema, order=resource.kind.key)
    if moment.known_at is not None and moment.known_at > head.seq:
        raise beyond_the_end()
    # The ledger is append-only and without gaps: all entries up to a seq are the same at any later time.
    up_to = head.seq if moment.known_at is None else moment.known_at
    schema = ledger_schema()
    return head, schema, snapshot.batches(calls.ledger.entries, schema, order="seq", up_to=up_to)


def record_schema(kind: RecordKind) -> "pa.Schema":
    """Return the Arrow schema of a kind's bulk copy: key, fields, state, version."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "decimal": pa.string(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "texts": pa.list_(pa.string()),
    }
    fields = [(each.name, types[each.type]) for each in kind.all_fields]
    return pa.schema([(kind.key, pa.string()), *fields, ("version", pa.int64())])


def records_of(
    session: Session, calls: RecordCalls, resource: Resource, conditions: list[Condition], moment: Moment
) -> Iterator[Record]:
    """Yield the records of a kind that meet the conditions as of a moment, in order of keys."""
    kind = resource.kind
    if not moment.is_now:
        for record in iterate_as_of(session, calls.ledger, kind, moment):
            if all(condition.matches(record) for condition in conditions):
                yield record
        return
    statement = sa.select(*columns_of(kind)).where(*(each.clause for each in conditions))
    rows = session.execute(statement.order_by(kind.table.c[kind.key]), execution_options={"yield_per": _BATCH})
    for row in rows:
        yield record_of_row(kind, row)


def record_batches(records: Iterable[Record], kind: RecordKind, schema: "pa.Schema") -> "Iterator[pa.RecordBatch]":
    """Yield records in batches of the kind's schema."""
    import pyarrow as pa

    dates = [each for each in kind.all_fields if each.type == "date"]
    iterator = iter(records)
    while rows := list(islice(iterator, _BATCH)):
        for row in rows:
            for each in dates:
                row[each.name] = column_value(each, row[each.name])
        yield pa.RecordBatch.from_pylist(rows, schema=schema)


def ledger_schema() -> "pa.Schema":
    """Return the Arrow schema of the ledger's bulk copy."""
    import pyarrow as pa

    text = pa.string()
    return pa.schema(
        [
            ("seq", pa.int64()),
            ("recorded_at", pa.timestamp("us", "UTC")),
            *((name, text) for name in ("actor", "unit", "entity", "key", "operation")),
            ("effective_on", pa.date32()),
            *((name, text) for name in ("changes", "previous_hash", "hash")),
        ]
    )

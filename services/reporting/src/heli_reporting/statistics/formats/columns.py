"""Columns for programs that compute: Parquet and Arrow, typed, with total and passport in the schema's metadata."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from heli_reporting.statistics.formats.flat import Flat
from heli_reporting.statistics.formats.plain import beside_of

_TYPES = {"text": pa.string(), "share": pa.decimal128(7, 4), "count": pa.int64(), "day": pa.date32()}


def parquet_of(flat: Flat) -> bytes:
    """Return a Parquet file; shares are decimals, so nothing is rounded on the way."""
    sink = io.BytesIO()
    pq.write_table(_table(flat), sink, compression="zstd")
    return sink.getvalue()


def arrow_of(flat: Flat) -> bytes:
    """Return an Arrow IPC stream."""
    table, sink = _table(flat), io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _table(flat: Flat) -> Any:
    fields = [pa.field(each.name, _TYPES[each.kind], metadata={"title": each.title}) for each in flat.columns]
    # A line of the total among the lines would be counted twice by whoever adds them up.
    metadata = {f"heli.{name}": part.decode() for name, part in beside_of(flat).items()}
    return pa.Table.from_pylist(list(flat.lines), schema=pa.schema(fields, metadata=metadata))

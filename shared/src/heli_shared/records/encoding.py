"""Bulk copies as bytes: Arrow stream, Parquet, NDJSON and CSV of the same batches, in bounded memory."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import orjson

from heli_shared.ledger.entries import json_value

if TYPE_CHECKING:
    import pyarrow as pa

Format = Literal["arrow", "parquet", "ndjson", "csv"]
MEDIA_TYPES: dict[Format, str] = {
    "arrow": "application/vnd.apache.arrow.stream",
    "parquet": "application/vnd.apache.parquet",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
}
_CHUNK = 1_048_576
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
_SKIPPED = " \ufeff\u3000\u00a0\"'"


def encoded(format_: Format, schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]") -> Iterator[bytes]:
    """Yield batches of one schema as the bytes of a format; the schema's metadata goes into Arrow and Parquet."""
    match format_:
        case "arrow":
            return _arrow(schema, batches)
        case "parquet":
            return _parquet(schema, batches)
        case "ndjson":
            return _ndjson(batches)
        case "csv":
            return _csv(schema, batches)


def _arrow(schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]") -> Iterator[bytes]:
    import pyarrow as pa

    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        for batch in batches:
            writer.write_batch(batch)
            yield sink.getvalue()
            sink.seek(0)
            sink.truncate()
    yield sink.getvalue()


def _parquet(schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]") -> Iterator[bytes]:
    import pyarrow.parquet as pq

    # Parquet's directory is at its end, so the file is laid down first and then sent.
    with tempfile.TemporaryFile() as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _ndjson(batches: "Iterable[pa.RecordBatch]") -> Iterator[bytes]:
    for batch in batches:
        yield b"".join(orjson.dumps(_json_row(row), option=orjson.OPT_APPEND_NEWLINE) for row in batch.to_pylist())


def _json_row(row: dict[str, Any]) -> dict[str, Any]:
    changes = row.get("changes")
    shown = {name: json_value(value) for name, value in row.items()}
    if isinstance(changes, str):
        # In JSON a ledger entry's changes are an object, as in the feed.
        shown["changes"] = orjson.loads(changes)
    if "recorded_at" in row:
        shown["recorded_at"] = row["recorded_at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return shown


def _csv(schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]") -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")  # spreadsheets take a file without it for another encoding
    writer.writerow(schema.names)
    for batch in batches:
        for row in batch.to_pylist():
            writer.writerow([inert(value) for value in row.values()])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def inert(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: dangerous text gets an apostrophe in front."""
    if isinstance(value, str) and value.lstrip(_SKIPPED).startswith(_DANGEROUS):
        return f"'{value}"
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    return value

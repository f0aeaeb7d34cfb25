"""Rows into Arrow: types and gaps survive, also where a column stays empty for longer than the driver looks ahead."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from heli_shared.db.engine import make_engine, transaction
from heli_shared.records.arrow import arrow_snapshot
from heli_shared.testing.databases import Databases

ROWS = 70_000  # more than the driver reads at once
SCHEMA = pa.schema(
    [("key", pa.int64()), ("word", pa.string()), ("number", pa.int64()), ("flag", pa.bool_()), ("day", pa.date32())]
)
GIVEN = ["甲", -3, False, date(2026, 6, 30)]


def sparse_table(engine: sa.Engine) -> sa.Table:
    table = sa.Table(
        "sparse",
        sa.MetaData(),
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("word", sa.Text),
        sa.Column("number", sa.BigInteger),
        sa.Column("flag", sa.Boolean),
        sa.Column("day", sa.Date),
    )
    with transaction(engine, writes=True) as session:
        table.create(session.connection())
        session.execute(sa.insert(table), [{"key": key} for key in range(ROWS)])
        session.execute(
            sa.insert(table), [{"key": ROWS, "word": GIVEN[0], "number": GIVEN[1], "flag": GIVEN[2], "day": GIVEN[3]}]
        )
    return table


def test_a_column_that_is_empty_at_first_keeps_its_type(databases: Databases):
    engine = make_engine(databases.empty())
    table = sparse_table(engine)
    with arrow_snapshot(engine.url) as snapshot:
        read = pa.Table.from_batches(snapshot.batches(table, SCHEMA, order="key"), SCHEMA)
        few = pa.Table.from_batches(snapshot.batches(table, SCHEMA, order="key", up_to=2), SCHEMA)
    engine.dispose()

    assert read.num_rows == ROWS + 1
    assert read.column("word").null_count == read.column("day").null_count == read.column("flag").null_count == ROWS
    assert read.slice(ROWS).to_pylist() == [dict(zip(SCHEMA.names, [ROWS, *GIVEN], strict=True))]
    assert few.num_rows == 3


def test_a_snapshot_does_not_see_what_is_written_later(databases: Databases):
    engine = make_engine(databases.empty())
    table = sparse_table(engine)
    with arrow_snapshot(engine.url) as snapshot:
        before = pa.Table.from_batches(snapshot.batches(table, SCHEMA, order="key", up_to=9), SCHEMA)
        with transaction(engine, writes=True) as session:
            session.execute(sa.update(table).where(table.c.key < 5).values(word="乙"))
        after = pa.Table.from_batches(snapshot.batches(table, SCHEMA, order="key", up_to=9), SCHEMA)
    engine.dispose()

    assert after == before


def test_no_second_copy_of_sqlite_is_loaded():
    """Two copies in one process drop one another's file locks: a ledger entry was lost that way."""
    root = Path(__file__).parents[3]
    sources = [file for folder in ("shared", "services", "cli") for file in (root / folder).rglob("*.py")]
    needle = "adbc_driver_" + "sqlite"
    assert sources
    assert [file.name for file in sources if needle in file.read_text("utf-8")] == []

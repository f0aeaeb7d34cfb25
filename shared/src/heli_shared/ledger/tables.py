"""The ledger's two tables, put into each owning service's own metadata."""

from dataclasses import dataclass

import sqlalchemy as sa

from heli_shared.db.types import KEY_TEXT


@dataclass(frozen=True, slots=True)
class LedgerTables:
    """`entries`: one row per change, only ever appended. `head`: the one row that orders all writers."""

    entries: sa.Table
    head: sa.Table


def ledger_tables(metadata: sa.MetaData) -> LedgerTables:
    """Define the ledger's tables in a service's metadata."""
    entries = sa.Table(
        "ledger_entries",
        metadata,
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("key", KEY_TEXT, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Index("ix_ledger_entries_entity_key_seq", "entity", "key", "seq"),
        sa.CheckConstraint("operation IN ('create', 'change', 'close', 'reopen', 'erase')", name="operation"),
    )
    head = sa.Table(
        "ledger_head",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("epoch", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    return LedgerTables(entries, head)


_SQLITE_GUARDS = (
    (
        "CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    ),
    (
        "CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    ),
)
_POSTGRES_GUARDS = (
    (
        "CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    ),
    (
        "CREATE TRIGGER ledger_entries_no_change BEFORE UPDATE OR DELETE ON ledger_entries "
        "FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()"
    ),
    (
        "CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    ),
)


def guard_statements(dialect: str) -> tuple[str, ...]:
    """Return the statements that make the database itself refuse to change or delete ledger entries."""
    return _POSTGRES_GUARDS if dialect == "postgresql" else _SQLITE_GUARDS


def unguard_statements(dialect: str) -> tuple[str, ...]:
    """Return the statements that take those guards away again, for a migration's way down."""
    if dialect == "postgresql":
        return (
            "DROP TRIGGER ledger_entries_no_truncate ON ledger_entries",
            "DROP TRIGGER ledger_entries_no_change ON ledger_entries",
            "DROP FUNCTION ledger_is_append_only()",
        )
    return ("DROP TRIGGER ledger_entries_no_update", "DROP TRIGGER ledger_entries_no_delete")

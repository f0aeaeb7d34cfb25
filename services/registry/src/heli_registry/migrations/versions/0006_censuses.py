"""censuses: a count as of one day, and what its checkers found."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False)


def _state() -> list[sa.Column[Any]]:
    return [
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
    ]


def _indexes(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.create_index(f"ix_{table}_{column}", [column], unique=False)


def upgrade() -> None:
    op.create_table(
        "censuses",
        _key("id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cut_off_on", sa.Date(), nullable=False),
        sa.Column("division", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        *(
            sa.Column(f"{stage}_{end}", sa.Date(), nullable=True)
            for stage in ("registration", "review", "analysis")
            for end in ("from", "until")
        ),
        sa.Column("optional_steps", sa.Text(), nullable=True),
        *_state(),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_censuses_state")),
        sa.ForeignKeyConstraint(["division"], ["divisions.code"], name=op.f("fk_censuses_division")),
        sa.ForeignKeyConstraint(["zone"], ["zones.id"], name=op.f("fk_censuses_zone")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_censuses_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_censuses")),
    )
    _indexes("censuses", "division", "unit", "zone")
    op.create_table(
        "census_checks",
        _key("id"),
        sa.Column("census", sa.Text(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("checker", sa.Text(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        *_state(),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_census_checks_state")),
        sa.ForeignKeyConstraint(["census"], ["censuses.id"], name=op.f("fk_census_checks_census")),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.uscc"], name=op.f("fk_census_checks_enterprise")),
        sa.ForeignKeyConstraint(["checker"], ["people.id"], name=op.f("fk_census_checks_checker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_census_checks")),
    )
    _indexes("census_checks", "answer", "census", "checker", "enterprise", "item")


def downgrade() -> None:
    for table, columns in (
        ("census_checks", ("item", "enterprise", "checker", "census", "answer")),
        ("censuses", ("zone", "unit", "division")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_index(f"ix_{table}_{column}")
        op.drop_table(table)

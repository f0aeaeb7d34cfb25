"""One pending objection of a unit to the same thing."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    twice = op.get_bind().execute(
        sa.text(
            "SELECT target_id, unit FROM objections WHERE status = 'pending' "
            "GROUP BY target, target_id, unit HAVING count(*) > 1 ORDER BY target_id, unit"
        )
    )
    found = ", ".join(f"{row.target_id} ({row.unit})" for row in twice)
    if found:
        raise RuntimeError(
            f"同一单位对同一事项有多件待答复的异议，请先用原版本答复，只留一件：{found}。 "
            f"Answer all but one of the pending objections of one unit with the version before, then migrate: {found}."
        )
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.create_index(
            "uq_objections_pending",
            ["target", "target_id", "unit"],
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        )


def downgrade() -> None:
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.drop_index("uq_objections_pending", sqlite_where=_PENDING, postgresql_where=_PENDING)

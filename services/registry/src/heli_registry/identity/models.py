"""The kind `principal`, and the failures to sign in; login names and secrets stay out of the ledger."""

import sqlalchemy as sa

from heli_registry.database import METADATA
from heli_registry.identity.roles import ROLES
from heli_shared.db.types import Instant
from heli_shared.records.kinds import Field, record_kind

PRINCIPAL_KINDS = ("person", "client")

PRINCIPAL = record_kind(
    METADATA,
    entity="principal",
    plural="principals",
    zh="账号",
    prefix="prn",
    foreign_keys={"unit": "units.id"},
    fields=(
        Field("unit", "text", "所属机构", max_length=64, references="unit", filtered=True),
        Field("kind", "text", "类别", required=True, choices=PRINCIPAL_KINDS, filtered=True, example="person"),
        Field("roles", "texts", "角色", required=True, choices=tuple(ROLES), example=["township_clerk"]),
    ),
    private_columns=(
        sa.Column("login", sa.Text, nullable=False, unique=True),
        sa.Column("secret_hash", sa.Text),
        sa.Column("secret_set_at", Instant),
    ),
)

SIGN_IN_FAILURES = sa.Table(
    "sign_in_failures",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("failed_at", Instant, nullable=False),
    sa.Index("ix_sign_in_failures_subject_failed_at", "subject", "failed_at"),
)
"""Failures of the last minutes by `subject`: the digest of a login or of an address."""

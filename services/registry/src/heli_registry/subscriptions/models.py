"""The kind `subscription`, how far each was served, and the pushes that were given up."""

import sqlalchemy as sa

from heli_registry.database import METADATA
from heli_shared.db.types import KEY_TEXT, Instant
from heli_shared.records.kinds import Field, record_kind

SUBSCRIPTION = record_kind(
    METADATA,
    entity="subscription",
    plural="subscriptions",
    zh="订阅推送",
    prefix="sub",
    foreign_keys={"unit": "units.id"},
    fields=(
        Field("unit", "text", "订阅单位", required=True, max_length=64, references="unit", filtered=True),
        Field(
            "url", "text", "接收地址", "https", required=True, max_length=500, example="https://tax.example.gov.cn/heli"
        ),
        Field("kinds", "texts", "资源", "plurals", required=True, example=["enterprises"]),
        Field("purpose", "text", "使用用途", required=True, max_length=200, example="同步企业登记变化"),
    ),
    private_columns=(sa.Column("sealed_secret", sa.Text), sa.Column("secret_set_at", Instant)),
)

CURSORS = sa.Table(
    "subscription_cursors",
    METADATA,
    sa.Column("subscription", KEY_TEXT, primary_key=True),
    sa.Column("epoch", sa.Text, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("batch_until", sa.BigInteger),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_attempt_at", Instant),
    sa.Column("worker", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("last_error", sa.Text),
    sa.Column("delivered_at", Instant),
)
"""`seq` is taken by the receiver; `batch_until` ends the push under way, so that a repetition is the same push."""

DEAD_LETTERS = sa.Table(
    "dead_letters",
    METADATA,
    sa.Column("id", KEY_TEXT, primary_key=True),
    sa.Column("subscription", sa.Text, nullable=False),
    sa.Column("epoch", sa.Text, nullable=False),
    sa.Column("after_seq", sa.BigInteger, nullable=False),
    sa.Column("until_seq", sa.BigInteger, nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("worker", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("redelivered_at", Instant),
    sa.CheckConstraint("state IN ('dead', 'queued', 'delivered')", name="state"),
    sa.Index("ix_dead_letters_state", "state"),
)
"""Pushes that nobody took after all attempts; `queued` ones are tried once more."""

"""Statements on subscriptions: whose turn it is, how far each was served, and what was given up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.database import LEDGER
from heli_registry.subscriptions.models import CURSORS, DEAD_LETTERS, SUBSCRIPTION

LEASE = timedelta(seconds=60)


def open_subscriptions(session: Session) -> Sequence[Any]:
    """Return the open subscriptions that have a secret, each with its cursor's columns (null before the first push)."""
    table = SUBSCRIPTION.table
    joined = table.outerjoin(CURSORS, CURSORS.c.subscription == table.c.id)
    statement = sa.select(
        table.c.id, table.c.unit, table.c.url, table.c.kinds, table.c.purpose, table.c.sealed_secret,
        CURSORS.c.epoch, CURSORS.c.seq, CURSORS.c.batch_until, CURSORS.c.attempts, CURSORS.c.next_attempt_at,
        CURSORS.c.lease_until,
    ).select_from(joined)  # fmt: skip
    wanted = statement.where(table.c.state == "open", table.c.sealed_secret.is_not(None))
    return session.execute(wanted.order_by(table.c.id)).all()


def subscription(session: Session, key: str) -> Any | None:
    """Return a subscription's row, or None."""
    table = SUBSCRIPTION.table
    return session.execute(sa.select(table).where(table.c.id == key)).one_or_none()


def first_seq(session: Session, key: str) -> int:
    """Return the seq of the entry that made a subscription: what comes after it is pushed."""
    table = LEDGER.entries
    own = sa.and_(table.c.entity == SUBSCRIPTION.entity, table.c.key == key)
    return int(session.execute(sa.select(sa.func.min(table.c.seq)).where(own)).scalar_one())


def cursors(session: Session, keys: Sequence[str]) -> dict[str, Any]:
    """Return cursors by subscription."""
    statement = sa.select(CURSORS).where(CURSORS.c.subscription.in_(keys))
    return {row.subscription: row for row in session.execute(statement)}


def start_cursor(session: Session, key: str, *, epoch: str, seq: int) -> None:
    """Put a subscription at a place in the ledger."""
    session.execute(sa.delete(CURSORS).where(CURSORS.c.subscription == key))
    session.execute(sa.insert(CURSORS).values(subscription=key, epoch=epoch, seq=seq, attempts=0))


def claim(session: Session, key: str, *, worker: str, now: datetime, after: int, until: int) -> Any | None:
    """Take a subscription's turn for one push under a lease; None when it is another's or not due any more."""
    table = CURSORS
    free = sa.or_(table.c.lease_until.is_(None), table.c.lease_until < now)
    due = sa.or_(table.c.next_attempt_at.is_(None), table.c.next_attempt_at <= now)
    same = sa.or_(table.c.batch_until.is_(None), table.c.batch_until == until)
    taken = session.execute(
        sa.update(table)
        .where(table.c.subscription == key, table.c.seq == after, free, due, same)
        .values(worker=worker, lease_until=now + LEASE, batch_until=until)
        .returning(table)
    )
    return taken.one_or_none()


def advance(session: Session, key: str, *, worker: str, seq: int, now: datetime | None) -> None:
    """Move a cursor behind a push that is settled; `now` when it was taken by the receiver."""
    mine = sa.and_(CURSORS.c.subscription == key, CURSORS.c.worker == worker)
    values: dict[str, Any] = {"seq": seq, "batch_until": None, "attempts": 0, "next_attempt_at": None, "worker": None,
                              "lease_until": None}  # fmt: skip
    if now is not None:
        values |= {"delivered_at": now, "last_error": None}
    session.execute(sa.update(CURSORS).where(mine).values(**values))


def postpone(session: Session, key: str, *, worker: str, attempts: int, until: datetime, error: str) -> None:
    """Note a failure and when to try again."""
    mine = sa.and_(CURSORS.c.subscription == key, CURSORS.c.worker == worker)
    values = {"attempts": attempts, "next_attempt_at": until, "last_error": error, "worker": None, "lease_until": None}
    session.execute(sa.update(CURSORS).where(mine).values(**values))


def bury(session: Session, letter: Mapping[str, Any]) -> None:
    """Put a push that nobody took among the dead letters."""
    session.execute(sa.insert(DEAD_LETTERS).values(**letter))
    session.execute(
        sa.update(CURSORS).where(CURSORS.c.subscription == letter["subscription"]).values(last_error=letter["error"])
    )


def queued_letters(session: Session, now: datetime) -> Sequence[Any]:
    """Return the dead letters that are to be tried once more and that nobody is trying."""
    table = DEAD_LETTERS
    free = sa.or_(table.c.lease_until.is_(None), table.c.lease_until < now)
    return session.execute(sa.select(table).where(table.c.state == "queued", free).order_by(table.c.id)).all()


def claim_letter(session: Session, key: str, *, worker: str, now: datetime) -> bool:
    """Take a queued dead letter under a lease; False when another has it."""
    table = DEAD_LETTERS
    free = sa.or_(table.c.lease_until.is_(None), table.c.lease_until < now)
    taken = session.execute(
        sa.update(table)
        .where(table.c.id == key, table.c.state == "queued", free)
        .values(worker=worker, lease_until=now + LEASE, attempts=table.c.attempts + 1)
        .returning(table.c.id)
    )
    return taken.one_or_none() is not None


def settle_letter(session: Session, key: str, *, state: str, error: str | None, now: datetime) -> None:
    """Note how another attempt at a dead letter ended."""
    values: dict[str, Any] = {"state": state, "worker": None, "lease_until": None}
    values |= {"redelivered_at": now} if error is None else {"error": error}
    session.execute(sa.update(DEAD_LETTERS).where(DEAD_LETTERS.c.id == key).values(**values))


def find_letter(session: Session, key: str, *, lock: bool = False) -> Any | None:
    """Return a dead letter, or None."""
    statement = sa.select(DEAD_LETTERS).where(DEAD_LETTERS.c.id == key)
    return session.execute(statement.with_for_update() if lock else statement).one_or_none()


def queue_letter(session: Session, key: str) -> None:
    """Let a dead letter be tried once more."""
    session.execute(sa.update(DEAD_LETTERS).where(DEAD_LETTERS.c.id == key).values(state="queued"))


def page_of_letters(
    session: Session, *, given: Mapping[str, Any], after: str | None, limit: int
) -> tuple[Sequence[Any], int]:
    """Return dead letters, newest first, and how many there are in all."""
    clauses = [DEAD_LETTERS.c[name] == value for name, value in given.items() if value is not None]
    total = session.execute(sa.select(sa.func.count()).select_from(DEAD_LETTERS).where(*clauses)).scalar_one()
    statement = sa.select(DEAD_LETTERS).where(*clauses).order_by(DEAD_LETTERS.c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(DEAD_LETTERS.c.id < after)
    return session.execute(statement).all(), int(total)

"""Every statement on principals beside the ledgered record: logins, secrets, units, failures to sign in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.identity.domain import UnitFacts
from heli_registry.identity.models import PRINCIPAL, SIGN_IN_FAILURES
from heli_registry.units.models import UNIT
from heli_shared.kernel.ids import new_id

_P, _U = PRINCIPAL.table, UNIT.table
# Built once: every request asks it.
_PRINCIPAL_WITH_UNIT = (
    sa.select(
        _P.c.id, _P.c.login, _P.c.kind, _P.c.roles, _P.c.state,
        _U.c.id.label("unit"), _U.c.name.label("unit_name"), _U.c.kind.label("unit_kind"),
        _U.c.division, _U.c.zone, _U.c.state.label("unit_state"),
    )
    .select_from(_P.outerjoin(_U, _P.c.unit == _U.c.id))
    .where(_P.c.id == sa.bindparam("id"))
)  # fmt: skip


def find_by_login(session: Session, login: str) -> Any | None:
    """Return the row of the principal with this login, or None."""
    table = PRINCIPAL.table
    return session.execute(sa.select(table).where(table.c.login == login)).one_or_none()


def logins(session: Session, keys: Iterable[str]) -> dict[str, Any]:
    """Return login and the day its secret was set of principals, by key."""
    table = PRINCIPAL.table
    statement = sa.select(table.c.id, table.c.login, table.c.secret_set_at).where(table.c.id.in_(list(keys)))
    return {row.id: row for row in session.execute(statement)}


def find_principal(session: Session, key: str) -> tuple[Any, UnitFacts | None] | None:
    """Return a principal's row and the facts of its unit, or None when there is no such principal."""
    row = session.execute(_PRINCIPAL_WITH_UNIT, {"id": key}).one_or_none()
    if row is None:
        return None
    if row.unit is None:
        return row, None
    is_open = row.unit_state == "open"
    return row, UnitFacts(row.unit, row.unit_name, row.unit_kind, row.division, row.zone, is_open=is_open)


def unit_facts(session: Session, key: str) -> UnitFacts | None:
    """Return a unit as access looks at it, or None when there is no such unit."""
    table = UNIT.table
    row = session.execute(sa.select(table).where(table.c.id == key)).one_or_none()
    if row is None:
        return None
    return UnitFacts(row.id, row.name, row.kind, row.division, row.zone, is_open=row.state == "open")


def open_holders(session: Session, role: str) -> list[str]:
    """Return the keys of the open principals who hold a role."""
    table = PRINCIPAL.table
    holds = sa.type_coerce(table.c.roles, sa.Text).contains(f'"{role}"', autoescape=True)
    return list(session.execute(sa.select(table.c.id).where(table.c.state == "open", holds)).scalars())


def set_secret(session: Session, key: str, *, secret_hash: str, set_at: datetime) -> None:
    """Store the hash of a principal's secret, where no entry of the ledger is wanted."""
    table = PRINCIPAL.table
    statement = sa.update(table).where(table.c.id == key)
    session.execute(statement.values(secret_hash=secret_hash, secret_set_at=set_at))


def failures_since(session: Session, subject: str, since: datetime) -> list[datetime]:
    """Return when a subject failed to sign in after an instant, the latest first."""
    table = SIGN_IN_FAILURES
    statement = sa.select(table.c.failed_at).where(table.c.subject == subject, table.c.failed_at > since)
    return list(session.execute(statement.order_by(table.c.failed_at.desc())).scalars())


def add_failures(session: Session, subjects: Iterable[str], *, failed_at: datetime, forget_before: datetime) -> None:
    """Note a failure of each subject, and forget those that count no more."""
    table = SIGN_IN_FAILURES
    session.execute(sa.delete(table).where(table.c.failed_at <= forget_before))
    rows = [{"id": new_id("sif"), "subject": subject, "failed_at": failed_at} for subject in subjects]
    session.execute(sa.insert(table), rows)


def forget_failures(session: Session, subject: str) -> None:
    """Forget the failures of a subject that signed in."""
    session.execute(sa.delete(SIGN_IN_FAILURES).where(SIGN_IN_FAILURES.c.subject == subject))


def forget_reply(session: Session, replies: sa.Table, *, principal: str, key: str) -> None:
    """Give an idempotency key back, because the reply holds a secret that must not be stored."""
    session.execute(sa.delete(replies).where(replies.c.principal == principal, replies.c.key == key))

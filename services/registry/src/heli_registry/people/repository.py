"""Every statement on people beside the ledgered record: sealed values, search by number, unmasked reads."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import keys_in_scope
from heli_registry.database import METADATA
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.people.models import PERSON, UNMASKED_READS
from heli_shared.kernel.access import Scope


def sealed_values(session: Session, keys: Iterable[str]) -> dict[str, Any]:
    """Return the sealed name and phone of people, and when they were erased, by key."""
    table = PERSON.table
    statement = sa.select(table.c.id, table.c.sealed_name, table.c.sealed_phone, table.c.erased_at)
    return {row.id: row for row in session.execute(statement.where(table.c.id.in_(list(keys))))}


def keys_by_phone_index(session: Session, index: str) -> list[str]:
    """Return the keys of the people with this telephone number, in order."""
    table = PERSON.table
    statement = sa.select(table.c.id).where(table.c.phone_index == index).order_by(table.c.id)
    return list(session.execute(statement).scalars())


def assigned_in_scope(session: Session, scope: Scope) -> sa.Select[Any]:
    """Return the keys of people who are assigned to an enterprise or organisation that the scope shows."""
    # By name, because assignments speak of people already and features must not turn in circles.
    table = METADATA.tables["assignments"]
    return sa.select(table.c.person).where(
        table.c.state == "open",
        table.c.enterprise.in_(keys_in_scope(ENTERPRISE, session, scope))
        | table.c.organization.in_(keys_in_scope(PARTY_ORGANIZATION, session, scope)),
    )


def add_unmasked_read(
    session: Session, key: str, *, person: str, principal: str, unit: str | None, purpose: str, read_at: datetime
) -> None:
    """Note that somebody read a person's values unmasked."""
    session.execute(
        sa.insert(UNMASKED_READS).values(
            id=key, person=person, principal=principal, unit=unit, purpose=purpose, read_at=read_at
        )
    )


def unmasked_reads(session: Session, person: str, *, after: str | None, limit: int) -> tuple[list[Any], int]:
    """Return the unmasked reads of a person behind the key `after`, one more than `limit`, and how many there are."""
    table = UNMASKED_READS
    here = table.c.person == person
    total = session.execute(sa.select(sa.func.count()).select_from(table).where(here)).scalar_one()
    statement = sa.select(table).where(here).order_by(table.c.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(table.c.id > after)
    return list(session.execute(statement)), total

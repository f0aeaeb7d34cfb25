"""Every statement behind transfers: present superiors, transfers under way, and who stands behind a superior."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import keys_in_scope
from heli_registry.affiliations.models import AFFILIATION
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.transfers.models import TRANSFER
from heli_registry.units.models import UNIT
from heli_shared.kernel.access import Scope
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import list_of_record
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import find_row

_MOVES = {"state", "superior", "organization"}
"""The fields of an affiliation that say who stands above whom."""


def affiliations_of(session: Session, organization: str) -> list[Any]:
    """Return all affiliations of an organisation, open and closed, locked against other writers."""
    table = AFFILIATION.table
    statement = sa.select(table).where(table.c.organization == organization).order_by(table.c.id)
    return list(session.execute(statement.with_for_update(key_share=True)).all())


def moved_after(session: Session, ledger: LedgerTables, affiliation: str, day: date) -> bool:
    """Say whether an affiliation began, ended or changed its ends after a day."""
    entries = list_of_record(session, ledger, AFFILIATION.entity, affiliation)
    return any(entry.effective_on > day and _MOVES & entry.changes.keys() for entry in entries)


def stood_on(session: Session, ledger: LedgerTables, kind: RecordKind, key: str, day: date) -> bool:
    """Say whether a record existed on a day and was open."""
    folded = fold(list_of_record(session, ledger, kind.entity, key), on=day)
    return folded is not None and folded.values.get("state") == "open"


def lock_organizations(session: Session, *keys: str) -> None:
    """Lock the organisations among these keys, in order, so that two moves never see only half of each other."""
    for key in sorted(set(keys)):
        find_row(session, PARTY_ORGANIZATION, key, lock=True)


def lock_unit(session: Session, key: str) -> None:
    """Lock the unit of this key, if there is one, so that it is not merged while somebody proposes to come under it."""
    find_row(session, UNIT, key, lock=True)


def under_way(session: Session, organization: str) -> str | None:
    """Return the transfer of an organisation that is under way."""
    table = TRANSFER.table
    here = (table.c.organization == organization, table.c.state == "open")
    return session.execute(sa.select(table.c.id).where(*here).limit(1)).scalar_one_or_none()


def organizations_in(session: Session, scope: Scope) -> sa.Select[Any]:
    """Return the organisations of a scope that can be a side; a key that is a unit's speaks for the unit."""
    own = PARTY_ORGANIZATION.table.c.id
    return keys_in_scope(PARTY_ORGANIZATION, session, scope).where(own.not_in(sa.select(UNIT.table.c.id)))


def units_in(session: Session, scope: Scope) -> sa.Select[Any]:
    """Return the units that lie in a scope."""
    return keys_in_scope(UNIT, session, scope)


def is_organization_in(session: Session, scope: Scope, key: str) -> bool:
    """Say whether a key names an organisation of a scope."""
    found = organizations_in(session, scope).where(PARTY_ORGANIZATION.table.c.id == key)
    return session.execute(found).one_or_none() is not None

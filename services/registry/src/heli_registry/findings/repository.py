"""Every statement behind the findings: what the rules look at now, and the entries that tell since when."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.covers.models import COVER
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.zones.models import ZONE
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.reading import as_entry
from heli_shared.ledger.tables import LedgerTables

_E, _O, _C, _Z = ENTERPRISE.table, PARTY_ORGANIZATION.table, COVER.table, ZONE.table
_SOME = 500
Clauses = Iterable[sa.ColumnElement[bool]]


def organizations(session: Session, clauses: Clauses) -> Iterator[Any]:
    """Yield the open organisations with the numbers of open and of closed enterprises that they cover."""
    is_open, is_closed = (sa.case((_E.c.state == state, _C.c.enterprise)) for state in ("open", "closed"))
    counts = (
        sa.select(
            _C.c.organization,
            sa.func.count(sa.distinct(is_open)).label("covered_enterprises"),
            sa.func.count(sa.distinct(is_closed)).label("covered_closed"),
        )
        .select_from(_C.join(_E, _C.c.enterprise == _E.c.uscc))
        .where(_C.c.state == "open")
        .group_by(_C.c.organization)
        .subquery()
    )
    statement = (
        sa.select(
            _O,
            sa.func.coalesce(counts.c.covered_enterprises, 0).label("covered_enterprises"),
            sa.func.coalesce(counts.c.covered_closed, 0).label("covered_closed"),
        )
        .select_from(_O.outerjoin(counts, counts.c.organization == _O.c.id))
        .where(_O.c.state == "open", *clauses)
    )
    yield from session.execute(statement)


def uncovered_enterprises(session: Session, clauses: Clauses, *, min_full_members: int) -> Iterator[Any]:
    """Yield the open enterprises with so many full members that no open organisation covers."""
    covered = sa.exists().where(
        _C.c.enterprise == _E.c.uscc, _C.c.state == "open", _C.c.organization == _O.c.id, _O.c.state == "open"
    )
    statement = sa.select(_E).where(_E.c.state == "open", _E.c.full_members >= min_full_members, ~covered, *clauses)
    yield from session.execute(statement)


def project_zones(session: Session, clauses: Clauses) -> Iterator[Any]:
    """Yield the open project zones with `organizations`, the open organisations in them."""
    inside = sa.select(sa.func.count()).where(_O.c.zone == _Z.c.id, _O.c.state == "open").scalar_subquery()
    statement = sa.select(_Z, inside.label("organizations"))
    yield from session.execute(statement.where(_Z.c.state == "open", _Z.c.kind == "project", *clauses))


def covers_of(session: Session, *, organizations: list[str], enterprises: list[str]) -> list[Any]:
    """Return every cover, open or closed, that has one of these ends: its key, organisation and enterprise."""
    found: dict[str, Any] = {}
    for column, keys in ((_C.c.organization, organizations), (_C.c.enterprise, enterprises)):
        for some in _portions(keys):
            statement = sa.select(_C.c.id, _C.c.organization, _C.c.enterprise).where(column.in_(some))
            found |= {row.id: row for row in session.execute(statement)}
    return list(found.values())


def organizations_ever_in(session: Session, ledger: LedgerTables, zones: list[str]) -> list[str]:
    """Return the keys of the organisations that ever stood in one of these zones."""
    table = ledger.entries
    found: set[str] = set()
    for zone in zones:
        # The ledger keeps changes as canonical JSON text, so a written zone reads exactly like this.
        written = table.c.changes.contains(f'"zone":{json.dumps(zone)}', autoescape=True)
        statement = sa.select(table.c.key).distinct().where(table.c.entity == "party_organization", written)
        found |= set(session.execute(statement).scalars())
    return sorted(found)


def entries_of(
    session: Session, ledger: LedgerTables, entity: str, keys: Iterable[str], *, until: date
) -> dict[str, list[Entry]]:
    """Return the entries of records of one entity with effect up to a day, by key and in order of seq."""
    table = ledger.entries
    found: dict[str, list[Entry]] = {}
    for some in _portions(sorted(set(keys))):
        statement = sa.select(table).where(
            table.c.entity == entity, table.c.key.in_(some), table.c.effective_on <= until
        )
        for row in session.execute(statement.order_by(table.c.seq)):
            found.setdefault(row.key, []).append(as_entry(row))
    return found


def _portions(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _SOME):
        yield keys[start : start + _SOME]

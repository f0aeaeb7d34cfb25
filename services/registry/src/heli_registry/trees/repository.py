"""Every statement behind the trees: nodes and enterprises on a day, and the successions known."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.affiliations.models import AFFILIATION
from heli_registry.covers.models import COVER
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.successions.models import SUCCESSION
from heli_registry.units.models import UNIT
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.reading import as_entry
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition, Moment, Record, columns_of, iterate_as_of, record_of_row


def records(
    session: Session, ledger: LedgerTables, kind: RecordKind, moment: Moment, conditions: list[Condition]
) -> Iterator[Record]:
    """Yield the records of a kind as of a moment that meet the conditions, in order of keys."""
    if not moment.is_now:
        for record in iterate_as_of(session, ledger, kind, moment):
            if all(condition.matches(record) for condition in conditions):
                yield record
        return
    statement = sa.select(*columns_of(kind)).where(*(condition.clause for condition in conditions))
    rows = session.execute(statement.order_by(kind.table.c[kind.key]), execution_options={"yield_per": 5_000})
    for row in rows:
        yield record_of_row(kind, row)


def superiors(session: Session, ledger: LedgerTables, moment: Moment) -> dict[str, str]:
    """Return each organisation's superior as of a moment: of several the one with the smallest key."""
    found: dict[str, str] = {}
    for record in records(session, ledger, AFFILIATION, moment, []):
        if record["state"] == "open":
            found.setdefault(record["organization"], record["superior"])
    return found


def covering(session: Session, ledger: LedgerTables, moment: Moment) -> dict[str, str]:
    """Return for each enterprise an open organisation that covers it as of a moment, the one with the smallest key."""
    standing = {
        record["id"] for record in records(session, ledger, PARTY_ORGANIZATION, moment, []) if record["state"] == "open"
    }
    found: dict[str, str] = {}
    for record in records(session, ledger, COVER, moment, []):
        organization = record["organization"]
        if record["state"] == "open" and organization in standing:
            found[record["enterprise"]] = min(organization, found.get(record["enterprise"], organization))
    return found


def successions(session: Session, node: str) -> list[Any]:
    """Return the open successions of a kind of node, in the order in which they were recorded."""
    table = SUCCESSION.table
    statement = sa.select(table).where(table.c.node == node, table.c.state == "open").order_by(table.c.version)
    return list(session.execute(statement).all())


def entries_of(
    session: Session, ledger: LedgerTables, entity: str, keys: list[str]
) -> Iterator[tuple[str, list[Entry]]]:
    """Yield each of these records with its entries, in order of keys."""
    table = ledger.entries
    for start in range(0, len(keys), _SOME):
        statement = sa.select(table).where(table.c.entity == entity, table.c.key.in_(keys[start : start + _SOME]))
        rows = session.execute(statement.order_by(table.c.key, table.c.seq))
        for key, entries in groupby((as_entry(row) for row in rows), key=attrgetter("key")):
            yield key, list(entries)


_SOME = 500
AFFILIATED = (PARTY_ORGANIZATION, UNIT)
"""The kinds of the affiliation tree's nodes."""

"""Every statement behind merges and splits: who refers to a node now, and on the day of the change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.affiliations.models import AFFILIATION
from heli_registry.database import METADATA
from heli_registry.successions.domain import Reference
from heli_registry.successions.models import HELD, KEPT_FACTS, WHILE_OPEN
from heli_registry.transfers.models import TRANSFER
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import list_of_record
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import RecordKind, kinds_of

_SOME = 500


@dataclass(frozen=True, slots=True)
class Pointing:
    """A record that refers to a node: the days from which its field is to name another, and its last day of effect.

    The first is the day of the change, or a later one on which the record came to the node.
    """

    reference: Reference
    kind: RecordKind
    days: tuple[date, ...]
    last_effective_on: date


def fields_naming(entity: str) -> Iterator[tuple[RecordKind, str]]:
    """Yield every field of every kind that follows a node of an entity when it goes; a unit may be a superior, too."""
    if entity == "unit":
        # Before the affiliations, in the order in which a confirmation locks its rows.
        yield TRANSFER, "from_superior"
        yield TRANSFER, "to_superior"
    for kind, name in _referring(entity):
        if (kind.entity, name) not in KEPT_FACTS | HELD:
            yield kind, name
    if entity == "unit":
        yield AFFILIATION, "superior"


def _referring(entity: str) -> Iterator[tuple[RecordKind, str]]:
    for kind in kinds_of(METADATA).values():
        for each in kind.fields:
            if each.references == entity and each.type == "text":
                yield kind, each.name


def held_by(session: Session, entity: str, key: str) -> list[Reference]:
    """Return the open records that must be handed over by their own rules before a node goes."""
    found = []
    for kind, name in _referring(entity):
        if (kind.entity, name) in HELD:
            table = kind.table
            statement = sa.select(table.c[kind.key]).where(table.c[name] == key, table.c.state == "open")
            keys = session.execute(statement.order_by(table.c[kind.key])).scalars()
            found += [Reference(kind.plural, name, each) for each in keys]
    return found


def pointing_at(
    session: Session, ledger: LedgerTables, entity: str, key: str, *, on: date, lock: bool
) -> Iterator[Pointing]:
    """Yield, in order of kinds and keys, every record that refers to a node on a day or on a later one."""
    for kind, name in fields_naming(entity):
        table = kind.table
        column, own = table.c[name], table.c[kind.key]
        zone = table.c["zone"] if "zone" in kind.by_name and name != "zone" else sa.null().label("zone")
        # A record that was changed after the day may have pointed here in between: its entries decide.
        leader = WHILE_OPEN.get((kind.entity, name))
        led_by = table.c[leader] if leader else sa.null()
        statement = sa.select(own.label("key"), zone, led_by.label("leader"), table.c.last_effective_on).where(
            (column == key) | (table.c.last_effective_on > on) & own.in_(_ever(ledger, kind, name, key))
        )
        if (kind.entity, name) in WHILE_OPEN:
            statement = statement.where(table.c.state == "open")
        if lock:
            statement = statement.with_for_update(key_share=True, of=table)
        for row in session.execute(statement.order_by(own)).all():
            days: tuple[date, ...] = (on,)
            if row.last_effective_on > on:
                days = _days(list_of_record(session, ledger, kind.entity, row.key), name, key, on)
            if days:
                reference = Reference(
                    kind.plural, name, row.key, row.zone, (AFFILIATION.plural, row.leader) if row.leader else None
                )
                yield Pointing(reference, kind, days, row.last_effective_on)


def _ever(ledger: LedgerTables, kind: RecordKind, name: str, key: str) -> sa.Select[Any]:
    """Return the keys of records that were ever written with this value: the ledger's text is canonical."""
    table = ledger.entries
    return sa.select(table.c.key).where(
        table.c.entity == kind.entity, table.c.changes.contains(f'"{name}":"{key}"', autoescape=True)
    )


def _days(entries: list[Entry], name: str, key: str, on: date) -> tuple[date, ...]:
    """Return the day itself when the field named the node then, and every later day on which it came to name it."""
    written = {entry.effective_on for entry in entries if entry.effective_on > on and name in entry.changes}
    found = []
    for day in (on, *sorted(written)):
        folded = fold(entries, on=day)
        if folded is not None and folded.values.get(name) == key:
            found.append(day)
    return tuple(found)


def transfers_of(session: Session, keys: list[str]) -> list[Any]:
    """Return these transfers with their two sides, in order of keys."""
    table = TRANSFER.table
    found: list[Any] = []
    for start in range(0, len(keys), _SOME):
        chosen = table.c.id.in_(keys[start : start + _SOME])
        found += session.execute(sa.select(table.c.id, table.c.from_superior, table.c.to_superior).where(chosen)).all()
    return sorted(found)


def entries_of_node(session: Session, ledger: LedgerTables, kind: RecordKind, key: str) -> list[Entry]:
    """Return every entry of a node, by seq."""
    return list_of_record(session, ledger, kind.entity, key)


def present(session: Session, kind: RecordKind, keys: list[str]) -> Mapping[str, Any]:
    """Return the current rows with these keys."""
    found: dict[str, Any] = {}
    own = kind.table.c[kind.key]
    for start in range(0, len(keys), _SOME):
        statement = sa.select(kind.table).where(own.in_(keys[start : start + _SOME]))
        found |= {row._mapping[kind.key]: row for row in session.execute(statement)}  # noqa: SLF001 - by name
    return found

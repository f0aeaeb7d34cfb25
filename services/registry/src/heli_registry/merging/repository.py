"""Every statement of merging: the links of an enterprise, and the merger that closed it."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.database import METADATA
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.merging.domain import Link
from heli_registry.merging.models import MERGER
from heli_shared.records.kinds import RecordKind, kinds_of
from heli_shared.records.reading import record_of_row


def linking_fields() -> list[tuple[RecordKind, str]]:
    """Return every field of every kind that names an enterprise, in order of kinds."""
    return [
        (kind, field.name)
        for _, kind in sorted(kinds_of(METADATA).items())
        for field in kind.fields
        if field.references == ENTERPRISE.entity and field.type == "text"
    ]


def open_links(session: Session, enterprise: str) -> list[Link]:
    """Return the open records that name an enterprise, locked against other writers until the end."""
    found = []
    for kind, field in linking_fields():
        table = kind.table
        statement = sa.select(table).where(table.c[field] == enterprise, table.c.state == "open")
        for row in session.execute(statement.order_by(table.c[kind.key]).with_for_update(key_share=True)):
            values = record_of_row(kind, row)
            said = {name: value for name, value in values.items() if name != kind.key}
            found.append(Link(kind.entity, values[kind.key], field, said, row.last_effective_on))
    return found


def lock_enterprises(session: Session, keys: Iterable[str]) -> None:
    """Lock enterprises against other writers, in order of codes as every writer does."""
    table = ENTERPRISE.table
    statement = sa.select(table.c.uscc).where(table.c.uscc.in_(sorted(keys))).order_by(table.c.uscc)
    session.execute(statement.with_for_update(key_share=True)).all()


def duplicates_of(session: Session, key: str) -> list[Any]:
    """Return the enterprises that were merged into this one before, locked against other writers."""
    table = ENTERPRISE.table
    statement = sa.select(table).where(table.c.duplicate_of == key).order_by(table.c.uscc)
    return list(session.execute(statement.with_for_update(key_share=True)))


def open_merger(session: Session, source: str) -> Any | None:
    """Return the merger by which an enterprise was closed, None when it was not or that was undone."""
    table = MERGER.table
    return session.execute(sa.select(table).where(table.c.source == source, table.c.state == "open")).one_or_none()

"""Statements on forms and on how much of what they ask is held."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import subtree
from heli_registry.burden.models import FORM, FORM_ITEM
from heli_shared.records.kinds import RecordKind

_BATCH = 2_000


def open_forms(session: Session, *, form: str | None = None) -> Sequence[Any]:
    """Return the open forms, or one of them."""
    statement = sa.select(FORM.table).where(FORM.table.c.state == "open").order_by(FORM.table.c.id)
    return session.execute(statement if form is None else statement.where(FORM.table.c.id == form)).all()


def items_of(session: Session, form: str) -> Sequence[Any]:
    """Return a form's items in order."""
    table = FORM_ITEM.table
    mine = sa.and_(table.c.form == form, table.c.state == "open")
    return session.execute(sa.select(table).where(mine).order_by(table.c.position, table.c.id)).all()


def targets_of(kind: RecordKind, division: str | None, clauses: Sequence[Any]) -> list[Any]:
    """Return what chooses a form's targets: the open records that the clauses allow, in the form's territory."""
    chosen = [kind.table.c.state == "open", *clauses]
    if division is not None:
        chosen.append(kind.table.c.division.in_(subtree((division,))))
    return chosen


def held_counts(
    session: Session, kind: RecordKind, fields: Sequence[str], clauses: Sequence[Any]
) -> tuple[int, dict[str, int]]:
    """Return how many targets there are and for how many of them each field has a value."""
    columns = [sa.func.count(kind.table.c[name]) for name in fields]
    found = session.execute(sa.select(sa.func.count(), *columns).select_from(kind.table).where(*clauses)).one()
    return int(found[0]), {name: int(value) for name, value in zip(fields, found[1:], strict=True)}


def rows_of_targets(session: Session, kind: RecordKind, fields: Sequence[str], clauses: Sequence[Any]) -> Iterator[Any]:
    """Yield key and fields of each target in order of keys."""
    columns = [kind.table.c[kind.key], *(kind.table.c[name] for name in fields)]
    statement = sa.select(*columns).where(*clauses).order_by(kind.table.c[kind.key])
    yield from session.execute(statement, execution_options={"yield_per": _BATCH})


def open_item_keys(session: Session, form: str) -> list[str]:
    """Return the keys of a form's open items, locked until the form is closed with them."""
    table = FORM_ITEM.table
    statement = sa.select(table.c.id).where(table.c.form == form, table.c.state == "open").order_by(table.c.id)
    return list(session.execute(statement.with_for_update(key_share=True)).scalars())

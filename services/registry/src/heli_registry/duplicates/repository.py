"""Every statement of duplicates: enterprises that share a code, a name or a place with another, and decisions."""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.duplicates.models import DUPLICATE_DECISION
from heli_registry.enterprises.models import ENTERPRISE
from heli_shared.records.reading import Condition

_COMPARED = ("zone", "division", "registered_on", "is_branch_office")
_BATCH = 500
_CODE_FROM, _CODE_LENGTH = 9, 9


def state_of(session: Session) -> int:
    """Return a number that is another one after every change of an enterprise."""
    return int(session.execute(sa.select(sa.func.coalesce(sa.func.max(ENTERPRISE.table.c.version), 0))).scalar_one())


def sharing_rows(session: Session) -> Iterator[Any]:
    """Yield every open enterprise that shares its organisation code, its core name or its place with another one."""
    index = ENTERPRISE.index
    assert index is not None  # noqa: S101 - enterprises are searched by name
    entries, table = index.entries, ENTERPRISE.table
    code = sa.func.substr(entries.c.key, _CODE_FROM, _CODE_LENGTH)
    of_enterprise = table.c.uscc == entries.c.key
    is_open = table.c.state == "open"
    shared = [_shared(of, of_enterprise, is_open) for of in (code, entries.c.core, entries.c.place)]
    statement = (
        sa.select(entries.c.key, entries.c.text, entries.c.place, *(table.c[name] for name in _COMPARED))
        .join(table, of_enterprise)
        .where(is_open, sa.or_(code.in_(shared[0]), entries.c.core.in_(shared[1]), entries.c.place.in_(shared[2])))
    )
    yield from session.execute(statement, execution_options={"yield_per": 5_000})


def _shared(of: Any, of_enterprise: Any, is_open: Any) -> sa.Select[Any]:
    index = ENTERPRISE.index
    assert index is not None  # noqa: S101 - as above
    joined = index.entries.join(ENTERPRISE.table, of_enterprise)
    return sa.select(of).select_from(joined).where(is_open, of.is_not(None)).group_by(of).having(sa.func.count() > 1)


def visible_keys(session: Session, conditions: Iterable[Condition]) -> frozenset[str]:
    """Return the codes of the enterprises that meet all conditions."""
    statement = sa.select(ENTERPRISE.table.c.uscc).where(*(each.clause for each in conditions))
    return frozenset(session.execute(statement).scalars())


def rows_of(session: Session, keys: Iterable[str]) -> dict[str, Any]:
    """Return enterprises by code."""
    wanted = sorted(keys)
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), _BATCH):
        chosen = ENTERPRISE.table.c.uscc.in_(wanted[start : start + _BATCH])
        found |= {row.uscc: row for row in session.execute(sa.select(ENTERPRISE.table).where(chosen))}
    return found


def compared_rows(session: Session, keys: Iterable[str]) -> list[Any]:
    """Return what is compared of these enterprises, in order of codes."""
    index = ENTERPRISE.index
    assert index is not None  # noqa: S101 - as above
    entries, table = index.entries, ENTERPRISE.table
    statement = (
        sa.select(entries.c.key, entries.c.text, entries.c.place, *(table.c[name] for name in _COMPARED))
        .join(table, table.c.uscc == entries.c.key)
        .where(entries.c.key.in_(sorted(keys)))
        .order_by(entries.c.key)
    )
    return list(session.execute(statement))


def decided(session: Session) -> set[tuple[str, str, str]]:
    """Return the pairs that somebody holds apart, with the fingerprint of what was compared then."""
    table = DUPLICATE_DECISION.table
    statement = sa.select(table.c.one, table.c.other, table.c.fingerprint).where(table.c.state == "open")
    return {(row.one, row.other, row.fingerprint) for row in session.execute(statement)}

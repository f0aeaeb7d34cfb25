"""Every statement of reconciliation beside those of searching: records by key."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.records.kinds import RecordKind


def rows_of(
    session: Session, kind: RecordKind, keys: Sequence[str], visible: Sequence[sa.ColumnElement[bool]]
) -> Sequence[Any]:
    """Return the rows with these keys that the clauses let through; the key is the first column."""
    key = kind.table.c[kind.key]
    columns = [key, *(column for column in kind.table.c if column.name != kind.key)]
    return session.execute(sa.select(*columns).where(key.in_(keys), *visible)).all()

"""Pages of what is stored once and never changed (runs, samples, simulations), the newest first, and of its lines."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.db.types import instant_text
from heli_shared.kernel.pages import Page, bad_cursor, decode_cursor, encode_cursor

_LAST_POSITION = 10**12
_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"
ItemT = TypeVar("ItemT")


def page_of_newest(
    session: Session, table: sa.Table, item_of: Callable[[Any], ItemT], *, cursor: str | None, limit: int
) -> Page[ItemT]:
    """Return a page of a table's rows by `created_at` and `id`; BadRequest for a cursor of something else."""
    stamp, key = table.c.created_at, table.c.id
    statement = sa.select(table).order_by(stamp.desc(), key.desc()).limit(limit + 1)
    if cursor:
        last_stamp, last_key = _place(cursor)
        statement = statement.where((stamp < last_stamp) | ((stamp == last_stamp) & (key < last_key)))
    total = session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    rows = session.execute(statement).all()
    shown = rows[:limit]
    following = encode_cursor(instant_text(shown[-1].created_at), shown[-1].id) if len(rows) > limit else None
    return Page([item_of(row) for row in shown], following, total)


def position_of(cursor: str | None) -> int:
    """Return the position of a line behind which a page begins, 0 without a cursor; BadRequest for nonsense."""
    position = decode_cursor(cursor, int)[0] if cursor else 0
    if not 0 <= position <= _LAST_POSITION:
        raise bad_cursor()
    return int(position)


def _place(cursor: str) -> tuple[datetime, str]:
    stamp, key = decode_cursor(cursor, str, str)
    try:
        return datetime.strptime(stamp, _INSTANT).replace(tzinfo=UTC), key
    except ValueError as error:
        raise bad_cursor() from error

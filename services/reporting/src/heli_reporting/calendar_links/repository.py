"""Every SQL statement about calendar links."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from heli_reporting.calendar_links.domain import CalendarLink
from heli_reporting.calendar_links.models import CALENDAR_LINKS
from heli_shared.db.engine import transaction

_T = CALENDAR_LINKS.c
_SHOWN = tuple(column for column in _T if column.name != "digest")


class CalendarLinks:
    """Keeps links for good, revoked and expired ones too."""

    def __init__(self, engine: sa.Engine) -> None:
        """Keep them in the database of `engine`."""
        self._engine = engine

    def add(self, link: CalendarLink, digest: str, *, most: int) -> bool:
        """Keep a link under the digest of its secret; False when its owner has `most` in use already."""
        in_use = sa.select(sa.func.count()).where(
            _T.principal == link.principal, _T.revoked_at.is_(None), _T.expires_at > link.created_at
        )
        with transaction(self._engine, writes=True) as session:
            if self._engine.dialect.name == "postgresql":
                # SQLite has one writer at a time; here two who count at once would both find room.
                session.execute(sa.text("LOCK TABLE calendar_links IN SHARE ROW EXCLUSIVE MODE"))
            if session.execute(in_use).scalar_one() >= most:
                return False
            session.execute(sa.insert(CALENDAR_LINKS), {**asdict(link), "digest": digest})
        return True

    def find_by_digest(self, digest: str) -> CalendarLink | None:
        """Return the link whose secret has this digest."""
        return self._one(_T.digest == digest)

    def find(self, key: str) -> CalendarLink | None:
        """Return a link by its id."""
        return self._one(_T.id == key)

    def _one(self, condition: sa.ColumnElement[bool]) -> CalendarLink | None:
        with transaction(self._engine, writes=False) as session:
            row = session.execute(sa.select(*_SHOWN).where(condition)).one_or_none()
        return None if row is None else _link(row)

    def page(self, principal: str | None, *, limit: int, before: str | None) -> tuple[list[CalendarLink], int]:
        """Return up to `limit` links of somebody (None: of all) made before a link, newest first; and their number."""
        own = [] if principal is None else [_T.principal == principal]
        older = [] if before is None else [_T.id < before]
        chosen = sa.select(*_SHOWN).where(*own, *older).order_by(_T.id.desc()).limit(limit)
        counted = sa.select(sa.func.count()).select_from(CALENDAR_LINKS).where(*own)
        with transaction(self._engine, writes=False) as session:
            rows = session.execute(chosen).all()
            return [_link(row) for row in rows], session.execute(counted).scalar_one()

    def revoke(self, key: str, *, by: str, at: datetime) -> None:
        """Note who ended a link and when; one that was ended before stays as it was."""
        change = sa.update(CALENDAR_LINKS).where(_T.id == key, _T.revoked_at.is_(None))
        with transaction(self._engine, writes=True) as session:
            session.execute(change.values(revoked_at=at, revoked_by=by))


def _link(row: Any) -> CalendarLink:
    return CalendarLink(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for the row by column

"""Every statement of searching: rows of a kind's name index that may fit, in the caller's scope."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.records.kinds import NameIndex, RecordKind
from heli_shared.records.searching import ids_holding

_IDS_FOR_ROW = 3
_HIGHEST = chr(0x10FFFF)


class NameReader:
    """Reads the names of one kind that a caller may see; `shown` are further columns of its table."""

    def __init__(
        self,
        session: Session,
        kind: RecordKind,
        visible: Sequence[sa.ColumnElement[bool]],
        *,
        shown: Sequence[str] = (),
    ) -> None:
        """Read what the clauses in `visible` let through; without any, long lists of ids may be cut."""
        if kind.index is None:
            raise TypeError(kind.entity)
        self._session = session
        self._index: NameIndex = kind.index
        self._visible = tuple(visible)
        table, entries = kind.table, kind.index.entries
        names = ("state", *shown)
        self._rows = (
            sa.select(
                entries.c.id,
                entries.c.key,
                entries.c.text,
                table.c[kind.index.field].label("name"),
                *(table.c[name] for name in names),
            )
            .join(table, table.c[kind.key] == entries.c.key)
            .where(*self._visible)
        )

    def by_keys(self, keys: Sequence[str]) -> Sequence[Any]:
        """Return the rows of these keys."""
        return self._all(self._rows.where(self._index.entries.c.key.in_(keys)))

    def beginning(self, column: str, text: str, limit: int) -> Sequence[Any]:
        """Return the first rows whose `key` or `text` begins with a text, in its order."""
        place = self._index.entries.c[column]
        return self._all(self._rows.where(place >= text, place < text + _HIGHEST).order_by(place).limit(limit))

    def holding(self, tokens: Sequence[int], limit: int, *, text: str | None = None) -> Sequence[Any]:
        """Return rows that may hold all these tokens, and surely hold the text where one is given, oldest first.

        Where the tokens stand nearly everywhere, the first rows with the text are as good as any.
        """
        ids = ids_holding(self._session, self._index, tokens)
        entries = self._index.entries
        statement = self._rows
        if text is not None:
            statement = statement.where(entries.c.text.contains(text, autoescape=True))
        if ids is not None:
            if not self._visible:
                # For somebody who sees all, the first of very many serve as well as all; a scope could leave none.
                ids = ids.order_by("id").limit(limit * _IDS_FOR_ROW)
            statement = statement.where(entries.c.id.in_(ids))
        elif text is None:
            return ()
        return self._all(statement.order_by(entries.c.id).limit(limit))

    def _all(self, statement: sa.Select[Any]) -> Sequence[Any]:
        return self._session.execute(statement).all()

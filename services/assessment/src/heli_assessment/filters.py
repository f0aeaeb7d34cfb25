"""Filters of assessment's lists: by year of a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.records.filters import Filter
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition

_FIRST_YEAR, _LAST_YEAR = 1900, 9998


def year_filter(kind: RecordKind, field: str) -> Filter:
    """Return a filter that keeps records whose day lies in a year."""

    def build(_session: Session, value: str) -> Condition:
        year = _year(value)
        column, first, after = kind.table.c[field], date(year, 1, 1), date(year + 1, 1, 1)

        def matches(record: Mapping[str, Any]) -> bool:
            return str(record[field] or "")[:5] == f"{year:04d}-"

        return Condition(sa.and_(column >= first, column < after), matches)

    return build


def _year(text: str) -> int:
    year = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_YEAR)) else 0
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        zh, en = (
            f"应为 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间的年份，例如 2026",
            f"must be a year from {_FIRST_YEAR} to {_LAST_YEAR}",
        )
        raise BadRequest(f"年份{zh}。", f"The year {en}.", errors=[FieldProblem("parameter year", zh, en)])
    return year

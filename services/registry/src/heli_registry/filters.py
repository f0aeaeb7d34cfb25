"""Filters of the registry's lists: by territory with everything below, and by industry with its classes."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import subtree
from heli_shared.kernel.divisions import padded
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.records.filters import Filter, among
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition


def division_filter(kind: RecordKind, field: str = "division") -> Filter:
    """Return a filter that keeps records in a division or below it; codes of 2, 4, 6, 9 or 12 digits."""

    def build(session: Session, value: str) -> Condition:
        try:
            code = padded(value)
        except ValueError as error:
            raise BadRequest(
                "区划代码应为 2、4、6、9 或 12 位数字。",
                "A division code has 2, 4, 6, 9 or 12 digits.",
                errors=[FieldProblem("parameter division", "不是区划代码", "is not a division code")],
            ) from error
        return among(kind, field, subtree((code,)), session)

    return build


def prefix_filter(kind: RecordKind, field: str) -> Filter:
    """Return a filter that keeps records whose code begins with the given characters."""

    def build(_session: Session, value: str) -> Condition:
        clause: sa.ColumnElement[bool] = kind.table.c[field].startswith(value, autoescape=True)

        def matches(record: Mapping[str, Any]) -> bool:
            return str(record[field] or "").startswith(value)

        return Condition(clause, matches)

    return build

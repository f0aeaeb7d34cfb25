"""Rules of divisions: the parent exists and stands higher, and no day sees a circle."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import subtree
from heli_registry.ancestry import check_parent
from heli_registry.divisions.models import DIVISION
from heli_registry.filters import division_filter
from heli_registry.references import check_references
from heli_shared.kernel.access import Scope
from heli_shared.kernel.divisions import LEVELS
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import among, contains_filter, equality_filters
from heli_shared.records.reading import Condition, equals, find_row
from heli_shared.records.service import Resource


def visible_divisions(session: Session, scope: Scope) -> list[Condition]:
    """Show the divisions below the scope's; a scope of zones alone shows none."""
    return [] if scope.everything else [among(DIVISION, "code", subtree(scope.divisions), session)]


def check_division(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], effective_on: date
) -> None:
    """Refuse a parent that does not exist or does not stand above, and a level that is not above what lies below."""
    check_references(call, DIVISION, before=before, after=after)
    level = LEVELS.index(after["level"])
    parent = None if after["parent"] is None else find_row(call.session, DIVISION, after["parent"])
    if parent is not None and LEVELS.index(parent.level) >= level:
        raise InvalidInput(
            "上级区划的层级必须高于本级。",
            "The parent division must be of a higher level.",
            errors=[FieldProblem("/parent", "层级不高于本级", "is not of a higher level")],
        )
    if before is not None and before["level"] != after["level"]:
        _check_below(call.session, after["code"], level)
    check_parent(call, DIVISION, before, after, effective_on)


def _check_below(session: Session, code: str, level: int) -> None:
    below = sa.select(DIVISION.table.c.level).where(DIVISION.table.c.parent == code, DIVISION.table.c.state == "open")
    if any(LEVELS.index(each) <= level for each in session.execute(below).scalars()):
        raise InvalidInput(
            "下级区划的层级必须低于本级。",
            "The divisions below must be of a lower level.",
            errors=[FieldProblem("/level", "不高于其下级的层级", "is not above the level of what lies below")],
        )


def parent_filter(_session: Session, value: str) -> Condition:
    """Keep the divisions directly below one."""
    return equals(DIVISION, "parent", value)


DIVISIONS = Resource(
    DIVISION,
    visible_divisions,
    check=check_division,
    filters={
        **equality_filters(DIVISION),
        "name": contains_filter(DIVISION, "name"),
        "parent": parent_filter,
        "division": division_filter(DIVISION, "code"),
    },
)

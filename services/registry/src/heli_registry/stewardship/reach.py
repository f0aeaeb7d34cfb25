"""What reaches enterprises now, for their place in the statistics: covers by form, assignments, unions and leagues."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.assignments.models import ASSIGNMENT
from heli_registry.covers.models import COVER
from heli_registry.mass_organizations.models import MASS_ORGANIZATION
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.stewardship.effects import Links
from heli_registry.stewardship.repository import portions

_A, _C, _M, _O = ASSIGNMENT.table, COVER.table, MASS_ORGANIZATION.table, PARTY_ORGANIZATION.table
NOTHING = Links()


def links_of(session: Session, keys: Iterable[str] | None = None) -> dict[str, Links]:
    """Return what reaches these enterprises (all when none are named); those that nothing reaches are left out."""
    covers: dict[str, dict[str, int]] = defaultdict(dict)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for some in [None] if keys is None else list(portions(keys)):
        for row in session.execute(_covers(some)):
            covers[row.enterprise][row.form] = row.number
        for statement, names in ((_roles(some), _ROLES), (_masses(some), _MASSES)):
            for row in session.execute(statement):
                counts[row.enterprise][names[row.kind]] = row.number
    return {key: Links(covers.get(key, {}), **counts.get(key, {})) for key in {*covers, *counts}}


_ROLES = {"instructor": "instructors", "liaison": "liaisons"}
_MASSES = {"union": "unions", "youth_league": "youth_leagues"}


def _among(column: sa.ColumnElement[Any], some: list[str] | None) -> list[sa.ColumnElement[bool]]:
    return [] if some is None else [column.in_(some)]


def _covers(some: list[str] | None) -> sa.Select[Any]:
    form = sa.func.coalesce(_C.c.form, _O.c.setup_form, "other").label("form")
    return (
        sa.select(_C.c.enterprise, form, sa.func.count().label("number"))
        .select_from(_C.join(_O, _C.c.organization == _O.c.id))
        .where(_C.c.state == "open", _O.c.state == "open", *_among(_C.c.enterprise, some))
        .group_by(_C.c.enterprise, form)
    )


def _roles(some: list[str] | None) -> sa.Select[Any]:
    return (
        sa.select(_A.c.enterprise, _A.c.role.label("kind"), sa.func.count().label("number"))
        .where(_A.c.state == "open", _A.c.role.in_(sorted(_ROLES)), _A.c.enterprise.is_not(None))
        .where(*_among(_A.c.enterprise, some))
        .group_by(_A.c.enterprise, _A.c.role)
    )


def _masses(some: list[str] | None) -> sa.Select[Any]:
    return (
        sa.select(_M.c.enterprise, _M.c.kind, sa.func.count().label("number"))
        .where(_M.c.state == "open", _M.c.kind.in_(sorted(_MASSES)), *_among(_M.c.enterprise, some))
        .group_by(_M.c.enterprise, _M.c.kind)
    )

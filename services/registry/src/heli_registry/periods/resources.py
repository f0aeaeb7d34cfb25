"""The kinds of reporting as the registry shows them: a caller sees what is about units of its scope."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.periods.models import EXPLANATION, PERIOD, PERIOD_CELL, PERIOD_CLOSING, PERIOD_SUBMISSION
from heli_registry.units.models import UNIT
from heli_registry.units.service import visible_units
from heli_shared.kernel.access import Scope
from heli_shared.records.filters import among, equality_filters, no_conditions
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource


def _of_own_units(kind: RecordKind) -> Callable[[Session, Scope], list[Condition]]:
    def visible(session: Session, scope: Scope) -> list[Condition]:
        if scope.everything:
            return []
        units = sa.select(UNIT.table.c.id).where(*(each.clause for each in visible_units(session, scope)))
        return [among(kind, "unit", units, session)]

    return visible


PERIODS = Resource(PERIOD, no_conditions, filters=equality_filters(PERIOD))
PERIOD_CLOSINGS = Resource(PERIOD_CLOSING, no_conditions, filters=equality_filters(PERIOD_CLOSING))
PERIOD_CELLS = Resource(PERIOD_CELL, _of_own_units(PERIOD_CELL), filters=equality_filters(PERIOD_CELL))
EXPLANATIONS = Resource(EXPLANATION, _of_own_units(EXPLANATION), filters=equality_filters(EXPLANATION))
PERIOD_SUBMISSIONS = Resource(
    PERIOD_SUBMISSION, _of_own_units(PERIOD_SUBMISSION), filters=equality_filters(PERIOD_SUBMISSION)
)
PERIOD_RESOURCES = (PERIODS, PERIOD_SUBMISSIONS, PERIOD_CLOSINGS, PERIOD_CELLS, EXPLANATIONS)
"""The kinds of reporting; all changes of theirs are made by the steps below."""

"""What lists tell of deadlines: the working days that are left, and whether the day has passed."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from heli_assessment.access import Units
from heli_shared.kernel.workdays import working_days_between
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import Field
from heli_shared.records.reading import Condition
from heli_shared.records.service import Question

Record = Mapping[str, Any]

OVERDUE = Field("overdue", "boolean", "是否逾期", "not done after its day, as of today", required=True)
DAYS_LEFT = Field(
    "days_left", "integer", "剩余工作日", "working days left today, negative when overdue; null once it is done",
    minimum=-1_000_000,
)  # fmt: skip


def overdue_question(
    late: Callable[[date], sa.ColumnElement[bool]], is_late: Callable[[Record, date], bool]
) -> Question:
    """Return the filter `overdue` of a list, said as SQL and as a test on a record."""

    def condition(call: RecordCall, wanted: bool) -> Condition:  # noqa: FBT001 - the value of a query
        today = call.clock.today()
        clause = late(today)
        return Condition(clause if wanted else sa.not_(clause), lambda record: is_late(record, today) == wanted)

    return Question(OVERDUE, condition)


def with_deadline(record: Record, *, today: date, is_waiting: bool, units: Units) -> dict[str, Any]:
    """Return a record with `days_left` and `overdue`; `is_waiting` says whether its deadline still counts."""
    due = date.fromisoformat(str(record["due_on"]))
    left = working_days_between(today, due, units.is_working) if is_waiting else None
    return {**record, DAYS_LEFT.name: left, OVERDUE.name: is_waiting and due < today}

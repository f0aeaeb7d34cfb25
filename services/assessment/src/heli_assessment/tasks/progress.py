"""How far a plan is: its tasks by unit or level, those that were split by their parts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from heli_assessment.plans.models import PLAN
from heli_assessment.tasks.repository import open_tasks
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import find_row
from heli_shared.records.service import Resource, not_found

_CENT, _WHOLE = Decimal("0.01"), Decimal(100)


def plan_progress(call: RecordCall, tasks: Resource, plan: str, *, by: Literal["unit", "level"]) -> dict[str, Any]:
    """Return a line for each unit or level, and one for all; NotFound when there is no such plan."""
    if find_row(call.session, PLAN, plan) is None:
        raise not_found(PLAN, plan)
    rows = open_tasks(call.session, plan, tasks.visible(call.session, call.principal.scope))
    grouped: dict[str | None, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, by)].append(row)
    today = call.clock.today()
    lines = [_line(name, grouped[name], today) for name in sorted(grouped, key=lambda name: name or "")]
    return {"items": lines, "total": _line(None, rows, today)}


def _line(name: str | None, rows: Sequence[Any], today: date) -> dict[str, Any]:
    shares = [_share(row) for row in rows if row.target is not None and Decimal(row.target) > 0]
    mean = (sum(shares, Decimal(0)) / len(shares)).quantize(_CENT, ROUND_HALF_UP) if shares else None
    return {
        "by": name,
        "tasks": len(rows),
        "done": sum(row.done_on is not None for row in rows),
        "overdue": sum(row.done_on is None and row.due_on < today for row in rows),
        "progress": None if mean is None else format(mean, "f"),
    }


def _share(row: Any) -> Decimal:
    """Return what a task has done of its target, in per cent and at most 100."""
    return min(_WHOLE, Decimal(row.progress or 0) / Decimal(row.target) * _WHOLE)

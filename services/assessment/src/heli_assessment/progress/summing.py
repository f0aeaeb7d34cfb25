"""A split task is the sum of its parts, at once: after a report, and when a part is made, changed, closed or moved."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from heli_assessment.progress.repository import standing_reports
from heli_assessment.tasks.domain import Step, done_since, sum_of_parts
from heli_assessment.tasks.models import TASK
from heli_assessment.tasks.service import parts_of
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import find_row, record_of_row, rows_of_keys
from heli_shared.records.service import not_found
from heli_shared.records.writing import Write

_SUMMED = frozenset({"state", "parent", "progress", "target"})
"""What of a task changes the sum above it, or whether a sum is enough."""


def sum_parents(call: RecordCall, writes: list[Write]) -> Callable[[], None] | None:
    """Return what adds up the tasks above those that are written; goes beside every write of the service.

    What lies above is locked before the writes, because they end with the ledger's lock: nobody waits in a circle.
    """
    touched = [each for each in writes if each.kind is TASK and _SUMMED & each.changes.keys()]
    parents = _parents(call, touched)
    for parent in sorted(parents):
        _lock_upwards(call, parent)

    def add_up() -> None:
        for parent in sorted(parents):
            row = find_row(call.session, TASK, parent)
            if row is not None and row.state == "open":
                settle(call, parent, on=parents[parent])

    return add_up if parents else None


def settle(call: RecordCall, task: str, *, on: date) -> None:
    """Make a task the sum of its open parts, and one without any what the reports that stand say of it."""
    row = find_row(call.session, TASK, task, lock=True)
    if row is None:
        raise not_found(TASK, task)
    parts, target = parts_of(call, task), None if row.target is None else Decimal(row.target)
    if parts:
        progress = sum_of_parts([None if each.progress is None else Decimal(each.progress) for each in parts])
        is_done = target is not None and progress >= target
        done_on = (row.done_on or _last_day(parts) or on) if is_done else None
    else:
        standing = [Step(each.reported_on, Decimal(each.progress)) for each in standing_reports(call.session, task)]
        progress = standing[-1].progress if standing else Decimal(0)
        on = standing[-1].day if standing else on
        done_on = done_since(target, standing)
    before = record_of_row(TASK, row)
    said = None if done_on is None else done_on.isoformat()
    if progress != Decimal(before["progress"] or 0) or said != before["done_on"]:
        changes = {"progress": format(progress, "f"), "done_on": said}
        # Never before the row's last change: what is settled now must hold now.
        call.write([Write(TASK, task, "change", max(on, row.last_effective_on), changes)])


def _last_day(parts: Sequence[Any]) -> date | None:
    """Return the day on which the last part was done; None while one is not."""
    days = [each.done_on for each in parts]
    return None if None in days else max(days)


def _parents(call: RecordCall, touched: list[Write]) -> dict[str, date]:
    """Return the tasks that tasks are part of before or after they are written, each with its latest day of effect."""
    before = rows_of_keys(call.session, TASK, [each.key for each in touched if each.operation != "create"])
    found: dict[str, date] = {}
    for each in touched:
        row = before.get(each.key)
        now = None if row is None else row.parent
        for parent in {now, each.changes.get("parent", now)} - {None}:
            found[parent] = max(each.effective_on, found.get(parent, each.effective_on))
    return found


def _lock_upwards(call: RecordCall, task: str | None) -> None:
    while task is not None:
        row = find_row(call.session, TASK, task, lock=True)
        task = None if row is None else row.parent

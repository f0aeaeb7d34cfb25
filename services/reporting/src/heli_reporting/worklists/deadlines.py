"""What has its day set by a record: tasks, letters, rectifications, disputes, evaluations, and ledgers to refresh.

Pure rules on records. Each kind has two states: overdue, or due within a month; what is due later is not listed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from heli_reporting.worklists.domain import NOWHERE, Line, Record, Site, dated_line, day_after, present
from heli_shared.statistics.dimensions import UNKNOWN
from heli_shared.statistics.parameters import parameter

_OPEN_STAGES = frozenset({"issued", "returned", "reopened"})
_CONFIRMED = "confirmed"


def parts_of_plans(tasks: Iterable[Record]) -> list[Record]:
    """Return the tasks that somebody does: one that was split is done by its parts and is not listed beside them.

    Whoever may see the parts: so this comes before any narrowing to a scope.
    """
    listed = list(tasks)
    split = {each["parent"] for each in listed if each["parent"] is not None}
    return [each for each in listed if each["key"] not in split]


def task_lines(tasks: Iterable[Record], *, on: date) -> list[Line]:
    """Return tasks that are not done."""
    return present(_task_line(each, on) for each in tasks)


def _task_line(task: Record, on: date) -> Line | None:
    due = task["due_on"]
    if due is None or task["done_on"] is not None:
        return None
    progress = "" if task["target"] is None else f"{task['progress'] or 0}/{task['target']}"
    return dated_line(
        task,
        due,
        on=on,
        kinds=("task_overdue", "task_due"),
        subject=("task", task["title"], None),
        whose=(task["unit"], task["person"]),
        ground=("task.due_on", "年度实施意见"),
        words=(
            f"应于{due}前完成{f'（{progress}）' if progress else ''}",
            f"To be done by {due}{f' ({progress})' if progress else ''}",
        ),
    )


def letter_lines(letters: Iterable[Record], *, on: date) -> list[Line]:
    """Return letters that are not signed."""
    rule = parameter("letter.sign_days").find(on)
    return present(
        dated_line(
            each,
            each["sign_by"],
            on=on,
            kinds=("letter_overdue", "letter_due"),
            subject=("letter", f"{each['year']}年度责任书", None),
            whose=(each["unit"], None),
            ground=("letter.sign_days", rule.basis if rule else ""),
            words=(
                f"{each['issued_on']}下达，应于{each['sign_by']}前签订",
                f"Issued on {each['issued_on']}, to be signed by {each['sign_by']}",
            ),
        )
        for each in letters
        if not each["is_signed"] and each["sign_by"] is not None
    )


def rectification_lines(orders: Iterable[Record], *, on: date) -> list[Line]:
    """Return orders that wait for the unit's answer: issued, sent back or opened again."""
    rule = parameter("rectification.answer_days").find(on)
    return present(
        dated_line(
            each,
            each["due_on"],
            on=on,
            kinds=("rectification_overdue", "rectification_due"),
            subject=("rectification_order", each["number"] or each["key"], None),
            whose=(each["unit"], None),
            ground=("rectification.answer_days", rule.basis if rule else ""),
            words=(
                f"{each['problem']}；应于{each['due_on']}前答复，已退回{each['rounds'] or 0}次",
                f"{each['problem']}; to be answered by {each['due_on']}, returned {each['rounds'] or 0} times",
            ),
        )
        for each in orders
        if each["stage"] in _OPEN_STAGES and each["due_on"] is not None
    )


def dispute_lines(disputes: Iterable[Record], sites: Mapping[str, Site], *, on: date) -> list[Line]:
    """Return fields on which departments differ and nobody has settled."""
    rule = parameter("dispute.answer_days").find(on)
    return present(
        dated_line(
            each,
            each["due_on"],
            on=on,
            kinds=("dispute_overdue", "dispute_due"),
            subject=("dispute", *sites.get(each["enterprise"], NOWHERE)),
            whose=(each["owner"], None),
            ground=("dispute.answer_days", rule.basis if rule else ""),
            words=(
                f"字段{each['field']}各部门数据不一致，应于{each['due_on']}前认定",
                f"Departments differ on {each['field']}, to be settled by {each['due_on']}",
            ),
        )
        for each in disputes
        if each["outcome"] is None and each["due_on"] is not None
    )


def evaluation_lines(
    evaluations: Iterable[Record], sites: Mapping[str, Site], owner: str | None, *, on: date
) -> list[Line]:
    """Return confirmed evaluations of representatives that have run out or will; `owner` is who has to begin anew."""
    rule = parameter("representative_evaluation.valid_years").find(on)
    return present(
        dated_line(
            each,
            each["valid_until"],
            on=on,
            kinds=("evaluation_expired", "evaluation_expiring"),
            subject=("representative_evaluation", *sites.get(each["enterprise"], NOWHERE)),
            whose=(owner, None),
            ground=("representative_evaluation.valid_years", rule.basis if rule else ""),
            words=(f"有效期至{each['valid_until']}，须重新评价", f"Valid until {each['valid_until']}, to be done anew"),
        )
        for each in evaluations
        if each["status"] == _CONFIRMED and each["valid_until"] is not None
    )


@dataclass(frozen=True, slots=True)
class Unrefreshed:
    """Enterprises of one unit whose ledger is too old: how many, how many never refreshed, and the oldest day."""

    unit: str | None
    enterprises: int
    never: int
    oldest: date | None


def refresh_line(held: Unrefreshed, names: Mapping[str, str | None], *, on: date) -> Line:
    """Return one line for all such enterprises of a unit: hundreds of lines that say the same would hide the rest."""
    most = parameter("ledger.refresh_max_days").find(on)
    days = most.value if most else 0
    due = None if held.oldest is None else held.oldest + timedelta(days=days)
    return Line(
        kind="ledger_stale",
        subject_kind="unit",
        subject=held.unit or UNKNOWN,
        name=names.get(held.unit or ""),
        unit=held.unit,
        person=None,
        division=None,
        due_on=due,
        days=None if due is None else (due - on).days,
        since=None if due is None else day_after(due),
        rule="ledger.refresh_max_days",
        basis=most.basis if most else "",
        zh=f"{held.enterprises}家企业的台账超过{days}天未更新（最早{held.oldest or '无'}，从未更新{held.never}家）",
        en=(
            f"{held.enterprises} enterprises were not refreshed for {days} days"
            f" (oldest {held.oldest or 'none'}, never {held.never})"
        ),
    )

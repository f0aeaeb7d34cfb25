"""What alarms are: rhythms of meetings and reports, visits and pairings against plan; pure rules on plain values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from heli_assessment.intake.domain import Pairing, Post, Unit
from heli_shared.kernel.spans import add_months, next_of_year
from heli_shared.kernel.workdays import working_days_between

IsWorking = Callable[[date], bool]
KINDS: Mapping[str, tuple[str, str]] = {
    "task_overdue": ("任务逾期", "Task overdue"),
    "task_due": ("任务即将到期", "Task due soon"),
    "meeting_rhythm": ("专题会议间隔过长", "Too long since the last meeting"),
    "joint_meeting_rhythm": ("联席会议间隔过长", "Too long since the last joint meeting"),
    "report_rhythm": ("信息报送间隔过长", "Too long since the last information report"),
    "inspection_rhythm": ("督查间隔过长", "Too long since the last inspection"),
    "visits_behind": ("走访落后于计划", "Visits behind plan"),
    "pairing_behind": ("结对活动落后于计划", "Pairing behind plan"),
    "order_overdue": ("督办单逾期未答复", "Rectification order overdue"),
    "letter_unsigned": ("责任书逾期未签订", "Responsibility letter unsigned after its day"),
    "letter_unchecked": ("责任书未完成半年自查", "Half-year check of a letter missing"),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is due or late: of which unit, about which record, whom it is told, since when.

    `days_late` counts working days after `due_on`, negative while the day has not come.
    """

    kind: str
    unit: str
    subject: str
    told: str
    told_since: date
    due_on: date
    days_late: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Done:
    """One activity as far as alarms look at it."""

    kind: str
    unit: str
    held_on: date
    assignment: str | None
    pairing: str | None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """That units of some kinds do something at least every so many months."""

    alarm: str
    activity: str
    unit_kinds: frozenset[str]
    months: int


def superior_of(unit: str, units: Mapping[str, Unit]) -> str:
    """Return the unit above one: its own parent if that is open, else the county's commission, else itself."""
    own = units.get(unit)
    parent = units.get(own.parent) if own and own.parent else None
    if parent is not None and parent.is_open:
        return parent.id
    return commission_of(units) or unit


def commission_of(units: Mapping[str, Unit]) -> str | None:
    """Return the county's commission: the open one that stands under no other; the first of several."""
    found = [
        each.id for each in units.values() if each.is_open and each.kind == "commission" and each.parent not in units
    ]
    return min(found, default=None)


def rhythm_alarms(
    rhythms: Sequence[Rhythm], units: Mapping[str, Unit], done: Iterable[Done], *, on: date, is_working: IsWorking
) -> list[Alarm]:
    """Return an alarm for each unit whose last of a kind lies too far back; without any it counts from New Year."""
    last: dict[tuple[str, str], date] = {}
    for each in done:
        key = (each.unit, each.kind)
        last[key] = max(last.get(key, each.held_on), each.held_on)
    alarms = []
    for rhythm in rhythms:
        for unit in sorted(units):
            if not units[unit].is_open or units[unit].kind not in rhythm.unit_kinds:
                continue
            held = last.get((unit, rhythm.activity))
            due = add_months(held or date(on.year, 1, 1), rhythm.months)
            if due >= on:
                continue
            since = f"上次 {held}" if held else "今年尚无记录"
            since_en = f"the last was on {held}" if held else "none this year"
            alarms.append(
                _alarm(
                    rhythm.alarm, unit, unit, due, on=on, is_working=is_working,
                    zh=f"{since}，应不超过{rhythm.months}个月", en=f"{since_en}; at most {rhythm.months} months apart",
                )
            )  # fmt: skip
    return alarms


def visit_alarms(
    posts: Iterable[Post], done: Iterable[Done], planned: Mapping[str, int], *, on: date, is_working: IsWorking
) -> list[Alarm]:
    """Return posts with fewer visits this year than their plan (or `planned` by role) asks for up to the day."""
    made: dict[str, int] = {}
    for each in done:
        if each.kind == "visit" and each.assignment and each.held_on.year == on.year:
            made[each.assignment] = made.get(each.assignment, 0) + 1
    alarms = []
    for post in posts:
        wanted = post.visits_per_year or planned.get(post.role, 0)
        count = made.get(post.id, 0)
        due = next_of_year(max(date(on.year, 1, 1), post.since), wanted, count)
        if post.unit is not None and due is not None and due < on:
            zh, en = f"今年计划走访{wanted}次，已走访{count}次", f"{wanted} visits planned this year, {count} made"
            alarms.append(_alarm("visits_behind", post.unit, post.id, due, on=on, is_working=is_working, zh=zh, en=en))
    return alarms


def pairing_alarms(
    pairings: Iterable[Pairing], done: Iterable[Done], planned: tuple[int, int, int], *, on: date, is_working: IsWorking
) -> list[Alarm]:
    """Return pairings behind their activities, joint meetings or practical matters; `planned` where none is agreed."""
    made: dict[tuple[str, str], int] = {}
    for each in done:
        if each.pairing and each.held_on.year == on.year:
            key = (each.pairing, each.kind)
            made[key] = made.get(key, 0) + 1
    words = (("pairing_activity", "共建活动", "activities"), ("joint_meeting", "联席会议", "joint meetings"),
             ("practical_matter", "办实事", "practical matters"))  # fmt: skip
    alarms = []
    for pair in pairings:
        wanted = (pair.activities, pair.meetings, pair.matters)
        for (kind, zh, en), own, usual in zip(words, wanted, planned, strict=True):
            number, count = usual if own is None else own, made.get((pair.id, kind), 0)
            due = next_of_year(max(date(on.year, 1, 1), pair.since), number, count)
            if pair.unit is not None and due is not None and due < on:
                alarms.append(
                    _alarm(
                        "pairing_behind", pair.unit, pair.id, due, on=on, is_working=is_working,
                        zh=f"今年应有{zh}{number}次，已有{count}次",
                        en=f"{number} {en} planned this year, {count} held",
                    )
                )  # fmt: skip
    return alarms


def _alarm(
    kind: str, unit: str, subject: str, due: date, *, on: date, is_working: IsWorking, zh: str, en: str
) -> Alarm:
    late = working_days_between(due, on, is_working)
    return Alarm(kind, unit, subject, unit, due, due, late, zh, en)

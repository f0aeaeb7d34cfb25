"""What is due or overdue: elections, over-wide joint branches, visits, terms and loads; pure rules on records.

Records are mappings with the fields of their kind; thresholds are the dated parameters of the definitions.
Every line names its rule (a dated parameter, or the record that sets the day) and its basis.
`days` counts from the day asked for to the due day: negative is overdue.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from heli_shared.kernel.spans import add_months, next_of_year
from heli_shared.statistics.parameters import DatedValue, parameter
from heli_shared.statistics.parameters import names as parameter_names

Record = Mapping[str, Any]

KINDS: dict[str, tuple[str, str]] = {
    "election_overdue": ("换届逾期", "Election overdue"),
    "election_within_month": ("一个月内应换届", "Election due within a month"),
    "election_within_half_year": ("六个月内应换届", "Election due within six months"),
    "joint_branch_too_wide": ("联合党支部覆盖单位过多", "Joint branch covers too many"),
    "task_overdue": ("任务逾期", "Task overdue"),
    "task_due": ("任务即将到期", "Task due within a month"),
    "visits_behind": ("走访落后于计划", "Visits behind plan"),
    "term_ended": ("派驻期满未轮换", "Term ended"),
    "term_ending": ("派驻即将期满", "Term ends within a month"),
    "instructor_over_load": ("指导员联系企业过多", "Instructor over load"),
    "letter_overdue": ("责任书逾期未签", "Letter not signed in time"),
    "letter_due": ("责任书待签", "Letter to be signed"),
    "rectification_overdue": ("整改逾期", "Rectification overdue"),
    "rectification_due": ("整改待答复", "Rectification to be answered"),
    "dispute_overdue": ("数据争议逾期未定", "Dispute not settled in time"),
    "dispute_due": ("数据争议待认定", "Dispute to be settled"),
    "evaluation_expired": ("综合评价已过期", "Evaluation expired"),
    "evaluation_expiring": ("综合评价即将到期", "Evaluation expires within a month"),
    "transfer_overdue": ("隶属转接逾期未确认", "Transfer not confirmed in time"),
    "transfer_due": ("隶属转接待确认", "Transfer to be confirmed"),
    "pairing_behind": ("结对活动落后于计划", "Pairing's activities behind plan"),
    "pairing_ended": ("结对协议已届满", "Pairing ended"),
    "pairing_ending": ("结对协议即将届满", "Pairing ends within a month"),
    "ledger_stale": ("企业台账超过一季度未更新", "Enterprise ledgers not refreshed for a quarter"),
}
_VISITS = {"instructor": "instructor.visits_per_year", "contact_leader": "contact_point.visits_per_year"}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Urgency:
    """Why a line stands where it stands: the how-manyth of its kind, and how much weight the kind has on the day."""

    rank: int
    weight: int
    basis: str


class Site(NamedTuple):
    """An enterprise or organisation that a line is about: its name, and the narrowest division that it lies in."""

    name: str | None
    division: str | None


NOWHERE = Site(None, None)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. `unit` is who has to see to it; `due_on` None: at once, no date was set.

    `division` is where what it is about lies, and where it is about no place, where the unit does.
    `since` is the first day on which the line stood in the list, None where the records do not tell.
    """

    kind: str
    subject_kind: str
    subject: str
    name: str | None
    unit: str | None
    person: str | None
    division: str | None
    due_on: date | None
    days: int | None
    since: date | None
    rule: str
    basis: str
    zh: str
    en: str
    urgency: Urgency | None = None


def election_lines(organizations: Iterable[Record], owners: Mapping[str, str | None], *, on: date) -> list[Line]:
    """Return elections that are overdue, due within the month of applying, or within the months of reminding."""
    apply, remind = parameter("election.apply_months").find(on), parameter("election.remind_months").find(on)
    lines = []
    for each in organizations:
        due = each["election_due_on"]
        if due is None:
            continue
        kind = _election_kind(due, on=on, apply=apply, remind=remind)
        if kind is not None:
            lines.append(_election_line(each, owners.get(each["id"]), kind=kind, on=on))
    return lines


def day_after(day: date) -> date:
    """Return from when something that was due on a day is overdue."""
    return day + timedelta(days=1)


def dated_line(
    record: Record,
    due: date,
    *,
    on: date,
    kinds: tuple[str, str],
    subject: tuple[str, str | None, str | None],
    whose: tuple[str | None, str | None],
    ground: tuple[str, str],
    words: tuple[str, str],
) -> Line | None:
    """Return the line of a record with a day: of the first kind when that is past, of the second within a month.

    `subject` is kind of record, name and division, `whose` unit and person, `ground` rule and basis, `words` zh and en.
    """
    if due > add_months(on, 1):
        return None
    is_late = due < on
    return Line(
        kind=kinds[0] if is_late else kinds[1],
        subject_kind=subject[0],
        subject=record["key"],
        name=subject[1],
        unit=whose[0],
        person=whose[1],
        division=subject[2],
        due_on=due,
        days=(due - on).days,
        since=day_after(due) if is_late else add_months(due, -1),
        rule=ground[0],
        basis=ground[1],
        zh=words[0],
        en=words[1],
    )


def present(lines: Iterable[Line | None]) -> list[Line]:
    """Return the lines that there are."""
    return [line for line in lines if line is not None]


def _election_kind(due: date, *, on: date, apply: DatedValue | None, remind: DatedValue | None) -> str | None:
    if due < on:
        return "election_overdue"
    if apply is not None and due <= add_months(on, apply.value):
        return "election_within_month"
    if remind is not None and due <= add_months(on, remind.value):
        return "election_within_half_year"
    return None


def _election_line(organization: Record, owner: str | None, *, kind: str, on: date) -> Line:
    due, elected = organization["election_due_on"], organization["elected_on"]
    is_extended = organization["extension_until"] == due
    rule = f"term.{organization['kind']}"
    if is_extended:
        found = parameter("election.max_extension_years").find(on)
    else:
        found = parameter(rule).find(elected or on) if rule in parameter_names() else None
    ahead = {"election_within_month": "apply", "election_within_half_year": "remind"}.get(kind)
    window = parameter(f"election.{ahead}_months").find(on) if ahead else None
    return Line(
        kind=kind,
        subject_kind="party_organization",
        subject=organization["id"],
        name=organization["name"],
        unit=owner,
        person=None,
        division=place_of(organization),
        due_on=due,
        days=(due - on).days,
        since=add_months(due, -window.value) if window else day_after(due),
        rule="election.max_extension_years" if is_extended else rule,
        basis=found.basis if found else "",
        zh=f"上次选举{elected or '未登记'}，{'经批准延期，' if is_extended else ''}应于{due}前换届",
        en=f"Last elected {elected or 'never'}; next due by {due}{' after an extension' if is_extended else ''}",
    )


def joint_branch_lines(organizations: Iterable[Record], owners: Mapping[str, str | None], *, on: date) -> list[Line]:
    """Return joint branches that cover more enterprises than they should."""
    most = parameter("joint_branch.max_units").find(on)
    if most is None:
        return []
    return [
        Line(
            kind="joint_branch_too_wide",
            subject_kind="party_organization",
            subject=each["id"],
            name=each["name"],
            unit=owners.get(each["id"]),
            person=None,
            division=place_of(each),
            due_on=None,
            days=None,
            since=None,
            rule="joint_branch.max_units",
            basis=most.basis,
            zh=f"覆盖{each['enterprises']}家企业，一般不超过{most.value}家",
            en=f"Covers {each['enterprises']} enterprises; it should be {most.value} at most",
        )
        for each in organizations
        if each["kind"] == "joint_branch" and (each["enterprises"] or 0) > most.value
    ]


def visit_lines(
    assignments: Iterable[Record], activities: Iterable[Record], sites: Mapping[str, Site], *, on: date
) -> list[Line]:
    """Return assignments with fewer visits this year than the plan asks for up to the day."""
    year = date(on.year, 1, 1)
    visits = Counter(
        each["assignment"]
        for each in activities
        if each["kind"] == "visit" and each["held_on"] is not None and year <= each["held_on"] <= on
    )
    lines = []
    for each in assignments:
        rule = parameter(_VISITS[each["role"]]).find(on) if each["role"] in _VISITS else None
        planned = each["visits_per_year"] or (rule.value if rule else 0)
        due = next_of_year(max(year, term_began_on(each, on=on)), planned, visits[each["key"]])
        if due is None or due >= on:
            continue
        lines.append(
            _assignment_line(
                each,
                sites,
                kind="visits_behind",
                due=due,
                on=on,
                since=day_after(due),
                ground=(
                    _VISITS.get(each["role"], "assignment.visits_per_year"),
                    rule.basis if rule else "年度走访计划",
                ),
                words=(
                    f"今年计划走访{planned}次，已走访{visits[each['key']]}次",
                    f"{planned} visits planned this year, {visits[each['key']]} made",
                ),
            )
        )
    return lines


def term_began_on(assignment: Record, *, on: date) -> date:
    """Return when an assignment's term began, counted back from its end; the distant past when it has none."""
    rule, ends = parameter("instructor.term_years").find(on), assignment["term_ends_on"]
    if ends is None or rule is None or assignment["role"] != "instructor":
        return date.min
    return add_months(ends, -_MONTHS * rule.value)


def term_lines(assignments: Iterable[Record], sites: Mapping[str, Site], *, on: date) -> list[Line]:
    """Return instructors whose term has ended or ends within a month."""
    rule = parameter("instructor.term_years").find(on)
    return [
        _assignment_line(
            each,
            sites,
            kind="term_ended" if each["term_ends_on"] < on else "term_ending",
            due=each["term_ends_on"],
            on=on,
            since=_since(each["term_ends_on"], on),
            ground=("instructor.term_years", rule.basis if rule else ""),
            words=(f"任期至{each['term_ends_on']}", f"The term ends on {each['term_ends_on']}"),
        )
        for each in assignments
        if each["role"] == "instructor"
        and each["term_ends_on"] is not None
        and each["term_ends_on"] <= add_months(on, 1)
    ]


def _since(due: date, on: date) -> date:
    return day_after(due) if due < on else add_months(due, -1)


def load_lines(assignments: Sequence[Record], *, on: date) -> list[Line]:
    """Return instructors who have more enterprises than one person should."""
    most = parameter("instructor.max_enterprises").find(on)
    if most is None:
        return []
    enterprises: dict[tuple[str, str | None], set[str]] = {}
    for each in assignments:
        if each["role"] == "instructor" and each["enterprise"] is not None:
            enterprises.setdefault((each["person"], each["unit"]), set()).add(each["enterprise"])
    return [
        Line(
            kind="instructor_over_load",
            subject_kind="person",
            subject=person,
            name=None,
            unit=unit,
            person=person,
            division=None,
            due_on=None,
            days=None,
            since=None,
            rule="instructor.max_enterprises",
            basis=most.basis,
            zh=f"联系{len(held)}家企业，一般不超过{most.value}家",
            en=f"Has {len(held)} enterprises; it should be {most.value} at most",
        )
        for (person, unit), held in enterprises.items()
        if len(held) > most.value
    ]


def _assignment_line(
    assignment: Record,
    sites: Mapping[str, Site],
    *,
    kind: str,
    due: date,
    on: date,
    since: date,
    ground: tuple[str, str],
    words: tuple[str, str],
) -> Line:
    site = sites.get(assignment["enterprise"] or assignment["organization"], NOWHERE)
    return Line(
        kind=kind,
        subject_kind="assignment",
        subject=assignment["key"],
        name=site.name,
        unit=assignment["unit"],
        person=assignment["person"],
        division=site.division,
        due_on=due,
        days=(due - on).days,
        since=since,
        rule=ground[0],
        basis=ground[1],
        zh=words[0],
        en=words[1],
    )


def place_of(organization: Record) -> str | None:
    """Return the narrowest division that an organisation lies in."""
    for level in ("village", "town", "county", "city", "province"):
        if organization.get(level) is not None:
            return str(organization[level])
    return None


def owners_of(placed: Iterable[Record], units: Iterable[Record]) -> dict[str, str | None]:
    """Return by `id` the unit that has to see to something: the park it lies in, else its township, else who is above.

    What is placed has `id`, `zone` and its path by level.
    """
    by_zone = {each["zone"]: each["key"] for each in units if each["kind"] == "park" and each["zone"]}
    by_division = {
        each["division"]: each["key"]
        for each in units
        if each["kind"] in {"township", "commission"} and each["division"]
    }
    owners: dict[str, str | None] = {}
    for each in placed:
        path = [each.get(level) for level in ("village", "town", "county", "city", "province")]
        found = [by_zone.get(each["zone"]), *(by_division.get(code) for code in path if code)]
        owners[each["id"]] = next((unit for unit in found if unit is not None), None)
    return owners


def below(roots: Iterable[str], parents: Mapping[str, str | None]) -> set[str]:
    """Return the roots and everything under them in a tree given as child → parent."""
    children: dict[str, list[str]] = {}
    for child, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(child)
    found, waiting = set[str](), list(roots)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += children.get(node, [])
    return found

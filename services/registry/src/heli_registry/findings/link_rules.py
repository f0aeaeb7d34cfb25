"""What is flagged about people in roles, mass organisations and pairings; pure, like the rules in `domain`.

R-15 and R-17 are rules of Party and union; S-4, S-5 and S-9 are what the work itself asks for of contact points,
instructors and pairings. Unknown facts (None) flag nothing, except where not knowing is itself the fault.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from heli_registry.findings.domain import UNION_CHAIR
from heli_registry.findings.flags import Finding, Subject, held_on

_TERM = "派驻任期届满的，应当及时续派、轮换或办理离任"
_UNIT = "党建工作指导员由机关单位选派，登记时须注明派出单位"
_MATURED = "联系点成熟一个、更换一个"
_RELATIVE = "中华人民共和国工会法：企业主要负责人的近亲属不得作为本企业基层工会委员会成员的人选"
_AGREEMENT = "结对共建须签订协议，明确期限和双方第一责任人"
_DAY = timedelta(days=1)
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person by the open posts held: enterprises guided as instructor, contact points as leader."""

    id: str
    guided: int
    contact_points: int


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """An open assignment; `matured_on` is the day of an open decision that the contact point is mature."""

    id: str
    role: str
    unit: str | None
    term_ends_on: date | None
    matured_on: date | None = None


@dataclass(frozen=True, slots=True)
class MassFacts:
    """An open mass organisation as R-15 and R-17 look at it."""

    id: str
    name: str
    kind: str
    members: int | None = None
    committee_members: int | None = None
    chair_is_secretary: bool | None = None
    chair_is_full_time: bool | None = None
    chair_is_investor: bool | None = None
    chair_is_relative: bool | None = None


_MASS = tuple(each.name for each in fields(MassFacts) if each.name != "id")


@dataclass(frozen=True, slots=True)
class PairingFacts:
    """An open pairing as S-9 looks at it."""

    id: str
    agreed_on: date | None
    agreement_document: str | None
    ends_on: date | None


def assignment_facts(record: Record, *, matured_on: date | None = None) -> AssignmentFacts:
    """Return what the rules look at from a record's values (dates as dates or ISO text)."""
    return AssignmentFacts(
        record["id"], record["role"], record.get("unit"), _day(record.get("term_ends_on")), matured_on
    )


def mass_facts(record: Record) -> MassFacts:
    """Return what the rules look at from a mass organisation's values."""
    known: dict[str, Any] = {name: record.get(name) for name in _MASS}
    return MassFacts(id=record["id"], **known)


def pairing_facts(record: Record) -> PairingFacts:
    """Return what the rules look at from a pairing's values (dates as dates or ISO text)."""
    agreed, ends = (_day(record.get(name)) for name in ("agreed_on", "ends_on"))
    return PairingFacts(record["id"], agreed, record.get("agreement_document"), ends)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def findings_of_person(facts: PersonFacts, on: date) -> Iterator[Finding]:
    """S-4, S-5: nobody guides, or leads from afar, more than one can."""
    subject = Subject("person", facts.id, "")
    most = held_on("instructor.max_enterprises", on)
    if most is not None and facts.guided > most.value:
        words = (
            f"担任{facts.guided}户企业的指导员，超过{most.value}户。",
            f"Instructor of {facts.guided} enterprises, more than {most.value}.",
        )
        yield subject.flag("instructor-over-load", words, fact={"enterprises": facts.guided}, because=most)
    most = held_on("contact_point.max_per_leader", on)
    if most is not None and facts.contact_points > most.value:
        words = (
            f"有{facts.contact_points}个联系点，超过{most.value}个。",
            f"Leader of {facts.contact_points} contact points, more than {most.value}.",
        )
        fact = {"contact_points": facts.contact_points}
        yield subject.flag("contact-points-too-many", words, fact=fact, because=most)


def findings_of_assignment(facts: AssignmentFacts, on: date) -> Iterator[Finding]:
    """S-4, S-5: a term that is over or not known, an instructor of no unit, a contact point that is mature."""
    subject = Subject("assignment", facts.id, "")
    ends = facts.term_ends_on
    if ends is not None and on > ends:
        words = (f"任期已于{ends}届满。", f"The term ended on {ends}.")
        fact = {"role": facts.role, "term_ends_on": ends.isoformat()}
        yield subject.flag("term-over", words, fact=fact, because=_TERM, since=ends + _DAY)
    if facts.role == "instructor" and ends is None:
        words = ("没有登记指导员任期。", "The instructor's term is not recorded.")
        years = held_on("instructor.term_years", on)
        if years is not None:
            yield subject.flag("term-unknown", words, fact={"term_ends_on": None}, because=years)
    if facts.role == "instructor" and facts.unit is None:
        words = ("没有登记指导员的派出单位。", "The unit that sent the instructor is not recorded.")
        yield subject.flag("instructor-without-unit", words, fact={"unit": None}, because=_UNIT)
    if facts.role == "contact_leader" and facts.matured_on is not None and facts.matured_on <= on:
        matured = facts.matured_on
        words = (f"联系点已于{matured}认定成熟，请更换。", f"Found mature on {matured}: take up another one.")
        fact = {"matured_on": matured.isoformat()}
        yield subject.flag("contact-point-matured", words, fact=fact, because=_MATURED, since=matured)


def findings_of_mass_organization(facts: MassFacts, on: date) -> Iterator[Finding]:
    """R-15, R-17: unions have a committee from their number on, and a chair who may be one."""
    if facts.kind != "union":
        return
    subject = Subject("mass_organization", facts.id, facts.name)
    for rule in (_union_committee, _union_chair_time, _union_chair):
        yield from rule(subject, facts, on)


def _union_committee(subject: Subject, facts: MassFacts, on: date) -> Iterator[Finding]:
    """R-17: a union of enough members has a committee."""
    least, members = held_on("union.committee_min_members", on), facts.members
    if least is None or members is None or members < least.value or facts.committee_members != 0:
        return
    words = (
        f"会员{members}人，达到{least.value}人，应当设立工会委员会。",
        f"It has {members} members, {least.value} or more, and no committee.",
    )
    fact = {"members": members, "committee_members": 0}
    yield subject.flag("union-committee-missing", words, fact=fact, because=least)


def _union_chair_time(subject: Subject, facts: MassFacts, on: date) -> Iterator[Finding]:
    """R-17: a large union may have a full-time chair."""
    full_time, members = held_on("union.full_time_chair_staff", on), facts.members
    if full_time is None or members is None or members < full_time.value or facts.chair_is_full_time is not False:
        return
    words = (f"会员{members}人，可以设专职工会主席。", f"It has {members} members: it may have a full-time chair.")
    fact = {"members": members, "chair_is_full_time": False}
    yield subject.flag("union-chair-not-full-time", words, fact=fact, because=full_time)


def _union_chair(subject: Subject, facts: MassFacts, on: date) -> Iterator[Finding]:  # noqa: ARG001 - one shape for all rules
    """R-15, R-17: the chair is no close relative of the head, and no investor who is also the secretary."""
    if facts.chair_is_relative is True:
        words = ("工会主席是企业主要负责人的近亲属。", "The chair is a close relative of the enterprise's head.")
        yield subject.flag("union-chair-is-relative", words, fact={"chair_is_relative": True}, because=_RELATIVE)
    if facts.chair_is_secretary is True and facts.chair_is_investor is True:
        words = (
            "工会主席由担任书记的出资人兼任。",
            "The union is chaired by a secretary who is an investor of the enterprise.",
        )
        fact = {"chair_is_secretary": True, "chair_is_investor": True}
        yield subject.flag("union-chair-is-investor", words, fact=fact, because=UNION_CHAIR)


def findings_of_pairing(facts: PairingFacts, on: date) -> Iterator[Finding]:
    """S-9: a pairing rests on an agreement that still runs."""
    subject = Subject("pairing", facts.id, "")
    if facts.ends_on is not None and on > facts.ends_on:
        words = (f"结对协议已于{facts.ends_on}届满。", f"The agreement ended on {facts.ends_on}.")
        ended = {"ends_on": facts.ends_on.isoformat()}
        yield subject.flag("pairing-over", words, fact=ended, because=_AGREEMENT, since=facts.ends_on + _DAY)
    if facts.agreed_on is None and facts.agreement_document is None:
        words = ("没有登记结对协议。", "No agreement is on record.")
        fact = {"agreed_on": None, "agreement_document": None}
        yield subject.flag("pairing-without-agreement", words, fact=fact, because=_AGREEMENT)

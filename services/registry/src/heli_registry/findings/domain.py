"""What the Party rules flag: each finding with its rule, the facts it saw, the number it held them against, its basis.

Rules are generators over plain facts and a day; they store nothing. What is refused outright stands in
`organizations.domain`. Unknown facts (None) flag nothing, except where not knowing is itself the fault.
The rules in prose: docs/rules/party_rules.md.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from heli_registry.findings.flags import Finding, Subject, held_on, used
from heli_registry.organizations.domain import (
    ACT_EN,
    ACT_ZH,
    BRANCHES,
    ELECTED,
    KIND_EN,
    KIND_ZH,
    Organization,
    forbidden_acts,
    latest_extension,
    months_later,
    number_wanted,
    term_ends_on,
    term_of,
)

_JOINT = "中国共产党支部工作条例（试行）第五条：正式党员不足3人的单位，按照地域相邻、行业相近等原则成立联合党支部"
_SECRETARY = "成立党的基层组织，应把有合适的党组织书记人选作为必备条件"
UNION_CHAIR = "不是企业出资人的党组织书记、副书记，可以通过法定程序兼任工会主席、副主席"
_CLOSED = "企业停产、关闭的，应当及时解散（撤销）党组织"
_TERM = "关于党的基层组织任期的意见（2018-07-12）：党的基层组织应按期换届"


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """An enterprise as R-1 looks at it: `counted` says whether it is in the scope of the statistics."""

    uscc: str
    name: str
    full_members: int | None
    counted: bool
    covered: bool


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """A zone as R-7 looks at it; `organizations` counts the open Party organisations in it."""

    id: str
    name: str
    kind: str
    planned_months: int | None
    full_members: int | None
    organizations: int


def findings_of_enterprise(facts: EnterpriseFacts, on: date) -> Iterator[Finding]:
    """R-1: flag an enterprise in scope with enough full members for a branch that no organisation covers."""
    held = held_on("branch.min_full_members", on)
    if held is None or facts.full_members is None or facts.full_members < held.value:
        return
    if facts.counted and not facts.covered:
        yield Subject("enterprise", facts.uscc, facts.name).flag(
            "not-established",
            (
                f"有正式党员{facts.full_members}人，达到{held.value}人，应当建立党组织而未建立。",
                f"It has {facts.full_members} full members, {held.value} or more, and no Party organisation.",
            ),
            fact={"full_members": facts.full_members, "covered": False},
            because=held,
        )


def findings_of_zone(facts: ZoneFacts, on: date) -> Iterator[Finding]:
    """R-7: flag a project that lasts long enough, has enough full members and no Party organisation."""
    lasts, number = held_on("project_branch.min_months", on), held_on("branch.min_full_members", on)
    if facts.kind != "project" or facts.organizations or lasts is None or number is None:
        return
    if (facts.planned_months or 0) >= lasts.value and (facts.full_members or 0) >= number.value:
        yield Subject("zone", facts.id, facts.name).flag(
            "project-without-organization",
            (
                f"项目工期{facts.planned_months}个月、正式党员{facts.full_members}人，应当成立党支部而未成立。",
                f"A project of {facts.planned_months} months with {facts.full_members} full members and no branch.",
            ),
            fact={"planned_months": facts.planned_months, "full_members": facts.full_members, "organizations": 0},
            because=lasts,
        )


def findings_of_organization(organization: Organization, on: date) -> Iterator[Finding]:
    """Flag everything the rules R-1 … R-6, R-8 … R-10, R-15 and R-16 find in one open organisation on a day."""
    subject = Subject("party_organization", organization.id, organization.name)
    rules = (
        _size, _covers, _committee, _number, _secretary, _dual_posts, _closed_enterprises, _temporary, _election,
        _extension,
    )  # fmt: skip
    for rule in rules:
        yield from rule(subject, organization, on)


def _size(subject: Subject, organization: Organization, on: date) -> Iterator[Finding]:
    """R-1 and R-2: a branch has at least 3 full members and, as a rule, at most 50 members."""
    least, most = held_on("branch.min_full_members", on), held_on("branch.max_members_warn", on)
    full, members = organization.full_members, organization.members
    if organization.kind not in BRANCHES or full is None or members is None:
        return
    if least is not None and full < least.value:
        words = (
            f"正式党员{full}人，不足{least.value}人，应与其他单位联合或调整。",
            f"It has {full} full members, fewer than {least.value}: join it with another.",
        )
        yield subject.flag("branch-below-number", words, fact={"full_members": full}, because=least)
    if most is not None and members > most.value:
        words = (
            f"党员{members}人，党支部党员人数一般不超过{most.value}人。",
            f"It has {members} members; a branch has {most.value} at most as a rule.",
        )
        yield subject.flag("branch-over-size", words, fact={"members": members}, because=most)


def _covers(subject: Subject, organization: Organization, on: date) -> Iterator[Finding]:
    """R-3: a joint branch covers several units, as a rule not more than five."""
    covered, most = organization.covered_enterprises, held_on("joint_branch.max_units", on)
    if organization.kind != "joint_branch" or covered is None:
        return
    fact = {"covered_enterprises": covered}
    if most is not None and covered > most.value:
        words = (
            f"覆盖企业{covered}户，联合党支部覆盖单位一般不超过{most.value}个。",
            f"It covers {covered} enterprises; a joint branch covers {most.value} at most as a rule.",
        )
        yield subject.flag("joint-branch-too-wide", words, fact=fact, because=most)
    if covered <= 1:
        words = (
            f"联合党支部只覆盖企业{covered}户，请补录覆盖关系或改为单独组建。",
            f"A joint branch that covers {covered} enterprises: record the others or make it a branch of its own.",
        )
        yield subject.flag("joint-branch-of-one", words, fact=fact, because=_JOINT)


def _committee(subject: Subject, organization: Organization, on: date) -> Iterator[Finding]:
    """R-4: from seven full members a branch has a committee of three to seven, below it has none."""
    full, seats = organization.full_members, organization.committee_seats
    since = held_on("branch.committee_from", on)
    least, most = held_on("branch.committee_min_seats", on), held_on("branch.committee_max_seats", on)
    if organization.kind not in BRANCHES or full is None or seats is None:
        return
    if since is None or least is None or most is None:
        return
    fact = {"full_members": full, "committee_seats": seats}
    if seats == 0 and full >= since.value:
        words = (
            f"正式党员{full}人，达到{since.value}人，应当设立支部委员会。",
            f"It has {full} full members, {since.value} or more, and no committee.",
        )
        yield subject.flag("committee-missing", words, fact=fact, because=since)
    if seats > 0 and full < since.value:
        words = (
            f"正式党员{full}人，不足{since.value}人，设书记1名，不设支部委员会。",
            f"It has {full} full members, fewer than {since.value}: a secretary, no committee.",
        )
        yield subject.flag("committee-not-due", words, fact=fact, because=since)
    elif seats > 0 and not least.value <= seats <= most.value:
        bound = least if seats < least.value else most
        words = (
            f"支部委员会{seats}人，应为{least.value}至{most.value}人。",
            f"The committee has {seats} seats; {least.value} to {most.value} are allowed.",
        )
        yield subject.flag("committee-seats", words, fact=fact, because=bound)


def _number(subject: Subject, organization: Organization, on: date) -> Iterator[Finding]:
    """R-5: general branches and committees have their number of members or a superior's approval."""
    members, kind = organization.members, organization.kind
    shortage, above = number_wanted(organization, on), held_on("committee.from", on)
    if shortage is not None and not organization.has_exception:
        wanted, rule = shortage
        words = (
            f"{KIND_ZH[kind]}党员{members}人，不足{wanted}人，且没有登记批准文号和批准单位。",
            f"A {KIND_EN[kind]} of {members} members, fewer than {wanted}, without a superior's approval on record.",
        )
        fact = {
            "members": members,
            "exception_document": organization.exception_document,
            "exception_body": organization.exception_body,
        }
        yield subject.flag("below-number", words, fact=fact, because=used(f"{kind}.from", rule))
    if kind == "general_branch" and above is not None and members is not None and members >= above.value:
        words = (
            f"党员{members}人，达到{above.value}人，可以设立党的基层委员会。",
            f"It has {members} members, {above.value} or more: it may become a committee.",
        )
        yield subject.flag("next-kind-due", words, fact={"members": members}, because=above)


def _secretary(subject: Subject, organization: Organization, on: date) -> Iterator[Finding]:  # noqa: ARG001 - one shape for all rules
    """R-6: an organisation needs somebody fit to be its secretary."""
    if organization.has_secretary is False:
        words = ("没有书记，也没有合适的书记人选。", "It has no secretary and no candidate.")
        yield subject.flag("no-secretary", words, fact={"has_secretary": False}, because=_SECRETARY)


def _dual_posts(subject: Subject, organization: Organization, on: date) -> Iterator[Finding]:
    """R-15: a secretary who owns the enterprise needs a full-time deputy, and does not chair the union."""
    members, from_members = organization.members, held_on("secretary.full_time_deputy_from", on)
    if organization.secretary_is_investor is not True:
        return
    if organization.secretary_chairs_union is True:
        words = (
            "书记是企业出资人，不应兼任工会主席。",
            "The secretary is an investor of the enterprise and should not chair its union.",
        )
        fact = {"secretary_is_investor": True, "secretary_chairs_union": True}
        yield subject.flag("union-chair-is-investor", words, fact=fact, because=UNION_CHAIR)
    if from_members is None or members is None or members < from_members.value:
        return
    if organization.has_full_time_deputy is False:
        words = (
            f"党员{members}人，书记由出资人担任，应配备专职副书记。",
            f"It has {members} members and an investor as secretary: it needs a full-time deputy.",
        )
        facts = {"members": members, "secretary_is_investor": True, "has_full_time_deputy": False}
        yield subject.flag("full-time-deputy-missing", words, fact=facts, because=from_members)


def _closed_enterprises(subject: Subject, organization: Organization, on: date) -> Iterator[Finding]:  # noqa: ARG001 - one shape for all rules
    """R-16: an organisation whose enterprises are all closed is dissolved in time."""
    closed = organization.covered_closed
    if organization.covered_enterprises == 0 and closed:
        words = (
            f"覆盖的{closed}户企业均已关闭，应及时撤销或调整。",
            f"All {closed} enterprises it covers are closed: dissolve it or change what it covers.",
        )
        fact = {"covered_enterprises": 0, "covered_closed": closed}
        yield subject.flag("organization-of-closed-enterprises", words, fact=fact, because=_CLOSED)


def _temporary(subject: Subject, organization: Organization, on: date) -> Iterator[Finding]:
    """R-8: a temporary branch does not develop, discipline, collect, elect; its secretary is appointed."""
    acts, rule = forbidden_acts(organization, on)
    if organization.kind != "temporary_branch" or rule is None:
        return
    held = used("temp_branch.forbidden", rule)
    if acts:
        words = (
            f"临时党支部不得{'、'.join(ACT_ZH.get(act, act) for act in acts)}。",
            f"A temporary branch may not do this: {', '.join(ACT_EN.get(act, act) for act in acts)}.",
        )
        yield subject.flag("temporary-branch-act", words, fact={"acts": list(acts)}, because=held)
    if organization.elected_on is not None:
        words = (
            "临时党支部的书记、委员由批准其成立的党组织指定，不进行选举。",
            "The secretary of a temporary branch is appointed by the organisation that approved it, not elected.",
        )
        fact = {"elected_on": organization.elected_on.isoformat()}
        yield subject.flag("temporary-branch-election", words, fact=fact, because=held)


def _election(subject: Subject, organization: Organization, on: date) -> Iterator[Finding]:
    """R-9, R-11: the term of the last election's day decides; a superior reminds, and is asked, before its end."""
    if organization.kind not in ELECTED:
        return
    ends, term = term_ends_on(organization), term_of(organization)
    if organization.elected_on is None:
        words = ("没有登记最近一次换届选举日期。", "The day of its last election is not recorded.")
        yield subject.flag("election-unknown", words, fact={"elected_on": None}, because=_TERM)
        return
    if ends is None or term is None:
        return
    extended = organization.extension_until if organization.extension_document else None
    due = max(ends, extended) if extended else ends
    fact = {"elected_on": organization.elected_on.isoformat(), "term_years": term.value, "due_on": due.isoformat()}
    if on > due:
        words = (f"任期已于{due}届满，逾期未换届。", f"Its term ended on {due} without an election.")
        held = used(f"term.{organization.kind}", term)
        yield subject.flag("election-overdue", words, fact=fact, because=held, since=due + timedelta(days=1))
        return
    for step in ("apply", "remind"):
        months = held_on(f"election.{step}_months", on)
        starts = None if months is None else months_later(due, -int(months.value))
        if months is not None and starts is not None and on >= starts:
            words = (f"任期将于{due}届满，请准备换届。", f"Its term ends on {due}: prepare the election.")
            yield subject.flag(f"election-within-{step}", words, fact=fact, because=months, since=starts)
            return


def _extension(subject: Subject, organization: Organization, on: date) -> Iterator[Finding]:
    """R-10: a longer term needs a document and ends within a year."""
    limit, until = latest_extension(organization, on), organization.extension_until
    if limit is None or until is None:
        return
    last, rule = limit
    held = used("election.max_extension_years", rule)
    fact = {"extension_until": until.isoformat(), "latest": last.isoformat()}
    if until > last:
        words = (f"延期至{until}，超过最晚日期{last}。", f"Extended until {until}, later than {last}.")
        yield subject.flag("extension-too-long", words, fact=fact, because=held)
    if not organization.extension_document:
        words = ("延期换届没有登记批准文号。", "The extension has no document on record.")
        yield subject.flag("extension-without-document", words, fact=fact, because=held)


def condition_since(days: Iterable[date], holds: Callable[[date], bool]) -> date | None:
    """Return the day from which a condition has held without a break up to the last of `days`; None if it does not.

    `days` are those on which any of its facts changed; between them it cannot change.
    """
    since: date | None = None
    for day in sorted(set(days)):
        if not holds(day):
            since = None
        elif since is None:
            since = day
    return since

"""What the Party rules say about an organisation: its term, its numbers, and the changes that are refused.

Sources: 中国共产党章程, 中国共产党支部工作条例（试行）, 中国共产党基层组织选举工作条例, 关于党的基层组织任期的意见.
Numbers come from dated parameters: the one in force on the day a change takes effect decides. Unknown facts (None)
refuse nothing. The rules in prose: docs/rules/party_rules.md.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date
from typing import Any

from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.statistics.parameters import DatedValue, parameter

BRANCHES = ("branch", "joint_branch")
ABOVE_BRANCH = ("general_branch", "committee")
ELECTED = (*BRANCHES, *ABOVE_BRANCH)

KIND_ZH = {
    "branch": "党支部",
    "joint_branch": "联合党支部",
    "general_branch": "党总支",
    "committee": "党委",
    "temporary_branch": "临时党支部",
    "functional": "功能型党组织",
}
KIND_EN = {
    "branch": "branch",
    "joint_branch": "joint branch",
    "general_branch": "general branch",
    "committee": "committee",
    "temporary_branch": "temporary branch",
    "functional": "functional organisation",
}
ACT_ZH = {
    "develop_members": "发展党员",
    "discipline": "处分处置党员",
    "collect_dues": "收缴党费",
    "elect_delegates": "选举党代表",
    "elect_committee": "换届选举",
}
ACT_EN = {
    "develop_members": "developing members",
    "discipline": "disciplining members",
    "collect_dues": "collecting dues",
    "elect_delegates": "electing delegates",
    "elect_committee": "electing a committee",
}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Organization:
    """A Party organisation as the rules look at it; None means that the fact is not known.

    `covered_enterprises` counts the open enterprises it covers, `covered_closed` those that are closed.
    """

    id: str
    name: str = ""
    kind: str = "branch"
    established_on: date | None = None
    elected_on: date | None = None
    extension_until: date | None = None
    extension_document: str | None = None
    committee_seats: int | None = None
    full_members: int | None = None
    probationary_members: int | None = None
    has_secretary: bool | None = None
    secretary_is_investor: bool | None = None
    secretary_chairs_union: bool | None = None
    has_full_time_deputy: bool | None = None
    exception_document: str | None = None
    exception_body: str | None = None
    acts: tuple[str, ...] = ()
    covered_enterprises: int | None = None
    covered_closed: int | None = None

    @property
    def members(self) -> int | None:
        """Return full and probationary members together; None when the full members are not known."""
        return None if self.full_members is None else self.full_members + (self.probationary_members or 0)

    @property
    def has_exception(self) -> bool:
        """Say whether a superior approved what the numbers do not allow: document and body both named."""
        return bool(self.exception_document and self.exception_body)


class PartyRuleBroken(Conflict):
    """A Party rule does not allow this; the data name the rule, its basis and the facts."""

    type = "party-rule"
    title_zh = "不符合党内规定"
    title_en = "Against a Party rule"


def organization_of(
    record: Mapping[str, Any], *, covered_enterprises: int | None = None, covered_closed: int | None = None
) -> Organization:
    """Return what the rules look at from a record's values (dates as dates or ISO text)."""
    texts = ("name", "kind", "extension_document", "exception_document", "exception_body")
    days = ("established_on", "elected_on", "extension_until")
    numbers = ("committee_seats", "full_members", "probationary_members")
    answers = ("has_secretary", "secretary_is_investor", "secretary_chairs_union", "has_full_time_deputy")
    known: dict[str, Any] = {name: record.get(name) for name in (*texts, *numbers, *answers)}
    known |= {name: _day(record.get(name)) for name in days}
    known["name"] = known["name"] or ""
    return Organization(
        id=str(record.get("id") or ""),
        acts=tuple(record.get("acts") or ()),
        covered_enterprises=covered_enterprises,
        covered_closed=covered_closed,
        **known,
    )


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def months_later(day: date, months: int) -> date:
    """Return the same day of the month some months later (earlier when negative), or that month's last day."""
    number = day.year * _MONTHS + day.month - 1 + months
    year, month = number // _MONTHS, number % _MONTHS + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def term_of(organization: Organization) -> DatedValue | None:
    """Return the term in years by the rule of the day it was elected (R-9); None for kinds without elections."""
    if organization.elected_on is None or organization.kind not in ELECTED:
        return None
    return parameter(f"term.{organization.kind}").find(organization.elected_on)


def term_ends_on(organization: Organization) -> date | None:
    """Return the day on which the term runs out, extensions aside; None when it has none or none is known."""
    term = term_of(organization)
    if organization.elected_on is None or term is None:
        return None
    return months_later(organization.elected_on, _MONTHS * int(term.value))


def latest_extension(organization: Organization, on: date) -> tuple[date, DatedValue] | None:
    """Return the last day to which the term may be extended, and by which rule (R-10)."""
    ends, rule = term_ends_on(organization), parameter("election.max_extension_years").find(on)
    return None if ends is None or rule is None else (months_later(ends, _MONTHS * int(rule.value)), rule)


def forbidden_acts(organization: Organization, on: date) -> tuple[tuple[str, ...], DatedValue | None]:
    """Return what a temporary branch did that it may not do, and the rule that says so (R-8)."""
    rule = parameter("temp_branch.forbidden").find(on)
    if organization.kind != "temporary_branch" or rule is None:
        return (), rule
    return tuple(act for act in organization.acts if act in rule.value), rule


def check_organization(after: Organization, *, before: Organization | None, effective_on: date, today: date) -> None:
    """Refuse a new organisation (`before` is None) or a change of one that a Party rule does not allow.

    Only what the change itself brings about is refused: an organisation that shrank below its number is flagged, not
    frozen. InvalidInput for impossible dates, PartyRuleBroken otherwise.
    """
    _check_dates(after, today=today)
    founded = before is None or before.kind != after.kind
    if founded:
        _check_founding_number(after, effective_on)
    if founded or (before is not None and before.has_exception and not after.has_exception):
        _check_exception(after, effective_on)
    _check_acts(after, before=before, on=effective_on)
    if before is None or (before.extension_until, before.extension_document, before.elected_on) != (
        after.extension_until,
        after.extension_document,
        after.elected_on,
    ):
        _check_extension(after, effective_on)


def _check_dates(after: Organization, *, today: date) -> None:
    days = {"established_on": after.established_on, "elected_on": after.elected_on}
    late = [name for name, day in days.items() if day is not None and day > today]
    if late:
        raise InvalidInput(
            "成立日期、换届选举日期不能晚于今天。",
            "The days of founding and election cannot lie in the future.",
            errors=[FieldProblem(f"/{name}", "日期晚于今天", "lies in the future") for name in late],
        )


def _check_founding_number(after: Organization, on: date) -> None:
    """R-1, R-3: a branch, alone or joint, needs its number of full members; temporary and functional ones do not."""
    rule = parameter("branch.min_full_members").find(on)
    if after.kind not in BRANCHES or after.full_members is None or rule is None or after.full_members >= rule.value:
        return
    raise _broken(
        "R-1",
        f"成立{KIND_ZH[after.kind]}须有正式党员{rule.value}人以上，现为{after.full_members}人；"
        "可与相邻单位联合组建，或先成立临时党支部。",
        f"A {KIND_EN[after.kind]} needs {rule.value} full members, there are {after.full_members}; join with "
        "neighbours or found a temporary branch first.",
        rule=rule,
        facts={"full_members": after.full_members, "minimum": rule.value},
    )


def _check_exception(after: Organization, on: date) -> None:
    """R-5: below the number only with the superior's approval, document and body."""
    shortage = number_wanted(after, on)
    if shortage is None or after.has_exception:
        return
    wanted, rule = shortage
    raise _broken(
        "R-5",
        f"成立{KIND_ZH[after.kind]}一般须有党员{wanted}人以上，现为{after.members}人；"
        "确因工作需要的，请填写批准文号（exception_document）和批准单位（exception_body）。",
        f"A {KIND_EN[after.kind]} usually needs {wanted} members, there are {after.members}; with a superior's "
        "approval name exception_document and exception_body.",
        rule=rule,
        facts={"members": after.members, "minimum": wanted},
    )


def number_wanted(organization: Organization, on: date) -> tuple[int, DatedValue] | None:
    """Return the number of members that a general branch or committee falls short of, with the rule (R-5), or None."""
    if organization.kind not in ABOVE_BRANCH or organization.members is None:
        return None
    rule = parameter(f"{organization.kind}.from").find(on)
    if rule is None or organization.members >= rule.value:
        return None
    return int(rule.value), rule


def _check_acts(after: Organization, *, before: Organization | None, on: date) -> None:
    """R-8: what a temporary branch may not do is refused when it is first recorded."""
    forbidden, rule = forbidden_acts(after, on)
    fresh = [act for act in forbidden if before is None or before.kind != after.kind or act not in before.acts]
    if not fresh or rule is None:
        return
    raise _broken(
        "R-8",
        f"临时党支部不得{'、'.join(ACT_ZH.get(act, act) for act in fresh)}，请由批准其成立的党组织办理。",
        f"A temporary branch may not do this: {', '.join(ACT_EN.get(act, act) for act in fresh)}; the organisation "
        "that approved it does.",
        rule=rule,
        facts={"acts": fresh},
    )


def _check_extension(after: Organization, on: date) -> None:
    """R-10: an extension needs the superior's document and lasts a year at most."""
    limit = latest_extension(after, on)
    if after.extension_until is None or limit is None:
        return
    last, rule = limit
    facts = {"extension_until": after.extension_until.isoformat(), "latest": last.isoformat()}
    if not after.extension_document:
        zh = "延期换届须经上级党组织批准，请填写批准文号（extension_document）。"
        en = "An extension of the term needs the superior's approval: name extension_document."
        raise _broken("R-10", zh, en, rule=rule, facts=facts)
    if after.extension_until > last:
        zh = f"延期换届一般不超过{rule.value}年，最晚为{last}。"
        en = f"An extension may last {rule.value} year at most, until {last}."
        raise _broken("R-10", zh, en, rule=rule, facts=facts)


def _broken(rule_id: str, zh: str, en: str, *, rule: DatedValue, facts: Mapping[str, Any]) -> PartyRuleBroken:
    return PartyRuleBroken(zh, en, data={"rule": rule_id, "basis": rule.basis, "fact": dict(facts)})

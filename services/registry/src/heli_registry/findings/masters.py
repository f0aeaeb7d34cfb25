"""Who stands above whom, and who stands below nobody: the lists 三不管, 多头隶属 and 隶属不符; pure.

A-1 nobody's: an organisation without a superior, or members whom no unit looks after. A-2 two masters, or one that is
closed. A-3 a superior of another kind than the dated rule asks for. A-4 a transfer not confirmed in time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from heli_registry.findings.flags import Finding, Subject, held_on

_NOBODY = "每个党组织都应有明确的隶属关系；隶属不清的，由属地党组织兜底管理"
_LOOKED_AFTER = "有党员而未建党组织的企业，应明确责任单位联系指导"
_TWO = "一个党组织只隶属一个上级党组织，不得多头隶属"
_CLOSED = "上级撤销的，应及时理顺所属党组织的隶属关系"

ZH = {
    "territory": "属地党组织",
    "industry": "行业党委",
    "park": "园区党工委",
    "federation": "工商联（个协）党委",
    "direct": "直属",
    "other": "其他",
}
SIDE_ZH = {"from": "转出方", "to": "转入方"}


@dataclass(frozen=True, slots=True)
class Superior:
    """One open affiliation: the superior, of which kind it is said to be, and whether the superior is open."""

    affiliation: str
    superior: str
    kind: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Affiliated:
    """An open organisation with what decides its superior, and every open affiliation it has."""

    id: str
    name: str
    setup_form: str | None
    zone_kind: str | None
    superiors: tuple[Superior, ...]


@dataclass(frozen=True, slots=True)
class Unattended:
    """An enterprise in scope with members, no organisation and no responsible unit."""

    uscc: str
    name: str
    members: int


@dataclass(frozen=True, slots=True)
class Underway:
    """A transfer under way: whose it is, when it was proposed and is due, and which sides have not confirmed."""

    id: str
    organization: str
    name: str
    proposed_on: date
    due_on: date
    pending: tuple[str, ...]


def expected_kind(facts: Affiliated, on: date) -> tuple[str, Any] | None:
    """Return the kind of superior that the rule in force asks for, with the rule; None before the first rule."""
    rule = held_on("affiliation.expected_kind", on)
    if rule is None:
        return None
    given: Mapping[str, str | None] = {"setup_form": facts.setup_form, "zone_kind": facts.zone_kind}
    for line in rule.value:
        if all(given.get(name) == value for name, value in line["when"].items()):
            return line["kind"], rule
    return None


def findings_of_affiliated(facts: Affiliated, on: date) -> Iterator[Finding]:
    """A-1 to A-3 for one organisation."""
    subject = Subject("party_organization", facts.id, facts.name)
    superiors = facts.superiors
    if not superiors:
        words = ("没有登记隶属关系（三不管）。", "It has no superior on record.")
        yield subject.flag("organization-of-nobody", words, fact={"superiors": []}, because=_NOBODY)
        return
    if len(superiors) > 1:
        keys = sorted(each.superior for each in superiors)
        words = (f"同时隶属{len(superiors)}个上级：{'、'.join(keys)}。", f"It has {len(superiors)} superiors at once.")
        yield subject.flag("two-masters", words, fact={"superiors": keys}, because=_TWO)
    closed = sorted(each.superior for each in superiors if not each.is_open)
    if closed:
        words = (f"上级 {'、'.join(closed)} 已撤销。", f"Its superior {', '.join(closed)} is closed.")
        yield subject.flag("superior-closed", words, fact={"closed": closed}, because=_CLOSED)
    wanted = expected_kind(facts, on)
    kinds = sorted({each.kind for each in superiors if each.kind is not None})
    if wanted is not None and kinds and wanted[0] not in kinds and "direct" not in kinds:
        kind, rule = wanted
        words = (
            f"隶属于{'、'.join(ZH[each] for each in kinds)}，按规定应隶属{ZH[kind]}。",
            f"Its superior is of the kind {', '.join(kinds)}; the rule asks for {kind}.",
        )
        fact = {"kinds": kinds, "expected": kind, "setup_form": facts.setup_form, "zone_kind": facts.zone_kind}
        yield subject.flag("affiliation-mismatch", words, fact=fact, because=rule)


def findings_of_unattended(facts: Unattended) -> Iterator[Finding]:
    """A-1 for one enterprise: members whom nobody looks after."""
    words = (
        f"有党员{facts.members}人，未建党组织，也没有责任单位（三不管）。",
        f"It has {facts.members} members, no organisation and no unit in charge.",
    )
    fact = {"members": facts.members, "responsible_unit": None}
    yield Subject("enterprise", facts.uscc, facts.name).flag(
        "enterprise-of-nobody", words, fact=fact, because=_LOOKED_AFTER
    )


def findings_of_transfer(facts: Underway, on: date) -> Iterator[Finding]:
    """A-4 for one transfer: its deadline has passed and a side has not confirmed."""
    held = held_on("transfer.confirm_days", facts.proposed_on)
    if held is None or on <= facts.due_on or not facts.pending:
        return
    sides = "、".join(SIDE_ZH[side] for side in facts.pending)
    words = (
        f"转接应于{facts.due_on}前确认，{sides}逾期未确认。",
        f"The transfer was to be confirmed by {facts.due_on}; still wanted: {', '.join(facts.pending)}.",
    )
    fact = {
        "organization": facts.organization,
        "proposed_on": facts.proposed_on.isoformat(),
        "due_on": facts.due_on.isoformat(),
        "pending": list(facts.pending),
    }
    since = facts.due_on + timedelta(days=1)
    yield Subject("transfer", facts.id, facts.name).flag(
        "transfer-overdue", words, fact=fact, because=held, since=since
    )

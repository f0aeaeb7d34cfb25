"""What an opinion rests on: reasons for and against, each with its source; the advice follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from heli_shared.statistics.parameters import DatedValue


class Advice(StrEnum):
    """What is advised to whoever decides about an enterprise."""

    SUPPORT = "support"  # 建议支持
    NEUTRAL = "neutral"  # 无意见
    CAUTION = "caution"  # 建议慎重


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that speaks for (+1), against (-1) or neither (0), in both languages, and where it can be read."""

    code: str
    weight: int
    zh: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """What the registry says of an enterprise; None where it does not know."""

    uscc: str
    name: str
    state: str
    full_members: int | None
    staff: int | None
    covers: int


def reasons_of_facts(facts: EnterpriseFacts, *, members: DatedValue, staff: DatedValue) -> list[Reason]:
    """Return what the registry's facts say: closed, covered, or due and not covered.

    `members` and `staff` are the figures from which an organisation is due.
    """
    source = f"/v1/enterprises/{facts.uscc}"
    if facts.state != "open":
        return [Reason("closed", -1, "企业已注销或关闭", "the enterprise is closed", source)]
    if facts.covers:
        return [Reason("covered", 1, f"已有 {facts.covers} 个党组织覆盖", f"covered by {facts.covers}", source)]
    due = []
    if facts.full_members is not None and facts.full_members >= members.value:
        due.append((f"正式党员 {facts.full_members} 名（{members.basis}）", f"{facts.full_members} full members"))
    if facts.staff is not None and facts.staff >= staff.value:
        due.append((f"从业人员 {facts.staff} 人（{staff.basis}）", f"staff of {facts.staff}"))
    if due:
        zh, en = "、".join(each[0] for each in due), " and ".join(each[1] for each in due)
        return [Reason("due", -1, f"应建未建党组织：{zh}", f"an organisation is due and missing: {en}", source)]
    return [Reason("not_due", 0, "尚不具备建立党组织条件", "no organisation is due (yet)", source)]


def reasons_of_results(entries: Iterable[Mapping[str, Any]], best: Mapping[str, str]) -> list[Reason]:
    """Return what approved cycles say of the enterprise itself; `best` is the highest grade by cycle."""
    found = []
    for each in entries:
        source = f"/v1/cycles/{each['cycle']}/entries/{each['subject']}"
        if each["vetoed"]:
            found.append(Reason("vetoed", -1, "考核中被一票否决", "vetoed in an assessment", source))
        else:
            weight = 1 if each["grade"] == best.get(each["cycle"]) else 0
            zh, en = f"考核等次“{each['grade']}”，得分 {each['score']}", f"graded {each['grade']} with {each['score']}"
            found.append(Reason("graded", weight, zh, en, source))
    return found


def reasons_of_evaluations(evaluations: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """Return what evaluations of people of the enterprise say."""
    found = []
    for each in evaluations:
        source = f"/v1/representative-evaluations/{each['id']}"
        if each["grade"] == "C" and each["standing"] != "expired":
            found.append(
                Reason("evaluated_c", -1, "代表人士综合评价为不宜", "a representative is not suitable", source)
            )
        elif each["may_be_recommended"]:
            zh, en = f"代表人士综合评价为 {each['grade']}", f"a representative is evaluated {each['grade']}"
            found.append(Reason("evaluated", 1 if each["grade"] == "A" else 0, zh, en, source))
        else:
            zh, en = "代表人士综合评价需复查或已过期", "the evaluation of a representative has to be checked again"
            found.append(Reason("evaluation_stale", 0, zh, en, source))
    return found


def reasons_of_orders(orders: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """Return what open rectification orders say: one past its day speaks against, others are told only."""
    found = []
    for each in orders:
        source = f"/v1/rectification-orders/{each['id']}"
        if each["overdue"]:
            zh, en = (
                f"督办单逾期未整改（期限 {each['due_on']}）",
                f"a rectification order is overdue since {each['due_on']}",
            )
            found.append(Reason("order_overdue", -1, zh, en, source))
        else:
            zh, en = f"督办单整改中（期限 {each['due_on']}）", f"a rectification order is open until {each['due_on']}"
            found.append(Reason("order_open", 0, zh, en, source))
    return found


def advice_of(reasons: Sequence[Reason]) -> Advice:
    """Return the advice: anything against gives caution, else anything for gives support, else neutral."""
    weights = [reason.weight for reason in reasons]
    if min(weights, default=0) < 0:
        return Advice.CAUTION
    return Advice.SUPPORT if max(weights, default=0) > 0 else Advice.NEUTRAL

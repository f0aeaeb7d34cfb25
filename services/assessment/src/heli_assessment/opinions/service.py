"""Use cases of linkage opinions: say what the records advise, and give an opinion as a person."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from heli_assessment.cycles.service import results_of
from heli_assessment.cycles.turns import wrong
from heli_assessment.evaluations.service import evaluations_of
from heli_assessment.inspections.service import orders_against
from heli_assessment.opinions.domain import (
    Advice,
    EnterpriseFacts,
    Reason,
    advice_of,
    reasons_of_evaluations,
    reasons_of_facts,
    reasons_of_orders,
    reasons_of_results,
)
from heli_assessment.opinions.models import LINKAGE_OPINION
from heli_assessment.opinions.repository import opinions_on
from heli_shared.kernel.errors import Forbidden, NotFound
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.entries import json_value
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.reading import Record, find_row
from heli_shared.records.service import Resource
from heli_shared.records.writing import Write
from heli_shared.statistics.parameters import parameter

OPINIONS = Resource(LINKAGE_OPINION, no_conditions, filters=equality_filters(LINKAGE_OPINION))
FactsOf = Callable[[str, str], EnterpriseFacts | None]
"""Asks the registry for an enterprise with the caller's own token; None where the caller may not see it."""
_SHOWN = 20


class OpinionService:
    """Says what Party work knows of an enterprise."""

    def __init__(self, facts_of: FactsOf, orders: Resource) -> None:
        """Ask for facts by `facts_of`, and look for faults that are not mended among `orders`."""
        self._facts_of = facts_of
        self._orders = orders

    def opinion(self, call: RecordCall, facts: EnterpriseFacts) -> dict[str, Any]:
        """Return advice on an enterprise with its reasons, and the opinions that people gave."""
        uscc = facts.uscc
        reasons = self._reasons(call, facts)
        return {
            "uscc": uscc,
            "name": facts.name,
            "advice": advice_of(reasons).value,
            "reasons": [asdict(reason) for reason in reasons],
            "given": [_shown(each) for each in opinions_on(call.session, uscc, limit=_SHOWN)],
        }

    def give(
        self, call: RecordCall, facts: EnterpriseFacts, *, occasion: str, advice: Advice, reason: str | None
    ) -> dict[str, Any]:
        """Give an opinion as a person; one that is not what the records advise needs a reason."""
        if call.principal.kind != "person":
            raise Forbidden("联动意见须由人确认。", "An opinion is given by a person.")
        reasons = self._reasons(call, facts)
        computed = advice_of(reasons)
        if advice is not computed and reason is None:
            raise wrong("/reason", "与系统建议不一致的，须说明理由", "is needed where the opinion is not the advice")
        fields: dict[str, Any] = {
            "enterprise": facts.uscc, "occasion": occasion, "advice": advice.value, "computed": computed.value,
            "reasons": json.dumps([asdict(each) for each in reasons], ensure_ascii=False, separators=(",", ":")),
            "reason": reason, "status": "confirmed", "confirmed_by": call.principal.id,
            "confirmed_on": call.clock.today(), "state": "open",
        }  # fmt: skip
        given = {name: value for name, value in fields.items() if value is not None}
        key = new_id(str(LINKAGE_OPINION.prefix))
        call.write([Write(LINKAGE_OPINION, key, "create", call.clock.today(), given)])
        return self.opinion(call, facts)

    def ask(self, token: str, uscc: str) -> EnterpriseFacts:
        """Return what the registry shows of an enterprise to whose token it is; NotFound when they may not see it."""
        facts = self._facts_of(token, uscc)
        if facts is None:
            raise NotFound(f"没有企业 {uscc}，或您无权查看。", f"There is no enterprise {uscc}, or you may not see it.")
        return facts

    def _reasons(self, call: RecordCall, facts: EnterpriseFacts) -> list[Reason]:
        today = call.clock.today()
        members, staff = parameter("branch.min_full_members").find(today), parameter("staff100.min_staff").find(today)
        if members is None or staff is None:  # pragma: no cover - both have values since long
            raise NotFound("参数尚无取值。", "A parameter has no value yet.")
        entries, best = results_of(call, facts.uscc)
        reasons = reasons_of_facts(facts, members=members, staff=staff) + reasons_of_results(entries, best)
        if call.principal.may("rectification-orders:read"):
            reasons += reasons_of_orders(orders_against(call, self._orders, facts.uscc))
        # Grades of people are for those who may read them; others see the advice without.
        if call.principal.may("representative-evaluations:read"):
            reasons += reasons_of_evaluations(evaluations_of(call, facts.uscc))
        return reasons


def reopen(call: RecordCall, key: str, reason: str) -> list[Write]:
    """Return the write that takes an opinion back; for an objection that is upheld."""
    row = find_row(call.session, LINKAGE_OPINION, key, lock=True)
    if row is None or row.status != "confirmed":
        return []
    return [Write(LINKAGE_OPINION, key, "change", call.clock.today(), {"status": "reopened", "reason": reason})]


def _shown(opinion: Record) -> dict[str, Any]:
    names = ("id", "occasion", "advice", "computed", "reason", "status", "confirmed_by", "confirmed_on")
    return {**{name: json_value(opinion[name]) for name in names}, "reasons": json.loads(opinion["reasons"])}

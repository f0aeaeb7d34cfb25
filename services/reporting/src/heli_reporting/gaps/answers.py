"""Gaps, proposals and simulations as JSON values."""

from collections.abc import Mapping
from typing import Any

from heli_reporting.gaps.causes import cause_json
from heli_reporting.gaps.domain import reason_of
from heli_reporting.gaps.gains import Outlook
from heli_reporting.gaps.planning import KINDS, Proposal, alternatives
from heli_reporting.gaps.proposing import Simulation
from heli_reporting.gaps.wording import near_words, reasons_of
from heli_reporting.history.domain import Gap, Group
from heli_reporting.statistics.answers import cell_json, group_json
from heli_reporting.statistics.domain import Language
from heli_shared.statistics.reasons import BEGINNINGS


def gap_json(gap: Gap, measure: str, language: Language) -> dict[str, Any]:
    """Return a gap as JSON values."""
    english = language == "en"
    zh, en = BEGINNINGS[gap.began]
    return {
        "uscc": gap.uscc,
        "name": gap.name,
        "division": _place(gap.division, language),
        "zone": _place(gap.zone, language),
        "unit": _place(gap.unit, language),
        "full_members": gap.full_members,
        "probationary_members": gap.probationary_members,
        "staff": gap.staff,
        "reached": gap.reached,
        "reason": reason_of(gap, measure, english=english),
        "since": gap.since.isoformat(),
        "days_overdue": gap.days_overdue,
        "began": gap.began,
        "began_name": en if english else zh,
        "causes": [cause_json(each, gap.on, english=english) for each in gap.causes],
    }


def _place(group: Group | None, language: Language) -> dict[str, Any] | None:
    return None if group is None else group_json(group, language)


def proposals_json(uscc: str, simulation: Simulation, language: Language) -> list[dict[str, Any]]:
    """Return what is proposed for a gap: first its part in the plan, then what else could be done."""
    chosen = simulation.plan.by_uscc.get(uscc)
    others = alternatives(simulation.field.by_uscc[uscc], simulation.field)
    found = [] if chosen is None else [proposal_json(chosen, simulation, language, is_planned=True)]
    kind = None if chosen is None else chosen.kind
    found += [proposal_json(o, simulation, language, is_planned=False) for o in others if o.kind != kind]
    return found


def proposal_json(
    proposal: Proposal, simulation: Simulation, language: Language, *, is_planned: bool
) -> dict[str, Any]:
    """Return a proposal as JSON values, with what it alone would gain."""
    english = language == "en"
    zh, en = KINDS[proposal.kind]
    towns, total = simulation.gain_of(proposal)
    host = proposal.host
    return {
        "kind": proposal.kind,
        "kind_name": en if english else zh,
        "planned": is_planned,
        "enterprises": [
            {"uscc": each.uscc, "name": each.name, "full_members": each.full_members, "in_gap": each.is_gap}
            for each in proposal.enterprises
        ],
        "organization": None if host is None else {"id": host.id, "name": host.name, "room": host.room},
        "person": proposal.person,
        "distance": proposal.distance,
        "distance_name": None if proposal.distance is None else near_words(proposal.distance, english=english),
        "reasons": reasons_of(proposal, simulation.field.rules, english=english),
        "basis": list(proposal.basis),
        "gain": {
            "total": _moved_json(total),
            "townships": [
                {"division": group_json(simulation.names[each.division], language), **_moved_json(each)}
                for each in towns
            ],
        },
    }


def _moved_json(outlook: Outlook) -> dict[str, Any]:
    return {measure: _change_json(outlook, measure) for measure in outlook.moved}


def _change_json(outlook: Outlook, measure: str) -> dict[str, Any]:
    return {"before": cell_json(outlook.before[measure]), "after": cell_json(outlook.after[measure])}


def simulation_json(simulation: Simulation, language: Language) -> dict[str, Any]:
    """Return what applying the whole plan would change, per township and in total."""
    plan = simulation.plan
    return {
        "total": _whole_json(simulation.total),
        "townships": [
            {"division": group_json(simulation.names[each.division], language), **_whole_json(each)}
            for each in simulation.towns
        ],
        "gaps": len(simulation.gaps),
        "without_proposal": [each.uscc for each in plan.without],
        "small": {"total": plan.small, "placed": plan.placed, "at_most": plan.at_most},
    }


def _whole_json(outlook: Outlook) -> Mapping[str, Any]:
    return {measure: _change_json(outlook, measure) for measure in outlook.before}

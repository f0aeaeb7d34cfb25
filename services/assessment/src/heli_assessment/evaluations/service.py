"""Use cases of evaluations: ask departments, give an opinion, decide as a person, check again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heli_assessment.access import Units
from heli_assessment.cycles.turns import wrong
from heli_assessment.evaluations.domain import (
    Standing,
    Suggestion,
    Voice,
    may_be_recommended,
    standing_of,
    suggested,
    years_after,
)
from heli_assessment.evaluations.models import REPRESENTATIVE_EVALUATION
from heli_assessment.evaluations.repository import confirmed_of
from heli_shared.kernel.errors import Conflict, Forbidden
from heli_shared.kernel.ids import new_id
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.reading import Record, find_row, record_of_row
from heli_shared.records.service import Resource, not_found
from heli_shared.records.writing import Write
from heli_shared.statistics.parameters import parameter

EVALUATIONS = Resource(REPRESENTATIVE_EVALUATION, no_conditions, filters=equality_filters(REPRESENTATIVE_EVALUATION))


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """Who is evaluated for what, and which departments are asked."""

    person: str
    enterprise: str
    purpose_of: str
    asked_units: tuple[str, ...]


def ask(call: RecordCall, units: Units, asked: EvaluationRequest) -> Record:
    """Open an evaluation; the departments may speak from now on."""
    for place, unit in enumerate(asked.asked_units):
        if not units.has_unit(unit):
            raise wrong(f"/asked_units/{place}", "登记服务中没有这个机构", "the registry has no such unit")
    fields = {
        "person": asked.person, "enterprise": asked.enterprise, "purpose_of": asked.purpose_of,
        "asked_units": sorted(set(asked.asked_units)), "status": "collecting", "state": "open",
    }  # fmt: skip
    key = new_id(str(REPRESENTATIVE_EVALUATION.prefix))
    call.write([Write(REPRESENTATIVE_EVALUATION, key, "create", call.clock.today(), fields)])
    return _fresh(call, key)


def speak(call: RecordCall, key: str, voice: Voice, reason: str | None) -> Record:
    """Give the opinion of one's own department, once asked; a later one takes the place of an earlier one."""
    found = _locked(call, key, {"collecting", "reopened"})
    unit = call.principal.unit
    if unit not in found["asked_units"]:
        raise Forbidden("未征求您所在部门的意见。", "Your department was not asked.")
    if voice is not Voice.POSITIVE and reason is None:
        raise wrong("/reason", "持保留意见或认为不宜的，须说明理由", "is needed for a concern or a negative opinion")
    said = json.loads(found["opinions"] or "{}")
    said[str(unit)] = {
        "voice": voice.value, "by": call.principal.id, "on": call.clock.today().isoformat(), "reason": reason,
    }  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _change(call, key, {"opinions": text})


def decide(call: RecordCall, key: str, grade: str, reason: str | None) -> Record:
    """Decide the grade as a person; another one than is suggested, or one before all have spoken, needs a reason."""
    found = _locked(call, key, {"collecting", "reopened"})
    if call.principal.kind != "person":
        raise Forbidden("评价等次须由人确认。", "A grade is decided by a person.")
    if grade != suggestion_of(found).grade and reason is None:
        raise wrong("/reason", "与建议等次不一致的，须说明理由", "is needed where the grade is not the suggested one")
    today = call.clock.today()
    years = int(parameter("representative_evaluation.valid_years").on(today))
    return _change(call, key, {
        "status": "confirmed", "grade": grade, "reason": reason, "confirmed_by": call.principal.id,
        "confirmed_on": today, "valid_until": years_after(today, years), "rechecked_on": None, "recheck_passed": None,
    })  # fmt: skip


def recheck(call: RecordCall, key: str, *, passed: bool, reason: str) -> Record:
    """Check compliance and business again within the validity of a grade."""
    found = _locked(call, key, {"confirmed"})
    if standing_of(found, call.clock.today(), recheck_months=_months(call)) is Standing.EXPIRED:
        raise Conflict("评价已过有效期，请重新评价。", "The evaluation has expired: evaluate anew.")
    today = call.clock.today()
    return _change(call, key, {"rechecked_on": today, "recheck_passed": passed, "reason": reason})


def reopen(call: RecordCall, key: str, reason: str) -> list[Write]:
    """Return the write that opens a decided evaluation again; for an objection that is upheld."""
    row = find_row(call.session, REPRESENTATIVE_EVALUATION, key, lock=True)
    if row is None or row.status != "confirmed":
        return []
    cleared = {
        "status": "reopened", "grade": None, "confirmed_by": None, "confirmed_on": None, "valid_until": None,
        "reason": reason,
    }  # fmt: skip
    return [Write(REPRESENTATIVE_EVALUATION, key, "change", call.clock.today(), cleared)]


def suggestion_of(evaluation: Record) -> Suggestion:
    """Return the grade that the opinions so far suggest."""
    said = json.loads(evaluation["opinions"] or "{}")
    return suggested(evaluation["asked_units"], {unit: Voice(each["voice"]) for unit, each in said.items()})


def shown(call: RecordCall, evaluation: Record) -> dict[str, Any]:
    """Return an evaluation as the API shows it, with its standing today."""
    standing = standing_of(evaluation, call.clock.today(), recheck_months=_months(call))
    suggestion = suggestion_of(evaluation)
    return {
        **evaluation,
        "opinions": json.loads(evaluation["opinions"] or "{}"),
        "suggested": suggestion.grade,
        "suggested_because": suggestion.zh,
        "suggested_because_en": suggestion.en,
        "standing": standing.value,
        "may_be_recommended": may_be_recommended(evaluation, standing),
    }


def evaluations_of(call: RecordCall, enterprise: str) -> list[dict[str, Any]]:
    """Return the decided evaluations of people of an enterprise, as they are shown."""
    return [shown(call, each) for each in confirmed_of(call.session, enterprise)]


def _months(call: RecordCall) -> int:
    return int(parameter("representative_evaluation.recheck_months").on(call.clock.today()))


def _locked(call: RecordCall, key: str, statuses: set[str]) -> Record:
    row = find_row(call.session, REPRESENTATIVE_EVALUATION, key, lock=True)
    if row is None:
        raise not_found(REPRESENTATIVE_EVALUATION, key)
    if row.status not in statuses:
        raise Conflict(
            "评价的状态不允许这样办理。", "The evaluation does not stand where this can be done.",
            data={"outcome": row.status},
        )  # fmt: skip
    return record_of_row(REPRESENTATIVE_EVALUATION, row)


def _change(call: RecordCall, key: str, changes: Mapping[str, Any]) -> Record:
    call.write([Write(REPRESENTATIVE_EVALUATION, key, "change", call.clock.today(), changes)])
    return _fresh(call, key)


def _fresh(call: RecordCall, key: str) -> Record:
    return record_of_row(REPRESENTATIVE_EVALUATION, find_row(call.session, REPRESENTATIVE_EVALUATION, key))

"""The routes of evaluations of representatives."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from heli_assessment.access import Units
from heli_assessment.cycles.shown import Line, Name
from heli_assessment.evaluations.domain import Voice
from heli_assessment.evaluations.models import PURPOSES, REPRESENTATIVE_EVALUATION, STATUSES
from heli_assessment.evaluations.service import (
    EVALUATIONS,
    EvaluationRequest,
    ask,
    decide,
    recheck,
    shown,
    speak,
)
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, Limit
from heli_shared.records.models import SINGLE_LINE, History, Strict
from heli_shared.records.reading import Moment, Record
from heli_shared.records.service import get_record, history_of, list_records
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply, record_reply
from heli_shared.web.routes import new_router

BASE = "/v1/representative-evaluations"
Key = Annotated[str, Path(max_length=64, pattern=REPRESENTATIVE_EVALUATION.key_pattern, description="评价 id")]
Uscc = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}$")]
_KNOWN: dict[str, Any] = {"tags": ["representative-evaluations"], "responses": problems(404, 409, 413, 422)}


class NewEvaluation(Strict):
    """Who is evaluated for what, and which departments are asked."""

    person: Name
    enterprise: Uscc
    purpose_of: Literal[PURPOSES]  # type: ignore[valid-type]
    asked_units: list[Name] = Field(min_length=1, max_length=30)


class VoiceGiven(Strict):
    """The opinion of the caller's department."""

    voice: Literal[tuple(Voice)]  # type: ignore[valid-type]
    reason: Line | None = None


class GradeGiven(Strict):
    """The grade, with a reason where it is not the suggested one."""

    grade: Literal["A", "B", "C"]
    reason: Line | None = None


class RecheckGiven(Strict):
    """What the check of compliance and business found."""

    passed: bool
    reason: Line


class OpinionShown(BaseModel):
    """What one department said."""

    voice: str
    by: str
    on: str
    reason: str | None


class EvaluationShown(BaseModel):
    """One evaluation, what the opinions suggest, and whether it may be used today."""

    id: str
    person: str
    enterprise: str
    purpose_of: str
    asked_units: list[str]
    opinions: dict[str, OpinionShown]
    status: str
    suggested: str | None
    suggested_because: str
    suggested_because_en: str
    grade: str | None
    reason: str | None
    confirmed_by: str | None
    confirmed_on: str | None
    valid_until: str | None
    rechecked_on: str | None
    recheck_passed: bool | None
    standing: str
    may_be_recommended: bool
    version: int


class EvaluationPage(BaseModel):
    """A page of evaluations."""

    items: list[EvaluationShown]
    next: str | None
    total: int


def evaluation_router(units: Units) -> APIRouter:
    """Return the routes of evaluations."""
    router = new_router()
    _add_writes(router, units)
    _add_reads(router)
    return router


def _reply(call: RecordCall, record: Record, status: int = 200, location: str = "") -> Response:
    return record_reply(call.request, shown(call, record), status, location)


def _add_writes(router: APIRouter, units: Units) -> None:
    @router.post(BASE, status_code=201, response_model=EvaluationShown, **_KNOWN)
    @endpoint("representative-evaluations:write", writes=True)
    def create_representative_evaluation(
        call: RecordCall, body: NewEvaluation, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Open an evaluation and ask departments for their opinions."""
        del idempotency_key
        asked = EvaluationRequest(body.person, body.enterprise, body.purpose_of, tuple(body.asked_units))
        record = ask(call, units, asked)
        return _reply(call, record, 201, f"{BASE}/{record['id']}")

    @router.post(f"{BASE}/{{key}}/opinions", response_model=EvaluationShown, **_KNOWN)
    @endpoint("representative-evaluations:speak", writes=True)
    def give_evaluation_opinion(
        call: RecordCall, key: Key, body: VoiceGiven, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Give the opinion of one's own department."""
        del idempotency_key
        return _reply(call, speak(call, key, Voice(body.voice), body.reason))

    @router.post(f"{BASE}/{{key}}/confirm", response_model=EvaluationShown, **_KNOWN)
    @endpoint("incentives:decide", writes=True)
    def confirm_representative_evaluation(
        call: RecordCall, key: Key, body: GradeGiven, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Decide the grade as a person; it holds for `representative_evaluation.valid_years`."""
        del idempotency_key
        return _reply(call, decide(call, key, body.grade, body.reason))

    @router.post(f"{BASE}/{{key}}/recheck", response_model=EvaluationShown, **_KNOWN)
    @endpoint("representative-evaluations:write", writes=True)
    def recheck_representative_evaluation(
        call: RecordCall, key: Key, body: RecheckGiven, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Record that compliance and business were checked again within the validity."""
        del idempotency_key
        return _reply(call, recheck(call, key, passed=body.passed, reason=body.reason))


def _add_reads(router: APIRouter) -> None:
    known: dict[str, Any] = {"tags": ["representative-evaluations"]}

    @router.get(BASE, response_model=EvaluationPage, responses=problems(422), **known)
    @endpoint("representative-evaluations:read")
    def list_representative_evaluations(
        call: RecordCall,
        person: Annotated[
            str | None, Query(max_length=64, pattern=SINGLE_LINE, description="Only of this person")
        ] = None,
        enterprise: Annotated[
            str | None, Query(max_length=18, pattern=SINGLE_LINE, description="Only of this enterprise")
        ] = None,
        status: Annotated[Literal[STATUSES] | None, Query(description="Only with this status")] = None,  # type: ignore[valid-type]
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List evaluations with their standing today."""
        given = {"person": person, "enterprise": enterprise, "status": status}
        page = list_records(call, EVALUATIONS, given, moment=Moment(), cursor=cursor, limit=limit)
        return page_reply(call.request, Page([shown(call, each) for each in page.items], page.next, page.total))

    @router.get(f"{BASE}/{{key}}", response_model=EvaluationShown, responses=problems(404, 422), **known)
    @endpoint("representative-evaluations:read")
    def get_representative_evaluation(call: RecordCall, key: Key) -> Response:
        """Get one evaluation with its standing today."""
        return json_reply(shown(call, get_record(call, EVALUATIONS, key)))

    @router.get(f"{BASE}/{{key}}/history", response_model=History, responses=problems(404, 422), **known)
    @endpoint("representative-evaluations:read")
    def get_representative_evaluation_history(call: RecordCall, key: Key) -> Response:
        """Get every change of one evaluation: who, when, what before and after."""
        return json_reply({"items": [line.model_dump(mode="json") for line in history_of(call, EVALUATIONS, key)]})

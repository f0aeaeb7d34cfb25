"""The routes of reporting periods: open, ask what is unexplained, explain, close, open again; and what is on record."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints, model_validator
from starlette.responses import Response

from heli_registry.periods.asking import Stand
from heli_registry.periods.bodies import Id, Key, Sentence
from heli_registry.periods.domain import Question, Target, unexplained
from heli_registry.periods.figures import figures
from heli_registry.periods.models import EXPLANATION, PERIOD
from heli_registry.periods.service import (
    NewExplanation,
    NewPeriod,
    close_period,
    explain,
    open_period,
    questions_of,
    reopen_period,
    withdraw,
)
from heli_registry.periods.submission_endpoints import add_submissions
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch
from heli_shared.records.models import SINGLE_LINE, Day, Strict, models_of
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import check_if_match, json_reply, record_reply
from heli_shared.web.routes import new_router

ExplanationKey = Annotated[str, Path(max_length=64, pattern=EXPLANATION.key_pattern, description="数据说明 id")]
PeriodShown = models_of(PERIOD).shown
ExplanationShown = models_of(EXPLANATION).shown


class PeriodBody(Strict):
    """A period to open; its days follow from its code."""

    code: Annotated[str, StringConstraints(max_length=7, pattern=SINGLE_LINE)] = Field(
        description="Year, half, quarter or month", examples=["2026H1"]
    )
    unit: Id = Field(description="This unit and those below it report", examples=["unt-county"])
    counted_on: Day | None = Field(
        default=None, description="The day the figures are about; the last of the period when not given"
    )
    closes_on: Day | None = Field(default=None, description="Until when it is to be closed")


class ClosingBody(Strict):
    """Who answers for the figures."""

    person: Id = Field(description="The named person, a record of people", examples=["per-1"])


class ReasonBody(Strict):
    """Why."""

    reason: Sentence = Field(description="In words somebody will understand in a year", examples=["漏报一家企业"])


class ExplanationBody(Strict):
    """An explanation: of a check and the record that fails it, or of a unit's figure against another period's."""

    period: Id
    check: Id | None = Field(default=None, examples=["enterprise.members-over-staff"])
    record: Id | None = None
    unit: Id | None = None
    figure: Id | None = Field(default=None, examples=["enterprises"])
    compared_with: Id | None = Field(default=None, examples=["2025H2"])
    text: Sentence = Field(examples=["开发区划入本镇，企业数增加"])
    person: Id = Field(description="The named person who answers for it, a record of people")

    @model_validator(mode="after")
    def _about_one_thing(self) -> "ExplanationBody":
        impossible, jump = (self.check, self.record), (self.unit, self.figure, self.compared_with)
        if (None not in impossible and jump == (None,) * 3) or (None not in jump and impossible == (None,) * 2):
            return self
        raise ValueError("name check and record, or unit, figure and compared_with")

    def to_new(self) -> NewExplanation:
        """Return what the service takes."""
        target = Target(self.check, self.record, self.unit, self.figure, self.compared_with)
        return NewExplanation(target, self.text, self.person)


class QuestionShown(BaseModel):
    """Something to explain; `stale` when it was explained and the values have changed since."""

    kind: Literal["impossible", "jump"]
    state: Literal["open", "explained", "stale"]
    check: str | None
    record_kind: str | None
    record: str | None
    name: str | None
    unit: str
    unit_name: str | None
    figure: str | None
    compared_with: str | None
    zh: str
    en: str
    value: str
    previous: str | None
    threshold: dict[str, Any] | None
    explanation: dict[str, str] | None


class QuestionsShown(BaseModel):
    """What has to be explained before a period closes; `unexplained` counts what keeps it open."""

    period: str
    code: str
    counted_on: str
    known_at: int
    items: list[QuestionShown]
    total: int
    unexplained: int


class FigureShown(BaseModel):
    """A figure of a unit now, and what earlier periods pinned."""

    unit: str
    unit_name: str | None
    figure: str
    zh: str
    en: str
    value: int
    earlier: dict[str, int]


class FiguresShown(BaseModel):
    """The figures of a period as they would be pinned."""

    period: str
    code: str
    counted_on: str
    known_at: int
    items: list[FigureShown]


def periods_router() -> APIRouter:
    """Return the routes of reporting periods."""
    router = new_router()
    _add_steps(router)
    add_submissions(router)
    _add_explaining(router)
    return router


def _add_steps(router: APIRouter) -> None:
    known: dict[str, Any] = {"tags": ["periods"], "response_model": PeriodShown}
    met = problems(404, 409, 412, 413, 422, 428)

    @router.post("/v1/periods", status_code=201, responses=problems(404, 409, 413, 422), **known)
    @endpoint("periods:write", writes=True)
    def open_reporting_period(call: RecordCall, body: PeriodBody, idempotency_key: IdempotencyKey = None) -> Response:
        """Open a reporting period for a unit and those below it."""
        del idempotency_key
        record = open_period(call, NewPeriod(body.code, body.unit, body.counted_on, body.closes_on))
        return record_reply(call.request, record, 201, f"/v1/periods/{record['id']}")

    @router.post("/v1/periods/{key}/close", responses=met, **known)
    @endpoint("periods:write", writes=True)
    def close_reporting_period(
        call: RecordCall, key: Key, body: ClosingBody, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Close a period and pin its figures; refused, with a list, while something is unexplained or a unit not in."""
        del if_match, idempotency_key
        record = close_period(call, key, person=body.person, met=partial(check_if_match, call.request))
        return record_reply(call.request, record)

    @router.post("/v1/periods/{key}/reopen", responses=met, **known)
    @endpoint("periods:write", writes=True)
    def reopen_reporting_period(
        call: RecordCall, key: Key, body: ReasonBody, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Open a closed period again, with a reason; the figures pinned before stay visible, marked as replaced."""
        del if_match, idempotency_key
        record = reopen_period(call, key, reason=body.reason, met=partial(check_if_match, call.request))
        return record_reply(call.request, record)


def _add_explaining(router: APIRouter) -> None:
    known: dict[str, Any] = {"tags": ["explanations"], "response_model": ExplanationShown}

    @router.get(
        "/v1/periods/{key}/questions", tags=["periods"], response_model=QuestionsShown, responses=problems(404, 422)
    )
    @endpoint("periods:read")
    def list_period_questions(call: RecordCall, key: Key) -> Response:
        """List what has to be explained in your part of the county before the period closes, and what is explained."""
        stand = questions_of(call, key)
        items = [_question_json(each) for each in stand.questions]
        left = len(unexplained(stand.questions))
        return json_reply({**_about(stand), "items": items, "total": len(items), "unexplained": left})

    @router.get(
        "/v1/periods/{key}/figures", tags=["periods"], response_model=FiguresShown, responses=problems(404, 422)
    )
    @endpoint("periods:read")
    def list_period_figures(call: RecordCall, key: Key) -> Response:
        """List the figures of a period by unit as they stand, beside those that earlier periods pinned."""
        stand = questions_of(call, key)
        return json_reply({**_about(stand), "items": _figures_json(stand)})

    @router.post("/v1/explanations", status_code=201, responses=problems(404, 409, 413, 422), **known)
    @endpoint("explanations:write", writes=True)
    def create_explanation(call: RecordCall, body: ExplanationBody, idempotency_key: IdempotencyKey = None) -> Response:
        """Explain an impossible cell or a jump, in the name of a person; the values explained are kept with it."""
        del idempotency_key
        record = explain(call, body.period, body.to_new())
        return record_reply(call.request, record, 201, f"/v1/explanations/{record['id']}")

    @router.post("/v1/explanations/{key}/close", responses=problems(404, 409, 412, 413, 422, 428), **known)
    @endpoint("explanations:write", writes=True)
    def withdraw_explanation(
        call: RecordCall, key: ExplanationKey, body: ReasonBody, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Withdraw an explanation while its period is open, with a reason."""
        del if_match, idempotency_key
        record = withdraw(call, key, reason=body.reason, met=partial(check_if_match, call.request))
        return record_reply(call.request, record)


def _about(stand: Stand) -> dict[str, Any]:
    period = stand.period
    return {
        "period": period["id"], "code": period["code"], "counted_on": period["counted_on"], "known_at": stand.known_at,
    }  # fmt: skip


def _question_json(question: Question) -> dict[str, Any]:
    target, given = question.target, question.given
    return {
        "kind": "impossible" if target.check is not None else "jump",
        "state": question.state,
        "check": target.check,
        "record_kind": question.record_kind,
        "record": target.record,
        "name": question.name,
        "unit": question.unit,
        "unit_name": question.unit_name,
        "figure": target.figure,
        "compared_with": target.compared_with,
        "zh": question.zh,
        "en": question.en,
        "value": question.value,
        "previous": question.previous,
        "threshold": question.threshold,
        "explanation": None if given is None else {"id": given.id, "text": given.text, "person": given.person},
    }


def _figures_json(stand: Stand) -> list[dict[str, Any]]:
    return [
        {
            "unit": unit,
            "unit_name": stand.names.get(unit),
            "figure": id_,
            "zh": figures()[id_].zh,
            "en": figures()[id_].en,
            "value": value,
            "earlier": {each.code: each.cells[(unit, id_)] for each in stand.earlier if (unit, id_) in each.cells},
        }
        for unit, numbers in stand.cells.items()
        for id_, value in numbers.items()
    ]

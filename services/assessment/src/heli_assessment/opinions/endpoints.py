"""GET and POST /v1/opinions/{uscc}: advice for market supervision and industry departments, and what was told them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_assessment.cycles.shown import Line, Title
from heli_assessment.opinions.domain import Advice, EnterpriseFacts
from heli_assessment.opinions.service import OpinionService
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey
from heli_shared.records.models import Strict
from heli_shared.web.calls import PERMISSION_MARK, bearer_token, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

Uscc = Annotated[str, Path(max_length=18, pattern=r"^[0-9A-Z]{18}$", description="企业 uscc")]


class ReasonShown(BaseModel):
    """One fact for (1), against (-1) or neither (0), and where it can be read."""

    code: str
    weight: int
    zh: str
    en: str
    source: str


class GivenOpinion(BaseModel):
    """An opinion that a person gave, with the reasons as they were then."""

    id: str
    occasion: str
    advice: str
    computed: str
    reason: str | None
    status: str
    confirmed_by: str | None
    confirmed_on: str | None
    reasons: list[ReasonShown]


class OpinionShown(BaseModel):
    """What the records advise on an enterprise; it binds nobody until a person gives an opinion."""

    uscc: str
    name: str
    advice: Literal["support", "neutral", "caution"]
    reasons: list[ReasonShown]
    given: list[GivenOpinion] = Field(description="The newest first")


class NewOpinion(Strict):
    """The opinion that is given."""

    occasion: Title = Field(examples=["申报守合同重信用企业"])
    advice: Literal["support", "neutral", "caution"]
    reason: Line | None = Field(default=None, description="Needed where it is not what the records advise")


def opinion_router(opinions: OpinionService) -> APIRouter:
    """Return the routes of opinions."""
    router = new_router()
    known: dict[str, Any] = {"tags": ["opinions"], "response_model": OpinionShown}

    @router.get("/v1/opinions/{uscc}", responses=problems(404, 422), **known)
    @endpoint("opinions:read")
    def get_opinion(call: RecordCall, uscc: Uscc) -> Response:
        """Get what the records advise on an enterprise, with every reason, and the opinions given so far."""
        return json_reply(opinions.opinion(call, opinions.ask(bearer_token(call.request), uscc)))

    @endpoint("opinions:write", writes=True)
    def give(call: RecordCall, facts: EnterpriseFacts, body: NewOpinion) -> Response:
        told = opinions.give(call, facts, occasion=body.occasion, advice=Advice(body.advice), reason=body.reason)
        return json_reply(told, 201)

    def give_opinion(
        request: Request, uscc: Uscc, body: NewOpinion, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Give an opinion as a person, for an occasion; it keeps the reasons as they are now."""
        del idempotency_key
        # The registry is asked before the transaction begins, so that no lock waits for it.
        facts = opinions.ask(bearer_token(request), uscc)
        reply: Response = give(request, facts=facts, body=body)
        return reply

    setattr(give_opinion, PERMISSION_MARK, "opinions:write")
    router.post("/v1/opinions/{uscc}", status_code=201, responses=problems(404, 409, 413, 422), **known)(give_opinion)
    return router

"""The routes of subscriptions: their records, their secrets, and the pushes that were given up."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_registry.identity.service import keep_no_reply
from heli_registry.people.cipher import PersonalCipher
from heli_registry.subscriptions.models import SUBSCRIPTION
from heli_registry.subscriptions.service import list_letters, redeliver, rotate_secret
from heli_shared.kernel.pages import DEFAULT_LIMIT
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, Limit, record_router
from heli_shared.records.models import SINGLE_LINE, PrivateFields
from heli_shared.records.reading import find_row
from heli_shared.records.service import Resource, get_record, not_found
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router

SubscriptionKey = Annotated[str, Path(max_length=64, pattern=SUBSCRIPTION.key_pattern, description="订阅 id")]
LetterKey = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="未送达推送 id")]
State = Literal["dead", "queued", "delivered"]

PRIVATE = PrivateFields(
    shown={
        "has_secret": (bool, Field(description="Whether pushes can be signed; without a secret nothing is sent")),
        "delivered_up_to": (int | None, Field(description="The seq up to which the receiver took everything")),
        "delivered_at": (str | None, Field(description="When it last took a push")),
        "attempts": (int, Field(description="Failures of the push under way")),
        "last_error": (str | None, Field(description="Why the last attempt failed")),
    }
)


class SubscriptionSecret(BaseModel):
    """A subscription's fresh secret; it is shown this once."""

    id: str
    secret: str


class DeadLetter(BaseModel):
    """A push that nobody took: the entries behind `after` up to `until`."""

    id: str
    subscription: str
    epoch: str
    after: int
    until: int
    entries: int
    attempts: int
    error: str
    state: State
    created_at: str
    redelivered_at: str | None


class DeadLetterPage(BaseModel):
    """A page of dead letters, newest first."""

    items: list[DeadLetter]
    next: str | None
    total: int


def subscriptions_router(subscriptions: Resource, cipher: PersonalCipher) -> APIRouter:
    """Return the routes of subscriptions."""
    router = new_router()
    _add_secret(router, subscriptions, cipher)
    _add_letters(router)
    router.routes.extend(record_router(subscriptions, private=PRIVATE).routes)
    return router


def _add_secret(router: APIRouter, subscriptions: Resource, cipher: PersonalCipher) -> None:
    @router.post(
        "/v1/subscriptions/{key}/secret",
        tags=["subscriptions"],
        response_model=SubscriptionSecret,
        responses=problems(404, 409, 422),
    )
    @endpoint("subscriptions:write", writes=True)
    def set_subscription_secret(
        call: RecordCall, key: SubscriptionKey, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Give a subscription a fresh secret and show it this once; pushes are signed with it from now on."""
        del idempotency_key  # replies with a secret are never kept: repeating makes another one
        if find_row(call.session, SUBSCRIPTION, key, lock=True) is None:
            raise not_found(SUBSCRIPTION, key)
        secret = rotate_secret(call, get_record(call, subscriptions, key), cipher)
        keep_no_reply(call)
        return json_reply({"id": key, "secret": secret}, headers={"Cache-Control": "no-store"})


def _add_letters(router: APIRouter) -> None:
    @router.get("/v1/dead-letters", tags=["subscriptions"], response_model=DeadLetterPage, responses=problems(422))
    @endpoint("subscriptions:read")
    def get_dead_letters(
        call: RecordCall,
        subscription: Annotated[str | None, Query(max_length=64, pattern=SINGLE_LINE)] = None,
        state: Annotated[State | None, Query(description="`dead`, waiting for another attempt, or delivered")] = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List the pushes that nobody took after all attempts, newest first."""
        given = {"subscription": subscription, "state": state}
        return page_reply(call.request, list_letters(call, given, cursor=cursor, limit=limit))

    @router.post(
        "/v1/dead-letters/{letter_id}/redeliver",
        tags=["subscriptions"],
        response_model=DeadLetter,
        responses=problems(404, 409, 422),
    )
    @endpoint("subscriptions:write", writes=True)
    def redeliver_dead_letter(
        call: RecordCall, letter_id: LetterKey, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Let a push be tried once more, as it was."""
        del idempotency_key
        return json_reply(redeliver(call, letter_id))

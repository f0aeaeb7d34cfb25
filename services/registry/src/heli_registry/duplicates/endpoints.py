"""The routes of duplicates: the pairs, and decisions that two enterprises are not the same."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from heli_registry.duplicates.domain import REASONS
from heli_registry.duplicates.models import DUPLICATE_DECISION
from heli_registry.duplicates.service import (
    DUPLICATE_DECISIONS,
    DuplicateBook,
    Found,
    Wanted,
    decide_apart,
    list_duplicates,
    withdraw_decision,
)
from heli_registry.enterprises.models import ENTERPRISE
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, IfMatch, Limit
from heli_shared.records.models import SINGLE_LINE, Strict, models_of
from heli_shared.records.reading import find_row
from heli_shared.records.service import get_record, not_found
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import check_if_match, page_reply, record_reply
from heli_shared.web.routes import new_router

ReasonName = Literal[REASONS]  # type: ignore[valid-type]
Code = Annotated[str, StringConstraints(pattern=ENTERPRISE.key_pattern)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000, pattern=SINGLE_LINE)]
DecisionKey = Annotated[str, Path(max_length=64, pattern=DUPLICATE_DECISION.key_pattern, description="排重结论 id")]
_SHOWN = models_of(DUPLICATE_DECISION).shown


class DuplicateEnd(BaseModel):
    """One of the two enterprises."""

    uscc: str
    name: str
    division: str
    version: int


class DuplicateShown(BaseModel):
    """Two enterprises that may be the same."""

    one: DuplicateEnd
    other: DuplicateEnd
    score: int = Field(ge=0, le=100, description="How sure it is")
    reasons: list[ReasonName]
    name_likeness: int = Field(ge=0, le=100, description="How alike the names are without region and form")
    equal: dict[str, Any] = Field(description="Fields in which both have the same value")
    differs: dict[str, list[Any]] = Field(description="Fields in which they differ: the value of one, of the other")


class DuplicatePage(BaseModel):
    """A page of pairs, the surest first."""

    items: list[DuplicateShown]
    next: str | None
    total: int


class NewDecision(Strict):
    """That two enterprises are not the same, and why."""

    enterprises: Annotated[list[Code], Field(min_length=2, max_length=2, description="Both codes")]
    reason: Why = Field(description="Why they are not the same", examples=["同名不同地，实地核实为两家企业"])


class Withdrawal(Strict):
    """Why a decision is taken back."""

    reason: Why = Field(examples=["复核认定确为同一企业"])


def duplicates_router(book: DuplicateBook) -> APIRouter:
    """Return the routes of duplicates over a book of pairs."""
    router = new_router()

    @router.get("/v1/duplicates", tags=["duplicates"], response_model=DuplicatePage, responses=problems(422))
    @endpoint("duplicates:read")
    def list_duplicate_pairs(
        call: RecordCall,
        reason: Annotated[ReasonName | None, Query(description="Pairs that have this reason")] = None,
        min_score: Annotated[int, Query(ge=0, le=100, description="Only pairs at least as sure")] = 50,
        enterprise: Annotated[Code | None, Query(description="Pairs of this enterprise")] = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List enterprises that may be one and the same, with reasons and evidence; the surest come first."""
        found = list_duplicates(call, book, Wanted(reason, min_score, enterprise), cursor=cursor, limit=limit)
        return page_reply(call.request, Page([_shown(each) for each in found.items], found.next, found.total))

    _add_decisions(router)
    return router


def _add_decisions(router: APIRouter) -> None:
    @router.post(
        "/v1/duplicates/decisions",
        tags=["duplicates"],
        status_code=201,
        response_model=_SHOWN,
        responses=problems(404, 409, 413, 422),
    )
    @endpoint("duplicates:write", writes=True)
    def decide_not_a_duplicate(call: RecordCall, body: NewDecision, idempotency_key: IdempotencyKey = None) -> Response:
        """Say that two enterprises are not the same; the pair is hidden until a value that was compared changes."""
        del idempotency_key
        record = decide_apart(call, body.enterprises, body.reason)
        return record_reply(call.request, record, 201, f"/v1/duplicate-decisions/{record['id']}")

    @router.post(
        "/v1/duplicates/decisions/{key}/withdraw",
        tags=["duplicates"],
        response_model=_SHOWN,
        responses=problems(404, 409, 412, 413, 422, 428),
    )
    @endpoint("duplicates:write", writes=True)
    def withdraw_duplicate_decision(
        call: RecordCall, key: DecisionKey, body: Withdrawal, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Take back that two enterprises are not the same."""
        del if_match, idempotency_key
        if find_row(call.session, DUPLICATE_DECISION, key, lock=True) is None:
            raise not_found(DUPLICATE_DECISION, key)
        record = get_record(call, DUPLICATE_DECISIONS, key)
        check_if_match(call.request, record["version"])
        return record_reply(call.request, withdraw_decision(call, record, body.reason))


def _shown(found: Found) -> dict[str, Any]:
    one, other = ({name: row[name] for name in ("uscc", "name", "division", "version")} for row in found.rows)
    return {
        "one": one,
        "other": other,
        "score": found.pair.score,
        "reasons": list(found.pair.reasons),
        "name_likeness": found.pair.alike,
        "equal": found.equal,
        "differs": {name: list(values) for name, values in found.differs.items()},
    }

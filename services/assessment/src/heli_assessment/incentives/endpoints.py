"""The routes of incentives."""

import json
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_assessment.cycles.shown import Line, Name, Reasoned, Title
from heli_assessment.incentives.models import INCENTIVE, KINDS, STATUSES
from heli_assessment.incentives.service import (
    INCENTIVES,
    IncentiveRequest,
    LevelAsked,
    Override,
    confirm,
    final_lines,
    payment_sum,
    propose,
    withdraw,
)
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, Limit
from heli_shared.records.models import SINGLE_LINE, DecimalText, History, Strict
from heli_shared.records.reading import Moment, Record
from heli_shared.records.service import get_record, history_of, list_records
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply, record_reply
from heli_shared.web.routes import new_router

Key = Annotated[str, Path(max_length=64, pattern=INCENTIVE.key_pattern, description="激励方案 id")]
Points = Annotated[str, Field(pattern=r"^\d{1,4}(\.\d{1,2})?$")]
Money = Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,2})?$")]
Share = Annotated[str, Field(pattern=r"^(0(\.\d{1,4})?|1(\.0{1,4})?)$")]
_KNOWN: dict[str, Any] = {"tags": ["incentives"], "responses": problems(404, 409, 413, 422)}


class StarLevel(Strict):
    """A star level; its quota is a number, a share of all subjects, or the smaller of both."""

    title: Title = Field(examples=["五星"])
    at_least: Points = Field(examples=["95"])
    count: int | None = Field(default=None, ge=0, le=100_000)
    share: Share | None = Field(default=None, examples=["0.3"])


class NewIncentive(Strict):
    """What to propose from the result of a cycle."""

    kind: Literal[KINDS]  # type: ignore[valid-type]
    cycle: Name
    title: Title
    basis: Title = Field(description="The document that it rests on")
    levels: list[StarLevel] = Field(default_factory=list, max_length=10, description="stars: the levels")
    table: dict[Title, Money] = Field(default_factory=dict, max_length=20, description="allowance: yuan by grade")
    count: int | None = Field(default=None, ge=1, le=100_000, description="Lists: how many at most")
    grades: list[Title] = Field(default_factory=list, max_length=20, description="Lists: only these grades")


class OverrideGiven(Strict):
    """Where the person who confirms departs from the proposal."""

    subject: Name
    award: Title | None = Field(default=None, description="Null: nothing is given")
    amount: Money | None = None
    reason: Line


class Confirmation(Strict):
    """The confirmation of a proposal."""

    reason: Line | None = None
    overrides: list[OverrideGiven] = Field(default_factory=list, max_length=1_000)


class IncentiveLine(BaseModel):
    """What one subject gets, and why."""

    subject: str
    name: str
    award: str | None
    amount: DecimalText | None
    reason: str
    reason_en: str
    overridden: bool


class IncentiveHead(BaseModel):
    """An incentive without its lines."""

    id: str
    kind: str
    cycle: str
    title: str
    basis: str
    status: str = Field(description="Advice until it is confirmed")
    confirmed_by: str | None
    confirmed_on: str | None
    reason: str | None
    awarded: int
    payment: str = Field(description="The sum of all amounts, in yuan")
    version: int


class IncentiveShown(IncentiveHead):
    """An incentive with its rules and lines."""

    rules: dict[str, Any]
    lines: list[IncentiveLine]


class IncentivePage(BaseModel):
    """A page of incentives."""

    items: list[IncentiveHead]
    next: str | None
    total: int


def _head(record: Record) -> dict[str, Any]:
    lines = final_lines(record)
    names = ("id", "kind", "cycle", "title", "basis", "status", "confirmed_by", "confirmed_on", "reason", "version")
    awarded = sum(line["award"] is not None for line in lines)
    return {**{name: record[name] for name in names}, "awarded": awarded, "payment": payment_sum(lines)}


def _whole(record: Record) -> dict[str, Any]:
    return {**_head(record), "rules": json.loads(record["rules"]), "lines": final_lines(record)}


def incentive_router() -> APIRouter:
    """Return the routes of incentives."""
    router = new_router()
    _add_writes(router)
    _add_reads(router)
    return router


def _add_writes(router: APIRouter) -> None:
    @router.post("/v1/incentives", status_code=201, response_model=IncentiveShown, **_KNOWN)
    @endpoint("incentives:write", writes=True)
    def create_incentive(call: RecordCall, body: NewIncentive, idempotency_key: IdempotencyKey = None) -> Response:
        """Propose stars, allowances, a commendation or a recommendation list from a decided cycle, with reasons."""
        del idempotency_key
        record = propose(call, _asked(body))
        return record_reply(call.request, _whole(record), 201, f"/v1/incentives/{record['id']}")

    @router.post("/v1/incentives/{key}/confirm", response_model=IncentiveShown, **_KNOWN)
    @endpoint("incentives:decide", writes=True)
    def confirm_incentive(
        call: RecordCall, key: Key, body: Confirmation, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Confirm a proposal as a person, with reasoned exceptions; possible once the cycle is approved."""
        del idempotency_key
        overrides = [
            Override(each.subject, each.award, None if each.amount is None else Decimal(each.amount), each.reason)
            for each in body.overrides
        ]
        return record_reply(call.request, _whole(confirm(call, key, body.reason, overrides)))

    @router.post("/v1/incentives/{key}/withdraw", response_model=IncentiveShown, **_KNOWN)
    @endpoint("incentives:write", writes=True)
    def withdraw_incentive(
        call: RecordCall, key: Key, body: Reasoned, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Withdraw an incentive, with a reason."""
        del idempotency_key
        return record_reply(call.request, _whole(withdraw(call, key, body.reason)))


def _asked(body: NewIncentive) -> IncentiveRequest:
    levels = tuple(
        LevelAsked(each.title, Decimal(each.at_least), each.count, None if each.share is None else Decimal(each.share))
        for each in body.levels
    )
    table = {grade: Decimal(amount) for grade, amount in body.table.items()}
    return IncentiveRequest(
        body.kind, body.cycle, body.title, body.basis, levels, table, body.count, tuple(body.grades)
    )


def _add_reads(router: APIRouter) -> None:
    @router.get("/v1/incentives", tags=["incentives"], response_model=IncentivePage, responses=problems(422))
    @endpoint("incentives:read")
    def list_incentives(
        call: RecordCall,
        kind: Annotated[Literal[KINDS] | None, Query(description="Only of this kind")] = None,  # type: ignore[valid-type]
        status: Annotated[Literal[STATUSES] | None, Query(description="Only with this status")] = None,  # type: ignore[valid-type]
        cycle: Annotated[
            str | None, Query(max_length=64, pattern=SINGLE_LINE, description="Only from this cycle")
        ] = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List incentives in order of their ids: the eldest first."""
        given = {"kind": kind, "status": status, "cycle": cycle}
        page = list_records(call, INCENTIVES, given, moment=Moment(), cursor=cursor, limit=limit)
        return page_reply(call.request, Page([_head(each) for each in page.items], page.next, page.total))

    @router.get(
        "/v1/incentives/{key}", tags=["incentives"], response_model=IncentiveShown, responses=problems(404, 422)
    )
    @endpoint("incentives:read")
    def get_incentive(call: RecordCall, key: Key) -> Response:
        """Get one incentive: for allowances this is the payment list."""
        return record_reply(call.request, _whole(get_record(call, INCENTIVES, key)))

    @router.get(
        "/v1/incentives/{key}/history", tags=["incentives"], response_model=History, responses=problems(404, 422)
    )
    @endpoint("incentives:read")
    def get_incentive_history(call: RecordCall, key: Key) -> Response:
        """Get every change of one incentive: who, when, what before and after."""
        return json_reply({"items": [line.model_dump(mode="json") for line in history_of(call, INCENTIVES, key)]})

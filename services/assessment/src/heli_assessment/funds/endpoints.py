"""GET /v1/funds: the statement of a year."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_assessment.funds.service import Funds, statement_of
from heli_shared.records.calls import RecordCall
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router


class FundSums(BaseModel):
    """Amounts in yuan; left: budgeted and not allocated, unspent: allocated and not spent, dues_open: not returned."""

    budgeted: str
    allocated: str
    spent: str
    dues_paid: str
    dues_returned: str
    left: str
    unspent: str
    dues_open: str


class FundRow(FundSums):
    """The year of one unit."""

    unit: str


class DeductionShown(BaseModel):
    """What taxes allow an enterprise of its Party expenses."""

    enterprise: str
    wages: str
    spent: str
    cap: str
    deductible: str
    excess: str


class StandardShown(BaseModel):
    """A standard or cap as of the end of the year."""

    standard: str
    parameter: str
    value: str | None
    basis: str | None


class FundStatement(BaseModel):
    """The statement of a year, within the caller's scope."""

    year: int
    items: list[FundRow]
    total: int
    next: str | None
    sums: FundSums
    deductions: list[DeductionShown]
    standards: list[StandardShown] = Field(description="What the amounts were held against")


def fund_router(funds: Funds) -> APIRouter:
    """Return the route of the statement."""
    router = new_router()

    @router.get("/v1/funds", tags=["funds"], response_model=FundStatement, responses=problems(422))
    @endpoint("funds:read")
    def get_fund_statement(
        call: RecordCall,
        year: Annotated[int | None, Query(ge=1990, le=2200, description="The present year when left out")] = None,
    ) -> Response:
        """Get the statement of a year by unit: budgets, allocations, spending, dues, what enterprises may deduct."""
        return json_reply(statement_of(call, funds, year or call.clock.today().year))

    return router

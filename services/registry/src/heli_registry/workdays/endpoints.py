"""The routes of the working calendar: a stretch of days, and the day on which a deadline falls."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_registry.workdays.service import Calendar
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.records.calls import RecordCall
from heli_shared.records.models import Day
from heli_shared.statistics import statutory
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

_MOST_DAYS = 366


class WorkDayShown(BaseModel):
    """One day; `source` is `office` (own record), `announced` (with 调休) or `computed` (the law's holidays only)."""

    day: date
    is_working: bool
    name: str | None
    source: Literal["office", "announced", "computed"]


class WorkDays(BaseModel):
    """A stretch of days and how many of them are working days."""

    items: list[WorkDayShown]
    working: int


class Deadline(BaseModel):
    """The day on which a number of working days after a day is reached."""

    start: date
    days: int
    due_on: date
    announced: bool = Field(description="Whether the shifted days of that year are known already")


def workdays_router() -> APIRouter:
    """Return the routes of the working calendar."""
    router = new_router()

    @router.get("/v1/working-days", tags=["working-days"], response_model=WorkDays, responses=problems(422))
    @endpoint("calendar-days:read")
    def list_working_days(
        call: RecordCall,
        first: Annotated[Day, Query(alias="from", description="First day", examples=["2026-09-28"])],
        last: Annotated[Day, Query(alias="to", description="Last day", examples=["2026-10-11"])],
    ) -> Response:
        """List the days of a stretch with their names; at most 366 days."""
        if not 0 <= (last - first).days < _MOST_DAYS:
            raise BadRequest(
                f"起止日期应先后有序，且不超过{_MOST_DAYS}天。", f"Name a stretch of 1 to {_MOST_DAYS} days in order.",
                errors=[FieldProblem("parameter to", "超出范围", "is out of range")],
            )  # fmt: skip
        _check_years(last)
        items = [asdict(each) for each in Calendar(call.session).days(first, last)]
        return json_reply({"items": items, "working": sum(each["is_working"] for each in items)})

    @router.get("/v1/working-days/deadline", tags=["working-days"], response_model=Deadline, responses=problems(422))
    @endpoint("calendar-days:read")
    def find_deadline(
        call: RecordCall,
        start: Annotated[Day, Query(description="The day that starts it; not counted itself", examples=["2026-09-28"])],
        days: Annotated[int, Query(ge=0, le=_MOST_DAYS, description="Working days", examples=[10])],
    ) -> Response:
        """Tell on which day a deadline of so many working days falls."""
        _check_years(start)
        due = Calendar(call.session).deadline_after(start, days)
        announced = statutory.is_announced(due.year)
        return json_reply({"start": start, "days": days, "due_on": due, "announced": announced})

    return router


def _check_years(day: date) -> None:
    if not statutory.FIRST_YEAR < day.year < statutory.LAST_YEAR - 2:
        raise BadRequest(
            "工作日历只覆盖1951年至2097年。", "The calendar knows the years 1951 to 2097.",
            errors=[FieldProblem("parameter", "年份超出范围", "the year is out of range")],
        )  # fmt: skip

"""GET /v1/statistics/change and /v1/statistics/change/rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from heli_reporting.change_causes.domain import CAUSES, CHANGE_REASONS, Between, checked_between, refused
from heli_reporting.change_causes.flattening import flat_of, rows_flat_of
from heli_reporting.change_causes.schemas import ChangeShown, PartsShown
from heli_reporting.change_causes.service import PATH, ChangeService, cause_json
from heli_reporting.days import DayWord
from heli_reporting.history.asking import key_of
from heli_reporting.history.domain import KnownAt
from heli_reporting.parameters import (
    Filters,
    GivenFilters,
    GivenKnowing,
    Knowing,
    Known,
    Limit,
    PageCursor,
    Structure,
    ToldDay,
    Value,
    parsed_known_at,
    past_day,
)
from heli_reporting.permalinks.domain import CODE_PATTERN
from heli_reporting.permalinks.service import Permalinks
from heli_reporting.statistics.answers import group_json
from heli_reporting.statistics.domain import Question, checked_dimensions, checked_measures
from heli_reporting.statistics.endpoints import By, OneMeasure, TableFormOf, headers_in, language_of
from heli_reporting.statistics.exporting import (
    ListForm,
    Shape,
    TableForm,
    exported,
    form_responses,
    forms_told,
    reply_in,
)
from heli_reporting.statistics.form_schemas import TABLE_FORMS, RowsForm
from heli_reporting.statistics.service import MAX_ROWS, check_size
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page, bad_cursor, decode_cursor, encode_cursor
from heli_shared.statistics.dimensions import UNKNOWN
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import page_reply
from heli_shared.web.routes import new_router

From = Annotated[
    ToldDay | None,
    Query(alias="from", description="The earlier day, or one told in a word from `to`", examples=["previous_year_end"]),
]
To = Annotated[ToldDay, Query(description="The later day, or one told in a word from today")]
FromPermalink = Annotated[
    str | None,
    Query(pattern=CODE_PATTERN, description="In the place of from and from_known_at: those of an answer given before"),
]
Cause = Annotated[
    Annotated[str, Field(json_schema_extra={"enum": list(CAUSES)})],
    Query(description="The cause whose rows are wanted"),
]
Reason = Annotated[Value | None, Query(description="Only with this reason, as the cause was told")]
Groups = Annotated[list[Value], Query(max_length=4, description=f"The line: its codes in the order of by; {UNKNOWN}")]
ListFormOf = Annotated[ListForm, Query(alias="format", description=forms_told(ListForm))]
_LARGEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters that say between what a change is asked."""

    first: date | DayWord | None
    last: date | DayWord
    first_known: list[str] | None
    permalink: str | None
    knowing: Knowing
    structure: Structure


def read_asked(
    *,
    knowing: GivenKnowing,
    from_: From = None,
    to: To = "today",
    from_known_at: Known = None,
    from_permalink: FromPermalink = None,
    structure: Structure = "then",
) -> Asked:
    """Return the parameters as given."""
    return Asked(from_, to, from_known_at, from_permalink, knowing, structure)


GivenAsked = Annotated[Asked, Depends(read_asked)]


def change_router(changes: ChangeService, permalinks: Permalinks) -> APIRouter:
    """Return the routes of changes and of the rows behind their causes."""
    router = new_router()

    @router.get(
        PATH,
        tags=["statistics"],
        response_model=ChangeShown | TABLE_FORMS,
        responses={**problems(404, 422), **form_responses(TableForm)},
    )
    @endpoint("statistics:read")
    def get_change(
        call: Call,
        measure: OneMeasure,
        filters: GivenFilters,
        asked: GivenAsked,
        by: By = [],  # noqa: B006 - read only
        format_: TableFormOf = "json",
    ) -> Response:
        """Explain how a number of one day became that of another: causes that add up exactly, in every line.

        `from_known_at` is how far the earlier answer knew the registry; what became known of its day later is the
        cause `corrected`. `from_permalink` takes day and knowledge from an answer that was given. Other forms have a
        line for each group and step: before, each cause, the difference, after.
        """
        question = Question(
            measures=checked_measures([measure]), dimensions=checked_dimensions(by), **_common(call, asked, filters)
        )
        between = _between(call, asked, permalinks, question)
        body = changes.answer(between, strict=asked.knowing.is_strict)
        shape = Shape("change", question.language, partial(flat_of, question=question))
        return reply_in(format_, body, shape, headers_in(question.language))

    @router.get(
        f"{PATH}/rows",
        tags=["statistics"],
        response_model=PartsShown | RowsForm,
        responses={**problems(404, 422), **form_responses(ListForm)},
    )
    @endpoint("statistics:read")
    def list_change_rows(  # noqa: PLR0913 - each is a query parameter
        call: Call,
        *,
        measure: OneMeasure,
        filters: GivenFilters,
        asked: GivenAsked,
        cause: Cause,
        reason: Reason = None,
        by: By = [],  # noqa: B006 - read only
        group: Groups = [],  # noqa: B006 - read only
        limit: Limit = DEFAULT_LIMIT,
        cursor: PageCursor = None,
        format_: ListFormOf = "json",
    ) -> Response:
        """List exactly the parts behind a cause; what they add sums to what the cause adds.

        Other forms hold all of them at once, so `limit` and `cursor` do not go with them.
        """
        question = Question(
            measures=checked_measures([measure]), dimensions=checked_dimensions(by), **_common(call, asked, filters)
        )
        between = _between(call, asked, permalinks, question)
        only, is_strict = _only(cause, reason, group, len(question.dimensions)), asked.knowing.is_strict
        if format_ != "json":
            check_unpaged(call.request.query_params)
            found, passport = changes.rows(between, only, limit=MAX_ROWS, start=None, strict=is_strict)
            check_size(found.total)
            answer = {"items": [_part_json(each, question) for each in found.items], "passport": passport}
            shape = Shape("change-rows", question.language, partial(rows_flat_of, question=question))
            return exported(format_, answer, shape, headers_in(question.language))
        found, passport = changes.rows(between, only, limit=limit, start=_start(cursor), strict=is_strict)
        following = None if found.next is None else encode_cursor(*found.next)
        page = Page([_part_json(each, question) for each in found.items], following, found.total)
        return page_reply(call.request, page, {"filters": passport["filters"], "passport": passport})

    return router


def _common(call: Call, asked: Asked, filters: Filters) -> dict[str, Any]:
    today = call.clock.today()
    return {
        "on": past_day("to", asked.last, today=today),
        "known_at": asked.knowing.known_at,
        "filters": filters,
        "scope": call.principal.scope,
        "language": language_of(call),
        "structure_of": today if asked.structure == "now" else None,
    }


def _between(call: Call, asked: Asked, permalinks: Permalinks, question: Question) -> Between:
    """Return what is asked between: the earlier day as told, or as in an answer that was given."""
    if (asked.first is None) == (asked.permalink is None):
        raise refused("from", "须给出 from 或 from_permalink 之一", "give from or from_permalink, one of them")
    if asked.permalink is None:
        first = past_day("from", asked.first or question.on, today=call.clock.today(), reference=question.on)
        known_then = parsed_known_at(asked.first_known) if asked.first_known else question.known_at
        return checked_between(question, first, known_then)
    if asked.first_known:
        raise refused("from_known_at", "已由 from_permalink 给出", "is given by from_permalink")
    earlier = orjson.loads(permalinks.read(asked.permalink, call.principal.scope))["passport"]
    known_then = KnownAt(registry=earlier["known_at"]["registry"])
    return checked_between(question, date.fromisoformat(earlier["on"]), known_then)


def check_unpaged(given: Mapping[str, str]) -> None:
    """Refuse the parameters of pages beside a form that holds everything."""
    for name in ("limit", "cursor"):
        if name in given:
            raise refused(name, "与 format 不能同用：文件含全部明细", "does not go with format: a file holds all rows")


def _start(cursor: str | None) -> tuple[str, int] | None:
    if cursor is None:
        return None
    key, number = decode_cursor(cursor, str, int)
    if not 0 <= number <= _LARGEST:
        raise bad_cursor()
    return key, number


def _only(cause: str, reason: str | None, group: list[str], dimensions: int) -> dict[str, str | None]:
    """Return the conditions on parts; BadRequest for causes, reasons and lines that there cannot be."""
    if cause not in CAUSES:
        raise refused("cause", f"应为以下之一：{', '.join(CAUSES)}", f"must be one of {', '.join(CAUSES)}")
    known = CAUSES if cause == "corrected" else CHANGE_REASONS
    if reason is not None and reason not in known:
        raise refused("reason", f"应为以下之一：{', '.join(known)}", f"must be one of {', '.join(known)}")
    if len(group) not in {0, dimensions}:
        raise refused("group", "应与 by 一一对应", "must name one code for each dimension of by")
    codes = {f"g{i}": None if code == UNKNOWN else code for i, code in enumerate(group)}
    return {"cause": cause, **codes} if reason is None else {"cause": cause, "reason": reason, **codes}


def _part_json(part: Mapping[str, Any], question: Question) -> dict[str, Any]:
    key = key_of(question.measures[0].subject)
    places = zip(question.dimensions, part["groups"], strict=True)
    return {
        key: part["key"],
        "name": part["name"],
        **{dimension.id: group_json(group, question.language) for dimension, group in places},
        **cause_json(
            part["cause"],
            part["reason"],
            is_share=question.measures[0].denominator is not None,
            english=question.language == "en",
        ),
        "numerator": part["numerator"],
        "denominator": part["denominator"],
    }

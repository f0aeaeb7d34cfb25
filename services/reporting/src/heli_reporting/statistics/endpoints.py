"""GET /v1/statistics, /v1/statistics/rows, /v1/measures and /v1/dimensions."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from heli_reporting.parameters import GivenFilters, GivenWhen, Limit, PageCursor
from heli_reporting.permalinks.domain import CODE_PATTERN
from heli_reporting.permalinks.service import Permalinks
from heli_reporting.statistics.answers import row_json
from heli_reporting.statistics.domain import (
    MAX_DIMENSIONS,
    MAX_MEASURES,
    Language,
    Question,
    checked_dimensions,
    checked_measures,
)
from heli_reporting.statistics.schemas import DimensionsShown, MeasuresShown, RowPageShown, Statistics
from heli_reporting.statistics.service import StatisticsService
from heli_reporting.statistics.tables import csv_of
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from heli_shared.statistics.dimensions import DIMENSIONS, FILTERS, Dimension
from heli_shared.statistics.measures import MEASURES, Measure
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.languages import prefers_english
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router

MeasureId = Annotated[str, Field(json_schema_extra={"enum": list(MEASURES)})]
DimensionText = Annotated[str, Field(json_schema_extra={"enum": list(DIMENSIONS)})]
Measures = Annotated[
    list[MeasureId],
    Query(
        min_length=1, max_length=MAX_MEASURES, description="Repeat for several", examples=[["organization_coverage"]]
    ),
]
By = Annotated[
    list[DimensionText],
    Query(max_length=MAX_DIMENSIONS, description="Repeat for several", examples=[["division:town"]]),
]
Form = Annotated[Literal["json", "csv"], Query(alias="format", description="csv: the figures as a table")]
OneMeasure = Annotated[MeasureId, Query(description="The measure whose rows are wanted")]
Code = Annotated[str, Path(pattern=CODE_PATTERN, description="The code in a passport's permalink")]
Part = Annotated[
    Literal["numerator", "denominator", "gap", "excluded"],
    Query(description="gap: in the denominator and not in the numerator; excluded: in neither, with the reason"),
]


def language_of(call: Call) -> Language:
    """Return the language that a caller asked for; Chinese by default."""
    return "en" if prefers_english(call.request.headers.get("accept-language")) else "zh"


def statistics_router(statistics: StatisticsService, permalinks: Permalinks) -> APIRouter:
    """Return the routes of statistics, permalinks and the catalogue."""
    router = new_router()

    @router.get(
        "/v1/statistics",
        tags=["statistics"],
        response_model=Statistics,
        responses={**problems(422), 200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    )
    @endpoint("statistics:read")
    def get_statistics(
        call: Call,
        measure: Measures,
        filters: GivenFilters,
        when: GivenWhen,
        by: By = [],  # noqa: B006 - read only
        format_: Form = "json",
    ) -> Response:
        """Count, on a day and as known at a point, by dimensions; every answer carries its passport.

        As CSV the figures come as a table; the permalink in the header `Heli-Permalink` leads to the passport.
        """
        question = Question(
            measures=checked_measures(measure),
            dimensions=checked_dimensions(by),
            on=when.day(call.clock.today()),
            known_at=when.known_at,
            filters=filters,
            scope=call.principal.scope,
            language=language_of(call),
        )
        body = statistics.answer(question, strict=when.is_strict)
        if format_ == "csv":
            answer = orjson.loads(body)
            table = csv_of(answer, question.dimensions, question.measures, question.language)
            headers = {**_headers(question.language), "Heli-Permalink": answer["passport"]["permalink"]}
            return Response(table, 200, headers, "text/csv; charset=utf-8")
        return Response(body, 200, _headers(question.language), "application/json")

    @router.get("/v1/statistics/rows", tags=["statistics"], response_model=RowPageShown, responses=problems(422))
    @endpoint("statistics:read")
    def get_statistics_rows(
        call: Call,
        measure: OneMeasure,
        filters: GivenFilters,
        when: GivenWhen,
        part: Part = "numerator",
        limit: Limit = DEFAULT_LIMIT,
        cursor: PageCursor = None,
    ) -> Response:
        """List exactly the rows behind a number; `total` equals the number for the same question and caller."""
        question = Question(
            measures=checked_measures([measure]),
            dimensions=(),
            on=when.day(call.clock.today()),
            known_at=when.known_at,
            filters=filters,
            scope=call.principal.scope,
            language=language_of(call),
        )
        after = decode_cursor(cursor, str)[0] if cursor is not None else None
        found, passport = statistics.rows(question, part=part, limit=limit, after=after, strict=when.is_strict)
        following = None if found.next is None else encode_cursor(found.next)
        page = Page([row_json(each, question.language) for each in found.items], following, found.total)
        return page_reply(call.request, page, {"filters": passport["filters"], "passport": passport})

    @router.get("/v1/permalinks/{code}", tags=["statistics"], response_model=Statistics, responses=problems(404))
    @endpoint("statistics:read")
    def get_permalink(call: Call, code: Code) -> Response:
        """Read an answer again as it was given, byte for byte, however the data has moved on since."""
        body = permalinks.read(code, call.principal.scope)
        return Response(body, 200, {"ETag": f'"{code}"', "Cache-Control": "private, no-cache"}, "application/json")

    _add_catalogue(router)
    return router


def _add_catalogue(router: APIRouter) -> None:
    @router.get("/v1/measures", tags=["statistics"], response_model=MeasuresShown, responses=problems())
    @endpoint("statistics:read")
    def list_measures(call: Call) -> Response:
        """List every measure with its words, version, definition and the document it rests on."""
        language = language_of(call)
        items = [measure_json(each, language) for each in MEASURES.values()]
        return json_reply({"items": items}, headers=_headers(language))

    @router.get("/v1/dimensions", tags=["statistics"], response_model=DimensionsShown, responses=problems())
    @endpoint("statistics:read")
    def list_dimensions(call: Call) -> Response:
        """List by what measures can be grouped, and the names of the filters."""
        language = language_of(call)
        items = [dimension_json(each, language) for each in DIMENSIONS.values()]
        return json_reply({"items": items, "filters": list(FILTERS)}, headers=_headers(language))


def _headers(language: Language) -> dict[str, str]:
    return {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "private, no-cache"}


def measure_json(measure: Measure, language: Language) -> dict[str, Any]:
    """Return a measure of the catalogue as JSON values."""
    english = language == "en"
    return {
        "id": measure.id,
        "name": measure.en if english else measure.zh,
        "version": measure.version,
        "kind": "count" if measure.denominator is None else "share",
        "subject": measure.subject,
        "unit": measure.unit,
        "definition": measure.definition_en if english else measure.definition_zh,
        "basis": measure.basis,
    }


def dimension_json(dimension: Dimension, language: Language) -> dict[str, Any]:
    """Return a dimension of the catalogue as JSON values."""
    english = language == "en"
    return {
        "text": dimension.text,
        "id": dimension.id,
        "level": dimension.level,
        "name": dimension.en if english else dimension.zh,
        "subjects": list(dimension.subjects),
        "filter": dimension.id if dimension.id in FILTERS else None,
        "values": [{"code": code, "name": en if english else zh} for code, zh, en in dimension.labels],
    }

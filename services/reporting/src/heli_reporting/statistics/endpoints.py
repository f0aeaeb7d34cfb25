"""GET /v1/statistics, /v1/statistics/rows, /v1/measures and /v1/dimensions."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from heli_reporting.parameters import (
    Breaks,
    GivenFilters,
    GivenWhen,
    Limit,
    PageCursor,
    Structure,
    ToldDay,
    past_day,
)
from heli_reporting.statistics.answers import row_json
from heli_reporting.statistics.cubes import cube_of
from heli_reporting.statistics.domain import (
    MAX_DIMENSIONS,
    MAX_MEASURES,
    Language,
    Order,
    Question,
    checked_dimensions,
    checked_measures,
    checked_ranking,
    checked_reason,
)
from heli_reporting.statistics.exporting import Form, Shape, TableForm, form_responses, forms_told, reply_in
from heli_reporting.statistics.flattening import flat_of
from heli_reporting.statistics.form_schemas import CUBE_FORMS
from heli_reporting.statistics.schemas import DimensionsShown, MeasuresShown, RowPageShown, Statistics
from heli_reporting.statistics.service import StatisticsService
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from heli_shared.statistics.dimensions import DIMENSIONS, FILTERS, Dimension
from heli_shared.statistics.measures import MEASURES, Measure
from heli_shared.statistics.reasons import REASONS
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
FormOf = Annotated[Form, Query(alias="format", description=forms_told(Form))]
TableFormOf = Annotated[TableForm, Query(alias="format", description=forms_told(TableForm))]
Compare = Annotated[
    ToldDay | None,
    Query(description="Put another day beside it, or one told in a word from `on`", examples=["previous_year_end"]),
]
Rank = Annotated[MeasureId | None, Query(description="Order the lines by this measure, ties stated")]
Ordered = Annotated[Order, Query(description="desc: the largest value comes first")]
OneMeasure = Annotated[MeasureId, Query(description="The measure whose rows are wanted")]
Part = Annotated[
    Literal["numerator", "denominator", "gap", "excluded", "all"],
    Query(description="gap: in the denominator and not in the numerator; excluded: in neither; all: in or out"),
]

Reason = Annotated[
    str | None,
    Query(
        max_length=64,
        json_schema_extra={"enum": list(REASONS)},
        description="Of the excluded, only those left out for this reason; goes with part=excluded or all",
    ),
]


def language_of(call: Call) -> Language:
    """Return the language that a caller asked for; Chinese by default."""
    return "en" if prefers_english(call.request.headers.get("accept-language")) else "zh"


def headers_in(language: Language) -> dict[str, str]:
    """Return the headers of an answer in a language."""
    return {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "private, no-cache"}


def statistics_router(statistics: StatisticsService) -> APIRouter:
    """Return the routes of statistics, their rows and the catalogue."""
    router = new_router()

    @router.get(
        "/v1/statistics",
        tags=["statistics"],
        response_model=Statistics | CUBE_FORMS,
        responses={**problems(404, 422), **form_responses(Form)},
    )
    @endpoint("statistics:read")
    def get_statistics(  # noqa: PLR0913 - each is a query parameter
        call: Call,
        *,
        measure: Measures,
        filters: GivenFilters,
        when: GivenWhen,
        by: By = [],  # noqa: B006 - read only
        structure: Structure = "then",
        compare: Compare = None,
        breaks: Breaks = "refuse",
        rank: Rank = None,
        order: Ordered = "desc",
        format_: FormOf = "json",
    ) -> Response:
        """Count, on a day and as known at a point, by dimensions; every answer carries its passport.

        `compare` puts another day beside it, `rank` orders the lines. `format` gives the same figures in the forms that
        other programs read; the permalink in the header `Heli-Permalink` leads to the passport of each.
        """
        today = call.clock.today()
        on, measures, dimensions = when.day(today), checked_measures(measure), checked_dimensions(by)
        question = Question(
            measures=measures,
            dimensions=dimensions,
            on=on,
            known_at=when.known_at,
            filters=filters,
            scope=call.principal.scope,
            language=language_of(call),
            structure_of=today if structure == "now" else None,
            compare_on=None if compare is None else past_day("compare", compare, today=today, reference=on),
            shows_breaks=breaks == "show",
            ranking=checked_ranking(rank, order, measures, dimensions),
        )
        body = statistics.answer(question, strict=when.is_strict)
        shape = Shape(
            "statistics", question.language, partial(flat_of, question=question), partial(cube_of, question=question)
        )
        return reply_in(format_, body, shape, headers_in(question.language))

    @router.get("/v1/statistics/rows", tags=["statistics"], response_model=RowPageShown, responses=problems(404, 422))
    @endpoint("statistics:read")
    def get_statistics_rows(  # noqa: PLR0913 - each is a query parameter
        call: Call,
        *,
        measure: OneMeasure,
        filters: GivenFilters,
        when: GivenWhen,
        part: Part = "numerator",
        reason: Reason = None,
        structure: Structure = "then",
        limit: Limit = DEFAULT_LIMIT,
        cursor: PageCursor = None,
    ) -> Response:
        """List exactly the rows behind a number; `total` equals the number for the same question and caller.

        Each row says why it is in the denominator or not, and which entry decided that.
        """
        question = Question(
            measures=checked_measures([measure]),
            dimensions=(),
            on=when.day(call.clock.today()),
            known_at=when.known_at,
            filters=filters,
            scope=call.principal.scope,
            language=language_of(call),
            structure_of=call.clock.today() if structure == "now" else None,
        )
        after = decode_cursor(cursor, str)[0] if cursor is not None else None
        found, passport = statistics.rows(
            question, part=part, reason=checked_reason(reason, part), limit=limit, after=after, strict=when.is_strict
        )
        following = None if found.next is None else encode_cursor(found.next)
        page = Page([row_json(each, question.language) for each in found.items], following, found.total)
        return page_reply(call.request, page, {"filters": passport["filters"], "passport": passport})

    _add_catalogue(router)
    return router


def _add_catalogue(router: APIRouter) -> None:
    @router.get("/v1/measures", tags=["statistics"], response_model=MeasuresShown, responses=problems())
    @endpoint("statistics:read")
    def list_measures(call: Call) -> Response:
        """List every measure with its words, version, definition and the document it rests on."""
        language = language_of(call)
        items = [measure_json(each, language) for each in MEASURES.values()]
        return json_reply({"items": items}, headers=headers_in(language))

    @router.get("/v1/dimensions", tags=["statistics"], response_model=DimensionsShown, responses=problems())
    @endpoint("statistics:read")
    def list_dimensions(call: Call) -> Response:
        """List by what measures can be grouped, the names of the filters, and why rows are left out."""
        language = language_of(call)
        items = [dimension_json(each, language) for each in DIMENSIONS.values()]
        reasons = [{"code": code, "name": words[language == "en"]} for code, words in REASONS.items()]
        content = {"items": items, "filters": list(FILTERS), "reasons": reasons}
        return json_reply(content, headers=headers_in(language))


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
        "value": dimension.value("{code}") if dimension.id in FILTERS else None,
        "unknown": dimension.unknown if dimension.id in FILTERS else None,
        "values": [{"code": code, "name": en if english else zh} for code, zh, en in dimension.labels],
    }

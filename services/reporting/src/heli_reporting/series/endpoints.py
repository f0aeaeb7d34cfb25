"""GET /v1/statistics/series."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from heli_reporting.days import Every
from heli_reporting.parameters import Breaks, GivenFilters, GivenKnowing, Structure, ToldDay, past_day
from heli_reporting.series.domain import MAX_DAYS, checked_days
from heli_reporting.series.flattening import cube_of, flat_of
from heli_reporting.series.schemas import SeriesShown
from heli_reporting.series.service import SeriesService
from heli_reporting.statistics.domain import Question, checked_dimensions, checked_measures
from heli_reporting.statistics.endpoints import By, FormOf, Measures, headers_in, language_of
from heli_reporting.statistics.exporting import Form, Shape, form_responses, reply_in
from heli_reporting.statistics.form_schemas import CUBE_FORMS
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router

From = Annotated[
    ToldDay, Query(alias="from", description="First day, or one told in a word from `to`", examples=["a_year_before"])
]
To = Annotated[ToldDay, Query(description="Last day, always a point of the series; told in a word from today")]
Step = Annotated[Every, Query(description=f"A point at the end of each; at most {MAX_DAYS}")]


def series_router(series: SeriesService) -> APIRouter:
    """Return the route of series."""
    router = new_router()

    @router.get(
        "/v1/statistics/series",
        tags=["statistics"],
        response_model=SeriesShown | CUBE_FORMS,
        responses={**problems(404, 422), **form_responses(Form)},
    )
    @endpoint("statistics:read")
    def get_series(  # noqa: PLR0913 - each is a query parameter
        call: Call,
        *,
        measure: Measures,
        filters: GivenFilters,
        knowing: GivenKnowing,
        from_: From,
        to: To = "today",
        every: Step = "month",
        by: By = [],  # noqa: B006 - read only
        structure: Structure = "then",
        breaks: Breaks = "refuse",
        format_: FormOf = "json",
    ) -> Response:
        """Count on the last day and at the ends of months, quarters or years before it; told in words it rolls along.

        Refused where a definition changes in between, unless `breaks=show`: then the answer says where. Other forms
        have a line for each group and day.
        """
        today = call.clock.today()
        last = past_day("to", to, today=today)
        days = checked_days(past_day("from", from_, today=today, reference=last), last, every)
        question = Question(
            measures=checked_measures(measure),
            dimensions=checked_dimensions(by),
            on=last,
            known_at=knowing.known_at,
            filters=filters,
            scope=call.principal.scope,
            language=language_of(call),
            structure_of=today if structure == "now" else None,
            shows_breaks=breaks == "show",
        )
        body = series.answer(question, days, strict=knowing.is_strict)
        shape = Shape(
            "series", question.language, partial(flat_of, question=question), partial(cube_of, question=question)
        )
        return reply_in(format_, body, shape, headers_in(question.language))

    return router

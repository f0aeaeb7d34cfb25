"""GET /v1/statistics/ledger."""

from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from heli_reporting.denominators.flattening import flat_of
from heli_reporting.denominators.schemas import DenominatorShown
from heli_reporting.denominators.service import DenominatorService
from heli_reporting.parameters import GivenFilters, GivenWhen, Structure
from heli_reporting.statistics.domain import Question, checked_dimensions, checked_measures
from heli_reporting.statistics.endpoints import By, OneMeasure, TableFormOf, headers_in, language_of
from heli_reporting.statistics.exporting import Shape, TableForm, form_responses, reply_in
from heli_reporting.statistics.form_schemas import TABLE_FORMS
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router


def denominator_router(denominators: DenominatorService) -> APIRouter:
    """Return the route of the denominator ledger."""
    router = new_router()

    @router.get(
        "/v1/statistics/ledger",
        tags=["statistics"],
        response_model=DenominatorShown | TABLE_FORMS,
        responses={**problems(404, 422), **form_responses(TableForm)},
    )
    @endpoint("statistics:read")
    def get_denominator_ledger(
        call: Call,
        measure: OneMeasure,
        filters: GivenFilters,
        when: GivenWhen,
        by: By = [],  # noqa: B006 - read only
        structure: Structure = "then",
        format_: TableFormOf = "json",
    ) -> Response:
        """Account for a denominator: every record in scope is in or out for one reason, and the counts add up.

        The records themselves, each with its reason and the entry that decided: /v1/statistics/rows with part=all.
        Other forms have a line for each group, with a column for each reason.
        """
        today = call.clock.today()
        question = Question(
            measures=checked_measures([measure]),
            dimensions=checked_dimensions(by),
            on=when.day(today),
            known_at=when.known_at,
            filters=filters,
            scope=call.principal.scope,
            language=language_of(call),
            structure_of=today if structure == "now" else None,
        )
        body = denominators.answer(question, strict=when.is_strict)
        shape = Shape("ledger", question.language, partial(flat_of, question=question))
        return reply_in(format_, body, shape, headers_in(question.language))

    return router

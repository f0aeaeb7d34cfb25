"""GET /v1/external-series and /v1/external-series/{id}."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from heli_reporting.external_series.domain import ExternalSeries, turns_of
from heli_reporting.external_series.schemas import ExternalSeriesShown, NamedSeriesList
from heli_reporting.parameters import Breaks, Value
from heli_reporting.statistics.domain import Language
from heli_reporting.statistics.endpoints import headers_in, language_of
from heli_shared.kernel.errors import NotFound
from heli_shared.statistics.breaks import refuse_breaks
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

Id = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$", examples=["national_enterprise_coverage"])]
OneDefinition = Annotated[Value | None, Query(description="Only the values of one definition")]


def external_series_router(series: Mapping[str, ExternalSeries]) -> APIRouter:
    """Return the routes of published figures."""
    router = new_router()

    @router.get("/v1/external-series", tags=["statistics"], response_model=NamedSeriesList, responses=problems())
    @endpoint("statistics:read")
    def list_external_series(call: Call) -> Response:
        """List the published series with their definitions."""
        language = language_of(call)
        items = [_named(each, language) for each in series.values()]
        return json_reply({"items": items}, headers=headers_in(language))

    @router.get(
        "/v1/external-series/{id}",
        tags=["statistics"],
        response_model=ExternalSeriesShown,
        responses=problems(404, 422),
    )
    @endpoint("statistics:read")
    def get_external_series(
        call: Call,
        id: Id,  # noqa: A002 - as in the path
        definition: OneDefinition = None,
        breaks: Breaks = "refuse",
    ) -> Response:
        """Read published figures, each with source and definition; two definitions make one series only if asked."""
        language = language_of(call)
        found = series.get(id)
        if found is None:
            raise NotFound(f"没有这个外部序列：{id}。", f"There is no external series {id}.")
        values = found.chosen(definition)
        turns = turns_of(values)
        if turns and breaks == "refuse":
            raise refuse_breaks(found.zh, found.en, [turn.on for turn in turns])
        shown = {
            **_named(found, language),
            "values": [
                {
                    "on": value.on.isoformat(),
                    "definition": value.definition,
                    "count": value.count,
                    "share": None if value.share is None else format(value.share, "f"),
                    "source": value.source,
                    "is_confirmed": value.is_confirmed,
                }
                for value in values
            ],
            "breaks": [{"on": turn.on.isoformat(), "before": turn.before, "after": turn.after} for turn in turns],
        }
        return json_reply(shown, headers=headers_in(language))

    return router


def _named(series: ExternalSeries, language: Language) -> dict[str, Any]:
    english = language == "en"
    definitions = [
        {"id": each.id, "name": each.en if english else each.zh, "unit": each.unit, "denominator": each.denominator}
        for each in series.definitions
    ]
    return {"id": series.id, "name": series.en if english else series.zh, "definitions": definitions}

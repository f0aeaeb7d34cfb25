"""GET /v1/measures: what a rulebook may read."""

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_assessment.measures.domain import catalogue
from heli_shared.records.calls import RecordCall
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router


class MeasureShown(BaseModel):
    """One input of scoring."""

    id: str
    zh: str
    en: str
    unit_zh: str
    unit_en: str
    is_share: bool
    source: str
    definition_zh: str
    definition_en: str
    subjects: list[str] = Field(description="The kinds of subject whose rulebooks may read it")
    rows: str | None = Field(description="Where the records behind a value of a run are listed, if anywhere")


class MeasurePage(BaseModel):
    """All measures."""

    items: list[MeasureShown]
    next: str | None
    total: int


def measure_router() -> APIRouter:
    """Return the route of the catalogue."""
    router = new_router()

    @router.get("/v1/measures", tags=["rulebooks"], response_model=MeasurePage, responses=problems())
    @endpoint("rulebooks:read")
    def list_measures(call: RecordCall) -> Response:
        """List every measure that a rulebook may read: its meaning, unit and source."""
        del call
        items = [
            {
                "id": measure.id,
                "zh": measure.zh,
                "en": measure.en,
                "unit_zh": measure.unit_zh,
                "unit_en": measure.unit_en,
                "is_share": measure.is_share,
                "source": measure.source.value,
                "definition_zh": measure.definition_zh,
                "definition_en": measure.definition_en,
                "subjects": list(measure.subjects),
                "rows": measure.rows,
            }
            for measure in catalogue().values()
        ]
        return json_reply({"items": items, "next": None, "total": len(items)})

    return router

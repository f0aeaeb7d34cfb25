"""The route of an enterprise's classification."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_registry.enterprises.classes import Classes, Reached, classes_of
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.enterprises.service import ENTERPRISES
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import KnownAt, On
from heli_shared.records.reading import Moment
from heli_shared.records.service import get_record
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

Uscc = Annotated[str, Path(max_length=18, pattern=ENTERPRISE.key_pattern, description="企业 uscc")]


class Threshold(BaseModel):
    """A figure held against a dated parameter; `reached` is null where the figure is not known."""

    name: str = Field(examples=["organization_due"])
    field: str = Field(examples=["staff"])
    value: Any = Field(examples=[120])
    least: Any = Field(examples=[100])
    parameter: str = Field(examples=["staff100.min_staff"])
    basis: str | None
    reached: bool | None


class SizeShown(BaseModel):
    """The size class with the figures and bounds (large, medium, small) that decided it; null with what is missing."""

    size_class: Literal["large", "medium", "small", "micro"] | None
    values: dict[str, Any]
    bounds: dict[str, Any] | None
    missing: list[str]
    basis: str | None


class ClassificationShown(BaseModel):
    """What follows from an enterprise's figures on a day."""

    uscc: str
    on: date
    size: SizeShown
    above_scale: bool
    listed_above_scale: bool | None = Field(description="What the statistics bureau's list says; null when not asked")
    thresholds: list[Threshold]


def enterprises_router() -> APIRouter:
    """Return the route of an enterprise's classification."""
    router = new_router()

    @router.get(
        "/v1/enterprises/{key}/classification",
        tags=["enterprises"],
        response_model=ClassificationShown,
        responses=problems(404, 422),
    )
    @endpoint("enterprises:read")
    def get_classification(call: RecordCall, key: Uscc, on: On = None, known_at: KnownAt = None) -> Response:
        """Tell an enterprise's size, whether it is above scale and what is due, each with its basis."""
        record = get_record(call, ENTERPRISES, key, Moment(on, known_at))
        day = on or call.clock.today()
        return json_reply(_shown(record, day, classes_of(record, day)))

    return router


def _shown(record: dict[str, Any], day: date, classes: Classes) -> dict[str, Any]:
    size = classes.size
    return {
        "uscc": record["uscc"],
        "on": day,
        "size": {
            "size_class": size.size_class, "values": size.values, "bounds": size.bounds, "missing": size.missing,
            "basis": size.rule.basis if size.rule else None,
        },
        "above_scale": classes.is_above_scale,
        "listed_above_scale": record["listed_above_scale"],
        "thresholds": [_threshold(each) for each in classes.thresholds],
    }  # fmt: skip


def _threshold(each: Reached) -> dict[str, Any]:
    return {
        "name": each.name, "field": each.field, "value": each.value,
        "least": each.least.value if each.least else None, "parameter": each.parameter,
        "basis": each.least.basis if each.least else None, "reached": each.reached,
    }  # fmt: skip

"""The routes of forms and of the burden meter."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, StrictInt, StringConstraints
from starlette.responses import Response

from heli_registry.burden.models import FORM, TargetKind
from heli_registry.burden.service import (
    FORM_ITEMS,
    FORMS,
    AskedItem,
    Resources,
    close_form,
    measure,
    measured_form,
    prefilled,
    register_form,
)
from heli_registry.burden.sheets import MEDIA_TYPES, SheetFormat, sheet_bytes
from heli_shared.records.calls import RecordCall
from heli_shared.records.deliveries import DeliveryLog, Purpose, PurposeHeader, begun, noted_reply
from heli_shared.records.endpoints import IdempotencyKey, read_router
from heli_shared.records.models import SINGLE_LINE, Strict, models_of
from heli_shared.records.reading import find_row
from heli_shared.records.service import get_record
from heli_shared.web.calls import endpoint
from heli_shared.web.downloads import bytes_reply
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, record_reply
from heli_shared.web.routes import new_router

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=SINGLE_LINE)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
FormKey = Annotated[str, Path(max_length=64, pattern=FORM.key_pattern, description="报表 id")]
Count = Annotated[StrictInt, Field(ge=1, le=366)]


class NewFormItem(Strict):
    """One item of a form; without `field` its label is looked up among the names of the registry's fields."""

    label: Label = Field(description="指标名称", examples=["从业人员"])
    field: Name | None = Field(default=None, description="对应字段", examples=["staff"])


class NewForm(Strict):
    """A form that a unit asks to be filled."""

    name: Label = Field(description="报表名称", examples=["非公企业基本情况季报表"])
    unit: Name = Field(description="发表单位", examples=["unt-0"])
    target_kind: TargetKind = Field(description="填报对象", examples=["enterprises"])
    times_per_year: Count = Field(description="每年填报次数", examples=[4])
    basis: Label | None = Field(default=None, description="制发依据")
    division: Name | None = Field(default=None, description="填报范围，区划代码")
    items: list[NewFormItem] = Field(min_length=1, max_length=300, description="指标")


class FormClosing(Strict):
    """Why a form is no longer asked for."""

    reason: Label = Field(description="停用原因", examples=["并入“一表通”"])


class HeldItem(BaseModel):
    """An item that the registry holds already, for so many of the form's targets."""

    label: str
    field: str
    zh: str
    held: int
    targets: int


class FormMeasure(BaseModel):
    """How much of a form is held: a warning for each item, and the answers a year with and without filling in."""

    warnings: list[HeldItem]
    items: int
    targets: int
    items_to_type: int = Field(description="Items that nobody holds: what is left to type")
    answers: int = Field(description="Items × targets × times a year")
    answers_left: int = Field(description="Answers left when held values are filled in")


class RegisteredForm(FormMeasure):
    """A form that was just registered, with its warnings."""

    form: dict[str, Any]


class UnitBurdenShown(BaseModel):
    """What one unit asks for in a year."""

    unit: str
    forms: int
    items: int
    items_held: int
    answers: int
    answers_left: int


class AskedTwice(BaseModel):
    """A field that more than one form asks for."""

    kind: str
    field: str
    zh: str
    forms: list[str]
    units: list[str]


class BurdenTotal(BaseModel):
    """All forms together."""

    forms: int
    items: int
    answers: int
    answers_left: int


class Burden(BaseModel):
    """The burden meter: by unit, the heaviest first, and what is asked twice."""

    items: list[UnitBurdenShown]
    twice: list[AskedTwice]
    total: BurdenTotal


def burden_router(resources: Resources, log: DeliveryLog) -> APIRouter:
    """Return the routes of forms about these resources (by plural)."""
    router = new_router()
    _add_forms(router, resources)
    _add_reads(router, resources, log)
    router.routes.extend([*read_router(FORMS).routes, *read_router(FORM_ITEMS).routes])
    return router


def _add_forms(router: APIRouter, resources: Resources) -> None:
    @router.post(
        "/v1/forms", status_code=201, tags=["forms"], response_model=RegisteredForm, responses=problems(409, 413, 422)
    )
    @endpoint("forms:write", writes=True)
    def create_form(call: RecordCall, body: NewForm, idempotency_key: IdempotencyKey = None) -> Response:
        """Register a form; items that are held already are answered as warnings."""
        del idempotency_key
        items = [AskedItem(each.label, each.field) for each in body.items]
        found = register_form(call, resources, {**body.model_dump(exclude={"items"}), "items": items})
        return json_reply(found, 201, {"Location": f"/v1/forms/{found['form']['id']}"})

    @router.post(
        "/v1/forms/{key}/close",
        tags=["forms"],
        response_model=models_of(FORM).shown,
        responses=problems(404, 409, 413, 422),
    )
    @endpoint("forms:write", writes=True)
    def close_one_form(
        call: RecordCall, key: FormKey, body: FormClosing, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Close a form with its items: it is no longer asked for."""
        del idempotency_key
        return record_reply(call.request, close_form(call, key, body.reason))


def _add_reads(router: APIRouter, resources: Resources, log: DeliveryLog) -> None:
    @router.get("/v1/forms/{key}/measure", tags=["forms"], response_model=FormMeasure, responses=problems(404, 422))
    @endpoint("burden:read")
    def measure_form(call: RecordCall, key: FormKey) -> Response:
        """Measure one form: which items are held, and what is left to type."""
        get_record(call, FORMS, key)
        return json_reply(measured_form(call, resources, find_row(call.session, FORM, key)))

    @router.get("/v1/burden", tags=["forms"], response_model=Burden, responses=problems(422))
    @endpoint("burden:read")
    def get_burden(
        call: RecordCall, unit: Annotated[str | None, Query(max_length=64, pattern=SINGLE_LINE)] = None
    ) -> Response:
        """Measure what departments ask of the grass roots in a year, over the targets that the caller sees."""
        return json_reply(measure(call, resources, unit))

    @router.get(
        "/v1/forms/{key}/prefilled",
        tags=["forms"],
        response_class=Response,
        responses={**problems(404, 422), 200: {"content": {each.split(";")[0]: {} for each in MEDIA_TYPES.values()}}},
    )
    @endpoint("forms:read")
    def get_prefilled_form(
        call: RecordCall,
        key: FormKey,
        format_: Annotated[SheetFormat, Query(alias="format", description="Form of the file")] = "xlsx",
        purpose: Purpose = None,
        heli_purpose: PurposeHeader = None,
    ) -> Response:
        """Get a form with everything filled in that is held, one line for each target in the caller's scope."""
        del purpose, heli_purpose  # read where a delivery is begun; named here for the document
        row, header, lines = prefilled(call, resources, key)
        content, rows = sheet_bytes(format_, row.name, header, lines())
        delivery = begun("form", row.target_kind, call.principal, call.request)
        reply = bytes_reply(content, f"{row.name}.{format_}", MEDIA_TYPES[format_])
        return noted_reply(log, replace(delivery, filters={**delivery.filters, "form": key}), reply, rows=rows)

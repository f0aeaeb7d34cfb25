"""The routes of the catalogue."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_registry.catalogue.domain import SharingClass
from heli_registry.catalogue.service import catalogue, one_of_catalogue
from heli_shared.records.calls import RecordCall
from heli_shared.records.exchange import exchange_reply
from heli_shared.records.kinds import FieldType
from heli_shared.records.service import Resource
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router

Plural = Annotated[str, Path(max_length=64, pattern=r"^[a-z-]+$", description="A plural")]


class CatalogueCode(BaseModel):
    """A code and the word for it."""

    code: str
    zh: str | None


class CatalogueField(BaseModel):
    """One field of a shared resource."""

    name: str
    type: FieldType
    type_zh: str
    zh: str
    en: str | None
    unit: str | None
    required: bool
    codes: list[CatalogueCode] | None
    references: str | None = Field(description="The entity that its value names")
    sharing_class: SharingClass
    steward: str | None = Field(description="The unit that answers for the field, where one is named")


class CatalogueLinks(BaseModel):
    """Where the resource is taken."""

    list: str
    bulk: str
    feed: str
    digests: str
    corrections: str


class CatalogueResource(BaseModel):
    """A shared resource."""

    resource: str
    entity: str
    zh: str
    key: str
    sharing_class: SharingClass
    sharing_class_zh: str
    basis: str
    purpose: str
    rhythm: str
    formats: list[str]
    rows: int | None = Field(description="Rows in the caller's scope, closed ones included; null without the right")
    links: CatalogueLinks
    fields: list[CatalogueField]


class NotShared(BaseModel):
    """A kind that is not shared, and why."""

    resource: str
    zh: str
    reason: str
    basis: str


class SharingClassShown(BaseModel):
    """A class of sharing and what it means."""

    name: SharingClass
    zh: str
    en: str


class Catalogue(BaseModel):
    """Everything that is shared, and why the rest is not."""

    items: list[CatalogueResource]
    not_shared: list[NotShared]
    classes: list[SharingClassShown]


def catalogue_router(resources: Mapping[str, Resource]) -> APIRouter:
    """Return the routes of the catalogue of these resources (by plural)."""
    router = new_router()

    @router.get("/v1/catalogue", tags=["exchange"], response_model=Catalogue, responses=problems(422))
    @endpoint("catalogue:read")
    def get_catalogue(call: RecordCall) -> Response:
        """Get the catalogue: every shared resource with its fields, class, basis, purpose and rhythm."""
        return exchange_reply(call.request, catalogue(call, resources))

    @router.get(
        "/v1/catalogue/{resource}", tags=["exchange"], response_model=CatalogueResource, responses=problems(404, 422)
    )
    @endpoint("catalogue:read")
    def get_catalogue_resource(call: RecordCall, resource: Plural) -> Response:
        """Get one resource of the catalogue."""
        return exchange_reply(call.request, one_of_catalogue(call, resources, resource))

    return router

"""The route of searching."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from heli_registry.divisions.service import DIVISIONS
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.guidance_projects.service import GUIDANCE_PROJECTS
from heli_registry.mass_organizations.service import MASS_ORGANIZATIONS
from heli_registry.organizations.service import PARTY_ORGANIZATIONS
from heli_registry.search.domain import MATCHES
from heli_registry.search.service import Hit, search
from heli_registry.units.service import UNITS
from heli_registry.zones.service import ZONES
from heli_shared.kernel.pages import Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.models import SINGLE_LINE
from heli_shared.web.calls import check_permission, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import page_reply
from heli_shared.web.routes import new_router

SEARCHED = {
    resource.kind.plural: resource
    for resource in (
        ENTERPRISES,
        PARTY_ORGANIZATIONS,
        MASS_ORGANIZATIONS,
        UNITS,
        ZONES,
        DIVISIONS,
        GUIDANCE_PROJECTS,
    )
}
_MOST = 50
KINDS = tuple(SEARCHED)
SearchedKind = Literal[KINDS]  # type: ignore[valid-type]
Typed = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=SINGLE_LINE),
    Query(description="A name or part of it, its pinyin (heli, hlx), or the beginning of a credit code"),
]


class HitShown(BaseModel):
    """A record that fits what was typed."""

    kind: SearchedKind = Field(examples=["enterprises"])
    key: str = Field(examples=["91990121MA0000001R"])
    name: str = Field(examples=["合力县示例机械有限公司"])
    state: Literal["open", "closed"]
    division: str | None = Field(description="Its division, for kinds that have one")
    match: Literal[MATCHES] = Field(description="How it fits")  # type: ignore[valid-type]
    score: int = Field(ge=0, le=100, description="How well it fits: 100 is exactly")


class HitPage(BaseModel):
    """The best hits; there is never a next page, a closer question serves better."""

    items: list[HitShown]
    next: None
    total: int


def search_router() -> APIRouter:
    """Return the route of searching."""
    router = new_router()

    @router.get("/v1/search", tags=["search"], response_model=HitPage, responses=problems(422))
    @endpoint("search:read")
    def search_records(
        call: RecordCall,
        q: Typed,
        kind: Annotated[SearchedKind, Query(description="What to look for")] = "enterprises",
        limit: Annotated[int, Query(ge=1, le=_MOST, description="Most hits")] = 20,
    ) -> Response:
        """Find records by name, part of a name, pinyin, a spelling with a slip, or code; the best come first."""
        check_permission(call.principal, f"{kind}:read")
        items = [_shown(kind, hit) for hit in search(call, SEARCHED[kind], q, limit)]
        return page_reply(call.request, Page(items, None, len(items)))

    return router


def _shown(kind: str, hit: Hit) -> dict[str, Any]:
    return {
        "kind": kind,
        "key": hit.row.key,
        "name": hit.row.name,
        "state": hit.row.state,
        "division": getattr(hit.row, "division", None),
        "match": hit.fit.match,
        "score": hit.fit.score,
    }

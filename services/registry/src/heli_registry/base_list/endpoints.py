"""The routes of base lists: the funnel and its rows, the five clear items, what must still be asked, the sources."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from heli_registry.base_list import schemas
from heli_registry.base_list.clearing import By, Wanted, gap_rows, page_of_gaps, progress
from heli_registry.base_list.files import MEDIA_TYPES, FileFormat, funnel_file, gap_file
from heli_registry.base_list.origins import late, sources
from heli_registry.base_list.service import Seen, funnel, known_at_of, of_step, rows_of_funnel, see
from heli_registry.base_list.shelf import SurveyShelf
from heli_registry.censuses.models import CENSUS, ITEMS
from heli_shared.kernel.divisions import padded
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.pages import DEFAULT_LIMIT
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, KnownAt, Limit
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router

CensusKey = Annotated[str, Path(max_length=64, pattern=CENSUS.key_pattern, description="普查 id")]
StepCode = Annotated[
    str | None,
    Query(max_length=40, pattern=r"^[a-z_]+$", description="Only rows that fell at this step; `base` for the base"),
]
Format = Annotated[
    Literal["json", "csv", "xlsx"], Query(alias="format", description="A page of JSON, or all as a file")
]
Unit = Annotated[str | None, Query(max_length=64, pattern=CENSUS.key_pattern, description="Of this responsible unit")]
Zone = Annotated[str | None, Query(max_length=64, pattern=CENSUS.key_pattern, description="In this zone")]
DivisionCode = Annotated[str | None, Query(max_length=12, pattern=r"^\d+$", description="In this division or below it")]
ItemCode = Annotated[Literal[ITEMS] | None, Query(description="In which this item is not clear")]  # type: ignore[valid-type]
_TAGS: Any = ["censuses"]
_READ = "censuses:read"
_FILES: dict[int | str, Any] = {200: {"content": {name.split(";")[0]: {} for name in MEDIA_TYPES.values()}}}


def base_list_router(shelf: SurveyShelf) -> APIRouter:
    """Return the routes that answer from the survey of a census."""
    router = new_router()
    _add_funnel(router, shelf)
    _add_clearing(router, shelf)
    _add_origins(router, shelf)
    return router


def _add_funnel(router: APIRouter, shelf: SurveyShelf) -> None:
    one = "/v1/censuses/{key}"

    @router.get(f"{one}/funnel", tags=_TAGS, response_model=schemas.Funnel, responses=problems(404, 422))
    @endpoint(_READ)
    def get_census_funnel(call: RecordCall, key: CensusKey, known_at: KnownAt = None) -> Response:
        """Get the way from all registered enterprises in your part of the county to the base, step by step."""
        return json_reply(funnel(see(call, shelf, key, known_at=known_at)))

    @router.get(
        f"{one}/funnel/rows",
        tags=_TAGS,
        response_model=schemas.FunnelRowPage,
        responses={**problems(404, 422), **_FILES},
    )
    @endpoint(_READ)
    def list_census_funnel_rows(
        call: RecordCall, key: CensusKey, step: StepCode = None, known_at: KnownAt = None, format_: Format = "json",
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Response:  # fmt: skip
        """List exactly the rows of a step, each with the facts that decided; `format` gives all of them as a file."""
        seen = see(call, shelf, key, known_at=known_at_of(cursor, known_at))
        if format_ != "json":
            return _file(seen, "funnel", format_, funnel_file(call, seen, of_step(seen, step), format_))
        found = rows_of_funnel(call, seen, step=step, cursor=cursor, limit=limit)
        return page_reply(call.request, found, {"known_at": seen.known_at})


def _add_clearing(router: APIRouter, shelf: SurveyShelf) -> None:
    one = "/v1/censuses/{key}"

    @router.get(f"{one}/progress", tags=_TAGS, response_model=schemas.Progress, responses=problems(404, 422))
    @endpoint(_READ)
    def get_census_progress(
        call: RecordCall,
        key: CensusKey,
        by: Annotated[By, Query(description="Group by")] = "responsible_unit",
        known_at: KnownAt = None,
    ) -> Response:
        """Get how clear the base is 五清: per unit, zone or division, per item and by the number of clear items."""
        return json_reply(progress(see(call, shelf, key, known_at=known_at), by))

    @router.get(f"{one}/gaps", tags=_TAGS, response_model=schemas.GapPage, responses={**problems(404, 422), **_FILES})
    @endpoint(_READ)
    def list_census_gaps(  # noqa: PLR0913, PLR0917 - the parameters of a query, given by name
        call: RecordCall, key: CensusKey, unit: Unit = None, zone: Zone = None, division: DivisionCode = None,
        item: ItemCode = None, known_at: KnownAt = None, format_: Format = "json", limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:  # fmt: skip
        """List what must still be asked of which enterprise; as a file it is filled in and imported again."""
        wanted = Wanted(unit, zone, _division(division), item)
        seen = see(call, shelf, key, known_at=known_at_of(cursor, known_at))
        if format_ != "json":
            return _file(seen, "gaps", format_, gap_file(call, seen, gap_rows(seen, wanted), format_))
        found = page_of_gaps(call, seen, wanted, cursor=cursor, limit=limit)
        return page_reply(call.request, found, {"known_at": seen.known_at})


def _add_origins(router: APIRouter, shelf: SurveyShelf) -> None:
    one = "/v1/censuses/{key}"

    @router.get(f"{one}/sources", tags=_TAGS, response_model=schemas.Sources, responses=problems(404, 422))
    @endpoint(_READ)
    def get_census_sources(call: RecordCall, key: CensusKey, known_at: KnownAt = None) -> Response:
        """Get what each department's lists brought: new, matched and conflicting enterprises, and how many count."""
        return json_reply(sources(call, see(call, shelf, key, known_at=known_at)))

    @router.get(f"{one}/late", tags=_TAGS, response_model=schemas.LatePage, responses=problems(404, 422))
    @endpoint(_READ)
    def list_census_late(
        call: RecordCall, key: CensusKey, known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """List the enterprises of which something about the cut-off day became known only after the result stood."""
        seen = see(call, shelf, key, known_at=known_at)
        return page_reply(call.request, late(call, seen, cursor=cursor, limit=limit), {"known_at": seen.known_at})


def _file(seen: Seen, name: str, format_: FileFormat, content: bytes) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{seen.survey.census["id"]}-{name}-{seen.known_at}.{format_}"',
        "Heli-Known-At": str(seen.known_at),
        "Cache-Control": "private, no-cache",
    }
    return Response(content, headers=headers, media_type=MEDIA_TYPES[format_])


def _division(code: str | None) -> str | None:
    try:
        return None if code is None else padded(code)
    except ValueError as error:
        found = FieldProblem("parameter division", "不是区划代码", "is not a division code")
        raise BadRequest(
            "区划代码应为 2、4、6、9 或 12 位数字。", "A division code has 2, 4, 6, 9 or 12 digits.", errors=[found]
        ) from error

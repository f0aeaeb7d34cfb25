"""GET /v1/bulletins/{period} and /v1/bulletins/{period}/{code}."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from heli_reporting.bulletins.documents import DOCX, bulletin_docx, bulletin_pdf
from heli_reporting.bulletins.domain import CODE_PATTERN
from heli_reporting.bulletins.schemas import BulletinShown
from heli_reporting.bulletins.service import BulletinService, Wanted
from heli_reporting.history.domain import KnownAt
from heli_reporting.parameters import Known, Strict, parsed_known_at
from heli_reporting.periods import PART_PATTERN, part_of_year
from heli_shared.typesetting import PDF
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.downloads import bytes_reply
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

PeriodCode = Annotated[
    str,
    Path(
        json_schema_extra={"pattern": PART_PATTERN},  # looked at by `part_of_year`, which tells how one is written
        description="A month, quarter or half-year",
        examples=["2026-06", "2026-Q2"],
    ),
]
Code = Annotated[str, Path(pattern=CODE_PATTERN, description="The code of a bulletin that was made")]
Form = Annotated[Literal["json", "docx", "pdf"], Query(alias="format", description="docx to edit, pdf to print")]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The bulletin", "content": {DOCX: _BINARY, PDF: _BINARY}}
}


def bulletin_router(bulletins: BulletinService) -> APIRouter:
    """Return the routes of bulletins."""
    router = new_router()

    @router.get(
        "/v1/bulletins/{period}",
        tags=["bulletins"],
        response_model=BulletinShown,
        responses={**problems(404, 422), **_DOCUMENT},
    )
    @endpoint("statistics:read")
    def get_bulletin(
        call: Call, period: PeriodCode, format_: Form = "json", known_at: Known = None, strict: Strict = "0"
    ) -> Response:
        """Write the bulletin of a period: figures, targets, ranking, laggards, gaps and what is overdue, in Chinese.

        It is made once: asked again as known at the same point, it is the same bytes, in every format. Every number
        carries the code of the answer it comes from. No person is named.
        """
        wanted = Wanted(part_of_year(period), call.principal, parsed_known_at(known_at or []), strict in {"1", "true"})
        return _reply(bulletins.bulletin(wanted), format_)

    @router.get(
        "/v1/bulletins/{period}/{code}",
        tags=["bulletins"],
        response_model=BulletinShown,
        responses={**problems(404), **_DOCUMENT},
    )
    @endpoint("statistics:read")
    def get_kept_bulletin(call: Call, period: PeriodCode, code: Code, format_: Form = "json") -> Response:
        """Read a bulletin again as it was made, byte for byte, however the data has moved on since."""
        wanted = Wanted(part_of_year(period), call.principal, KnownAt(), strict=False)
        return _reply(bulletins.kept(code, wanted), format_)

    return router


def _reply(content: dict[str, Any], form: Literal["json", "docx", "pdf"]) -> Response:
    name = f"{content['title']}.{form}"
    if form == "docx":
        return bytes_reply(bulletin_docx(content), name, DOCX)
    if form == "pdf":
        return bytes_reply(bulletin_pdf(content), name, PDF)
    return json_reply(content, headers={"Content-Language": "zh", "ETag": f'"{content["code"]}"'})

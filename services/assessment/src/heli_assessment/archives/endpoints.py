"""GET of a cycle's sealed package."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from heli_assessment.archives.service import ArchiveService
from heli_assessment.cycles.models import CYCLE
from heli_shared.records.calls import RecordCall
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import etag_of
from heli_shared.web.routes import new_router

Key = Annotated[str, Path(max_length=64, pattern=CYCLE.key_pattern, description="考核周期 id")]
_ZIP = {200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}}


def archive_router(archives: ArchiveService) -> APIRouter:
    """Return the route of archives."""
    router = new_router()

    @router.get(
        "/v1/cycles/{key}/archive",
        tags=["cycles"],
        response_class=Response,
        responses={**problems(404, 422), **_ZIP},  # type: ignore[dict-item]
    )
    @endpoint("archives:read")
    def get_cycle_archive(call: RecordCall, key: Key) -> Response:
        """Get the sealed package of an archived cycle; its ETag is the digest that the ledger holds."""
        digest, content = archives.get(call, key)
        headers = {
            "ETag": etag_of(digest),
            "Content-Disposition": f'attachment; filename="{key}.zip"',
            "Cache-Control": "private, no-cache",
        }
        return Response(content, 200, headers, "application/zip")

    return router

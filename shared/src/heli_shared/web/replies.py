"""Replies as bytes: JSON straight from the values, with the headers of single records and pages."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Request
from starlette.responses import Response

from heli_shared.kernel.errors import PreconditionFailed, PreconditionRequired
from heli_shared.kernel.pages import Page


def json_reply(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return content as a JSON response; nothing of it may be kept by caches on the way."""
    return Response(
        orjson.dumps(content), status, {"Cache-Control": "private, no-cache", **(headers or {})}, "application/json"
    )


def etag_of(version: int | str) -> str:
    """Return the strong ETag of a record's version."""
    return f'"{version}"'


def record_reply(request: Request, record: Mapping[str, Any], status: int = 200, location: str = "") -> Response:
    """Return a record with its ETag, or 304 when the caller has this version already."""
    etag = etag_of(record["version"])
    headers = {"ETag": etag, **({"Location": location} if location else {})}
    if request.method == "GET" and etag in _listed(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return json_reply(record, status, headers)


def page_reply(request: Request, page: Page[Any], extra: Mapping[str, Any] | None = None) -> Response:
    """Return a page as `{"items", "next", "total"}` with a Link header to the next one."""
    headers = {}
    if page.next is not None:
        query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        # Relative to the address that was asked, so that it holds behind a proxy that puts a prefix before the path.
        headers["Link"] = f'<?{urlencode([*query, ("cursor", page.next)])}>; rel="next"'
    return json_reply({"items": page.items, "next": page.next, "total": page.total, **(extra or {})}, 200, headers)


def check_if_match(request: Request, version: int) -> None:
    """Refuse a change made without knowing the version it changes (428), or knowing an older one (412)."""
    given = request.headers.get("if-match")
    if given is None:
        raise PreconditionRequired(
            "修改前请先读取记录，并在 If-Match 中带上读到的 ETag。",
            "Read the record first and send its ETag in If-Match.",
        )
    if etag_of(version) not in _listed(given):
        raise PreconditionFailed(
            "在您读取之后，记录已被他人修改：请重新读取、核对后再提交。",
            "The record was changed since you read it: read it again, compare, and send your change anew.",
            data={"current_etag": etag_of(version)},
        )


def _listed(header: str) -> list[str]:
    return [part.strip() for part in header.split(",")]

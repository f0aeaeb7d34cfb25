"""GET / and the files of the page: open to everybody, because they hold no data; the page asks for a token."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse, Response

from heli_reporting.board.assets import Asset, Assets
from heli_shared.kernel.errors import NotFound
from heli_shared.web.calls import PERMISSION_MARK, PUBLIC
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router

# Nothing on the page is ever built from text: with trusted types an attempt would be stopped by the browser itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_FOR_EVER = "public, max-age=31536000, immutable"
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="The name of a set of files")]
Name = Annotated[str, Path(pattern=r"^[a-z/-]{1,60}\.(css|js|svg)$", description="The name of a file")]


def page_router(assets: Assets) -> APIRouter:
    """Return the routes of the page and its files."""
    router = new_router()

    def get_board_page(request: Request) -> Response:
        """Get the board as a page: it loads nothing from anywhere else and shows nothing before somebody signs in."""
        return _served(request, assets.page, {**_PAGE_HEADERS, "Cache-Control": "no-cache"})

    def get_board_asset(request: Request, digest: Digest, name: Name) -> Response:
        """Get a file of the page; its address changes with its content, so browsers keep it for ever."""
        found = assets.find(digest, name)
        if found is None:
            raise NotFound("没有这个文件；请刷新页面。", "There is no such file; load the page anew.")
        return _served(request, found, {"Cache-Control": _FOR_EVER, "Cross-Origin-Resource-Policy": "same-origin"})

    for function in (get_board_page, get_board_asset):
        setattr(function, PERMISSION_MARK, PUBLIC)
    router.get("/", tags=["board"], response_class=HTMLResponse, responses=problems())(get_board_page)
    router.get(
        "/board/{digest}/{name:path}",
        tags=["board"],
        response_class=Response,
        responses={
            **problems(404, 422),
            200: {"content": {"text/css": {}, "text/javascript": {}, "image/svg+xml": {}}},
        },
    )(get_board_asset)
    return router


def _served(request: Request, asset: Asset, headers: dict[str, str]) -> Response:
    """Return a file, compressed where that is welcome, or 304 where the browser has it already."""
    headers = headers | {"ETag": asset.etag, "Vary": "Accept-Encoding"}
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.compressed, 200, headers | {"Content-Encoding": "gzip"}, asset.media_type)
    return Response(asset.body, 200, headers, asset.media_type)

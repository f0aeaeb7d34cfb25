"""The routes of reconciliation, twice: for clients with a token in a header, and for those with a key in the path."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_registry.identity.issuer import Issuer
from heli_registry.reconciliation.keys import LIFETIME_SECONDS, PURPOSE, issue_key
from heli_registry.reconciliation.origins import frame_ancestors
from heli_registry.reconciliation.reading import Sent, read_batch, read_draft_batch, read_extension, read_sent
from heli_registry.reconciliation.service import RESOURCES, extend, preview, reconcile, suggest_entities
from heli_registry.reconciliation.showing import (
    candidate_shown,
    draft_candidate_shown,
    extension_shown,
    manifest_of,
    preview_page,
    proposal,
    suggested_properties,
    suggested_types,
    suggestion,
)
from heli_shared.kernel.errors import BadRequest
from heli_shared.records.calls import RecordCall
from heli_shared.records.models import SINGLE_LINE
from heli_shared.records.service import Resource
from heli_shared.web.addresses import root_of
from heli_shared.web.calls import check_permission, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router, protocol_router

_KEYED = "/v1/reconciliation/keys/{access_key}"
_PLAIN = "/v1/reconciliation"
_PERMISSION = "reconciliation:read"
_MOST_SUGGESTED = 10

KINDS = tuple(RESOURCES)
RecordKindName = Literal[KINDS]  # type: ignore[valid-type]
KindName = Annotated[RecordKindName, Path(description="enterprises, or party-organizations (organizations for short)")]
AccessKey = Annotated[str, Path(max_length=2_000, description="A key of POST /v1/reconciliation/keys")]
Callback = Annotated[str | None, Query(max_length=200, description="JSONP; always refused")]
Typed = Annotated[str, Query(max_length=100, description="What was typed so far")]
_FORM = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "queries": {"type": "string", "description": "A batch of version 0.2, as JSON"},
                        "extend": {"type": "string", "description": "A data extension query, as JSON"},
                    },
                }
            },
            "application/json": {
                "schema": {"type": "object", "description": "A batch of the draft of version 1.0"},
            },
        }
    }
}


class ReconciliationKey(BaseModel):
    """A key for clients that cannot send headers, and the addresses that hold it."""

    key: str
    expires_in: int = Field(examples=[LIFETIME_SECONDS])
    urls: dict[str, str] = Field(description="What to give to OpenRefine, by kind of record")


def reconciliation_router(issuer: Issuer, origins: tuple[str, ...]) -> APIRouter:
    """Return the routes of reconciliation; `issuer` signs the keys, pages of `origins` may frame previews."""
    router = new_router()
    _add_keys(router, issuer)
    for prefix, part in ((_KEYED, protocol_router(PURPOSE)), (_PLAIN, protocol_router())):
        _add_service(part, prefix)
        _add_suggestions(part, prefix)
        _add_data(part, prefix)
        _add_preview(part, prefix, origins)
        router.routes.extend(part.routes)
    return router


def _add_keys(router: APIRouter, issuer: Issuer) -> None:
    @router.post(
        f"{_PLAIN}/keys", tags=["reconciliation"], status_code=201, response_model=ReconciliationKey,
        responses=problems(),
    )  # fmt: skip
    @endpoint(_PERMISSION)
    def create_reconciliation_key(call: RecordCall) -> Response:
        """Get a key for OpenRefine and other clients that cannot send headers: for a working day, for this alone."""
        key = issue_key(call, issuer)
        place = f"{root_of(call.request)}{_PLAIN}/keys/{key}"
        urls = {kind: f"{place}/{kind}" for kind in RESOURCES}
        content = {"key": key, "expires_in": LIFETIME_SECONDS, "urls": urls}
        return json_reply(content, 201, {"Cache-Control": "no-store"})


def _serve(router: APIRouter, method: str, prefix: str, path: str, **declared: Any) -> Callable[..., Any]:
    """Serve a function of (call, resource, …) on a path below the kind, under its own name or that of the keyed one."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def serve(call: RecordCall, kind: str, access_key: str = "", **given: Any) -> Any:
            del access_key  # read by the route
            resource = RESOURCES[kind]
            check_permission(call.principal, f"{resource.kind.plural}:read")
            if given.pop("callback", None) is not None:
                raise _no_jsonp()
            return function(call, resource, **given)

        keyed = prefix == _KEYED
        own = list(inspect.signature(function, eval_str=True).parameters.values())
        named = {"kind": KindName, **({"access_key": AccessKey} if keyed else {}), "callback": Callback}
        first = [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation,
                **({"default": None} if name == "callback" else {}),
            )
            for name, annotation in named.items()
        ]  # fmt: skip
        rest = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own[2:]]
        serve.__signature__ = inspect.Signature([own[0], *first, *rest])  # type: ignore[attr-defined]
        serve.__name__ = serve.__qualname__ = function.__name__ + ("_by_key" if keyed else "")
        serve.__doc__ = function.__doc__
        route = getattr(router, method)
        route(f"{prefix}/{{kind}}{path}", tags=["reconciliation"], **declared)(endpoint(_PERMISSION)(serve))
        return function

    return decorate


def _add_service(router: APIRouter, prefix: str) -> None:
    known = {"response_model": dict[str, Any], "responses": problems(404, 413, 422)}

    @_serve(router, "get", prefix, "", **known)
    def get_reconciliation(
        call: RecordCall,
        resource: Resource,
        queries: Annotated[str | None, Query(max_length=100_000, description="A batch of version 0.2")] = None,
        extend: Annotated[str | None, Query(max_length=100_000, description="A data extension query")] = None,
    ) -> Response:
        """Get the service manifest; with `queries` or `extend` the answers to them (reconciliation API 0.2)."""
        sent = Sent(queries=queries, extend=extend)
        if queries is None and extend is None:
            return json_reply(manifest_of(resource.kind, _base(call)))
        return _answer(call, resource, sent)

    @_serve(router, "post", prefix, "", openapi_extra=_FORM, **known)
    def post_reconciliation(
        call: RecordCall, resource: Resource, sent: Annotated[Sent, Depends(read_sent)]
    ) -> Response:
        """Send a batch of queries, or a data extension query, as a form (0.2) or as JSON (draft of 1.0)."""
        return _answer(call, resource, sent)


def _answer(call: RecordCall, resource: Resource, sent: Sent) -> Response:
    kind = resource.kind
    if sent.body is not None:
        found = [reconcile(call, resource, query) for query in read_draft_batch(sent.body)]
        shown = [{"candidates": [draft_candidate_shown(kind, each) for each in some]} for some in found]
        return json_reply({"results": shown})
    if sent.extend is not None:
        return json_reply(extension_shown(*extend(call, resource, *read_extension(sent.extend))))
    if sent.queries is None:
        raise BadRequest("缺少 queries 或 extend。", "Send `queries` or `extend`.")
    return json_reply(
        {
            name: {"result": [candidate_shown(kind, each) for each in reconcile(call, resource, query)]}
            for name, query in read_batch(sent.queries).items()
        }
    )


def _add_suggestions(router: APIRouter, prefix: str) -> None:
    known = {"response_model": dict[str, Any], "responses": problems(404, 422)}
    skipped = Annotated[int, Query(ge=0, le=1_000, description="How many suggestions to skip")]

    @_serve(router, "get", prefix, "/suggest/entity", **known)
    def suggest_reconciliation_entities(
        call: RecordCall,
        resource: Resource,
        prefix: Typed = "",
        cursor: skipped = 0,
    ) -> Response:
        """Suggest records for what was typed: a name, its pinyin, or a code."""
        rows = suggest_entities(call, resource, prefix, skip=cursor, limit=_MOST_SUGGESTED) if prefix.strip() else []
        return json_reply({"result": [suggestion(resource.kind, row) for row in rows]})

    @_serve(router, "get", prefix, "/suggest/type", **known)
    def suggest_reconciliation_types(call: RecordCall, resource: Resource, prefix: Typed = "") -> Response:
        """Suggest types for what was typed: each service has one."""
        del call
        return json_reply({"result": suggested_types(resource.kind, prefix)})

    @_serve(router, "get", prefix, "/suggest/property", **known)
    def suggest_reconciliation_properties(
        call: RecordCall, resource: Resource, prefix: Typed = "", cursor: skipped = 0
    ) -> Response:
        """Suggest properties for what was typed."""
        del call
        return json_reply({"result": suggested_properties(resource.kind, prefix)[cursor:]})


def _add_data(router: APIRouter, prefix: str) -> None:
    @_serve(router, "get", prefix, "/properties", response_model=dict[str, Any], responses=problems(404, 422))
    def propose_reconciliation_properties(
        call: RecordCall,
        resource: Resource,
        type: Annotated[str | None, Query(max_length=100, description="Of which type")] = None,  # noqa: A002 - the protocol's name
        limit: Annotated[int | None, Query(ge=1, le=1_000, description="At most so many")] = None,
    ) -> Response:
        """Propose the properties that a data extension can fetch."""
        del call
        return json_reply(proposal(resource.kind, type, limit))


def _add_preview(router: APIRouter, prefix: str, origins: tuple[str, ...]) -> None:
    # A preview is made to be framed by others; it runs and loads nothing.
    policy = f"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors {frame_ancestors(origins)}"
    page_headers = {"Cache-Control": "private, no-cache", "Content-Security-Policy": policy}

    @_serve(
        router, "get", prefix, "/preview", response_class=Response,
        responses={200: {"content": {"text/html": {}}}, **problems(404, 422)},
    )  # fmt: skip
    def preview_reconciliation_entity(
        call: RecordCall,
        resource: Resource,
        id: Annotated[str, Query(max_length=64, pattern=SINGLE_LINE, description="The record's key")],  # noqa: A002 - the protocol's name
    ) -> Response:
        """Get a small page about a record, to be shown in a frame."""
        page = preview_page(resource.kind, preview(call, resource, id))
        return Response(page, 200, page_headers, "text/html; charset=utf-8")


def _base(call: RecordCall) -> str:
    return root_of(call.request) + call.request.url.path.rstrip("/")


def _no_jsonp() -> BadRequest:
    return BadRequest(
        "不支持 JSONP：它会让任何网页以您的身份运行代码并读取数据。请使用支持 CORS 的客户端（OpenRefine 3.4 及以上）。",
        "JSONP is not offered: it lets any page run code and read data in your name. Use a client that speaks CORS "
        "(OpenRefine 3.4 or newer).",
    )

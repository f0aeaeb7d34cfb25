"""PUT and GET of rulebooks and their versions."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from heli_assessment.rulebooks.service import (
    RULEBOOKS,
    body_of,
    get_version,
    planned,
    store_rulebook,
    versions_of,
)
from heli_assessment.rulebooks.shown import (
    DiffShown,
    LintShown,
    RulebookContent,
    RulebookPage,
    RulebookStored,
    RulebookVersions,
    rulebook_json,
    version_json,
)
from heli_shared.kernel.errors import Unsupported
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, KnownAt, Limit, On
from heli_shared.records.reading import Moment
from heli_shared.records.service import list_records
from heli_shared.web.calls import PERMISSION_MARK, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import etag_of, json_reply, page_reply
from heli_shared.web.routes import new_router

Id = Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="Id of the rulebook")]
VersionNumber = Annotated[int | None, Query(ge=1, le=10**9, description="A version; the newest when not given")]

_YAML = {"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain", ""}
_JSON = {"application/json"}
_BODY = {
    "requestBody": {
        "required": True,
        "description": "A rulebook in YAML or JSON; docs/rules/scoring.md describes the language",
        "content": {
            "application/yaml": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "object", "additionalProperties": True}},
        },
    }
}


def rulebook_router() -> APIRouter:
    """Return the routes of rulebooks."""
    router = new_router()
    _add_upload(router)
    _add_lint(router)
    _add_reads(router)
    _add_diff(router)
    return router


@endpoint("rulebooks:write", writes=True)
def _store(call: RecordCall, key: str, body: bytes, kind: str) -> Response:
    from heli_assessment.rulebooks.reading import text_of

    record, outcome, warnings = store_rulebook(call, key, text_of(body), is_json=kind in _JSON)
    shown = rulebook_json(record) | {
        "outcome": outcome,
        "warnings": [{"code": w.code, "pointer": w.pointer, "zh": w.zh, "en": w.en} for w in warnings],
    }
    return json_reply(shown, 201 if outcome == "created" else 200, {"ETag": etag_of(record["version"])})


def _add_upload(router: APIRouter) -> None:
    async def put_rulebook(request: Request, key: Id) -> Response:
        """Check a rulebook and store it as its next version.

        The text is read, linted, and its cases are run; every fault is named with line, column and JSON pointer, and
        nothing is stored. The same content again is `unchanged`. A draft belongs under an id of its own.
        """
        kind = _kind_of(request)
        body = await request.body()
        reply: Response = await run_in_threadpool(_store, request, key=key, body=body, kind=kind)
        return reply

    setattr(put_rulebook, PERMISSION_MARK, "rulebooks:write")
    router.put(
        "/v1/rulebooks/{key}",
        tags=["rulebooks"],
        response_model=RulebookStored,
        responses={**problems(409, 413, 415, 422), 201: {"model": RulebookStored}},
        openapi_extra=_BODY,
    )(put_rulebook)


@endpoint("rulebooks:read")
def _lint(call: RecordCall, body: bytes, kind: str) -> Response:
    from heli_assessment.rulebooks.reading import text_of
    from heli_assessment.rulebooks.uploading import lint_text

    del call
    found = lint_text(text_of(body), is_json=kind in _JSON)
    findings = [
        {
            "code": problem.code,
            "severity": severity,
            "pointer": problem.pointer,
            "line": problem.place.line if problem.place else None,
            "column": problem.place.column if problem.place else None,
            "zh": problem.zh,
            "en": problem.en,
        }
        for severity, problem in found
    ]
    return json_reply({"valid": all(severity != "error" for severity, _ in found), "findings": findings})


def _add_lint(router: APIRouter) -> None:
    async def lint_rulebook(request: Request) -> Response:
        """Say everything that is wrong with a rulebook, and what is doubtful, with line and column; store nothing."""
        kind = _kind_of(request)
        body = await request.body()
        reply: Response = await run_in_threadpool(_lint, request, body=body, kind=kind)
        return reply

    setattr(lint_rulebook, PERMISSION_MARK, "rulebooks:read")
    router.post(
        "/v1/rulebooks/lint",
        tags=["rulebooks"],
        response_model=LintShown,
        responses=problems(413, 415, 422),
        openapi_extra=_BODY,
    )(lint_rulebook)

    @router.get("/v1/rulebook-schema", tags=["rulebooks"], response_model=dict[str, Any], responses=problems())
    @endpoint("rulebooks:read")
    def get_rulebook_schema(call: RecordCall) -> Response:
        """Get the JSON Schema of the language of rulebooks, for editors that check while one types."""
        from heli_assessment.rulebooks.schema import language_schema

        del call
        return json_reply(language_schema())


def _kind_of(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _YAML | _JSON:
        raise Unsupported(
            "请以 YAML 或 JSON 上传考核细则。", "Send the rulebook as application/yaml or application/json."
        )
    return kind


def _add_reads(router: APIRouter) -> None:
    @router.get("/v1/rulebooks", tags=["rulebooks"], response_model=RulebookPage, responses=problems(422))
    @endpoint("rulebooks:read")
    def list_rulebooks(
        call: RecordCall,
        on: On = None,
        known_at: KnownAt = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List the rulebooks, each with its newest version."""
        page = list_records(call, RULEBOOKS, {}, moment=Moment(on, known_at), cursor=cursor, limit=limit)
        return page_reply(call.request, Page([rulebook_json(each) for each in page.items], page.next, page.total))

    @router.get("/v1/rulebooks/{key}", tags=["rulebooks"], response_model=RulebookContent, responses=problems(404, 422))
    @endpoint("rulebooks:read")
    def get_rulebook(call: RecordCall, key: Id, version: VersionNumber = None) -> Response:
        """Get one version of a rulebook with its content."""
        found = get_version(call, key, version)
        content: dict[str, Any] = version_json(found) | {"body": body_of(found)}
        return json_reply(content, 200, {"ETag": etag_of(found.entry.seq)})

    @router.get(
        "/v1/rulebooks/{key}/versions",
        tags=["rulebooks"],
        response_model=RulebookVersions,
        responses=problems(404, 422),
    )
    @endpoint("rulebooks:read")
    def list_rulebook_versions(call: RecordCall, key: Id) -> Response:
        """List all versions of a rulebook, the first one first."""
        versions = [version_json(each) for each in versions_of(call, key)]
        return json_reply({"items": versions, "next": None, "total": len(versions)})


def _add_diff(router: APIRouter) -> None:
    @router.get("/v1/rulebooks/{key}/diff", tags=["rulebooks"], response_model=DiffShown, responses=problems(404, 422))
    @endpoint("rulebooks:read")
    def diff_rulebook(
        call: RecordCall,
        key: Id,
        from_version: Annotated[int, Query(alias="from", ge=1, le=10**9, description="The earlier version")],
        to_version: Annotated[int, Query(alias="to", ge=1, le=10**9, description="The later version")],
    ) -> Response:
        """Tell in words what differs between two versions of a rulebook."""
        from heli_assessment.measures.domain import catalogue, measure_labels
        from heli_assessment.rulebooks.comparing import differences

        before, after = (planned(get_version(call, key, each).body).book for each in (from_version, to_version))
        found = [asdict(each) for each in differences(before, after, measure_labels(catalogue()))]
        return json_reply({"id": key, "from_version": from_version, "to_version": to_version, "differences": found})

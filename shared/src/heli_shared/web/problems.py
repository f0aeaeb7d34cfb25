"""Problem documents (RFC 9457): every refusal says what is wrong and what to do, in the caller's language."""

from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from heli_shared.kernel.errors import (
    BadRequest,
    DomainError,
    FieldProblem,
    InvalidInput,
    NotFound,
    TooLarge,
    Unavailable,
    Unsupported,
)
from heli_shared.web.languages import prefers_english
from heli_shared.web.validation import field_problem

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:heli:problem:"

log = structlog.get_logger()


class ProblemError(BaseModel):
    """One thing wrong with one part of the request."""

    model_config = ConfigDict(extra="forbid")
    pointer: str = Field(description="JSON pointer into the body, or `parameter` and a name", examples=["/staff"])
    detail: str = Field(examples=["应为不小于 0 的整数"])


class Problem(BaseModel):
    """Why a request was refused and what to do about it (RFC 9457); more members give data of that type."""

    model_config = ConfigDict(extra="allow")
    type: str = Field(description="Stable name of the kind of problem", examples=["urn:heli:problem:not-found"])
    title: str = Field(examples=["没有找到"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["没有编号为 91330000MA00000000 的企业，或您无权查看。"])
    instance: str = Field(description="The request's id", examples=["req-01k8"])
    errors: list[ProblemError] = Field(default_factory=list)


def problem_response(request: Request, error: DomainError) -> Response:
    """Return a refusal as a problem document in the language the caller asked for."""
    english = prefers_english(request.headers.get("accept-language"))
    body: dict[str, Any] = {
        **error.data,
        "type": TYPE_PREFIX + error.type,
        "title": error.title_en if english else error.title_zh,
        "status": error.status,
        "detail": error.en if english else error.zh,
        "instance": getattr(request.state, "request_id", ""),
        "errors": [{"pointer": each.pointer, "detail": each.en if english else each.zh} for each in error.errors],
    }
    headers = {"Content-Language": "en" if english else "zh", "Vary": "Accept-Language", "Cache-Control": "no-store"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:  # noqa: PLR2004 - the status that must name a scheme
        headers["WWW-Authenticate"] = "Bearer"
    return Response(orjson.dumps(body), error.status, headers, MEDIA_TYPE)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of an operation for these statuses, beside the ones that every operation can give."""
    return {
        status: {"description": _TITLES[status], "content": {MEDIA_TYPE: {"schema": _SCHEMA}}}
        for status in sorted({*_ALWAYS, *statuses})
    }


_SCHEMA = {"$ref": "#/components/schemas/Problem"}
_ALWAYS = (400, 401, 403, 429, 503)
_TITLES = {
    400: "The request is malformed or has an unknown parameter",
    401: "No valid token",
    403: "The caller may not do this",
    404: "There is no such thing, or the caller may not see it",
    405: "The method is not one of this path",
    409: "The present state does not allow it",
    410: "The cursor is of another time",
    412: "The record changed since it was read",
    413: "The content is too large",
    415: "The format is not understood here",
    422: "The content is not valid; see errors",
    428: "If-Match is required",
    429: "Too many requests; see Retry-After",
    503: "Cannot be answered right now; see Retry-After",
}


class _MethodNotAllowed(DomainError):
    type = "method-not-allowed"
    status = 405
    title_zh = "方法不允许"
    title_en = "Method not allowed"


def install_problem_handlers(app: FastAPI) -> None:
    """Turn every refusal, validation error and unexpected failure of an app into a problem document."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)  # noqa: S101 - narrows the type that the registration guarantees
        return problem_response(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - the same
        return problem_response(request, _from_validation(error))

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - the same
        response = problem_response(request, _from_status(error))
        for name, value in (error.headers or {}).items():
            response.headers[name] = value
        return response

    async def failed(request: Request, error: Exception) -> Response:
        # The route's own path: what stands in its places may be a key.
        path = getattr(request.scope.get("route"), "path", "unmatched")
        log.error("request_failed", path=path, error=type(error).__name__, exc_info=error)
        return problem_response(request, _Failure("服务内部错误，已记录。", "An internal error; it was logged."))

    app.add_exception_handler(DomainError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(Exception, failed)


class _Failure(DomainError):
    type = "internal-error"
    status = 500
    title_zh = "内部错误"
    title_en = "Internal error"


def _from_validation(error: RequestValidationError) -> DomainError:
    found = [field_problem(each) for each in error.errors()]
    in_body = any(each["loc"][:1] == ("body",) for each in error.errors())
    kind: type[DomainError] = InvalidInput if in_body else BadRequest
    return kind(
        "请求内容有误，请按 errors 逐项改正。", "The request is not valid; correct each of `errors`.", errors=found
    )


def _from_status(error: HTTPException) -> DomainError:
    if isinstance(error.__cause__, DomainError):
        # FastAPI wraps what the body's decoder raised; the caller gets the sentence that says what is wrong.
        return error.__cause__
    known = _PLAIN_REFUSALS.get(error.status_code)
    if known is not None:
        return known
    if error.status_code >= 500:  # noqa: PLR2004 - nothing of ours raises these
        return Unavailable("暂时不可用。", "Temporarily unavailable.", retry_after=5)
    pointer = FieldProblem("/", "请求无法解析。", "The request cannot be parsed.")
    return BadRequest("请求无法解析。", "The request cannot be parsed.", errors=[pointer])


_PLAIN_REFUSALS: dict[int, DomainError] = {
    404: NotFound("没有这个地址。", "There is nothing at this address."),
    405: _MethodNotAllowed("该地址不支持此方法。", "This address does not take that method."),
    413: TooLarge("内容超过上限。", "The content is larger than allowed."),
    415: Unsupported("格式不支持。", "The format is not understood here."),
}
"""What the framework refuses by itself, in our words."""

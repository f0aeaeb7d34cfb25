"""Refusals: one class per kind of problem, a Chinese and an English sentence, and data for machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one part of the input; `pointer` is a JSON pointer or a parameter's name."""

    pointer: str
    zh: str
    en: str


class DomainError(Exception):
    """A refusal that the caller can understand and act on.

    The class fixes `type` (stable slug), `title` and `status` (HTTP); the instance says what is wrong and what to do.
    """

    type: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    title_zh: ClassVar[str] = "请求被拒绝"
    title_en: ClassVar[str] = "Request refused"

    def __init__(
        self,
        zh: str,
        en: str,
        *,
        errors: Sequence[FieldProblem] = (),
        data: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        """Keep both sentences, the problems field by field, extra data and, in seconds, when to try again."""
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.errors = tuple(errors)
        self.data = dict(data or {})
        self.retry_after = retry_after


class BadRequest(DomainError):
    """The request itself is malformed: unknown parameter, unreadable body."""

    type = "bad-request"
    status = 400
    title_zh = "请求有误"
    title_en = "Bad request"


class Unauthenticated(DomainError):
    """No token, or one that is not valid (any more)."""

    type = "unauthenticated"
    status = 401
    title_zh = "尚未登录或令牌无效"
    title_en = "Not signed in"


class Forbidden(DomainError):
    """The caller may not do this."""

    type = "forbidden"
    status = 403
    title_zh = "没有权限"
    title_en = "Not permitted"


class NotFound(DomainError):
    """There is no such thing, or the caller may not see it."""

    type = "not-found"
    status = 404
    title_zh = "没有找到"
    title_en = "Not found"


class Conflict(DomainError):
    """The present state does not allow this."""

    type = "conflict"
    status = 409
    title_zh = "与现状冲突"
    title_en = "Conflict with the present state"


class Gone(DomainError):
    """What was asked for is no longer kept: a cursor of another time, a preview of long ago."""

    type = "gone"
    status = 410
    title_zh = "已失效"
    title_en = "No longer there"


class PreconditionFailed(DomainError):
    """The record changed since the caller read it."""

    type = "precondition-failed"
    status = 412
    title_zh = "记录已被他人修改"
    title_en = "Record has changed"


class TooLarge(DomainError):
    """The body or file is larger than the limit."""

    type = "too-large"
    status = 413
    title_zh = "内容过大"
    title_en = "Content too large"


class Unsupported(DomainError):
    """The media type or format is not one that is understood here."""

    type = "unsupported-media-type"
    status = 415
    title_zh = "格式不支持"
    title_en = "Unsupported format"


class InvalidInput(DomainError):
    """The shape is right, the content is not: see the problems field by field."""

    type = "invalid-input"
    status = 422
    title_zh = "内容有误"
    title_en = "Invalid input"


class PreconditionRequired(DomainError):
    """A change needs `If-Match` so that nobody's work is overwritten unseen."""

    type = "precondition-required"
    status = 428
    title_zh = "缺少 If-Match"
    title_en = "If-Match required"


class TooMany(DomainError):
    """Too many requests or failures; try again later."""

    type = "too-many-requests"
    status = 429
    title_zh = "请求过于频繁"
    title_en = "Too many requests"


class Unavailable(DomainError):
    """Cannot be answered right now; try again after `retry_after` seconds."""

    type = "unavailable"
    status = 503
    title_zh = "暂时不可用"
    title_en = "Temporarily unavailable"

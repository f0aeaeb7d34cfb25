"""Deliveries: what was handed out, to whom and what for; a seam, because each service decides where it is noted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, Protocol
from urllib.parse import unquote

from fastapi import Header, Query, Request
from starlette.responses import Response

from heli_shared.kernel.access import Principal
from heli_shared.kernel.errors import BadRequest
from heli_shared.records.models import SINGLE_LINE

Channel = Literal["export", "feed", "digest", "webhook", "reconciliation", "form"]
MAX_PURPOSE = 200

Purpose = Annotated[
    str | None,
    Query(max_length=MAX_PURPOSE, pattern=SINGLE_LINE, description="What the data is for; or header Heli-Purpose"),
]
PurposeHeader = Annotated[
    str | None,
    Header(alias="Heli-Purpose", description="What the data is for, percent-encoded UTF-8", max_length=2_000),
]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One answer that carried rows: `size` in bytes, `is_whole` when it was sent to its end."""

    channel: Channel
    resource: str
    principal: str
    unit: str | None
    purpose: str | None
    filters: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    size: int = 0
    epoch: str | None = None
    seq: int | None = None
    is_whole: bool = True


class DeliveryLog(Protocol):
    """Where deliveries are noted; noting never fails and never waits, so that no answer suffers from it."""

    def check_purpose(self, principal: Principal, resource: str, purpose: str | None) -> None:
        """Refuse a delivery without a purpose where one must be given."""
        ...

    def note(self, delivery: Delivery) -> None:
        """Take a delivery down."""
        ...


class NoDeliveryLog:
    """Notes nothing: for services whose records stay between our own services."""

    def check_purpose(self, principal: Principal, resource: str, purpose: str | None) -> None:
        """Let everything pass."""

    def note(self, delivery: Delivery) -> None:
        """Forget it."""


def stated_purpose(request: Request) -> str | None:
    """Return the purpose that the caller states, by parameter or by header; BadRequest when it is unreadable."""
    given = request.query_params.get("purpose")
    if given is None:
        given = unquote(request.headers.get("heli-purpose", ""), errors="replace")
    text = given.strip()
    if len(text) > MAX_PURPOSE or not text.isprintable() or "\ufffd" in text:
        raise BadRequest(
            f"用途应为一行文字，不超过 {MAX_PURPOSE} 字。",
            f"The purpose is one line of at most {MAX_PURPOSE} characters.",
        )
    return text or None


def begun(channel: Channel, resource: str, principal: Principal, request: Request, **known: Any) -> Delivery:
    """Return the delivery that a request begins; its filters are the parameters it was asked with."""
    filters = {name: value for name, value in request.query_params.items() if name != "purpose"}
    purpose = stated_purpose(request)
    return Delivery(channel, resource, principal.id, principal.unit, purpose, filters, **known)


def noted_reply(log: DeliveryLog, delivery: Delivery, reply: Response, *, rows: int) -> Response:
    """Return a reply after noting it; an answer without rows delivers nothing."""
    if rows:
        log.note(replace(delivery, rows=rows, size=len(reply.body)))
    return reply


class Counted:
    """Rows counted while they pass, for deliveries whose size is known only at their end."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.rows = 0

    def batches(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Pass batches on and count their rows."""
        for batch in batches:
            self.rows += batch.num_rows
            yield batch

    def records(self, records: Iterable[Any]) -> Iterator[Any]:
        """Pass single records on and count them."""
        for record in records:
            self.rows += 1
            yield record


def noted_stream(
    log: DeliveryLog, delivery: Delivery, chunks: Iterator[bytes], counted: Counted | None = None
) -> Iterator[bytes]:
    """Pass a stream on and note at its end, or where it broke off, what of it was sent."""
    size, is_whole = 0, False
    try:
        for chunk in chunks:
            size += len(chunk)
            yield chunk
        is_whole = True
    finally:
        rows = delivery.rows if counted is None else counted.rows
        log.note(replace(delivery, rows=rows, size=size, is_whole=is_whole))

"""Use cases of deliveries: the county sees all, every other caller those to the own unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from heli_registry.deliveries import repository
from heli_shared.db.types import instant_text
from heli_shared.kernel.clock import CIVIL_ZONE
from heli_shared.kernel.pages import decode_cursor, encode_cursor
from heli_shared.records.calls import RecordCall

AUDIT = "deliveries:audit"


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A page of deliveries, newest first, and the rows that all of them carried."""

    items: list[dict[str, Any]]
    next: str | None
    total: int
    rows: int


def list_deliveries(
    call: RecordCall, given: Mapping[str, Any], *, since: date | None, cursor: str | None, limit: int
) -> DeliveryPage:
    """Return a page of the deliveries that the caller may see."""
    principal = call.principal
    own: dict[str, Any] = {}
    if not (principal.may(AUDIT) and principal.scope.everything):
        own = {"unit": principal.unit} if principal.unit else {"principal": principal.id}
        if any(given.get(name) not in (None, value) for name, value in own.items()):
            return DeliveryPage([], None, 0, 0)
    after = decode_cursor(cursor, str)[0] if cursor else None
    start = None if since is None else datetime.combine(since, time(), CIVIL_ZONE)
    found, total, rows = repository.page(
        call.session, given={**given, **own}, since=start, after=after, limit=limit + 1
    )
    items = [shown(row) for row in found[:limit]]
    return DeliveryPage(items, encode_cursor(items[-1]["id"]) if len(found) > limit else None, total, rows)


def shown(row: Any) -> dict[str, Any]:
    """Return a stored delivery as the API shows it."""
    return {
        "id": row.id,
        "delivered_at": instant_text(row.delivered_at),
        "channel": row.channel,
        "resource": row.resource,
        "principal": row.principal,
        "unit": row.unit,
        "purpose": row.purpose,
        "purpose_source": row.purpose_source,
        "filters": row.filters,
        "rows": row.row_count,
        "bytes": row.byte_count,
        "epoch": row.epoch,
        "seq": row.seq,
        "is_whole": row.is_whole,
    }

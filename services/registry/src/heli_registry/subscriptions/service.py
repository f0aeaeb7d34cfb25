"""Subscriptions as the registry serves them: addresses that may be called, shared kinds, a secret shown once."""

import secrets
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from heli_registry.identity.roles import permissions_of
from heli_registry.people.cipher import PersonalCipher
from heli_registry.references import check_references
from heli_registry.subscriptions import repository
from heli_registry.subscriptions.domain import UrlRefused, target_of
from heli_registry.subscriptions.models import SUBSCRIPTION
from heli_shared.db.types import instant_text
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput, NotFound
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.reading import Record
from heli_shared.records.service import Resource
from heli_shared.records.writing import Write

RECEIVER_ROLES = ("exchange",)
"""A receiver sees what its unit's clients would see."""
SECRET_FIELD = "webhook_secret"  # noqa: S105 - the name of a field
_SECRET_BYTES = 32


def subscriptions_resource(allowed: Collection[str], plurals: Collection[str]) -> Resource:
    """Return subscriptions to these kinds, with the hosts that the settings allow."""

    def check(
        call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
    ) -> None:
        check_references(call, SUBSCRIPTION, before=before, after=after)
        faults = [*_url_faults(after["url"], allowed), *_kind_faults(after["kinds"], plurals)]
        if faults:
            raise InvalidInput(
                "订阅有误，请按 errors 核对。", "The subscription is not right; see `errors`.", errors=faults
            )

    return Resource(
        SUBSCRIPTION, no_conditions, check=check, shown=with_progress, filters=equality_filters(SUBSCRIPTION)
    )


def _url_faults(url: str, allowed: Collection[str]) -> list[FieldProblem]:
    try:
        target_of(url, allowed=allowed)
    except UrlRefused as refused:
        return [FieldProblem("/url", refused.zh, refused.en)]
    return []


def _kind_faults(kinds: Collection[str], plurals: Collection[str]) -> list[FieldProblem]:
    shared = sorted(plural for plural in plurals if f"{plural}:read" in permissions_of(RECEIVER_ROLES))
    if kinds and all(kind in shared for kind in kinds):
        return []
    listed = ", ".join(shared)
    return [FieldProblem("/kinds", f"可订阅的资源：{listed}", f"kinds that can be subscribed to: {listed}")]


def with_progress(call: RecordCall, records: list[Record]) -> list[Record]:
    """Show subscriptions with how far they were served and what went wrong last; never the secret."""
    keys = [record["id"] for record in records]
    cursors = repository.cursors(call.session, keys)
    return [{**record, **_progress(call, record["id"], cursors.get(record["id"]))} for record in records]


def _progress(call: RecordCall, key: str, cursor: Any | None) -> dict[str, Any]:
    row = repository.subscription(call.session, key)
    return {
        "has_secret": row is not None and row.secret_set_at is not None,
        "delivered_up_to": None if cursor is None else cursor.seq,
        "delivered_at": instant_text(cursor.delivered_at) if cursor is not None and cursor.delivered_at else None,
        "attempts": 0 if cursor is None else cursor.attempts,
        "last_error": None if cursor is None else cursor.last_error,
    }


def rotate_secret(call: RecordCall, record: Record, cipher: PersonalCipher) -> str:
    """Give a subscription a fresh secret, which is returned this once; the ledger notes that it happened."""
    if record["state"] != "open":
        raise Conflict("订阅已关闭，不能设置密钥。", "The subscription is closed and can have no secret.")
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    sealed = cipher.seal(secret, person=record["id"], field=SECRET_FIELD)
    private = {"sealed_secret": sealed, "secret_set_at": call.clock.now()}
    call.write([Write(SUBSCRIPTION, record["id"], "change", call.effective_day(None), {}, private)])
    return secret


def list_letters(call: RecordCall, given: Mapping[str, Any], *, cursor: str | None, limit: int) -> Page[dict[str, Any]]:
    """Return a page of dead letters, newest first."""
    after = decode_cursor(cursor, str)[0] if cursor else None
    rows, total = repository.page_of_letters(call.session, given=given, after=after, limit=limit + 1)
    items = [shown_letter(row) for row in rows[:limit]]
    return Page(items, encode_cursor(items[-1]["id"]) if len(rows) > limit else None, total)


def redeliver(call: RecordCall, key: str) -> dict[str, Any]:
    """Let a dead letter be tried once more; Conflict when it was taken, or is under way."""
    found = repository.find_letter(call.session, key, lock=True)
    if found is None:
        raise NotFound(f"没有编号为 {key} 的未送达推送。", f"There is no dead letter {key}.")
    if found.state != "dead":
        raise Conflict(
            "该推送已送达或正在重试。", "This push was delivered or is being tried again.", data={"state": found.state}
        )
    repository.queue_letter(call.session, key)
    return {**shown_letter(found), "state": "queued"}


def shown_letter(row: Any) -> dict[str, Any]:
    """Return a dead letter as the API shows it."""
    return {
        "id": row.id,
        "subscription": row.subscription,
        "epoch": row.epoch,
        "after": row.after_seq,
        "until": row.until_seq,
        "entries": row.entries,
        "attempts": row.attempts,
        "error": row.error,
        "state": row.state,
        "created_at": instant_text(row.created_at),
        "redelivered_at": instant_text(row.redelivered_at) if row.redelivered_at else None,
    }

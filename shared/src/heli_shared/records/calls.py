"""Calls on a service with a database: the session, the ledger, and replies kept under idempotency keys."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from fastapi import Request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from starlette.responses import Response

from heli_shared.db.engine import transaction
from heli_shared.db.types import Instant
from heli_shared.kernel.access import Principal, Scope
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import BadRequest, Conflict, InvalidInput, Unavailable
from heli_shared.ledger.entries import Author, Entry
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.writing import Write, write
from heli_shared.web.calls import PUBLIC, Call, check_permission

NOBODY = Principal("", "", "person", None, (), frozenset(), Scope())
_MAX_KEY = 200


def idempotency_table(metadata: sa.MetaData) -> sa.Table:
    """Define the table of replies given under idempotency keys, in the same database as their effects."""
    return sa.Table(
        "idempotency_keys",
        metadata,
        sa.Column("principal", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("request_digest", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
    )


@dataclass
class RecordCall(Call):
    """A call with a session (one transaction) on a database that keeps a ledger."""

    session: Session
    ledger: LedgerTables
    replies: sa.Table
    earlier: Response | None = None
    pending_key: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)
    written: frozenset[str] | None = None
    """The fields that the change at hand writes, for its checks; None where they are not known."""
    beside: "Beside | None" = None

    @property
    def author(self) -> Author:
        """Return who writes, for the ledger."""
        return Author(self.principal.id, self.principal.unit)

    def write(self, writes: list[Write]) -> list[Entry]:
        """Append and apply writes as this call's principal, and what goes beside them; the last act of the call."""
        rest = self.beside(self, writes) if self.beside else None
        entries = write(self.session, self.ledger, writes, author=self.author, clock=self.clock)
        if rest is not None:
            rest()
        return entries

    def effective_day(self, given: date | None) -> date:
        """Return the day from which a change holds: the given one or today; a day to come is refused."""
        today = self.clock.today()
        if given is not None and given > today:
            raise InvalidInput(
                f"生效日期 {given} 晚于今天 {today}：只能登记已经发生的变化。",
                f"The day of effect {given} lies after today, {today}: only what has happened can be recorded.",
            )
        return given or today

    def earlier_reply(self) -> Response | None:
        """Return the reply given before under the same Idempotency-Key."""
        return self.earlier

    def keep_reply(self, response: Response) -> None:
        """Store the reply beside its effect, in the same transaction."""
        if self.pending_key is None:
            return
        table = self.replies
        shown = {
            name: value for name, value in response.headers.items() if name in ("etag", "location", "content-type")
        }
        self.session.execute(
            sa.update(table)
            .where(table.c.principal == self.principal.id, table.c.key == self.pending_key)
            .values(status=response.status_code, headers=_header_text(shown), body=bytes(response.body))
        )


Beside = Callable[[RecordCall, list[Write]], Callable[[], None] | None]
"""Looks at writes before they are made, may refuse them, and returns what is to be written after them, if anything."""


@dataclass(frozen=True)
class RecordCalls:
    """Opens calls on one database; `recognise` finds the principal of a request within the call's own session.

    `beside` sees every write of every call.
    """

    engine: sa.Engine
    ledger: LedgerTables
    replies: sa.Table
    clock: Clock
    recognise: Callable[[Request, Session], Principal]
    beside: Beside | None = None

    @contextmanager
    def open(self, request: Request, *, permission: str, writes: bool) -> Iterator[RecordCall]:
        """Open a call in a transaction of its own; busy databases are a 503 with Retry-After."""
        try:
            with transaction(self.engine, writes=writes) as session:
                yield self._prepared(request, session, permission=permission, writes=writes)
        except (OperationalError, PoolTimeoutError) as error:
            raise Unavailable(
                "数据库正忙，请稍后重试。", "The database is busy; try again in a moment.", retry_after=2
            ) from error

    def _prepared(self, request: Request, session: Session, *, permission: str, writes: bool) -> RecordCall:
        principal = NOBODY if permission == PUBLIC else self.recognise(request, session)
        check_permission(principal, permission)
        call = RecordCall(request, principal, self.clock, session, self.ledger, self.replies, beside=self.beside)
        key = request.headers.get("idempotency-key") if writes and request.method == "POST" else None
        if key is not None and permission != PUBLIC:
            self._claim(call, key)
        return call

    def _claim(self, call: RecordCall, key: str) -> None:
        """Take a key for this call, or find the reply that was given under it."""
        if not (1 <= len(key) <= _MAX_KEY and key.isascii() and key.isprintable()):
            raise BadRequest(
                "Idempotency-Key 应为 1 至 200 个可打印 ASCII 字符。",
                "Idempotency-Key must have 1 to 200 printable ASCII characters.",
            )
        table, digest = self.replies, _request_digest(call.request)
        row = {"principal": call.principal.id, "key": key, "request_digest": digest, "status": 0, "headers": "",
               "body": b"", "created_at": self.clock.now()}  # fmt: skip
        try:
            with call.session.begin_nested():
                call.session.execute(sa.insert(table).values(**row))
        except IntegrityError:
            here = (table.c.principal == call.principal.id, table.c.key == key)
            found = call.session.execute(sa.select(table).where(*here)).one()
            call.earlier = _replayed(found, digest)
            return
        call.pending_key = key


def _replayed(found: Any, digest: str) -> Response:
    if found.request_digest != digest:
        raise InvalidInput(
            "该 Idempotency-Key 已用于内容不同的请求，请换一个新的键。",
            "This Idempotency-Key was used for a different request; take a new one.",
        )
    if found.status == 0:
        raise Conflict(
            "同一请求正在处理，请稍后重试。", "The same request is being worked on; try again.", retry_after=1
        )
    headers = dict(line.split(": ", 1) for line in found.headers.split("\n") if line)
    return Response(found.body, found.status, {**headers, "Idempotency-Replayed": "true"})


def _header_text(headers: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers.items())


def _request_digest(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(getattr(request, "_body", b""))
    form = getattr(request, "_form", None)
    for name, value in form.multi_items() if form is not None else ():
        digest.update(f"\n{name}\n".encode())
        if isinstance(value, str):
            digest.update(value.encode())
        else:
            digest.update(hashlib.file_digest(value.file, "sha256").digest())
            value.file.seek(0)
    return digest.hexdigest()

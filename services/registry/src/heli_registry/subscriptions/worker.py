"""The push worker: the ledger itself is the outbox, a cursor for each subscription says what of it was taken.

A cursor moves only after the receiver took a push, so a crash at any moment means that a push comes once more, never
that one is lost. Where a push ends is fixed before it is sent: repeated, it is the same push under the same id.
"""

import os
import random
import secrets
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from heli_registry.identity.roles import permissions_of
from heli_registry.identity.service import scope_of_unit
from heli_registry.people.cipher import PersonalCipher
from heli_registry.subscriptions import repository
from heli_registry.subscriptions.domain import (
    MAX_ATTEMPTS,
    MOST_ENTRIES,
    UrlRefused,
    pause_seconds,
    signature_of,
    target_of,
)
from heli_registry.subscriptions.sending import NotTaken, Sender
from heli_registry.subscriptions.service import RECEIVER_ROLES, SECRET_FIELD
from heli_shared.db.engine import transaction
from heli_shared.kernel.access import Principal
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.appending import Head, read_head
from heli_shared.ledger.reading import cursor_text, page_after
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.deliveries import Delivery, DeliveryLog
from heli_shared.records.feed import entries_shown
from heli_shared.records.scoped_feed import Source, Stretch, told_of
from heli_shared.records.service import Resource
from heli_shared.records.sight import Sights

log = structlog.get_logger()
_PAUSE_SECONDS = 1.0
_STOP_SECONDS = 15.0
_LOOKED_THROUGH = 100_000


@dataclass(frozen=True, slots=True)
class _Push:
    """One push as it goes out; `entries` 0 when nothing in its stretch of the ledger is for the receiver."""

    event: str
    body: bytes
    entries: int


class PushWorker:
    """Serves the subscriptions of one database; `start` and `stop` belong into the service's lifespan."""

    def __init__(  # noqa: PLR0913 - made once, always by name
        self,
        engine: sa.Engine,
        ledger: LedgerTables,
        resources: Mapping[str, Resource],
        *,
        cipher: PersonalCipher,
        sender: Sender,
        log: DeliveryLog,
        clock: Clock,
        sights: Sights,
        allowed: Collection[str] = (),
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Set up a worker over resources by entity; `chance` spreads the pauses between attempts."""
        self._engine = engine
        self._ledger = ledger
        self._resources = resources
        self._sights = sights
        self._cipher = cipher
        self._sender = sender
        self._deliveries = log
        self._clock = clock
        self._allowed = allowed
        self._chance = chance
        self._name = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to push in a thread of its own."""
        self._thread = threading.Thread(target=self._work, name="pushes", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the present push."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = self.run_due() > 0
            except (OperationalError, PoolTimeoutError):  # the database is busy or away: the cursors are still there
                busy = False
            if not busy:
                self._stopping.wait(_PAUSE_SECONDS)

    def run_due(self) -> int:
        """Make every push that is due now, once, in this thread, and return how many were attempted."""
        with transaction(self._engine, writes=False) as session:
            head = read_head(session, self._ledger)
            due = [row for row in repository.open_subscriptions(session) if self._is_due(row, head)]
            letters = repository.queued_letters(session, self._clock.now())
        attempted = sum(self._serve(row) for row in due if not self._stopping.is_set())
        return attempted + sum(self._serve_letter(row) for row in letters if not self._stopping.is_set())

    def _is_due(self, row: Any, head: Head) -> bool:
        if row.seq is None or row.epoch != head.epoch:
            return True
        now = self._clock.now()
        is_free = row.lease_until is None or row.lease_until < now
        return is_free and row.seq < head.seq and (row.next_attempt_at is None or row.next_attempt_at <= now)

    def _serve(self, row: Any) -> int:
        """Push what comes next for one subscription; 0 when there is nothing for it or another has its turn."""
        with transaction(self._engine, writes=False) as session:
            head = read_head(session, self._ledger)
            is_new = row.seq is None or row.epoch != head.epoch
            # After a restore nobody knows what the receiver had: it begins again where its subscription did.
            after = repository.first_seq(session, row.id) if is_new else int(row.seq)
            begun_until = None if is_new else row.batch_until
            until = begun_until or self._end_of_push(session, row.kinds, after, head)
            push = self._push(session, row, head.epoch, after=after, until=until)
        if is_new:
            with transaction(self._engine, writes=True) as session:
                repository.start_cursor(session, row.id, epoch=head.epoch, seq=after)
        if push.entries == 0 and until - after < MOST_ENTRIES:
            return 0  # nothing to send, and not worth a write to note that nothing was there
        with transaction(self._engine, writes=True) as session:
            cursor = repository.claim(
                session, row.id, worker=self._name, now=self._clock.now(), after=after, until=until
            )
            if cursor is not None and push.entries == 0:
                repository.advance(session, row.id, worker=self._name, seq=until, now=None)
        if cursor is None or push.entries == 0:
            return 0
        self._settle(row, cursor, push, self._attempt(row, push))
        return 1

    def _end_of_push(self, session: Session, kinds: Collection[str], after: int, head: Head) -> int:
        up_to = min(head.seq, after + _LOOKED_THROUGH)
        rows = page_after(session, self._ledger, after, MOST_ENTRIES, entities=self._entities(kinds), up_to=up_to)
        return int(rows[-1].seq) if len(rows) == MOST_ENTRIES else up_to

    def _entities(self, kinds: Collection[str]) -> tuple[str, ...]:
        """Return the entities whose entries tell a receiver about these kinds."""
        return tuple(sorted(self._sights.behind(self._chosen(kinds)))) or ("-",)

    def _chosen(self, kinds: Collection[str]) -> list[str]:
        return [entity for entity, each in self._resources.items() if each.kind.plural in kinds] or ["-"]

    def _receiver(self, session: Session, row: Any) -> Principal:
        scope, permissions = scope_of_unit(session, RECEIVER_ROLES, row.unit), permissions_of(RECEIVER_ROLES)
        # Never `ledger:read`: a receiver gets the kinds it asked for, as its unit's clients see them.
        return Principal(row.id, row.id, "client", row.unit, RECEIVER_ROLES, permissions - {"ledger:read"}, scope)

    def _push(self, session: Session, row: Any, epoch: str, *, after: int, until: int) -> _Push:
        rows = page_after(
            session, self._ledger, after, 2 * MOST_ENTRIES, entities=self._entities(row.kinds), up_to=until
        )
        source = Source(session, self._ledger, self._resources, self._sights)
        told = told_of(source, self._receiver(session, row), rows, Stretch(after, until, self._chosen(row.kinds)))
        event = f"{row.id}-{epoch}-{after}-{until}"
        content = {
            "id": event,
            "subscription": row.id,
            "epoch": epoch,
            "after": cursor_text(epoch, after),
            "next": cursor_text(epoch, until),
            "items": entries_shown(session, self._ledger, self._resources, told, form="patch"),
        }
        return _Push(event, orjson.dumps(content), len(told))

    def _attempt(self, row: Any, push: _Push) -> str | None:
        """Send a push and return None when it was taken, otherwise why not."""
        timestamp = int(self._clock.now().timestamp())
        secret = self._cipher.open(row.sealed_secret, person=row.id, field=SECRET_FIELD)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "heli",
            "Heli-Event-Id": push.event,
            "Heli-Signature": signature_of(secret, event=push.event, timestamp=timestamp, body=push.body),
        }
        try:
            self._sender.send(target_of(row.url, allowed=self._allowed), headers, push.body)
        except UrlRefused as refused:
            return refused.en
        except NotTaken as error:
            return str(error)
        return None

    def _settle(self, row: Any, cursor: Any, push: _Push, error: str | None) -> None:
        now, attempts = self._clock.now(), cursor.attempts + 1
        with transaction(self._engine, writes=True) as session:
            if error is None:
                repository.advance(session, row.id, worker=self._name, seq=cursor.batch_until, now=now)
            elif attempts < MAX_ATTEMPTS:
                until = now + timedelta(seconds=pause_seconds(attempts, self._chance()))
                repository.postpone(session, row.id, worker=self._name, attempts=attempts, until=until, error=error)
            else:
                letter = {
                    "id": new_id("ltr"), "subscription": row.id, "epoch": cursor.epoch, "after_seq": cursor.seq,
                    "until_seq": cursor.batch_until, "entries": push.entries, "attempts": attempts, "error": error,
                    "state": "dead", "created_at": now,
                }  # fmt: skip
                repository.bury(session, letter)
                repository.advance(session, row.id, worker=self._name, seq=cursor.batch_until, now=None)
        if error is None:
            self._note(row, push, epoch=cursor.epoch, seq=cursor.batch_until)
        else:
            log.warning("push_not_taken", subscription=row.id, attempts=attempts, error=error)

    def _serve_letter(self, letter: Any) -> int:
        """Try a dead letter once more, as it was."""
        with transaction(self._engine, writes=True) as session:
            if not repository.claim_letter(session, letter.id, worker=self._name, now=self._clock.now()):
                return 0
        with transaction(self._engine, writes=False) as session:
            row = repository.subscription(session, letter.subscription)
            is_over = row is None or row.state != "open" or row.sealed_secret is None
            is_over = is_over or read_head(session, self._ledger).epoch != letter.epoch
            push = None if is_over else self._push(
                session, row, letter.epoch, after=letter.after_seq, until=letter.until_seq
            )  # fmt: skip
        error = "the subscription is closed, or the ledger was restored" if push is None else self._attempt(row, push)
        with transaction(self._engine, writes=True) as session:
            state = "delivered" if error is None else "dead"
            repository.settle_letter(session, letter.id, state=state, error=error, now=self._clock.now())
        if push is not None and error is None:
            self._note(row, push, epoch=letter.epoch, seq=letter.until_seq)
        return 1

    def _note(self, row: Any, push: _Push, *, epoch: str, seq: int) -> None:
        self._deliveries.note(
            Delivery(
                "webhook", ",".join(sorted(row.kinds)), row.id, row.unit, row.purpose,
                {"event": push.event}, push.entries, len(push.body), epoch, seq,
            )
        )  # fmt: skip

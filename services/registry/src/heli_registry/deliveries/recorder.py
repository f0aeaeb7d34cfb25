"""The recorder: deliveries are put into a queue and written by a thread of its own, so that no answer waits for them.

What is noted is written within a moment, when the service stops, and whenever somebody asks for the list. While the
database is busy it stays in the queue.
"""

import threading
from collections import deque
from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from heli_registry.agreements.service import agreed_purpose
from heli_registry.deliveries import repository
from heli_shared.db.engine import transaction
from heli_shared.kernel.access import Principal
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import InvalidInput, Unavailable
from heli_shared.kernel.ids import new_id
from heli_shared.records.deliveries import Delivery

log = structlog.get_logger()
_PAUSE_SECONDS = 0.5
_STOP_SECONDS = 5.0
_AT_ONCE = 500
INTERNAL = "服务间同步 between Heli's own services"


class DeliveryRecorder:
    """Takes deliveries down in one database; `start` and `stop` belong into the service's lifespan."""

    def __init__(self, engine: sa.Engine, *, clock: Clock, purpose_required: bool = False) -> None:
        """Set up a recorder; with `purpose_required` department clients must say what they take data for."""
        self._engine = engine
        self._clock = clock
        self._purpose_required = purpose_required
        self._queue: deque[tuple[str, datetime, Delivery]] = deque()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write in a thread of its own."""
        self._thread = threading.Thread(target=self._work, name="deliveries", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what is left and stop."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        with suppress(OperationalError, PoolTimeoutError):
            self.flush()

    def check_purpose(self, principal: Principal, resource: str, purpose: str | None) -> None:
        """Refuse a department's client that neither states a purpose nor has one agreed, where that is required."""
        if not self._purpose_required or purpose is not None or "exchange" not in principal.roles:
            return
        with transaction(self._engine, writes=False) as session:
            if self._agreed(session, principal.unit, resource) is not None:
                return
        raise InvalidInput(
            "请说明用途：加上参数 purpose=…，或请管理员为贵单位登记共享用途（sharing-agreements）。",
            "Say what the data is for: add purpose=…, or have an agreement of your unit recorded (sharing-agreements).",
        )

    def note(self, delivery: Delivery) -> None:
        """Take a delivery down soon."""
        self._queue.append((new_id("dlv"), self._clock.now(), delivery))
        self._wake.set()

    def flush(self) -> None:
        """Write everything that was noted up to now."""
        with self._writing:
            while self._queue:
                taken = [self._queue.popleft() for _ in range(min(len(self._queue), _AT_ONCE))]
                try:
                    with transaction(self._engine, writes=True) as session:
                        repository.insert(session, [self._row(session, *each) for each in taken])
                except BaseException:
                    self._queue.extendleft(reversed(taken))
                    raise

    def settle(self) -> None:
        """Write everything that was noted up to now, for somebody who asks; Unavailable while the database is busy."""
        try:
            self.flush()
        except (OperationalError, PoolTimeoutError) as error:
            raise Unavailable(
                "数据库正忙，请稍后重试。", "The database is busy; try again in a moment.", retry_after=2
            ) from error

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait()
            self._wake.clear()
            try:
                self.flush()
            except (OperationalError, PoolTimeoutError):  # the database is busy or away: the queue waits
                log.warning("deliveries_wait", count=len(self._queue))
                self._stopping.wait(_PAUSE_SECONDS)
                self._wake.set()

    def _agreed(self, session: Session, unit: str | None, resource: str) -> str | None:
        return None if unit is None else agreed_purpose(session, unit, resource, self._clock.today())

    def _row(self, session: Session, key: str, at: datetime, delivery: Delivery) -> dict[str, Any]:
        purpose, source = self._purpose(session, delivery)
        return {
            "id": key,
            "delivered_at": at,
            "channel": delivery.channel,
            "resource": delivery.resource,
            "principal": delivery.principal,
            "unit": delivery.unit,
            "purpose": purpose,
            "purpose_source": source,
            "filters": dict(delivery.filters),
            "row_count": delivery.rows,
            "byte_count": delivery.size,
            "epoch": delivery.epoch,
            "seq": delivery.seq,
            "is_whole": delivery.is_whole,
        }

    def _purpose(self, session: Session, delivery: Delivery) -> tuple[str | None, str]:
        if delivery.purpose is not None:
            return delivery.purpose, "stated"
        agreed = self._agreed(session, delivery.unit, delivery.resource)
        if agreed is not None:
            return agreed, "agreed"
        if "service" in repository.roles_of(session, delivery.principal):
            return INTERNAL, "internal"
        return None, "none"

"""The keeper: a thread that keeps each day's counts once, so that the series has no holes when nobody asks."""

import threading

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from heli_registry.quality import series
from heli_registry.quality.service import count_day, keep_day
from heli_shared.db.engine import transaction
from heli_shared.kernel.clock import Clock
from heli_shared.ledger.tables import LedgerTables

log = structlog.get_logger()
_FIRST_LOOK_SECONDS = 120.0
_PAUSE_SECONDS = 1_800.0
_STOP_SECONDS = 10.0


class QualityKeeper:
    """Keeps today's counts when they are not kept yet; several processes may do so, one of them wins."""

    def __init__(self, engine: sa.Engine, ledger: LedgerTables, *, clock: Clock) -> None:
        """Count in the database of `engine`; nothing happens before `start`."""
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look now and then."""
        self._thread = threading.Thread(target=self._work, name="quality", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)

    def _work(self) -> None:
        pause = _FIRST_LOOK_SECONDS
        while not self._stopping.wait(pause):
            pause = _PAUSE_SECONDS
            try:
                self.keep_today()
            except (OperationalError, IntegrityError) as error:
                # The database is busy, or another process was quicker: there is another look in half an hour.
                log.info("quality_not_kept", error=type(error).__name__)

    def keep_today(self) -> bool:
        """Keep today's counts and say whether that was needed."""
        today = self._clock.today()
        with transaction(self._engine, writes=False) as session:
            if series.has_day(session, today):
                return False
            counts = count_day(session, self._ledger, today=today, on=today)  # no lock is held while counting
        with transaction(self._engine, writes=True) as session:
            kept = keep_day(session, counts, today=today)
        log.info("quality_kept", day=kept.day.isoformat(), lines=kept.lines)
        return True

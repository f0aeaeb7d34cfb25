"""The loop that reads the sources again and again in the background."""

import threading
from concurrent.futures import ThreadPoolExecutor

import structlog

from heli_reporting.intake.service import Intake

log = structlog.get_logger()


class SyncLoop:
    """Reads the sources every `seconds`, the first time at once; 0 does nothing."""

    def __init__(self, intake: Intake, seconds: float) -> None:
        """Prepare the loop; `start` lets it run."""
        self._intake = intake
        self._seconds = seconds
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin reading in a thread of its own."""
        if self._seconds > 0:
            self._thread = threading.Thread(target=self._run, name="sync-loop", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop after the reading that is under way, and wait for it."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        # Each reading is its own task, so that one that fails unexpectedly is logged and the next one still comes.
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="sync") as pool:
            while not self._stopping.is_set():
                failure = pool.submit(self._intake.sync).exception()
                if failure is not None:
                    log.error("sync_failed", error=type(failure).__name__, exc_info=failure)
                self._stopping.wait(self._seconds)

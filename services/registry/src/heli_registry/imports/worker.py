"""The worker: takes imports from the queue one after another, in a thread of the service, and survives crashes.

A job is held under a lease that a heartbeat prolongs. When the process dies, the lease runs out, and the next worker
starts the job over from its file: until the one transaction at its end, an import has changed nothing.
"""

import gc
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from heli_registry.imports import repository
from heli_registry.imports.applying import LostJobError, StaleCheckError, apply, found_by
from heli_registry.imports.checking import Checked, Checker
from heli_registry.imports.domain import MAX_ATTEMPTS, Counts, Found, ImportJob
from heli_registry.imports.targets import RESOURCES
from heli_shared.db.engine import transaction
from heli_shared.db.loading import refresh_statistics
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import DomainError
from heli_shared.ledger.appending import lock_head
from heli_shared.ledger.tables import LedgerTables
from heli_shared.lists.previews import KEPT_DAYS, why_all_refused, why_other_outcome

log = structlog.get_logger()
_BEAT_SECONDS = 1.5
_PAUSE_SECONDS = 1.0
_SHORT_PAUSE_SECONDS = 0.02
_EAGER_LOOKS = 20
_CHECKS = 6
_MANY_ROWS = 1_000
"""From so many written records on, the database is told to look at its tables anew."""
_STOP_SECONDS = 20.0
_TIDY_EVERY = timedelta(hours=1)


class _StoppedError(Exception):
    """The job was cancelled, lost, or the service is going down."""


class ImportWorker:
    """Works through the queue of one database; `start` and `stop` belong into the service's lifespan."""

    def __init__(
        self, engine: sa.Engine, ledger: LedgerTables, *, folder: Path, clock: Clock, kept_days: int = KEPT_DAYS
    ) -> None:
        """Set up a worker over a database and the folder of uploaded files; previews are kept for so many days."""
        self._engine = engine
        self._ledger = ledger
        self._folder = folder
        self._clock = clock
        self._kept = timedelta(days=kept_days)
        self._tidied_at: datetime | None = None
        self._name = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work in a thread of its own."""
        self._thread = threading.Thread(target=self._work, name="imports", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the present chunk; a job that is not through goes back to the queue."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)

    def wake(self) -> None:
        """Look into the queue at once: something was put there."""
        self._wake.set()

    def run_pending(self) -> int:
        """Work through what is queued now, in this thread, and return how many jobs that were."""
        count = 0
        while not self._stopping.is_set() and self._run_next():
            count += 1
        return count

    def _work(self) -> None:
        eager = 0  # whoever wakes us has yet to commit: look again soon, a few times
        while not self._stopping.is_set():
            try:
                busy = self._run_next()
                if not busy:
                    self._tidy_now_and_then()
            except OperationalError:  # the database is busy or away: the queue is still there in a moment
                busy = False
            if busy:
                continue
            woken = self._wake.wait(_SHORT_PAUSE_SECONDS if eager else _PAUSE_SECONDS)
            self._wake.clear()
            eager = _EAGER_LOOKS if woken else max(eager - 1, 0)

    def _tidy_now_and_then(self) -> None:
        now = self._clock.now()
        if self._tidied_at is None or not timedelta() <= now - self._tidied_at < _TIDY_EVERY:
            self.tidy()
            self._tidied_at = now

    def tidy(self) -> None:
        """Throw away files that nobody needs any more, and cells and previews whose time is over."""
        horizon = self._clock.now() - self._kept
        with transaction(self._engine, writes=True) as session:
            repository.forget_cells(session, before=horizon)
            wanted = repository.list_files(session, since=horizon)
        for path in self._folder.glob("imp-*"):
            if path.name not in wanted and _is_old(path):
                path.unlink(missing_ok=True)

    def _run_next(self) -> bool:
        with transaction(self._engine, writes=False) as session:  # looking costs no write lock
            if not repository.has_work(session, self._clock.now()):
                return False
        with transaction(self._engine, writes=True) as session:
            job = repository.claim(session, self._name, self._clock.now())
        if job is None:
            return False
        self._run(job)
        return True

    def _run(self, job: ImportJob) -> None:
        if job.attempts > MAX_ATTEMPTS:
            self._fail(job, "导入多次中断，已停止；请检查文件后重新上传。", "Interrupted too often; upload it anew.")
            return
        try:
            with self._beating(job) as pulse, _rare_collections():
                self._check_and_apply(job, pulse)
            log.info("import_done", id=job.id, kind=job.kind)
        except DomainError as error:
            found = [f"{each.pointer} {each.zh}" for each in error.errors]
            self._fail(job, "；".join([error.zh, *found]), error.en)
        except (_StoppedError, LostJobError):
            self._step_aside(job)
        except OperationalError:
            with suppress(OperationalError), transaction(self._engine, writes=True) as session:
                repository.release(session, job.id, self._name)
            raise
        except Exception as error:  # one bad file must not end the worker: the job says that it failed
            log.exception("import_failed", id=job.id, kind=job.kind, error=type(error).__name__)
            self._fail(job, "导入时发生内部错误，已记录；未作任何改动。", "An internal error; nothing was changed.")
        self._forget_file(job)

    def _check_and_apply(self, job: ImportJob, pulse: "_Pulse") -> None:
        for _ in range(_CHECKS):
            with transaction(self._engine, writes=False) as session:
                checked = self._check(session, job, pulse)
            try:
                self._end(job, checked)
            except StaleCheckError:
                continue
            finally:
                checked.effects.close()
            return
        # Others keep writing the same records: check once more, with everybody else held back.
        with transaction(self._engine, writes=True) as session:
            lock_head(session, self._ledger)
            checked = self._check(session, job, pulse)
            if _why_not(job, checked) is None:
                apply(session, self._ledger, job=job, worker=self._name, checked=checked, clock=self._clock)
        if _why_not(job, checked) is not None:
            self._end_unapplied(job, checked)
        else:
            self._refresh_statistics(job, checked)
        checked.effects.close()

    def _check(self, session: Session, job: ImportJob, pulse: "_Pulse") -> Checked:
        checker = Checker(session, self._ledger, job=job, clock=self._clock, watch=pulse.note)
        return checker.check(self._folder / job.file)

    def _end(self, job: ImportJob, checked: Checked) -> None:
        if job.dry_run or _why_not(job, checked) is not None:
            self._end_unapplied(job, checked)
            return
        with transaction(self._engine, writes=True) as session:
            apply(session, self._ledger, job=job, worker=self._name, checked=checked, clock=self._clock)
        self._refresh_statistics(job, checked)

    def _refresh_statistics(self, job: ImportJob, checked: Checked) -> None:
        if len(checked.keys) < _MANY_ROWS:
            return
        kind = RESOURCES[job.kind].kind
        index = (kind.index.entries, kind.index.tokens) if kind.index else ()
        with transaction(self._engine, writes=True) as session:
            refresh_statistics(session, (kind.table, *index, self._ledger.entries))

    def _end_unapplied(self, job: ImportJob, checked: Checked) -> None:
        error = _why_not(job, checked)
        with transaction(self._engine, writes=True) as session:
            if not repository.hold(session, job.id, self._name):
                raise LostJobError
            repository.add_refusals(session, job.id, checked.effects.refused())
            if job.dry_run:
                repository.add_effects(session, job.id, checked.effects.effects())
            counts = checked.counts.nothing_applied() if error else checked.counts
            repository.finish(
                session,
                job.id,
                status="failed" if error else "done",
                now=self._clock.now(),
                found=found_by(checked, counts),
                error=error,
            )

    def _fail(self, job: ImportJob, zh: str, en: str) -> None:
        with transaction(self._engine, writes=True) as session:
            if repository.hold(session, job.id, self._name):
                error = {"zh": zh, "en": en}
                repository.finish(session, job.id, status="failed", now=self._clock.now(), error=error)

    def _step_aside(self, job: ImportJob) -> None:
        """Leave a job that was cancelled, or give it back when the service goes down."""
        with transaction(self._engine, writes=True) as session:
            found = repository.find(session, job.id)
            if found is not None and found.cancel_requested and found.status == "running":
                repository.finish(session, job.id, status="cancelled", now=self._clock.now(), found=Found(found.counts))
            else:
                repository.release(session, job.id, self._name)

    def _forget_file(self, job: ImportJob) -> None:
        with transaction(self._engine, writes=False) as session:
            found = repository.find(session, job.id)
        if found is None or not found.is_over:
            return
        is_applied = found.status == "done" and not found.dry_run
        if is_applied or (found.status != "done" and found.preview is None):
            (self._folder / job.file).unlink(missing_ok=True)

    @contextmanager
    def _beating(self, job: ImportJob) -> "Iterator[_Pulse]":
        pulse = _Pulse(self, job)
        thread = threading.Thread(target=pulse.beat, name="import-heartbeat", daemon=True)
        thread.start()
        try:
            yield pulse
        finally:
            pulse.over.set()
            thread.join()


class _Pulse:
    """The heartbeat of one running job, and what it learned: whether to stop."""

    def __init__(self, worker: ImportWorker, job: ImportJob) -> None:
        self._worker = worker
        self._job = job
        self._counts = Counts()
        self._lost = False
        self.over = threading.Event()

    def note(self, counts: Counts) -> None:
        """Take the progress; stop the job when it was cancelled or lost, or the service goes down."""
        self._counts = counts
        if self._lost or self._worker._stopping.is_set():  # noqa: SLF001 - the worker's own heartbeat
            raise _StoppedError

    def beat(self) -> None:
        """Prolong the lease until the job is over."""
        worker = self._worker
        while not self.over.wait(_BEAT_SECONDS):
            try:
                with transaction(worker._engine, writes=True) as session:  # noqa: SLF001 - as above
                    asked = repository.beat(
                        session,
                        self._job.id,
                        worker._name,  # noqa: SLF001
                        now=worker._clock.now(),  # noqa: SLF001
                        counts=self._counts,
                    )
            except OperationalError:  # somebody holds the write lock, often this very job: try again next time
                continue
            if asked is None or asked:
                self._lost = True


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let the garbage collector look less often: an import makes millions of objects and no circles of them."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _why_not(job: ImportJob, checked: Checked) -> dict[str, str] | None:
    """Return the reason, in both languages, for which nothing is to be applied, if there is one."""
    counts = checked.counts
    if job.dry_run:
        return None
    if job.expected is not None and job.expected != checked.effects.digest:
        return why_other_outcome(counts)
    if job.mode == "all_or_nothing" and counts.refused:
        return why_all_refused(counts.refused)
    return None


def _is_old(path: Path) -> bool:
    """Say whether a file has lain there long enough to belong to no upload that is still being written."""
    hour = 3_600
    return time.time() - path.stat().st_mtime > hour

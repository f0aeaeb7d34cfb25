"""The queue and the two halves of an import: leases, cancelling, stale checks, and bulk writes equal to single ones."""

import os
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from heli_registry.database import LEDGER
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.imports import repository
from heli_registry.imports.applying import StaleCheckError, apply
from heli_registry.imports.checking import Checker
from heli_registry.imports.domain import LEASE_SECONDS, MAX_ATTEMPTS, ImportJob
from heli_registry.imports.models import IMPORT_EFFECTS, IMPORT_REFUSALS
from heli_registry.imports.spool import Spool
from heli_registry.imports.worker import ImportWorker
from heli_registry.migrating import migrate_registry
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_shared.db.engine import make_engine, transaction
from heli_shared.kernel.access import Scope
from heli_shared.ledger.entries import Author, changes_text
from heli_shared.records.bulk import BulkWrite, _encode, write_bulk
from heli_shared.records.writing import Write, write
from registry.codes import code

AUTHOR = Author("prn-1", "unt-1")
LIST = "企业名称,统一社会信用代码,从业人数\n" + "".join(
    f"示例{number}有限公司,{code(number, '330106')},5\n" for number in range(5)
)


class Queue:
    """A queue on a fresh database, without a service around it."""

    def __init__(self, url, folder, clock):
        self.engine = make_engine(url)
        self.folder = folder
        self.clock = clock

    def worker(self):
        return ImportWorker(self.engine, LEDGER, folder=self.folder, clock=self.clock)

    def put(self, name="imp-1", content=LIST, *, kept=True, dry_run=False, **more):
        if kept:
            (self.folder / name).write_text(content, encoding="utf-8")
        job = ImportJob(
            id=name, kind="enterprises", file_name="list.csv", dry_run=dry_run, mode="accept_valid", effective_on=None,
            principal="prn-1", unit=None, scope=Scope(everything=True), created_at=self.clock.now(), **more,
        )  # fmt: skip
        with transaction(self.engine, writes=True) as session:
            repository.add(session, job)
        return job

    def claim(self, name):
        with transaction(self.engine, writes=True) as session:
            return repository.claim(session, name, self.clock.now())

    def job(self, name="imp-1"):
        with transaction(self.engine, writes=False) as session:
            return repository.find(session, name)

    def count(self):
        with transaction(self.engine, writes=False) as session:
            return session.execute(sa.select(sa.func.count()).select_from(ENTERPRISE.table)).scalar_one()

    def write(self, *writes):
        with transaction(self.engine, writes=True) as session:
            write(session, LEDGER, writes, author=AUTHOR, clock=self.clock)


@pytest.fixture
def queue(databases, tmp_path, clock):
    made = Queue(databases.migrated("registry", migrate_registry), tmp_path, clock)
    yield made
    made.engine.dispose()


def test_a_job_is_held_by_one_worker_until_its_lease_runs_out(queue):
    queue.put()
    assert queue.claim("first").attempts == 1
    assert queue.claim("second") is None
    assert queue.worker().run_pending() == 0

    queue.clock.instant += timedelta(seconds=LEASE_SECONDS + 1)
    assert queue.worker().run_pending() == 1
    assert (queue.job().status, queue.job().attempts, queue.count()) == ("done", 2, 5)
    assert list(queue.folder.glob("imp-*")) == []


def test_jobs_are_taken_in_the_order_in_which_they_came(queue):
    queue.put("imp-1")
    queue.put("imp-2")
    assert queue.claim("a").id == "imp-1"
    assert queue.claim("b").id == "imp-2"


def test_a_job_that_was_cancelled_while_it_ran_changes_nothing(queue):
    queue.put()
    with transaction(queue.engine, writes=True) as session:
        repository.request_cancel(session, "imp-1")
    assert queue.worker().run_pending() == 1
    assert (queue.job().status, queue.count()) == ("cancelled", 0)


def test_a_job_that_was_taken_over_is_left_to_the_other(queue):
    job = queue.put()
    queue.claim("first")
    with transaction(queue.engine, writes=True) as session:
        assert repository.hold(session, job.id, "second") is False
        assert repository.beat(session, job.id, "second", now=queue.clock.now(), counts=job.counts) is None
        assert repository.beat(session, job.id, "first", now=queue.clock.now(), counts=job.counts) is False


def test_a_job_that_kills_its_workers_is_given_up(queue):
    queue.put()
    for _ in range(MAX_ATTEMPTS):
        queue.claim("doomed")
        queue.clock.instant += timedelta(seconds=LEASE_SECONDS + 1)
    queue.worker().run_pending()
    assert (queue.job().status, queue.count()) == ("failed", 0)
    assert "多次中断" in queue.job().error["zh"]


def test_a_job_whose_file_is_gone_fails_with_a_reason(queue):
    queue.put(kept=False)
    queue.worker().run_pending()
    assert queue.job().status == "failed"
    assert "重新上传" in queue.job().error["zh"]


def checked_by(queue, job):
    with transaction(queue.engine, writes=False) as session:
        checker = Checker(session, LEDGER, job=job, clock=queue.clock, watch=lambda _counts: None)
        return checker.check(queue.folder / job.id)


def applied(queue, job, checked):
    with transaction(queue.engine, writes=True) as session:
        apply(session, LEDGER, job=job, worker="me", checked=checked, clock=queue.clock)


def other_enterprise(number, *, staff=1):
    values = {"name": "他人所建", "division": "330106000000", "staff": staff, "state": "open"}
    return Write(ENTERPRISE, code(number, "330106"), "create", date(2020, 1, 1), values)


def test_a_check_that_somebody_overtook_is_made_again(queue):
    job = queue.put()
    queue.claim("me")
    checked = checked_by(queue, job)
    queue.write(other_enterprise(3))

    with pytest.raises(StaleCheckError):
        applied(queue, job, checked)
    checked.effects.close()

    assert (queue.job().status, queue.count()) == ("running", 1)
    queue.clock.instant += timedelta(seconds=LEASE_SECONDS + 1)
    queue.worker().run_pending()
    counts = queue.job().counts
    assert (counts.created, counts.updated, queue.count()) == (4, 1, 5)


def test_a_check_stays_good_when_others_write_other_records(queue):
    job = queue.put()
    queue.claim("me")
    checked = checked_by(queue, job)
    queue.write(other_enterprise(77))
    applied(queue, job, checked)
    checked.effects.close()
    assert (queue.job().status, queue.count()) == ("done", 6)


VALUES = {
    "name": "甲厂", "division": "330106000000", "staff": 5, "registered_on": "2010-01-02", "has_premises": True,
    "registered_capital": "1.5", "state": "open",
}  # fmt: skip


def snapshot(engine):
    with transaction(engine, writes=False) as session:
        entries = [tuple(row) for row in session.execute(sa.select(LEDGER.entries).order_by(LEDGER.entries.c.seq))]
        tables = (ENTERPRISE.table, PARTY_ORGANIZATION.table)
        rows = [[tuple(row) for row in session.execute(sa.select(table).order_by(table.c[0]))] for table in tables]
        return entries, rows, session.execute(sa.select(LEDGER.head.c.seq, LEDGER.head.c.hash)).one()


def test_bulk_writes_make_the_same_entries_and_rows_as_single_ones(databases, clock):
    first, second = code(1), code(2)
    organization = {
        "name": "支部", "kind": "temporary_branch", "setup_form": "sole", "division": "330106000000",
        "acts": ["collect_dues"], "state": "open",
    }  # fmt: skip
    steps = [
        (
            ENTERPRISE,
            [BulkWrite(first, "create", "2020-01-01", VALUES), BulkWrite(second, "create", "2020-01-01", VALUES)],
        ),
        (ENTERPRISE, [BulkWrite(first, "change", "2024-01-01", {"staff": 9, "name": "乙厂"})]),
        (ENTERPRISE, [BulkWrite(first, "change", "2022-01-01", {"staff": 7, "address": "路"}, is_late=True)]),
        (ENTERPRISE, [BulkWrite(second, "change", "2024-01-01", {"registered_on": None, "has_premises": False})]),
        (PARTY_ORGANIZATION, [BulkWrite("org-1", "create", "2020-01-01", organization)]),
        (PARTY_ORGANIZATION, [BulkWrite("org-1", "change", "2021-01-01", {"acts": []})]),
    ]
    engines = [make_engine(databases.migrated("registry", migrate_registry)) for _ in range(2)]
    for kind, batch in steps:
        with transaction(engines[0], writes=True) as session:
            write_bulk(session, LEDGER, kind, [batch], author=AUTHOR, recorded_at=clock.now())
        single = [
            Write(kind, each.key, each.operation, date.fromisoformat(each.effective_on), each.changes) for each in batch
        ]
        with transaction(engines[1], writes=True) as session:
            write(session, LEDGER, single, author=AUTHOR, clock=clock)
    assert snapshot(engines[0]) == snapshot(engines[1])
    for engine in engines:
        engine.dispose()


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
VALUE = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), TEXT, st.lists(TEXT, max_size=3))


@settings(deadline=None)
@given(st.dictionaries(TEXT, VALUE))
def test_the_quick_encoder_writes_the_canonical_text(values):
    assert _encode(values) == changes_text(values)


def test_a_spool_gives_back_what_was_put_in():
    spool = Spool()
    batches = [[("a", 1, {"x": None, "y": True, "z": ["中"]})], [], [("b", 2, {})]]
    for batch in batches:
        spool.add(batch)
    assert [list(spool.batches()), list(spool.batches())] == [batches, batches]
    spool.close()


def test_the_file_of_a_preview_stays_until_it_is_applied_or_its_days_are_over(queue):
    queue.put("imp-1", dry_run=True)
    queue.worker().run_pending()
    queue.put("imp-2", preview="imp-1", expected="what was shown then", kept=False)
    queue.worker().run_pending()
    assert (queue.job("imp-2").status, queue.count()) == ("failed", 0)
    assert [path.name for path in queue.folder.glob("imp-*")] == ["imp-1"]

    queue.put("imp-3", preview="imp-1", kept=False)
    with transaction(queue.engine, writes=True) as session:
        repository.request_cancel(session, "imp-3")
    queue.worker().run_pending()
    assert (queue.job("imp-3").status, queue.count()) == ("cancelled", 0)

    queue.put("imp-4", preview="imp-1", expected=queue.job("imp-1").digest, kept=False)
    queue.worker().run_pending()
    assert (queue.job("imp-4").status, queue.count()) == ("done", 5)
    assert list(queue.folder.glob("imp-*")) == []


def test_a_job_that_applies_a_preview_is_taken_over_with_its_file(queue):
    queue.put("imp-1", dry_run=True)
    queue.worker().run_pending()
    queue.put("imp-2", preview="imp-1", expected=queue.job("imp-1").digest, kept=False)
    assert queue.claim("dead").id == "imp-2"
    queue.clock.instant += timedelta(seconds=LEASE_SECONDS + 1)
    queue.worker().run_pending()
    assert (queue.job("imp-2").status, queue.job("imp-2").attempts, queue.count()) == ("done", 2, 5)


def test_tidying_lets_go_of_files_cells_and_previews_whose_days_are_over(queue):
    queue.put("imp-1", LIST + "坏,1,2\n", dry_run=True)
    queue.worker().run_pending()
    (queue.folder / "imp-orphan").write_text("x", encoding="utf-8")
    for path in queue.folder.glob("imp-*"):
        os.utime(path, (0, 0))

    def kept():
        with transaction(queue.engine, writes=False) as session:
            effects = session.execute(sa.select(sa.func.count()).select_from(IMPORT_EFFECTS)).scalar_one()
            cells = [row.cells for row in session.execute(sa.select(IMPORT_REFUSALS.c.cells))]
        return effects, cells, sorted(path.name for path in queue.folder.glob("imp-*"))

    queue.worker().tidy()
    assert kept() == (5, [["坏", "1", "2"]], ["imp-1"])
    queue.clock.instant += timedelta(days=30, seconds=1)
    queue.worker().tidy()
    assert kept() == (0, [None], [])
    assert queue.job("imp-1").counts.refused == 1

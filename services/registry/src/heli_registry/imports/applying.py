"""The second half of an import: all its writes, refusals and its end in one transaction, or nothing of it."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.divisions.models import DIVISION
from heli_registry.imports import repository
from heli_registry.imports.checking import RESOURCES, Checked, division_writes
from heli_registry.imports.domain import ImportJob
from heli_registry.imports.standing import Standing
from heli_shared.kernel.clock import Clock
from heli_shared.ledger.appending import lock_head
from heli_shared.ledger.entries import Author
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.bulk import BulkWrite, write_bulk
from heli_shared.records.kinds import BEGINNING

_BATCH = 2_000


class StaleCheckError(Exception):
    """Somebody wrote what the check had read: it has to be made again."""


class LostJobError(Exception):
    """The job was cancelled or taken over: nothing may be applied."""


def apply(
    session: Session, ledger: LedgerTables, *, job: ImportJob, worker: str, checked: Checked, clock: Clock
) -> None:
    """Write everything a check found, and the end of the job with it; the last act of the transaction."""
    if not repository.hold(session, job.id, worker):
        raise LostJobError
    kind = RESOURCES[job.kind].kind
    for keys in repository.batches(sorted(checked.changed), _BATCH):
        # In order of keys, and before the ledger's lock: writers of single records take their locks in that order.
        statement = sa.select(kind.table.c[kind.key]).where(kind.table.c[kind.key].in_(keys))
        session.execute(statement.order_by(kind.table.c[kind.key]).with_for_update(key_share=True)).all()
    repository.add_refusals(session, job.id, checked.refusals)
    repository.finish(
        session,
        job.id,
        status="done",
        now=clock.now(),
        counts=checked.counts,
        columns=shown_columns(checked),
    )
    if not checked.keys:
        return
    _check_fresh(session, ledger, job=job, checked=checked)
    author = Author(job.principal, job.unit)
    known = Standing(session, job.scope).divisions if checked.divisions else {}
    missing = {code: name for code, name in checked.divisions.items() if code not in known}
    made = division_writes(missing, known, BEGINNING.isoformat())
    write_bulk(session, ledger, DIVISION, [made] if made else [], author=author, recorded_at=clock.now())
    write_bulk(session, ledger, kind, _writes(checked), author=author, recorded_at=clock.now())


def _writes(checked: Checked) -> Iterator[list[BulkWrite]]:
    for batch in checked.writes.batches():
        yield [BulkWrite(*each) for each in batch]


def _check_fresh(session: Session, ledger: LedgerTables, *, job: ImportJob, checked: Checked) -> None:
    """Take the ledger's lock and refuse to go on when something the check rests on was written since."""
    head = lock_head(session, ledger)
    if head.seq == checked.head:
        return
    entity = RESOURCES[job.kind].kind.entity
    table = ledger.entries
    since = sa.select(table.c.entity, table.c.key).where(table.c.seq > checked.head)
    for written, key in session.execute(since):
        if job.kind != "enterprises" or written == "division" or (written == entity and key in checked.keys):
            raise StaleCheckError


def shown_columns(checked: Checked) -> dict[str, object]:
    """Return which columns were recognised (header → field) and which were not."""
    columns = checked.columns
    recognised = [{"header": columns.labels[name], "field": name} for name in columns.places]
    return {"recognised": recognised, "unknown": list(columns.unknown)}

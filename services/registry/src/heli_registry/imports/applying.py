"""The second half of an import: all its writes, refusals and its end in one transaction, or nothing of it."""

from collections.abc import Iterable, Iterator
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.divisions.models import DIVISION
from heli_registry.imports import repository
from heli_registry.imports.checking import Checked
from heli_registry.imports.domain import Counts, Found, ImportJob
from heli_registry.imports.standing import Standing
from heli_registry.imports.targets import RESOURCES
from heli_registry.stewardship.beside import beside_import
from heli_shared.kernel import divisions as division_codes
from heli_shared.kernel.clock import Clock
from heli_shared.ledger.appending import lock_head, read_head
from heli_shared.ledger.entries import Author
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.bulk import BulkWrite, write_bulk
from heli_shared.records.kinds import BEGINNING

_BATCH = 2_000
_WATCHED = frozenset({"division", "field_steward", "claim", "dispute"})
"""What the check of a list of enterprises rests on beside the enterprises themselves."""


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
    repository.add_refusals(session, job.id, checked.effects.refused())
    repository.finish(session, job.id, status="done", now=clock.now(), found=found_by(checked))
    if not checked.keys:
        return
    first = _check_fresh(session, ledger, job=job, checked=checked) + 1
    author = Author(job.principal, job.unit)
    known = Standing(session, job.scope).divisions if checked.divisions else {}
    missing = {code: name for code, name in checked.divisions.items() if code not in known}
    made = division_writes(missing, known, BEGINNING.isoformat())
    write_bulk(session, ledger, DIVISION, [made] if made else [], author=author, recorded_at=clock.now())
    write_bulk(session, ledger, kind, _writes(checked), author=author, recorded_at=clock.now())
    if job.kind == "enterprises":
        writes = chain.from_iterable(_writes(checked))
        beside_import(session, ledger, writes, author=author, clock=clock)
    repository.note_entries(session, job.id, first=first, last=read_head(session, ledger).seq)


def division_writes(divisions: dict[str, str], known: Iterable[str], first_day: str) -> list[BulkWrite]:
    """Return the writes that make these divisions (12-digit code → name), parents first."""
    present = {*known, *divisions}
    writes = []
    for code in sorted(divisions, key=lambda each: (division_codes.LEVELS.index(division_codes.level_of(each)), each)):
        above = [one for one in division_codes.ancestors(code) if one != code and one in present]
        level = division_codes.level_of(code)
        changes = {"name": divisions[code], "level": level, "parent": above[-1] if above else None, "state": "open"}
        kept = {name: value for name, value in changes.items() if value is not None}
        writes.append(BulkWrite(code, "create", first_day, kept))
    return writes


def _writes(checked: Checked) -> Iterator[list[BulkWrite]]:
    for batch in checked.effects.effects():
        yield [each.write for each in batch]


def _check_fresh(session: Session, ledger: LedgerTables, *, job: ImportJob, checked: Checked) -> int:
    """Take the ledger's lock, refuse to go on when something the check rests on was written since; return the head."""
    head = lock_head(session, ledger)
    if head.seq == checked.head:
        return head.seq
    entity = RESOURCES[job.kind].kind.entity
    table = ledger.entries
    since = sa.select(table.c.entity, table.c.key).where(table.c.seq > checked.head)
    for written, key in session.execute(since):
        if job.kind != "enterprises" or written in _WATCHED or (written == entity and key in checked.keys):
            raise StaleCheckError
    return head.seq


def found_by(checked: Checked, counts: Counts | None = None) -> Found:
    """Return what a check found out, as the job keeps it: counts, columns (header → field, and the rest), layout."""
    columns = checked.columns
    recognised = [{"header": columns.labels[name], "field": name} for name in columns.places]
    return Found(
        counts=counts or checked.counts,
        columns={"recognised": recognised, "unknown": list(columns.unknown)},
        layout=checked.layout.as_json(),
        digest=checked.effects.digest,
    )

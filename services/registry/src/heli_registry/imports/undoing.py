"""Undoing an import: what it made is closed from its first day, what it changed is set back from the same day.

Nothing is deleted: the ledger shows what was imported, and that and by whom it was taken back. All of it, or nothing
when something else was built on it since.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from heli_registry.database import METADATA
from heli_registry.divisions.models import DIVISION
from heli_registry.imports import repository
from heli_registry.imports.domain import ImportJob
from heli_registry.imports.kinds import KINDS
from heli_registry.imports.service import get_import
from heli_registry.imports.targets import RESOURCES
from heli_registry.stewardship.beside import beside_undoing
from heli_shared.kernel.errors import Forbidden
from heli_shared.ledger.appending import lock_head
from heli_shared.ledger.entries import Entry
from heli_shared.lists.previews import check_undoable
from heli_shared.records.bulk import BulkWrite, write_bulk
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind, kinds_of
from heli_shared.records.undoing import Batch, Link, closing, links_to, reason_of

_SUPERIORS = ("unit", "party_organization")


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back came to; `left_open` are divisions it made on the way that others use by now."""

    closed: int
    restored: int
    left_open: tuple[str, ...]


def undo(call: RecordCall, import_id: str) -> Undone:
    """Take back everything an import wrote; Conflict, naming what was touched since, when that cannot be done."""
    job = get_import(call, import_id)
    if not call.principal.may(f"{job.kind}:write"):
        raise Forbidden(f"您没有写入“{job.kind}”的权限。", f"You may not write {job.kind}.")
    repository.lock(call.session, job.id)
    job = get_import(call, import_id)
    has_written = not job.dry_run and job.status == "done" and job.first_seq is not None
    check_undoable(
        undone_by=job.undone_by, is_undone=job.undone_at is not None, has_written=has_written, status=job.status,
        dry_run=job.dry_run,
    )  # fmt: skip
    return _Undoing(call, job).run()


class _Undoing:
    """One import being taken back, within the caller's transaction."""

    def __init__(self, call: RecordCall, job: ImportJob) -> None:
        self._call = call
        self._job = job
        self._kind = RESOURCES[job.kind].kind
        self._batch = self._of(self._kind)
        self._on_the_way = self._of(DIVISION)

    def _of(self, kind: RecordKind) -> Batch:
        first, last = int(self._job.first_seq or 0), int(self._job.last_seq or 0)
        return Batch(self._call.session, self._call.ledger, kind, first=first, last=last)

    def run(self) -> Undone:
        """Lock, check, and write the whole of it."""
        call, job = self._call, self._job
        session, ledger, author, now = call.session, call.ledger, call.author, call.clock.now()
        self._on_the_way.lock_rows()
        if self._kind is not DIVISION:
            self._batch.lock_rows()
        lock_head(session, ledger)
        self._batch.check_visible(RESOURCES[job.kind].visible(session, call.principal.scope))
        self._batch.check_untouched(_links_to(self._kind))
        made = self._on_the_way.entries() if self._kind is not DIVISION else []
        kept = self._divisions_in_use(made)
        reason = reason_of(job.file_name, job.id)
        closings = [closing(entry, reason) for entry in made if entry.key not in kept]
        write_bulk(session, ledger, DIVISION, [closings] if closings else [], author=author, recorded_at=now)
        touched: dict[str, set[str]] = {"close": set(), "change": set()}
        write_bulk(session, ledger, self._kind, self._noted(reason, touched), author=author, recorded_at=now)
        if job.kind == "enterprises":
            beside_undoing(call, self._batch.entries(), unit=job.unit, first=int(job.first_seq or 0))
        repository.mark_undone(session, job.id, now=now, by=call.principal.id)
        return Undone(len(touched["close"]), len(touched["change"]), tuple(sorted(kept)))

    def _noted(self, reason: str, touched: dict[str, set[str]]) -> Iterator[list[BulkWrite]]:
        """Yield what takes the import's own entries back, and note the keys by what becomes of them."""
        for writes in self._batch.taken_back(reason):
            for each in writes:
                touched["close" if each.operation == "close" else "change"].add(each.key)
            yield writes

    def _divisions_in_use(self, made: list[Entry]) -> set[str]:
        """Return those of the divisions made on the way that others use by now, and all above them."""
        if not made:
            return set()
        used = {named for link in _links_to(DIVISION) for _, named in self._on_the_way.referring(link)}
        table, keys = self._call.ledger.entries, self._on_the_way.keys("create")
        later = sa.select(table.c.key).where(
            table.c.entity == DIVISION.entity, table.c.seq > int(self._job.last_seq or 0)
        )
        used |= set(self._call.session.execute(later.where(table.c.key.in_(keys))).scalars())
        parents = {entry.key: entry.changes.get("parent") for entry in made}
        pending = list(used)
        while pending:
            parent = parents.get(pending.pop())
            if parent in parents and parent not in used:
                used.add(parent)
                pending.append(parent)
        return used


def _links_to(target: RecordKind) -> Iterator[Link]:
    """Yield every field of every kind that names records of a kind, those too that lists fill by a name."""
    kinds = kinds_of(METADATA).values()
    yield from links_to(target, kinds)
    own = next((each.own_link for each in KINDS.values() if each.entity == target.entity), None)
    for kind in kinds:
        listed = KINDS[kind.plural].fields if kind.plural in KINDS else ()
        superiors = {each.name for each in listed if each.type == "superior"}
        for field in kind.fields:
            is_superior = field.name in superiors and target.entity in _SUPERIORS
            if field.references != target.entity and (is_superior or (kind is target and field.name == own)):
                yield kind, field.name

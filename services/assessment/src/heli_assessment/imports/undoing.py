"""Undoing an import of a list: a batch of writes that takes its own back, all of them or, by name, none."""

from dataclasses import dataclass
from datetime import date

from heli_assessment.database import METADATA
from heli_assessment.imports import repository
from heli_assessment.imports.service import ImportDesk, get_import
from heli_shared.kernel.errors import Forbidden
from heli_shared.ledger.appending import lock_head
from heli_shared.lists.previews import check_undoable
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import kinds_of
from heli_shared.records.undoing import Batch, links_to, reason_of
from heli_shared.records.writing import Write


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back came to."""

    closed: int
    restored: int


def undo(call: RecordCall, desk: ImportDesk, key: str) -> Undone:
    """Take back everything an import wrote; Conflict, naming what was touched since, when that cannot be done."""
    made = get_import(call, key)
    if not call.principal.may(f"{made.kind}:write"):
        raise Forbidden(f"您没有写入“{made.kind}”的权限。", f"You may not write {made.kind}.")
    repository.lock_import(call.session, key)
    made = get_import(call, key)
    check_undoable(
        undone_by=made.undone_by, is_undone=made.undone_at is not None, has_written=made.first_seq is not None,
        status=made.status, dry_run=made.dry_run,
    )  # fmt: skip
    resource = desk.resources[made.kind]
    kind = resource.kind
    first, last = int(made.first_seq or 0), int(made.last_seq or 0)
    batch = Batch(call.session, call.ledger, kind, first=first, last=last)
    batch.lock_rows()
    lock_head(call.session, call.ledger)
    batch.check_visible(resource.visible(call.session, call.principal.scope))
    batch.check_untouched(links_to(kind, kinds_of(METADATA).values()))
    # By the way of every write: a period that is locked stays locked, and sums above the tasks are made anew.
    writes = [
        Write(kind, each.key, each.operation, date.fromisoformat(each.effective_on), each.changes)
        for some in batch.taken_back(reason_of(made.file_name, made.id))
        for each in some
    ]
    call.write(writes)
    repository.mark_undone(call.session, key, now=call.clock.now(), by=call.principal.id)
    closed = {each.key for each in writes if each.operation == "close"}
    return Undone(len(closed), len({each.key for each in writes}) - len(closed))

"""The entries of a merge or split: nodes made, references re-pointed, codes handed over, the old node closed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from heli_registry.successions import repository
from heli_registry.successions.domain import Part
from heli_registry.successions.models import SUCCESSION
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.folding import fold
from heli_shared.records.bulk import BulkWrite, write_bulk
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import find_row
from heli_shared.records.writing import Write

_BATCH = 5_000


def writes_of_new(kind: RecordKind, made: Mapping[str, Mapping[str, Any]], effective: date) -> list[Write]:
    """Return the creation of the nodes that a split makes."""
    return [Write(kind, key, "create", effective, {**values, "state": "open"}) for key, values in made.items()]


def write_moves(call: RecordCall, moved: Iterable[tuple[repository.Pointing, str]]) -> None:
    """Re-point every record to its new node on each of its days; a record that names the node twice gets one entry."""
    changes: dict[str, dict[tuple[str, date], dict[str, Any]]] = {}
    kinds: dict[str, RecordKind] = {}
    last: dict[tuple[str, str], date] = {}
    for pointing, successor in moved:
        plural, key = pointing.kind.plural, pointing.reference.key
        kinds[plural] = pointing.kind
        last[(plural, key)] = pointing.last_effective_on
        for day in pointing.days:
            changes.setdefault(plural, {}).setdefault((key, day), {})[pointing.reference.field] = successor
    for plural, rows in sorted(changes.items()):
        writes = [
            BulkWrite(key, "change", day.isoformat(), values, is_late=day < last[(plural, key)])
            for (key, day), values in sorted(rows.items())
        ]
        # Late ones first: the row's version is that of its last entry, and later ones lay their values over.
        writes.sort(key=lambda each: not each.is_late)
        late = sum(each.is_late for each in writes)
        batches = [writes[:late], *(writes[start : start + _BATCH] for start in range(late, len(writes), _BATCH))]
        write_bulk(
            call.session,
            call.ledger,
            kinds[plural],
            [batch for batch in batches if batch],
            author=call.author,
            recorded_at=call.clock.now(),
        )


def write_handing_over(call: RecordCall, kind: RecordKind, codes: Mapping[str, Sequence[str]], effective: date) -> None:
    """Add industry codes to the sectors that take them over, on the day and wherever theirs were written later."""
    for successor, taken in codes.items():
        find_row(call.session, kind, successor, lock=True)
        entries = repository.entries_of_node(call.session, call.ledger, kind, successor)
        later = {
            each.effective_on for each in entries if each.effective_on > effective and "industries" in each.changes
        }
        writes = []
        for day in (effective, *sorted(later)):
            folded = fold(entries, on=day)
            own = (folded.values.get("industries") if folded else None) or []
            both = [*own, *(code for code in taken if code not in own)]
            if both != own:
                writes.append(Write(kind, successor, "change", day, {"industries": both}))
        call.write(writes)


def writes_of_the_end(
    kind: RecordKind,
    key: str,
    parts: Sequence[Part],
    form: str,
    document: str | None,
    reason: str,
    effective: date,
) -> list[Write]:
    """Return the closing of the old node, and behind it, without a gap, the successions of this one change."""
    closing = {"state": "closed", "closed_on": effective, "closed_reason": reason}
    writes = [Write(kind, key, "close", effective, closing)]
    for part in parts:
        values: dict[str, Any] = {
            "node": kind.entity, "predecessor": key, "successor": part.successor, "form": form, "state": "open",
        }  # fmt: skip
        if form == "split":
            values["is_rest"] = part.takes_rest
        if document:
            values["document"] = document
        writes.append(Write(SUCCESSION, new_id("suc"), "create", effective, values))
    return writes

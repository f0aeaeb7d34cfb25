"""Where the rows of a base list came from, and what was written only after its result stood."""

from collections import Counter
from datetime import date
from typing import Any

from heli_registry.base_list import repository
from heli_registry.base_list.service import BASE, Seen
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.imports.totals import ListTotals, totals_of_lists
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import find_row, record_of_row


def sources(call: RecordCall, seen: Seen) -> dict[str, Any]:
    """Return what each unit's lists brought: enterprises new, matched and conflicting, and how many came to count.

    `lists` tells the rows of the unit's imports up to the same point; only who sees the whole county is told.
    """
    counts: dict[str | None, Counter[str]] = {}
    for row in seen.rows:
        for unit, share in row.sources:
            tally = counts.setdefault(unit, Counter())
            tally[share] += 1
            tally["in_base"] += row.step is None
    lists: dict[str | None, ListTotals] = {}
    if call.principal.scope.everything:
        until = repository.recorded_at(call.session, call.ledger, seen.known_at)
        lists = totals_of_lists(call.session, "enterprises", until=until) if until else {}
    units = sorted({*counts, *lists}, key=lambda each: (each is None, each or ""))
    return {
        **seen.head,
        "enterprises": len(seen.rows),
        "in_several": sum(len(row.sources) > 1 for row in seen.rows),
        "sources": [_source(seen, unit, counts.get(unit, Counter()), lists.get(unit)) for unit in units],
    }


def _source(seen: Seen, unit: str | None, tally: Counter[str], lists: ListTotals | None) -> dict[str, Any]:
    told = None
    if lists is not None:
        told = {"files": lists.files, "read": lists.read, "unchanged": lists.unchanged, "refused": lists.refused}
    return {
        "unit": unit,
        "name": seen.survey.names.get(("unit", unit)) if unit else None,
        "enterprises": tally["new"] + tally["matched"] + tally["conflicting"],
        "new": tally["new"],
        "matched": tally["matched"],
        "conflicting": tally["conflicting"],
        "in_base": tally["in_base"],
        "lists": told,
    }


def late(call: RecordCall, seen: Seen, *, cursor: str | None, limit: int) -> Page[dict[str, Any]]:
    """Return a page of the enterprises of which something about the cut-off day was written after the result stood."""
    day = date.fromisoformat(seen.survey.census["cut_off_on"])
    keys = set(repository.written_late(call.session, call.ledger, cut_off_on=day, known_at=seen.known_at))
    known = {row.uscc: row for row in seen.rows}
    visible = [key for key in sorted(keys) if key in known or _is_visible_now(call, key)]
    after = decode_cursor(cursor, str)[0] if cursor else None
    behind = [key for key in visible if after is None or key > after]
    page = behind[:limit]
    items = [{"enterprise": key, "step": (known[key].step or BASE) if key in known else None} for key in page]
    following = encode_cursor(page[-1]) if len(behind) > limit else None
    return Page(items, following, len(visible))


def _is_visible_now(call: RecordCall, key: str) -> bool:
    """Say whether the caller may see an enterprise that was not among the rows: it was registered since."""
    row = find_row(call.session, ENTERPRISES.kind, key)
    conditions = ENTERPRISES.visible(call.session, call.principal.scope)
    return row is not None and all(each.matches(record_of_row(ENTERPRISES.kind, row)) for each in conditions)

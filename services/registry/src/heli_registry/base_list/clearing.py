"""How clear the base of a census is 五清, and what must still be asked of whom."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from heli_registry.base_list.domain import Missing
from heli_registry.base_list.service import Seen, cut, shown_place, with_records
from heli_registry.base_list.surveying import Row
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.organizations.service import PARTY_ORGANIZATIONS
from heli_shared.kernel.pages import Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record

By = Literal["responsible_unit", "zone", "division"]


def progress(seen: Seen, by: By) -> dict[str, Any]:
    """Return how clear the base is, group by group: per item, and how many enterprises have so many items clear."""
    groups: dict[str | None, list[Row]] = {}
    base = [row for row in seen.rows if row.step is None]
    for row in base:
        groups.setdefault(getattr(row, by), []).append(row)
    kind = {"responsible_unit": "unit"}.get(by, by)
    return {
        **seen.head,
        "by": by,
        "items": [{"item": item.code, "zh": item.zh, "en": item.en, "basis": item.basis} for item in seen.survey.items],
        "groups": [
            {"code": code, "name": seen.survey.names.get((kind, code)) if code else None, **_tally(seen, groups[code])}
            for code in sorted(groups, key=lambda each: (each is None, each or ""))
        ],
        "total": _tally(seen, base),
    }


def _tally(seen: Seen, rows: Sequence[Row]) -> dict[str, Any]:
    found = [row.clarity for row in rows if row.clarity is not None]
    counts = Counter(clarity.clear for clarity in found)
    states = {
        item.code: Counter(clarity.states[place] for clarity in found) for place, item in enumerate(seen.survey.items)
    }
    every = len(seen.survey.items)
    return {
        "enterprises": len(found),
        "all_clear": counts[every],
        "by_clear_items": [counts[number] for number in range(every + 1)],
        "clear": {code: count["clear"] + count["confirmed"] for code, count in states.items()},
        "confirmed": {code: count["confirmed"] for code, count in states.items()},
        "not_reachable": {code: count["not_reachable"] for code, count in states.items()},
    }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which gaps are asked for: of a unit, a zone, a division and all below it, of one item."""

    unit: str | None = None
    zone: str | None = None
    division: str | None = None
    item: str | None = None


def gap_rows(seen: Seen, wanted: Wanted) -> list[Row]:
    """Return the rows of the base of which something must still be asked."""
    places = None if wanted.division is None else seen.survey.subtree(wanted.division)
    tests: list[Callable[[Row], bool]] = [
        lambda row: wanted.unit is None or row.responsible_unit == wanted.unit,
        lambda row: wanted.zone is None or row.zone == wanted.zone,
        lambda row: places is None or row.division in places,
        lambda row: _is_open(seen, row, wanted.item),
    ]
    return [row for row in seen.rows if all(test(row) for test in tests)]


def _is_open(seen: Seen, row: Row, code: str | None) -> bool:
    if row.clarity is None:
        return False
    return any(
        state not in ("clear", "confirmed") and (code is None or item.code == code)
        for item, state in zip(seen.survey.items, row.clarity.states, strict=True)
    )


def page_of_gaps(
    call: RecordCall, seen: Seen, wanted: Wanted, *, cursor: str | None, limit: int
) -> Page[dict[str, Any]]:
    """Return a page of the enterprises of which something must still be asked, with what is missing."""
    rows = gap_rows(seen, wanted)
    page, following = cut(seen, rows, cursor, limit)
    items = [_shown_gap(seen, row, record) for row, record in with_records(call, seen, page)]
    return Page(items, following, len(rows))


def _shown_gap(seen: Seen, row: Row, record: Record) -> dict[str, Any]:
    clarity = row.clarity
    assert clarity is not None  # noqa: S101 - only rows of the base have gaps
    return {
        **shown_place(row, record),
        "clear": clarity.clear,
        "items": {item.code: state for item, state in zip(seen.survey.items, clarity.states, strict=True)},
        "missing": [_shown_missing(each) for each in clarity.missing],
    }


def _shown_missing(each: Missing) -> dict[str, Any]:
    return {
        "item": each.item,
        "record_kind": each.record_kind,
        "field": each.field,
        "zh": label_of(each),
        "reason": each.reason,
    }


def label_of(each: Missing) -> str:
    """Return the Chinese label of a missing field."""
    resource = ENTERPRISES if each.record_kind == "enterprise" else PARTY_ORGANIZATIONS
    return resource.kind.by_name[each.field].zh

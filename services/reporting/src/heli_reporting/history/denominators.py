# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Denominators accounted for: each record of a query is in or out, for one reason, and an entry that decided it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from heli_reporting.history import asking
from heli_reporting.history.domain import Accounted, Query, line_order
from heli_reporting.history.vintages import Tables
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import ENTERPRISES, Measure
from heli_shared.statistics.scope import SCOPE

Cursor = Any
Codes = tuple[str | None, ...]

DRIVERS = {
    "min_full_members": "full_members",
    "below_min_full_members": "full_members",
    "staff50": "staff",
    "below_staff50": "staff",
    "staff100": "staff",
    "below_staff100": "staff",
}
"""The field that decides where it is not one of the scope's conditions."""


def reason_of(measure: Measure) -> str:
    """Return the SQL of why a row is in the denominator or not."""
    outside = f"'{measure.outside}'" if measure.outside else "NULL"
    return f"CASE WHEN {measure.base} THEN '{measure.inside}' ELSE coalesce(scope_reason, {outside}) END"


def account(
    cursor: Cursor, tables: Tables, measure: Measure, dimensions: list[Dimension], query: Query
) -> tuple[dict[Codes, Accounted], Accounted]:
    """Return what became of all records of a query, by group and in total, counted in one pass."""
    asking.check_dimensions([measure], dimensions)
    where = asking.where(query, measure.subject)
    facts = tables.facts if measure.subject == ENTERPRISES else tables.organization_facts
    part = f"CASE WHEN {measure.numerator} THEN 'numerator' WHEN {measure.base} THEN 'gap' ELSE 'excluded' END"
    grouped = [*(dimension.column for dimension in dimensions), part, reason_of(measure)]
    found = cursor.execute(
        f"SELECT {', '.join(grouped)}, count(*) FROM {facts} WHERE {where.sql} GROUP BY ALL", where.values
    ).fetchall()
    lines: dict[Codes, list[tuple[str, str, int]]] = defaultdict(list)
    for *codes, part_of_row, reason, count in found:
        lines[tuple(codes)].append((part_of_row, reason, count))
    by_group = {codes: _accounted(lines[codes]) for codes in sorted(lines, key=line_order(dimensions))}
    return by_group, _accounted([each for line in lines.values() for each in line])


def _accounted(counts: Sequence[tuple[str, str, int]]) -> Accounted:
    parts = Counter({"numerator": 0, "gap": 0, "excluded": 0})
    reasons: Counter[str] = Counter()
    for part, reason, count in counts:
        parts[part] += count
        reasons[reason] += count
    return Accounted(parts.total(), dict(parts), dict(sorted(reasons.items(), key=lambda each: (-each[1], each[0]))))


def add_deciding(cursor: Cursor, measure: Measure, on: date, items: list[dict[str, Any]], *, seq: int) -> None:
    """Put into each item, as `decided`, the entry that last wrote a field on which its reason rests; None if none did.

    That is who said so, from which day on, and when it was recorded, as known at a seq.
    """
    entity, key = ("enterprise", "uscc") if measure.subject == ENTERPRISES else ("party_organization", "id")
    fields = {item[key]: _fields(item["because"]) for item in items}
    wanted = sorted({name for names in fields.values() for name in names})
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    if wanted:
        written = ", ".join(f"json_exists(changes, '$.{name}')" for name in wanted)
        rows = cursor.execute(
            f"SELECT key, unit, effective_on, recorded_at, seq, [{written}] FROM entries"
            " WHERE source = 'registry' AND entity = ? AND seq <= ? AND effective_on <= ?"
            " AND key IN (SELECT unnest(CAST(? AS VARCHAR[]))) ORDER BY effective_on, seq",
            [entity, seq, on, [each for each, names in fields.items() if names]],
        ).fetchall()
        for record, unit, effective_on, recorded_at, written_at, names in rows:
            told = {"unit": unit, "effective_on": effective_on, "recorded_at": recorded_at, "seq": written_at}
            latest |= {(record, name): told for name, given in zip(wanted, names, strict=True) if given}
    for item in items:
        given = [(name, latest.get((item[key], name))) for name in fields[item[key]]]
        decided = [told | {"field": name} for name, told in given if told is not None]
        item["decided"] = max(decided, key=lambda told: (told["effective_on"], told["seq"]), default=None)


def _fields(reason: str) -> tuple[str, ...]:
    if reason in SCOPE:
        return tuple(name for name in SCOPE[reason].fields if name != "uscc")
    return (DRIVERS[reason],) if reason in DRIVERS else ()

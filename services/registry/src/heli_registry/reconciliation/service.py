"""Reconciliation for a caller: candidates for queries, suggestions, values of properties, a preview."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.names.domain import place_of
from heli_registry.names.matching import parts_of, regions
from heli_registry.organizations.service import PARTY_ORGANIZATIONS
from heli_registry.reconciliation import repository
from heli_registry.reconciliation.domain import Asked, Query, Score, Subject, is_match, score_of
from heli_registry.search.domain import likeness, unharmed_pieces
from heli_registry.search.service import Reader, reader_of, search
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.text import cut, searchable
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import Field, RecordKind
from heli_shared.records.postings import tokens_of
from heli_shared.records.reading import Record, record_of_row
from heli_shared.records.service import Resource, get_record

RESOURCES = {
    "enterprises": ENTERPRISES,
    "party-organizations": PARTY_ORGANIZATIONS,
    "organizations": PARTY_ORGANIZATIONS,
}
_LOOKED_AT = 300
_PERSONAL = "person"
_FULL_CODE = 18


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be what a query means."""

    row: Any
    score: Score
    is_match: bool


def properties_of(kind: RecordKind) -> list[Field]:
    """Return what can be asked about and fetched of a kind: every field that names no person."""
    return [field for field in kind.all_fields if field.references != _PERSONAL]


def reconcile(call: RecordCall, resource: Resource, query: Query) -> list[Candidate]:
    """Return the candidates for one query, best first."""
    kind = resource.kind
    if query.types and kind.entity not in query.types:
        return []
    asked = _asked(kind, query)
    rows = {row.key: row for row in _rows(reader_of(call, resource), asked)}
    scored = [(_score(asked, row), row) for row in rows.values()]
    scored.sort(key=lambda pair: (-pair[0].total, pair[1].state != "open", len(pair[1].text), pair[1].key))
    scores = [score.total for score, _ in scored[:2]]
    return [Candidate(row, score, is_match(scores, place)) for place, (score, row) in enumerate(scored[: query.limit])]


def _asked(kind: RecordKind, query: Query) -> Asked:
    text = searchable(query.text)
    codes = [searchable(value).upper() for value in (query.text, *query.values("uscc"))]
    code = next((each for each in codes if kind.key == "uscc" and len(each) == _FULL_CODE and each.isascii()), None)
    address = next(iter(query.values("address")), "")
    return Asked(query, text, parts_of(text), place_of(address, regions()) if address else None, code)


def _rows(reader: Reader, asked: Asked) -> Iterable[Any]:
    """Yield rows that may be meant: by key, by name, by what the name has of its own, by pieces a slip leaves whole."""
    keys = {asked.query.text, *([asked.code] if asked.code else ())}
    yield from reader.by_keys(sorted(key for key in keys if key))
    text, core = asked.text, asked.parts.core
    if text:
        yield from reader.beginning("text", text, _LOOKED_AT)
    for whole in dict.fromkeys((text, core)):
        if len(whole) > 1:
            yield from reader.holding(tokens_of(whole), _LOOKED_AT, text=whole)
    for piece in unharmed_pieces(core):
        yield from reader.holding(tokens_of(piece), _LOOKED_AT)


def _score(asked: Asked, row: Any) -> Score:
    parts = parts_of(row.text)
    address = getattr(row, "address", None)
    fields = {"division": getattr(row, "division", None), "state": row.state}
    subject = Subject(row.key, row.text, parts, place_of(address, regions()) if address else None, fields)
    alike = likeness(asked.parts, parts) if asked.text else 0
    return score_of(asked, subject, likeness=100 if row.key == asked.query.text else alike)


def suggest_entities(call: RecordCall, resource: Resource, prefix: str, *, skip: int, limit: int) -> list[Any]:
    """Return rows that begin with what was typed, or hold it, the best first."""
    return [hit.row for hit in search(call, resource, prefix, skip + limit)[skip:]]


def extend(
    call: RecordCall, resource: Resource, keys: Sequence[str], names: Sequence[str]
) -> tuple[list[Field], dict[str, Record | None]]:
    """Return the fields that are asked for and each record, None for what is not there or may not be seen."""
    known = {field.name: field for field in properties_of(resource.kind)}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BadRequest(
            "有不认识的属性；可用的属性见 properties。", "There are unknown properties; see `properties`.",
            errors=[FieldProblem(f"parameter {cut(name)}", "没有这个属性", "is no property") for name in unknown],
        )  # fmt: skip
    return [known[name] for name in names], _records(call, resource, keys)


def _records(call: RecordCall, resource: Resource, keys: Sequence[str]) -> dict[str, Record | None]:
    visible = [condition.clause for condition in resource.visible(call.session, call.principal.scope)]
    rows = repository.rows_of(call.session, resource.kind, keys, visible)
    found = {row[0]: record_of_row(resource.kind, row) for row in rows}
    return {key: found.get(key) for key in keys}


def preview(call: RecordCall, resource: Resource, key: str) -> Record:
    """Return a record for its preview; NotFound when it is not there or may not be seen."""
    return get_record(call, resource, key)

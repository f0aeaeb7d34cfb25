"""What the service answers: the manifest, candidates, suggestions, values of properties, and the preview as a page."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from heli_registry.reconciliation.reading import BATCH_SIZE
from heli_registry.reconciliation.service import Candidate, properties_of
from heli_shared.records.kinds import Field, RecordKind
from heli_shared.records.reading import Record

_WIDTH, _HEIGHT = 430, 260
_STYLE = "body{font:14px sans-serif;margin:8px}th{text-align:left;padding-right:1em;font-weight:normal;color:#666}"
_PREVIEWED = ("division", "address", "registered_on", "established_on", "industry", "operation_state", "kind", "state")


def manifest_of(kind: RecordKind, base: str) -> dict[str, Any]:
    """Return the service manifest for a kind whose service stands at the address `base`."""
    return {
        "versions": ["0.2"],
        "name": f"合力 Heli · {kind.zh}",
        "identifierSpace": f"urn:heli:{kind.plural}",
        "schemaSpace": f"urn:heli:{kind.plural}:fields",
        "defaultTypes": [_type(kind)],
        "batchSize": BATCH_SIZE,
        "view": {"url": f"{base}/preview?id={{{{id}}}}"},
        "preview": {"url": f"{base}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "suggest": {
            name: {"service_url": base, "service_path": f"/suggest/{name}"} for name in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": base, "service_path": "/properties"},
            "property_settings": [],
        },
    }


def _type(kind: RecordKind) -> dict[str, str]:
    return {"id": kind.entity, "name": kind.zh}


def candidate_shown(kind: RecordKind, candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as version 0.2 has it."""
    row = candidate.row
    return {
        "id": row.key,
        "name": row.name,
        "description": _description(row),
        "type": [_type(kind)],
        "score": candidate.score.total,
        "match": candidate.is_match,
        "features": [{"id": name, "value": value} for name, value in candidate.score.features],
    }


def draft_candidate_shown(kind: RecordKind, candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as the draft of 1.0 has it, whose features have names."""
    shown = candidate_shown(kind, candidate)
    return {**shown, "features": [{**each, "name": each["id"].replace("_", " ")} for each in shown["features"]]}


def _description(row: Any) -> str:
    told = [getattr(row, name, None) for name in ("division", "address")]
    closed = "已关闭" if row.state == "closed" else None
    return " · ".join(str(each) for each in (*told, closed) if each)


def suggestion(kind: RecordKind, row: Any) -> dict[str, Any]:
    """Return an entity as the suggest service has it."""
    return {"id": row.key, "name": row.name, "description": _description(row), "notable": [_type(kind)]}


def suggested_types(kind: RecordKind, prefix: str) -> list[dict[str, Any]]:
    """Return the kind's only type where it fits what was typed."""
    return [_type(kind)] if _fits(prefix, kind.entity, kind.zh) else []


def suggested_properties(kind: RecordKind, prefix: str) -> list[dict[str, Any]]:
    """Return the properties that fit what was typed."""
    return [
        {"id": field.name, "name": field.zh, "description": field.en}
        for field in properties_of(kind)
        if _fits(prefix, field.name, field.zh)
    ]


def _fits(prefix: str, name: str, zh: str) -> bool:
    typed = prefix.strip().lower()
    return typed in name or typed in zh


def proposal(kind: RecordKind, wanted: str | None, limit: int | None) -> dict[str, Any]:
    """Return the properties that a data extension can fetch for a type."""
    fields = properties_of(kind) if wanted in (None, "", kind.entity) else []
    shown = [{"id": field.name, "name": field.zh} for field in fields[:limit]]
    return {"type": wanted or kind.entity, "properties": shown, **({} if limit is None else {"limit": limit})}


def extension_shown(fields: Iterable[Field], records: Mapping[str, Record | None]) -> dict[str, Any]:
    """Return the values of fields as the data extension has them; a record that is not there has none."""
    fields = list(fields)
    rows = {
        key: {field.name: [] if record is None else _cells(field, record[field.name]) for field in fields}
        for key, record in records.items()
    }
    return {"meta": [{"id": field.name, "name": field.zh} for field in fields], "rows": rows}


def _cells(field: Field, value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    if isinstance(value, list):
        return [{"str": str(each)} for each in value]
    if field.type == "integer":
        return [{"int": value}]
    if field.type == "date":
        return [{"date": f"{value}T00:00:00"}]
    if field.type == "boolean":
        return [{"str": "是" if value else "否"}]
    return [{"str": str(value)}]  # decimals, too: they keep every digit as text


def preview_page(kind: RecordKind, record: Record) -> str:
    """Return a small page about a record, every value escaped."""
    told = [(kind.by_name[name].zh, record[name]) for name in _PREVIEWED if record.get(name) not in (None, "")]
    rows = "".join(f"<tr><th>{escape(label)}</th><td>{escape(str(value))}</td></tr>" for label, value in told)
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        f"<title>{escape(str(record['name']))}</title>"
        f"<style>{_STYLE}</style></head><body>"
        f"<strong>{escape(str(record['name']))}</strong><br><code>{escape(str(record[kind.key]))}</code>"
        f"<table>{rows}</table></body></html>"
    )

"""Lines of worklists as JSON values: names in one language, where the record is, and why it stands here."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from heli_reporting.worklists.domain import KINDS, Line, Urgency
from heli_reporting.worklists.service import Worklist
from heli_shared.statistics.dimensions import UNKNOWN

_PLACES = Decimal("0.0001")
_LINKS = {
    "party_organization": "registry:/v1/site-organizations/",
    "assignment": "registry:/v1/assignments/",
    "person": "registry:/v1/people/",
    "unit": "registry:/v1/units/",
    "dispute": "registry:/v1/disputes/",
    "transfer": "registry:/v1/transfers/",
    "pairing": "registry:/v1/pairings/",
    "task": "assessment:/v1/tasks/",
    "letter": "assessment:/v1/letters/",
    "rectification_order": "assessment:/v1/rectification-orders/",
    "representative_evaluation": "assessment:/v1/representative-evaluations/",
}
_FIRST = Urgency(1, 1, "")


def line_json(line: Line, found: Worklist, *, english: bool) -> dict[str, Any]:
    """Return a line as JSON values."""
    zh, en = KINDS[line.kind]
    link = _LINKS[line.subject_kind] + line.subject if line.subject != UNKNOWN else None
    return {
        "kind": line.kind,
        "kind_name": en if english else zh,
        "subject": {"kind": line.subject_kind, "id": line.subject, "name": line.name, "link": link},
        "unit": _named(line.unit, found.units),
        "person": line.person,
        "division": _named(line.division, found.divisions),
        "due_on": None if line.due_on is None else line.due_on.isoformat(),
        "days": line.days,
        "since": None if line.since is None else line.since.isoformat(),
        "detail": line.en if english else line.zh,
        "rule": line.rule,
        "basis": line.basis,
        "urgency": _urgency_json(line.urgency or _FIRST, english=english),
    }


def _urgency_json(urgency: Urgency, *, english: bool) -> dict[str, Any]:
    rank, weight = urgency.rank, urgency.weight
    place = format((Decimal(rank) / Decimal(weight)).quantize(_PLACES).normalize(), "f")
    zh = f"同类第{rank}急，权重{weight}：{rank}÷{weight}={place}，小者在前"
    en = f"Number {rank} of its kind, weight {weight}: {rank} ÷ {weight} = {place}, small values first"
    return {"place": place, "rank": rank, "weight": weight, "basis": urgency.basis, "words": en if english else zh}


def _named(code: str | None, names: Mapping[str, str]) -> dict[str, str] | None:
    return None if code is None else {"code": code, "name": names.get(code, code)}

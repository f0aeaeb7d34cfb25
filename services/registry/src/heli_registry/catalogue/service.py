"""The catalogue as it is served: made from the declarations of the kinds and the decisions about sharing them."""

from collections.abc import Mapping
from typing import Any

from heli_registry.catalogue import repository
from heli_registry.catalogue.domain import class_names, own_words, sharing_of, unit_of
from heli_registry.database import METADATA
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.imports.kinds import KINDS, choice_words
from heli_shared.kernel.errors import NotFound
from heli_shared.records.calls import RecordCall
from heli_shared.records.encoding import MEDIA_TYPES
from heli_shared.records.kinds import Field, RecordKind, kinds_of
from heli_shared.records.service import Resource

_STATES = {"open": "正常", "closed": "已关闭"}
_TYPES = {"text": "文本", "integer": "整数", "decimal": "小数", "boolean": "是否", "date": "日期", "texts": "多个文本"}


def catalogue(call: RecordCall, resources: Mapping[str, Resource]) -> dict[str, Any]:
    """Return every kind that is shared, field by field, and why the others are not."""
    shared, closed = [], []
    kinds = {kind.plural: kind for kind in kinds_of(METADATA).values()}
    for plural in sorted(kinds):
        sharing = sharing_of(plural)
        if sharing.sharing_class != "closed" and plural in resources:
            shared.append(described(call, resources[plural]))
        else:
            reason = {"resource": plural, "zh": kinds[plural].zh}
            closed.append({**reason, "reason": sharing.purpose, "basis": sharing.basis})
    classes = [{"name": name, **words} for name, words in class_names().items()]
    return {"items": shared, "not_shared": closed, "classes": classes}


def one_of_catalogue(call: RecordCall, resources: Mapping[str, Resource], plural: str) -> dict[str, Any]:
    """Return one shared kind; NotFound for a kind that is not shared."""
    resource = resources.get(plural)
    if resource is None or sharing_of(plural).sharing_class == "closed":
        raise NotFound(f"目录中没有资源“{plural}”。", f"The catalogue has no resource {plural}.")
    return described(call, resource)


def described(call: RecordCall, resource: Resource) -> dict[str, Any]:
    """Return a kind as the catalogue tells it."""
    kind, plural = resource.kind, resource.kind.plural
    sharing = sharing_of(plural)
    rows = None
    if call.principal.may(f"{plural}:read"):
        rows = repository.count(call.session, kind, resource.visible(call.session, call.principal.scope))
    answering = repository.stewards(call.session, kind)
    key = Field(kind.key, "text", f"{kind.zh}编号", "the key", required=True)
    return {
        "resource": plural,
        "entity": kind.entity,
        "zh": kind.zh,
        "key": kind.key,
        "sharing_class": sharing.sharing_class,
        "sharing_class_zh": class_names()[sharing.sharing_class]["zh"],
        "basis": sharing.basis,
        "purpose": sharing.purpose,
        "rhythm": sharing.rhythm,
        "formats": list(MEDIA_TYPES),
        "rows": rows,
        "links": {
            "list": f"/v1/{plural}",
            "bulk": f"/v1/exports/{plural}",
            "feed": f"/v1/changes?kind={plural}",
            "digests": f"/v1/digests?kind={plural}",
            "corrections": f"/v1/correction-requests?kind={plural}",
        },
        "fields": [
            _described_field(kind, each, sharing.class_of(each.name), answering.get(each.name))
            for each in (key, *kind.all_fields)
        ],
    }


def _described_field(kind: RecordKind, field: Field, sharing_class: str, steward: str | None) -> dict[str, Any]:
    words = _words(kind, field)
    return {
        "name": field.name,
        "type": field.type,
        "type_zh": _TYPES[field.type],
        "zh": field.zh,
        "en": field.en or None,
        "unit": unit_of(field.name),
        "required": field.required,
        "codes": [{"code": code, "zh": words.get(code)} for code in field.choices] or None,
        "references": field.references,
        "sharing_class": sharing_class,
        "steward": steward,
    }


def _words(kind: RecordKind, field: Field) -> Mapping[str, str]:
    """Return the Chinese word for each code of a field, as clerks write it."""
    if field.name == "state":
        return _STATES
    if field.choices and set(field.choices) <= ENTERPRISE.by_name.keys():
        return {name: ENTERPRISE.by_name[name].zh for name in field.choices}  # the codes are names of fields
    if set(field.choices) == choice_words()["affiliation_kind"].keys():  # wherever a superior is named
        return {code: words[0] for code, words in choice_words()["affiliation_kind"].items()}
    imported = KINDS.get(kind.plural)
    choices = next((each.choices for each in imported.fields if each.name == field.name), None) if imported else None
    if choices is None:
        return own_words(kind.plural, field.name)
    return {code: words[0] for code, words in choice_words()[choices].items()}

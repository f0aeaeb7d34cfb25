"""Use cases of forms: register one with warnings, close it, measure the burden, fill in what is held."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from heli_registry.burden import repository
from heli_registry.burden.domain import Form, Item, answers, answers_left, asked_twice, by_unit, is_held
from heli_registry.burden.models import FORM, FORM_ITEM
from heli_registry.imports.columns import recognised_columns
from heli_registry.imports.kinds import KINDS
from heli_registry.references import check_references
from heli_shared.kernel.errors import Conflict, FieldProblem, Forbidden, InvalidInput
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.entries import json_value
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters, no_conditions
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Record, find_row, record_of_row
from heli_shared.records.service import Resource, get_record, not_found
from heli_shared.records.writing import Write

FORMS = Resource(FORM, no_conditions, filters={**equality_filters(FORM), "name": contains_filter(FORM, "name")})
FORM_ITEMS = Resource(FORM_ITEM, no_conditions, filters=equality_filters(FORM_ITEM))
ALL_FORMS = "deliveries:audit"
"""Who oversees exchange for the county also registers forms for every unit."""

Resources = Mapping[str, Resource]


@dataclass(frozen=True, slots=True)
class AskedItem:
    """An item as it is sent in: without a field its label is looked up among the names that columns go by."""

    label: str
    field: str | None


def register_form(call: RecordCall, resources: Resources, body: Mapping[str, Any]) -> dict[str, Any]:
    """Register a form with its items and return it with a warning for each item that is held already."""
    if not _is_own(call, body["unit"]):
        found = FieldProblem("/unit", "只能填写本单位", "must be your own unit")
        raise InvalidInput("只能登记本单位的报表。", "You may register forms of your own unit only.", errors=[found])
    kind = resources[body["target_kind"]].kind
    items = [Item(each.label, each.field or field_of(kind, each.label)) for each in body["items"]]
    _check_items(kind, items, body.get("division"))
    key, today = new_id(str(FORM.prefix)), call.clock.today()
    values = {name: body.get(name) for name in ("name", "unit", "target_kind", "times_per_year", "basis", "division")}
    values = {**{name: value for name, value in values.items() if value is not None}, "state": "open"}
    after = {"id": key, **{each.name: None for each in FORM.all_fields}, **values}
    check_references(call, FORM, before=None, after=after)
    writes = [Write(FORM, key, "create", today, values)]
    for position, item in enumerate(items, start=1):
        own = {"form": key, "position": position, "label": item.label, "field": item.field, "state": "open"}
        given = {name: value for name, value in own.items() if value is not None}
        writes.append(Write(FORM_ITEM, new_id(str(FORM_ITEM.prefix)), "create", today, given))
    call.write(writes)
    row = find_row(call.session, FORM, key)
    return {"form": record_of_row(FORM, row), **measured_form(call, resources, row)}


def close_form(call: RecordCall, key: str, reason: str) -> Record:
    """Close a form and its items: it is no longer asked for."""
    if find_row(call.session, FORM, key, lock=True) is None:
        raise not_found(FORM, key)
    record = get_record(call, FORMS, key)
    if not _is_own(call, record["unit"]):
        raise Forbidden("只能停用本单位的报表。", "You may close forms of your own unit only.")
    if record["state"] != "open":
        raise Conflict("该报表已经停用。", "The form is closed already.")
    today = call.clock.today()
    changes = {"state": "closed", "closed_on": today, "closed_reason": reason}
    items = [(FORM_ITEM, each) for each in repository.open_item_keys(call.session, key)]
    call.write([Write(kind, each, "close", today, changes) for kind, each in [(FORM, key), *items]])
    return record_of_row(FORM, find_row(call.session, FORM, key))


def field_of(kind: RecordKind, label: str) -> str | None:
    """Return the field that a label means, by the names under which columns are imported; None for free text."""
    known = {kind.key, *(each.name for each in kind.fields)}
    found = recognised_columns(KINDS[kind.plural], [label]).places
    return next((name for name in found if name in known), None)


def _is_own(call: RecordCall, unit: str) -> bool:
    return unit == call.principal.unit or call.principal.may(ALL_FORMS)


def _check_items(kind: RecordKind, items: Sequence[Item], division: str | None) -> None:
    if division is not None and "division" not in kind.by_name:
        found = FieldProblem("/division", f"{kind.zh}没有区划字段", "this kind has no division")
        raise InvalidInput("填报范围有误。", "Targets of this kind cannot be chosen by division.", errors=[found])
    known = {kind.key, *(each.name for each in kind.fields)}
    faults = [
        FieldProblem(f"/items/{place}/field", f"{kind.zh}没有这个字段", "is no field of this kind")
        for place, item in enumerate(items)
        if item.field is not None and item.field not in known
    ]
    if faults:
        raise InvalidInput("报表指标有误，请按 errors 核对。", "An item is not right; see `errors`.", errors=faults)


def load_form(call: RecordCall, resources: Resources, row: Any) -> Form:
    """Return a form with how much of it is held for the targets that the caller sees."""
    resource = resources[row.target_kind]
    kind = resource.kind
    items = tuple(Item(each.label, each.field) for each in repository.items_of(call.session, row.id))
    fields = sorted({item.field for item in items if item.field is not None})
    clauses = _targets(call, resource, row)
    targets, held = repository.held_counts(call.session, kind, fields, clauses)
    return Form(row.id, row.name, row.unit, row.target_kind, row.times_per_year, items, targets, held)


def _targets(call: RecordCall, resource: Resource, row: Any) -> list[Any]:
    if not call.principal.may(f"{row.target_kind}:read"):
        raise Forbidden(f"您没有查看{resource.kind.zh}的权限。", f"You may not read {row.target_kind}.")
    visible = [each.clause for each in resource.visible(call.session, call.principal.scope)]
    return repository.targets_of(resource.kind, row.division, visible)


def measured_form(call: RecordCall, resources: Resources, row: Any) -> dict[str, Any]:
    """Return what of a form is held, item by item, and how many answers are left to type."""
    form = load_form(call, resources, row)
    kind = resources[row.target_kind].kind
    names = {kind.key: kind.zh, **{each.name: each.zh for each in kind.fields}}
    warnings = [
        {
            "label": item.label,
            "field": item.field,
            "zh": names[str(item.field)],
            "held": form.held[str(item.field)],
            "targets": form.targets,
        }
        for item in form.items
        if is_held(form, item)
    ]
    return {
        "warnings": warnings,
        "items": len(form.items),
        "targets": form.targets,
        "items_to_type": sum(1 for item in form.items if not is_held(form, item)),
        "answers": answers(form),
        "answers_left": answers_left(form),
    }


def measure(call: RecordCall, resources: Resources, unit: str | None) -> dict[str, Any]:
    """Return the burden of every unit, or of one, and the fields that are asked for twice."""
    rows = [row for row in repository.open_forms(call.session) if call.principal.may(f"{row.target_kind}:read")]
    forms = [load_form(call, resources, row) for row in rows]
    own = [form for form in forms if unit is None or form.unit == unit]
    twice = [each for each in asked_twice(forms) if unit is None or unit in each.units]
    zh = {
        (plural, each.name): each.zh
        for plural in {form.target_kind for form in forms}
        for each in resources[plural].kind.fields
    }
    return {
        "items": [asdict(each) for each in by_unit(own)],
        "twice": [{**asdict(each), "zh": zh.get((each.kind, each.field), each.field)} for each in twice],
        "total": {
            "forms": len(own),
            "items": sum(len(form.items) for form in own),
            "answers": sum(map(answers, own)),
            "answers_left": sum(map(answers_left, own)),
        },
    }


def prefilled(
    call: RecordCall, resources: Resources, key: str
) -> tuple[Any, list[str], Callable[[], Iterator[list[Any]]]]:
    """Return an open form, the header of its sheet, and what makes its rows: held values in place, the rest blank."""
    rows = repository.open_forms(call.session, form=key)
    if not rows:
        raise not_found(FORM, key)
    row = rows[0]
    resource = resources[row.target_kind]
    kind = resource.kind
    items = repository.items_of(call.session, key)
    fields = sorted({each.field for each in items if each.field is not None and each.field != kind.key})
    clauses = _targets(call, resource, row)
    has_key = any(each.field == kind.key for each in items)
    header = [each.label for each in items] if has_key else [f"{kind.zh} {kind.key}", *(each.label for each in items)]

    def lines() -> Iterator[list[Any]]:
        for target in repository.rows_of_targets(call.session, kind, fields, clauses):
            values = {kind.key: target[0], **dict(zip(fields, target[1:], strict=True))}
            cells = [None if each.field is None else json_value(values[each.field]) for each in items]
            yield cells if has_key else [target[0], *cells]

    return row, header, lines

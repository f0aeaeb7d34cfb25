"""Filters by code are checked against what there is for the caller: a slip of the pen is a refusal and not a zero."""

from collections.abc import Sequence
from datetime import date

from heli_reporting.history.domain import Query
from heli_reporting.history.store import Store
from heli_shared.kernel.errors import BadRequest, FieldProblem, NotFound
from heli_shared.kernel.industries import is_classified
from heli_shared.statistics.dimensions import DIMENSIONS, TREES, Dimension, is_unknown, node_of

_ENTITIES = {
    "division": (("division",), "行政区划"),
    "zone": (("zone",), "园区楼宇"),
    "unit": (("unit",), "机构"),
    "sector": (("sector",), "行业归口"),
    "affiliation": (("party_organization", "unit"), "党组织或机构"),
}
_INDUSTRIES = ("GB/T 4754-2017 的代码，如 C、C13、C1311", "the codes of GB/T 4754-2017, such as C, C13 and C1311")


def check_known(store: Store, query: Query, *, on: date) -> None:
    """Refuse filters by a division, zone, unit, industry or node of a tree that never was; closed ones are known.

    What has nothing to do with the caller's scope is refused in the same words as what never was (NotFound).
    """
    for name, values in query.filters.items():
        codes = [node_of(name, value) for value in values if not is_unknown(value)]
        _check_codes(store, query, name, codes, parameter=name, on=on)


def check_groups(
    store: Store, query: Query, dimensions: Sequence[Dimension], codes: Sequence[str | None], *, on: date
) -> None:
    """Refuse a line, told by one code for each dimension or None for none, whose codes never were."""
    for dimension, code in zip(dimensions, codes, strict=False):
        if code is None:
            continue
        labels = [label for label, _zh, _en in dimension.labels]
        if labels and code not in labels and not _is_carried(store, dimension.id, code):
            raise _no_such(dimension.zh, dimension.text, [code], "group", "、".join(labels), ", ".join(labels))
        _check_codes(store, query, dimension.id, [code], parameter="group", on=on)


def _check_codes(store: Store, query: Query, name: str, codes: Sequence[str], *, parameter: str, on: date) -> None:
    """Refuse codes that are on no record; what facts carry is known without one of its own."""
    if name == "industry":
        missing = [code for code in codes if not is_classified(code) and not _is_carried(store, name, code)]
        if missing:
            raise _no_such("行业", name, missing, parameter, *_INDUSTRIES)
    if name in _ENTITIES and codes:
        entities, zh = _ENTITIES[name]
        found = {
            record["key"] for entity in entities for record in store.records(entity, on, keys=codes, open_only=False)
        }
        missing = [code for code in codes if code not in found and not _is_carried(store, name, code)]
        if query.scope.everything and missing:
            raise _no_such(zh, name, missing, parameter)
        outside = set() if query.scope.everything or name == "sector" else set(store.unseen(name, codes, query))
        hidden = [code for code in codes if code in missing or code in outside]
        if hidden:
            raise _not_found(zh, name, hidden, parameter)


def _is_carried(store: Store, name: str, code: str) -> bool:
    """Say whether a code was ever counted under; nodes of trees are those on record."""
    carrying = [each for each in DIMENSIONS.values() if each.id == name and name not in TREES]
    return any(store.has_value(each, code) for each in carrying)


def _not_found(zh: str, en: str, codes: Sequence[str], parameter: str) -> NotFound:
    """Return the refusal of codes to somebody who sees a part: it does not tell whether there are such."""
    return NotFound(
        f"没有这样的{zh}，或您无权查看：{'、'.join(codes[:5])}。",
        f"There is no {en} {', '.join(codes[:5])}, or you may not see it.",
        errors=[
            FieldProblem(f"parameter {parameter}", "没有这个代码，或无权查看", "is not known, or not for you to see")
        ],
    )


def _no_such(zh: str, en: str, codes: Sequence[str], parameter: str, *told: str) -> BadRequest:
    """Return the refusal of codes; `told` says in Chinese and in English what there is, where that can be said."""
    more_zh, more_en = (f"；可用：{told[0]}", f"; there are: {told[1]}") if told else ("", "")
    return BadRequest(
        f"没有这样的{zh}：{'、'.join(codes[:5])}{more_zh}。",
        f"There is no {en} {', '.join(codes[:5])}{more_en}.",
        errors=[FieldProblem(f"parameter {parameter}", "没有这个代码", "is not known")],
    )

"""Filters by code are checked against what there is, so that a slip of the pen is a refusal and not a zero."""

from collections.abc import Mapping
from datetime import date

from heli_reporting.history.store import Store
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.statistics.dimensions import UNKNOWN

_ENTITIES = {
    "division": (("division",), "行政区划"),
    "zone": (("zone",), "园区楼宇"),
    "unit": (("unit",), "机构"),
    "sector": (("sector",), "行业归口"),
    "affiliation": (("party_organization", "unit"), "党组织或机构"),
}


def check_known(store: Store, filters: Mapping[str, tuple[str, ...]], *, on: date) -> None:
    """Refuse filters by a division, zone, unit or node of a tree that was never recorded; closed ones are known."""
    for name, (entities, zh) in _ENTITIES.items():
        wanted = [value for value in filters.get(name, ()) if value != UNKNOWN]
        if not wanted:
            continue
        found = {
            record["key"] for entity in entities for record in store.records(entity, on, keys=wanted, open_only=False)
        }
        missing = [value for value in wanted if value not in found]
        if missing:
            raise BadRequest(
                f"没有这样的{zh}：{'、'.join(missing[:5])}。",
                f"There is no {name} {', '.join(missing[:5])}.",
                errors=[FieldProblem(f"parameter {name}", "没有这个代码", "is not known")],
            )

"""Sectors as the registry serves them: a tree without circles that everybody may read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from heli_registry.ancestry import check_parent
from heli_registry.references import check_references
from heli_registry.sectors.domain import is_industry
from heli_registry.sectors.models import SECTOR
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters, no_conditions
from heli_shared.records.service import Resource


def check_sector(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], effective_on: date
) -> None:
    """Refuse references that point nowhere, codes that are no industry, and a sector that would stand above itself."""
    check_references(call, SECTOR, before=before, after=after)
    if any(not is_industry(code) for code in after["industries"] or ()):
        found = FieldProblem("/industries", "应为门类字母加数字，例如 C 或 C1311", "give codes such as C or C1311")
        raise InvalidInput("行业代码有误。", "A code is no industry.", errors=[found])
    check_parent(call, SECTOR, before, after, effective_on)


SECTORS = Resource(
    SECTOR,
    no_conditions,
    check=check_sector,
    filters={**equality_filters(SECTOR), "name": contains_filter(SECTOR, "name")},
)

"""Pairings as the registry serves them: one unit, one enterprise or one of its organisations, and what was agreed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.access import either, linked
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.pairings.models import PAIRING
from heli_registry.references import check_references
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource
from heli_shared.statistics.parameters import parameter

_PLANNED = {
    "activities_per_year": "pair.activities_per_year",
    "meetings_per_year": "pair.meetings_per_year",
    "practical_matters_per_year": "pair.practical_matters_per_year",
}


def visible_pairings(session: Session, scope: Scope) -> list[Condition]:
    """Show the pairings of enterprises and organisations that the scope shows."""
    if scope.everything:
        return []
    with_enterprise = linked(PAIRING, "enterprise", ENTERPRISE, session, scope)
    with_organization = linked(PAIRING, "organization", PARTY_ORGANIZATION, session, scope)
    return [either(with_enterprise, with_organization)]


def complete_pairing(call: RecordCall, values: dict[str, Any]) -> dict[str, Any]:
    """Fill in what an agreement that names no numbers is held to: the plan in force today."""
    today = call.clock.today()
    planned = {name: parameter(key).find(today) for name, key in _PLANNED.items()}
    return {**{name: int(held.value) for name, held in planned.items() if held is not None}, **values}


def check_pairing(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse references that point nowhere, a pairing with nobody, and an agreement that ends before it begins."""
    check_references(call, PAIRING, before=before, after=after)
    faults = []
    if after["enterprise"] is None and after["organization"] is None:
        faults.append(FieldProblem("/organization", "请填写企业党组织或企业", "name an organisation or an enterprise"))
    if after["agreed_on"] and after["ends_on"] and str(after["ends_on"]) < str(after["agreed_on"]):
        faults.append(FieldProblem("/ends_on", "早于协议日期", "lies before the agreement"))
    if faults:
        raise InvalidInput("结对信息有误。", "The pairing is not right; see `errors`.", errors=faults)


PAIRINGS = Resource(
    PAIRING,
    visible_pairings,
    check=check_pairing,
    complete=complete_pairing,
    filters=equality_filters(PAIRING),
)

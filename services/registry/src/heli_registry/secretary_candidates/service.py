"""Secretary candidates as the registry serves them: each person once, and whoever is placed is placed somewhere."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.access import either, in_territory, linked
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.people.pools import check_once_in_pool
from heli_registry.references import check_references
from heli_registry.secretary_candidates.models import SECRETARY_CANDIDATE
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource

_KIND = SECRETARY_CANDIDATE


def visible_candidates(session: Session, scope: Scope) -> list[Condition]:
    """Show the candidates who are meant for the scope's territory or work in an enterprise that the scope shows."""
    if scope.everything:
        return []
    meant = in_territory(_KIND, session, scope, code_field="division", zone_field="zone")
    return [either(meant, linked(_KIND, "enterprise", ENTERPRISE, session, scope))]


def check_candidate(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse references that point nowhere, a person who is in the pool already, and a place without organisation."""
    check_references(call, _KIND, before=before, after=after)
    if after["stage"] == "placed" and after["organization"] is None:
        found = FieldProblem("/organization", "已任职的，请填写任职党组织", "name the organisation of who is placed")
        raise InvalidInput("人选信息不完整。", "The candidate is placed nowhere.", errors=[found])
    check_once_in_pool(call, _KIND, after)


SECRETARY_CANDIDATES = Resource(_KIND, visible_candidates, check=check_candidate, filters=equality_filters(_KIND))

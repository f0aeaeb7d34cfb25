"""Affiliations as the registry serves them: the superior exists, and nobody stands above itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import linked
from heli_registry.affiliations.models import AFFILIATION
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.references import check_references
from heli_registry.units.models import UNIT
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Condition, find_row
from heli_shared.records.service import Resource


def visible_affiliations(session: Session, scope: Scope) -> list[Condition]:
    """Show the affiliations of organisations that the scope shows."""
    return [] if scope.everything else [linked(AFFILIATION, "organization", PARTY_ORGANIZATION, session, scope)]


def check_affiliation(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse ends that do not exist and a chain of superiors that comes back to the organisation."""
    targets = {"party_organization": PARTY_ORGANIZATION}
    check_references(call, AFFILIATION, targets, before=before, after=after)
    superior = after["superior"]
    if find_row(call.session, PARTY_ORGANIZATION, superior) is None and find_row(call.session, UNIT, superior) is None:
        found = FieldProblem("/superior", "没有这个上级党组织或机构", "there is no such organisation or unit")
        raise InvalidInput("上级不存在。", "The superior does not exist.", errors=[found])
    if after["organization"] in _above(call.session, superior):
        found = FieldProblem("/superior", "形成循环隶属", "makes a circle of superiors")
        raise InvalidInput("隶属关系不能成环。", "An organisation cannot stand above itself.", errors=[found])


def _above(session: Session, organization: str) -> set[str]:
    """Return an organisation and everything that stands above it by open affiliations."""
    table = AFFILIATION.table
    chain = sa.select(sa.literal(organization, sa.Text).label("id")).cte("chain", recursive=True)
    chain = chain.union(sa.select(table.c.superior).where(table.c.organization == chain.c.id, table.c.state == "open"))
    return set(session.execute(sa.select(chain.c.id)).scalars())


AFFILIATIONS = Resource(
    AFFILIATION, visible_affiliations, check=check_affiliation, filters=equality_filters(AFFILIATION)
)

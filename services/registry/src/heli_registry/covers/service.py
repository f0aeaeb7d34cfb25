"""Covers as the registry serves them: one open cover for each pair, both ends existing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import linked
from heli_registry.covers.models import COVER
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.references import check_references
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Conflict
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Condition, find_row
from heli_shared.records.service import Resource


def visible_covers(session: Session, scope: Scope) -> list[Condition]:
    """Show the covers of enterprises that the scope shows."""
    return [] if scope.everything else [linked(COVER, "enterprise", ENTERPRISE, session, scope)]


def complete_cover(call: RecordCall, values: dict[str, Any]) -> dict[str, Any]:
    """Take the organisation's setup form for a cover that states none."""
    if "form" in values:
        return values
    organization = find_row(call.session, PARTY_ORGANIZATION, values["organization"])
    return values if organization is None else {**values, "form": organization.setup_form}


def check_cover(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse ends that do not exist and a second open cover of the same pair."""
    check_references(call, COVER, before=before, after=after)
    table = COVER.table
    same = sa.select(table.c.id).where(
        table.c.organization == after["organization"],
        table.c.enterprise == after["enterprise"],
        table.c.state == "open",
        table.c.id != after["id"],
    )
    twin = call.session.execute(same.limit(1)).scalar_one_or_none()
    if twin is not None and after["state"] == "open":
        raise Conflict(
            "该党组织已覆盖该企业，无需重复登记。",
            "The organisation covers this enterprise already.",
            data={"cover": twin},
        )


COVERS = Resource(COVER, visible_covers, check=check_cover, complete=complete_cover, filters=equality_filters(COVER))

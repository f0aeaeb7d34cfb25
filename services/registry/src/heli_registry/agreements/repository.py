"""Looking up what a unit agreed to use data for."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.agreements.models import SHARING_AGREEMENT


def agreed_purpose(session: Session, unit: str, resource: str, day: date) -> str | None:
    """Return the purpose that an open agreement of a unit names for a resource on a day, or None."""
    table = SHARING_AGREEMENT.table
    holds = sa.or_(table.c.ends_on.is_(None), table.c.ends_on >= day)
    statement = sa.select(table.c.purpose, table.c.resources).where(
        table.c.unit == unit, table.c.state == "open", holds
    )
    for purpose, resources in session.execute(statement.order_by(table.c.id)):
        if not resources or resource in resources or resource in {"changes", "ledger"}:
            return str(purpose)
    return None

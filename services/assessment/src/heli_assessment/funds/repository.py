"""The statements that add money up."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.funds.models import FUND_BUDGET, FUND_MOVEMENT, PARTY_EXPENSE
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition, Record, find_row, record_of_row


def movements_beside(session: Session, budget: str | None, organization: str | None, *, but: str) -> list[Record]:
    """Return the open movements of a budget and those of an organisation, all but one."""
    table = FUND_MOVEMENT.table
    meant = [table.c.budget == budget] if budget is not None else []
    meant += [table.c.organization == organization] if organization is not None else []
    if not meant:
        return []
    statement = sa.select(table).where(table.c.state == "open", table.c.id != but, sa.or_(*meant))
    return [record_of_row(FUND_MOVEMENT, row) for row in session.execute(statement)]


def find_budget(session: Session, key: str) -> Record | None:
    """Return an open budget, or None."""
    row = find_row(session, FUND_BUDGET, key)
    return None if row is None or row.state != "open" else record_of_row(FUND_BUDGET, row)


def movements_of(session: Session, budget: str) -> list[Record]:
    """Return the open movements of a budget."""
    return movements_beside(session, budget, None, but="")


def of_year(
    session: Session, year: int, seen: tuple[list[Condition], list[Condition], list[Condition]]
) -> tuple[list[Record], list[Record], list[Record]]:
    """Return the open budgets, movements and expenses of a year that somebody may see."""
    first, last = f"{year:04d}-01-01", f"{year:04d}-12-31"
    moved = FUND_MOVEMENT.table.c.happened_on
    return (
        _open(session, FUND_BUDGET, seen[0], FUND_BUDGET.table.c.year == year),
        _open(session, FUND_MOVEMENT, seen[1], moved.between(_day(first), _day(last))),
        _open(session, PARTY_EXPENSE, seen[2], PARTY_EXPENSE.table.c.year == year),
    )


def _day(text: str) -> sa.ColumnElement[object]:
    from datetime import date

    return sa.literal(date.fromisoformat(text))


def _open(session: Session, kind: RecordKind, seen: Sequence[Condition], meant: sa.ColumnElement[bool]) -> list[Record]:
    table = kind.table
    clauses = [condition.clause for condition in seen]
    statement = sa.select(table).where(table.c.state == "open", meant, *clauses).order_by(table.c[kind.key])
    return [record_of_row(kind, row) for row in session.execute(statement)]

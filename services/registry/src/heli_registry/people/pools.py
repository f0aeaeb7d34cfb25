"""Pools of people: who is made available for something stands in it once."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from heli_shared.kernel.errors import Conflict
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind


def check_once_in_pool(call: RecordCall, kind: RecordKind, after: Mapping[str, Any]) -> None:
    """Refuse an open record of a kind whose person another open one names; the problem names that one."""
    table = kind.table
    twin = sa.select(table.c.id).where(
        table.c.person == after["person"], table.c.state == "open", table.c.id != after["id"]
    )
    other = call.session.execute(twin.limit(1)).scalar_one_or_none()
    if other is not None and after["state"] == "open":
        raise Conflict(f"该人员已在{kind.zh}库中。", "This person is in the pool already.", data={kind.entity: other})

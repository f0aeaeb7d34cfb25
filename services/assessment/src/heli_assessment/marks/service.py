"""Marks as assessment serves them: on an item that asks for one, of a unit that exists, within what can be scored."""

from datetime import date
from decimal import Decimal
from functools import partial

from heli_assessment.access import Units, Values, Visibility, check_unit_known
from heli_assessment.marks.models import MARK
from heli_assessment.rulebooks.models import RULEBOOK
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import find_row
from heli_shared.records.service import Resource

MOST = Decimal(1_000_000_000)


def marks_resource(units: Units) -> Resource:
    """Return marks, seen within the units that somebody may see."""
    return Resource(
        MARK,
        Visibility(MARK, units, "subject"),
        check=partial(check_mark, units),
        filters=equality_filters(MARK),
    )


def check_mark(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse a mark on what takes none, of a unit that is not there, or outside 0 to 10^9."""
    check_unit_known(units, before, after, "subject")
    problems: list[FieldProblem] = []
    if not 0 <= Decimal(after["value"]) <= MOST:
        problems.append(FieldProblem("/value", "应在 0 与 10 亿之间", "must be from 0 to 10^9"))
    row = find_row(call.session, RULEBOOK, after["rulebook"])
    if row is None:
        problems.append(FieldProblem("/rulebook", "没有这个考核细则，请先上传", "there is no such rulebook; upload it"))
    elif after["item"] not in row.marked_items:
        listed = ", ".join(row.marked_items[:20])
        zh, en = f"该考核项不需要评分；需要评分的有：{listed}", f"takes no mark; those that do: {listed}"
        problems.append(FieldProblem("/item", zh, en))
    if problems:
        raise InvalidInput("评分内容有误。", "The mark is not valid.", errors=problems)

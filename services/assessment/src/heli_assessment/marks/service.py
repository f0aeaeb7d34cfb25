"""Marks as assessment serves them: on an item that asks for one, of a subject of the rulebook's kind, within bounds."""

from datetime import date
from decimal import Decimal
from typing import Any

from heli_assessment.access import SubjectVisibility, Units, Values
from heli_assessment.intake.subjects import WORDS, Subjects
from heli_assessment.marks.models import MARK, PLACE
from heli_assessment.rulebooks.models import RULEBOOK
from heli_shared.kernel.errors import FieldProblem, Forbidden, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import find_row
from heli_shared.records.service import Resource
from heli_shared.web.calls import bearer_token

MOST = Decimal(1_000_000_000)


def marks_resource(units: Units, subjects: Subjects) -> Resource:
    """Return marks, seen where their subject belongs to what somebody may see."""
    rules = MarkRules(subjects)
    return Resource(
        MARK,
        SubjectVisibility(MARK, units),
        check=rules.check,
        complete=rules.complete,
        filters=equality_filters(MARK),
    )


class MarkRules:
    """What a new mark is completed with, and what is refused."""

    def __init__(self, subjects: Subjects) -> None:
        """Find subjects by `subjects`."""
        self._subjects = subjects

    def complete(self, call: RecordCall, values: dict[str, Any]) -> dict[str, Any]:
        """Fill in where the subject belongs today; who named another place is refused."""
        row = find_row(call.session, RULEBOOK, values["rulebook"])
        if row is None:  # `check` says so.
            return values
        token = bearer_token(call.request)
        place = self._subjects.find(token, row.subject_kind, values["subject"], on=call.clock.today())
        found = {name: None if place is None else getattr(place, name) for name in PLACE}
        if place is not None:
            _check_place(values, found)
        return values | {name: value for name, value in found.items() if value is not None}

    def check(self, call: RecordCall, before: Values | None, after: Values, effective_on: date) -> None:
        """Refuse one's own mark, a mark on what takes none, of whom the rulebook does not score, out of bounds."""
        _check_own(call, before, after)
        if before is not None:
            _check_place(after, before)
        problems: list[FieldProblem] = []
        if not 0 <= Decimal(after["value"]) <= MOST:
            problems.append(FieldProblem("/value", "应在 0 与 10 亿之间", "must be from 0 to 10^9"))
        row = find_row(call.session, RULEBOOK, after["rulebook"])
        if row is None:
            zh, en = "没有这个考核细则，请先上传", "there is no such rulebook; upload it"
            problems.append(FieldProblem("/rulebook", zh, en))
        elif after["item"] not in row.marked_items:
            listed = ", ".join(row.marked_items[:20])
            zh, en = f"该考核项不需要评分；需要评分的有：{listed}", f"takes no mark; those that do: {listed}"
            problems.append(FieldProblem("/item", zh, en))
        if row is not None and _is_another(before, after):
            problems += self._of_another_kind(call, row.subject_kind, after["subject"], effective_on)
        if problems:
            raise InvalidInput("评分内容有误。", "The mark is not valid.", errors=problems)

    def _of_another_kind(self, call: RecordCall, kind: str, subject: str, day: date) -> list[FieldProblem]:
        if self._subjects.find(bearer_token(call.request), kind, subject, on=day) is not None:
            return []
        words, words_en = WORDS[kind]
        zh = f"该细则考核{words}；登记服务中 {day} 没有这样的启用对象，或您无权查看"
        en = f"the rulebook scores {words_en}; the registry shows you no such one that is open on {day}"
        return [FieldProblem("/subject", zh, en)]


def _is_another(before: Values | None, after: Values) -> bool:
    return before is None or before["rulebook"] != after["rulebook"]


def _check_own(call: RecordCall, before: Values | None, after: Values) -> None:
    if before is not None and before["subject"] != after["subject"]:
        kept = FieldProblem("/subject", "不能改为评另一对象", "cannot become somebody else")
        raise InvalidInput(
            "评分的对象不能更改；请关闭这条评分，另给一条。",
            "A mark stays with its subject; close it and give another.",
            errors=[kept],
        )
    if call.principal.unit is not None and call.principal.unit == after["subject"]:
        raise Forbidden("不能给本单位评分，请由他人评分。", "Nobody marks the own unit; somebody else has to.")


def _check_place(given: Values, found: Values) -> None:
    """Refuse a place that is not the one the service fills in."""
    problems = [
        FieldProblem(f"/{name}", "由系统按登记信息填写，请勿填写", "is filled in from the registry; leave it out")
        for name in PLACE
        if given.get(name) not in {None, found[name]}
    ]
    if problems:
        raise InvalidInput("评分内容有误。", "The mark is not valid.", errors=problems)

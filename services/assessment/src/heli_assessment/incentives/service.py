"""Use cases of incentives: propose from a cycle, confirm as a person with exceptions that are reasoned, take back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from heli_assessment.cycles.domain import STAGE_WORDS, Stage
from heli_assessment.cycles.service import CYCLES, entries_in
from heli_assessment.cycles.turns import wrong
from heli_assessment.incentives.domain import Candidate, Level, Line, allowances, best, quota_of, stars
from heli_assessment.incentives.models import INCENTIVE
from heli_shared.kernel.errors import Conflict, Forbidden
from heli_shared.kernel.ids import new_id
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.reading import Record, find_row, record_of_row
from heli_shared.records.service import Resource, get_record, not_found
from heli_shared.records.writing import Write

INCENTIVES = Resource(INCENTIVE, no_conditions, filters=equality_filters(INCENTIVE))
_AWARDS = {"commendation": "表彰", "secretary_recommendation": "推荐为书记人选"}
_RESULT = frozenset({Stage.DECIDED, Stage.NOTICE, Stage.APPROVED, Stage.ARCHIVED})
_FINAL = frozenset({Stage.APPROVED, Stage.ARCHIVED})


@dataclass(frozen=True, slots=True)
class LevelAsked:
    """A star level with its quota as a number or as a share of all subjects."""

    title: str
    at_least: Decimal
    count: int | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class IncentiveRequest:
    """What to propose from a cycle: levels for stars, a table for allowances, a count and grades for lists."""

    kind: str
    cycle: str
    title: str
    basis: str
    levels: tuple[LevelAsked, ...]
    table: Mapping[str, Decimal]
    count: int | None
    grades: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """Where the person who confirms departs from what is proposed; award None: nothing is given."""

    subject: str
    award: str | None
    amount: Decimal | None
    reason: str


def propose(call: RecordCall, asked: IncentiveRequest) -> Record:
    """Propose an incentive from a decided cycle; what each subject is proposed for says why."""
    cycle = get_record(call, CYCLES, asked.cycle)
    stage = Stage(cycle["stage"])
    if stage not in _RESULT:
        raise Conflict(
            f"周期现为“{STAGE_WORDS[stage]}”，评定后才能提出激励方案。",
            f"The cycle is {stage.value}: incentives are proposed from one that is decided.",
            data={"stage": stage.value},
        )
    lines = _lines(asked, [_candidate(each) for each in entries_in(call, asked.cycle)])
    fields = {
        "kind": asked.kind, "cycle": asked.cycle, "title": asked.title, "basis": asked.basis,
        "rules": _json(_rules(asked)), "lines": _json([_line_json(line) for line in lines]), "status": "proposed",
        "state": "open",
    }  # fmt: skip
    key = new_id(str(INCENTIVE.prefix))
    call.write([Write(INCENTIVE, key, "create", call.clock.today(), fields)])
    return _fresh(call, key)


def _candidate(entry: Record) -> Candidate:
    return Candidate(entry["subject"], entry["name"], Decimal(entry["score"]), entry["grade"], entry["rank"])


def _lines(asked: IncentiveRequest, candidates: Sequence[Candidate]) -> list[Line]:
    match asked.kind:
        case "stars":
            if not asked.levels:
                raise wrong("/levels", "请给出星级", "is needed for stars")
            if len({level.at_least for level in asked.levels}) < len(asked.levels):
                raise wrong("/levels", "各星级的分数线不能相同", "must not begin at the same score twice")
            size = len(candidates)
            return stars(candidates, [Level(each.title, each.at_least, _quota(each, size)) for each in asked.levels])
        case "allowance":
            if not asked.table:
                raise wrong("/table", "请给出各等次的标准", "is needed for allowances")
            return allowances(candidates, asked.table)
        case _:
            if asked.count is None:
                raise wrong("/count", "请给出名额", "is needed for a list")
            return best(candidates, asked.count, frozenset(asked.grades), _AWARDS[asked.kind])


def _quota(level: LevelAsked, size: int) -> int | None:
    quotas = [level.count] if level.count is not None else []
    quotas += [quota_of(level.share, size)] if level.share is not None else []
    return min(quotas, default=None)


def _rules(asked: IncentiveRequest) -> dict[str, Any]:
    levels = [
        {"title": each.title, "at_least": str(each.at_least), "count": each.count,
         "share": None if each.share is None else str(each.share)}
        for each in asked.levels
    ]  # fmt: skip
    table = {grade: f"{amount:.2f}" for grade, amount in asked.table.items()}
    return {"levels": levels, "table": table, "count": asked.count, "grades": list(asked.grades)}


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "subject": line.subject,
        "name": line.name,
        "award": line.award,
        "amount": None if line.amount is None else f"{line.amount:.2f}",
        "reason": line.zh,
        "reason_en": line.en,
    }


def confirm(call: RecordCall, key: str, reason: str | None, overrides: Sequence[Override]) -> Record:
    """Confirm a proposal as a person, once its cycle is approved; every departure from it carries a reason."""
    incentive = _open(call, key, {"proposed", "reopened"})
    _check_person(call)
    stage = Stage(get_record(call, CYCLES, incentive["cycle"])["stage"])
    if stage not in _FINAL:
        raise Conflict(
            f"周期现为“{STAGE_WORDS[stage]}”，审定后才能确认。",
            f"The cycle is {stage.value}: confirm once it is approved.",
            data={"stage": stage.value},
        )
    known = {each["subject"] for each in json.loads(incentive["lines"])}
    kept = json.loads(incentive["overrides"] or "{}")
    for place, each in enumerate(overrides):
        if each.subject not in known:
            raise wrong(f"/overrides/{place}/subject", "名单中没有这个对象", "is not on the list")
        amount = None if each.amount is None else f"{each.amount:.2f}"
        kept[each.subject] = {
            "award": each.award, "amount": amount, "reason": each.reason, "by": call.principal.id,
        }  # fmt: skip
    changes = {
        "status": "confirmed", "overrides": _json(kept) if kept else None, "confirmed_by": call.principal.id,
        "confirmed_on": call.clock.today(), "reason": reason,
    }  # fmt: skip
    return _change(call, key, changes)


def withdraw(call: RecordCall, key: str, reason: str) -> Record:
    """Take a proposal back, or end a confirmed incentive, with a reason."""
    _open(call, key, {"proposed", "reopened", "confirmed"})
    return _change(call, key, {"status": "withdrawn", "reason": reason})


def reopen(call: RecordCall, key: str, reason: str) -> list[Write]:
    """Return the write that sends a confirmed incentive back to be confirmed anew; for an objection that is upheld."""
    row = find_row(call.session, INCENTIVE, key, lock=True)
    if row is None or row.status not in {"proposed", "confirmed", "reopened"}:
        return []
    cleared = {"status": "reopened", "confirmed_by": None, "confirmed_on": None, "reason": reason}
    return [Write(INCENTIVE, key, "change", call.clock.today(), cleared)]


def final_lines(incentive: Record) -> list[dict[str, Any]]:
    """Return the lines in force: as proposed, with the exceptions of whoever confirmed put in their place."""
    overrides = json.loads(incentive["overrides"] or "{}")
    return [
        {**line, "overridden": False} if line["subject"] not in overrides
        else {**line, "overridden": True, **{n: overrides[line["subject"]][n] for n in ("award", "amount", "reason")}}
        for line in json.loads(incentive["lines"])
    ]  # fmt: skip


def payment_sum(lines: Sequence[Mapping[str, Any]]) -> str:
    """Return the sum of the amounts of lines, in yuan."""
    return f"{sum((Decimal(line['amount']) for line in lines if line['amount']), Decimal(0)):.2f}"


def _open(call: RecordCall, key: str, statuses: set[str]) -> Record:
    row = find_row(call.session, INCENTIVE, key, lock=True)
    if row is None:
        raise not_found(INCENTIVE, key)
    if row.status not in statuses:
        raise Conflict(
            "该方案已确认或已撤回。", "The incentive is confirmed or withdrawn already.", data={"outcome": row.status}
        )
    return record_of_row(INCENTIVE, row)


def _check_person(call: RecordCall) -> None:
    if call.principal.kind != "person":
        raise Forbidden("激励须由人确认。", "Incentives are confirmed by a person.")


def _change(call: RecordCall, key: str, changes: Mapping[str, Any]) -> Record:
    call.write([Write(INCENTIVE, key, "change", call.clock.today(), changes)])
    return _fresh(call, key)


def _fresh(call: RecordCall, key: str) -> Record:
    return record_of_row(INCENTIVE, find_row(call.session, INCENTIVE, key))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

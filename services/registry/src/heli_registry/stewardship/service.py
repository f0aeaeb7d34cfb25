"""Who answers for a field, and what departments say: claims are taken one by one or by the thousand, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import linked, visible_enterprises
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.references import check_references
from heli_registry.stewardship import repository
from heli_registry.stewardship.domain import Pair
from heli_registry.stewardship.models import CLAIM, CLAIMABLE, DISPUTE, FIELD_STEWARD
from heli_registry.stewardship.planning import Planner, Said, check_undisturbed, execute
from heli_registry.stewardship.values import checked_value, label_of
from heli_registry.units.models import UNIT
from heli_shared.kernel.access import Principal, Scope
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.ledger.appending import read_head
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.reading import Condition, find_row
from heli_shared.records.service import Resource

MOST_ROWS = 10_000


def check_steward(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse units that do not exist or stand twice, another field for the same record, and a second steward."""
    check_references(call, FIELD_STEWARD, before=before, after=after)
    listed = list(after["precedence"] or ())
    faults = [
        FieldProblem("/precedence", f"没有机构 {unit}", f"there is no unit {unit}")
        for unit in listed
        if find_row(call.session, UNIT, unit) is None
    ]
    faults += [
        FieldProblem("/precedence", f"机构 {unit} 重复", f"unit {unit} stands twice")
        for unit in sorted({unit for unit in listed if [*listed, after["steward"]].count(unit) > 1})
    ]
    if after["field"] not in CLAIMABLE:
        faults.append(FieldProblem("/field", "没有这个字段，或它没有责任单位", "no such field, or none with a steward"))
    faults += [
        FieldProblem(f"/{name}", "不能改为另一字段，请另建", "cannot become another; make a new record")
        for name in ("kind", "field")
        if before is not None and before[name] != after[name]
    ]
    if faults:
        raise InvalidInput("数据责任有误，请按 errors 核对。", "The stewardship is not valid.", errors=faults)
    _check_only_steward(call, after)


def _check_only_steward(call: RecordCall, after: Mapping[str, Any]) -> None:
    table = FIELD_STEWARD.table
    same = sa.select(table.c.id).where(
        table.c.kind == after["kind"],
        table.c.field == after["field"],
        table.c.state == "open",
        table.c.id != after["id"],
    )
    other = call.session.execute(same.limit(1)).scalar_one_or_none()
    if other is not None and after["state"] == "open":
        raise Conflict(
            f"“{label_of(after['field'])}”已有责任单位，请修改原记录。",
            "Somebody answers for this field already; change that record.",
            data={"field_steward": other},
        )


FIELD_STEWARDS = Resource(FIELD_STEWARD, no_conditions, check=check_steward, filters=equality_filters(FIELD_STEWARD))


def is_department(principal: Principal) -> bool:
    """Say whether somebody sees only what concerns the own unit, though its scope is the whole county."""
    return principal.scope.everything and not principal.may("disputes:read")


def visible_claims(session: Session, scope: Scope) -> list[Condition]:
    """Show the claims about enterprises that the scope shows, as long as they say something."""
    return [_said()] if scope.everything else [_said(), linked(CLAIM, "enterprise", ENTERPRISE, session, scope)]


def claims_of(principal: Principal) -> Resource:
    """Return claims as a principal sees them: a department its own and those about fields it has a part in."""
    if not is_department(principal):
        return CLAIMS
    return replace(CLAIMS, visible=lambda session, _scope: [_said(), _of_department(session, principal.unit)])


def _said() -> Condition:
    return Condition(CLAIM.table.c.value.is_not(None), lambda record: record["value"] is not None)


def _of_department(session: Session, unit: str | None) -> Condition:
    listed = {name for name, units in repository.listed_units(session).items() if unit in units}
    table = CLAIM.table
    own = sa.select(table.c.id).where(table.c.unit == unit)
    beside = table.alias()
    shared = sa.exists().where(
        beside.c.enterprise == table.c.enterprise, beside.c.field == table.c.field, beside.c.unit == unit
    )
    clause = table.c.field.in_(sorted(listed)) | table.c.id.in_(own) | shared

    def matches(record: Mapping[str, Any]) -> bool:
        if record["field"] in listed or record["unit"] == unit:
            return True
        key = repository.claim_key(record["enterprise"], record["field"], unit or "")
        return find_row(session, CLAIM, key) is not None

    return Condition(clause, matches)


CLAIMS = Resource(CLAIM, visible_claims, filters=equality_filters(CLAIM))


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One row as it came in: whose value of which field, and since when it was seen to be so."""

    enterprise: str
    field: str
    value: Any
    unit: str | None = None
    observed_on: date | None = None
    document: str | None = None


@dataclass(slots=True)
class Outcome:
    """What became of rows: by number which were refused and why, which said nothing new, and what followed."""

    said: list[Said | None]
    refused: dict[int, list[FieldProblem]] = field(default_factory=dict)
    unchanged: set[int] = field(default_factory=set)
    in_force_changed: int = 0
    disputes_opened: int = 0
    disputes_closed: int = 0
    pairs: repository.Pairs = field(default_factory=dict)


def put_claim(call: RecordCall, row: ClaimRow) -> tuple[Said, Pair, Outcome]:
    """Take one claim; InvalidInput says why it cannot be taken."""
    outcome = put_claims(call, [row])
    if outcome.refused:
        raise InvalidInput(
            "数据未被接受，请按 errors 核对。", "The claim was refused; see `errors`.", errors=outcome.refused[0]
        )
    said = outcome.said[0]
    assert said is not None  # noqa: S101 - what is not refused was read
    return said, outcome.pairs[said.enterprise, said.field], outcome


def put_claims(call: RecordCall, rows: Sequence[ClaimRow]) -> Outcome:
    """Take what can be taken of some rows and say of the others why not; everything that follows is written at once."""
    session, ledger, today = call.session, call.ledger, call.clock.today()
    seq = read_head(session, ledger).seq
    outcome = _read(call, rows, today)
    wanted: dict[str, set[str]] = {}
    for said in outcome.said:
        if said is not None:
            wanted.setdefault(said.enterprise, set()).add(said.field)
    repository.lock_enterprises(session, wanted)
    outcome.pairs = repository.load_pairs(session, ledger, wanted)
    planner = Planner(session, ledger, today=today)
    since = _take(planner, outcome)
    for place, day in sorted(since.items()):
        planner.follow(outcome.pairs[place], since=day)
    plan = planner.plan
    outcome.in_force_changed = plan.count(ENTERPRISE, "change")
    outcome.disputes_opened = plan.count(DISPUTE, "create", "reopen")
    outcome.disputes_closed = plan.count(DISPUTE, "close")
    if since:
        check_undisturbed(session, ledger, seq, "field_steward")
        execute(session, ledger, plan, author=call.author, clock=call.clock)
    return outcome


def _take(planner: Planner, outcome: Outcome) -> dict[tuple[str, str], date]:
    """Put every readable row beside the other claims; return from which day each touched field changes."""
    since: dict[tuple[str, str], date] = {}
    taken: dict[tuple[str, str, str, date], tuple[int, Said]] = {}
    for number, said in enumerate(outcome.said):
        if said is None:
            continue
        place = (said.enterprise, said.field)
        pair = outcome.pairs[place]
        twin = taken.setdefault((*place, said.unit, said.observed_on), (number, said))
        first = pair.first_day
        if twin[1] != said:
            outcome.refused[number] = [_twice(twin[0])]
        elif first is None or said.observed_on < first:
            outcome.refused[number] = [_too_early(first)]
        elif planner.say(pair, said):
            since[place] = min(said.observed_on, since.get(place, said.observed_on))
        else:
            outcome.unchanged.add(number)
    return since


def _twice(number: int) -> FieldProblem:
    return FieldProblem(
        "",
        f"与第{number + 1}条是同一单位同一日期的数据，但内容不同",
        f"row {number + 1} says something else of the same day",
    )


def _too_early(first: date | None) -> FieldProblem:
    return FieldProblem(
        "/observed_on", f"早于该企业的登记日期 {first}", f"lies before the first day of the enterprise, {first}"
    )


def _read(call: RecordCall, rows: Sequence[ClaimRow], today: date) -> Outcome:
    """Read rows and refuse those that cannot be meant: unknown enterprise or unit, foreign unit, impossible value."""
    principal = call.principal
    clauses = [each.clause for each in visible_enterprises(call.session, principal.scope)]
    known = repository.visible_keys(call.session, (row.enterprise for row in rows), clauses)
    units = repository.open_units(call.session, (row.unit or principal.unit or "" for row in rows))
    reader = _Reader(principal, today, known, units, repository.stewarded_fields(call.session))
    outcome = Outcome([])
    for number, row in enumerate(rows):
        said, problems = reader.read(row)
        outcome.said.append(said)
        if problems:
            outcome.refused[number] = problems
    return outcome


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows for one caller."""

    principal: Principal
    today: date
    enterprises: set[str]
    units: Mapping[str, str]
    stewarded: set[str]

    def read(self, row: ClaimRow) -> tuple[Said | None, list[FieldProblem]]:
        """Return what a row says, or every reason against it."""
        problems = [each for each in (self._enterprise(row), self._field(row), self._unit(row), self._day(row)) if each]
        value, why = checked_value(row.field, row.value, self.today) if row.field in CLAIMABLE else (None, None)
        problems += [why] if why else []
        unit = row.unit or self.principal.unit
        if problems or unit is None:
            return None, problems
        return Said(row.enterprise, row.field, unit, value, row.observed_on or self.today, row.document), []

    def _enterprise(self, row: ClaimRow) -> FieldProblem | None:
        if row.enterprise in self.enterprises:
            return None
        return FieldProblem("/enterprise", "没有这家企业，或您无权查看", "no such enterprise, or you may not see it")

    def _field(self, row: ClaimRow) -> FieldProblem | None:
        if row.field not in CLAIMABLE:
            return FieldProblem(
                "/field", "没有这个字段，或它不由部门提供", "no such field, or none that departments supply"
            )
        if row.field not in self.stewarded:
            return FieldProblem(
                "/field",
                f"“{label_of(row.field)}”尚未确定责任单位；请先由县级经办在 /v1/field-stewards 登记",
                "nobody answers for this field yet; a county clerk names its steward at /v1/field-stewards first",
            )
        return None

    def _unit(self, row: ClaimRow) -> FieldProblem | None:
        own = self.principal.unit
        unit = row.unit or own
        if unit is None:
            return FieldProblem(
                "/unit", "您的账号不属于任何机构，请注明来源单位", "you belong to no unit; name the source"
            )
        if unit != own and not self.principal.may("claims:write-any"):
            return FieldProblem("/unit", "只能代表本单位提交", "you may speak for your own unit only")
        if unit not in self.units:
            return FieldProblem("/unit", "没有这个机构，或它已关闭", "no such unit, or it is closed")
        return None

    def _day(self, row: ClaimRow) -> FieldProblem | None:
        if row.observed_on is not None and row.observed_on > self.today:
            return FieldProblem("/observed_on", "日期晚于今天", "lies after today")
        return None

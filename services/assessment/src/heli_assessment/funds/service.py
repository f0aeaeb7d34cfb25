"""Funds as assessment serves them: nothing beyond budget, standard or dues; and the statement of a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from heli_assessment.access import Units, Values, Visibility, check_own_unit, check_unit_known
from heli_assessment.funds.domain import (
    PARAMETERS,
    Kind,
    Refusal,
    Standard,
    deduction_of,
    money,
    over_budget,
    over_dues,
    over_standard,
    total,
)
from heli_assessment.funds.models import FUND_BUDGET, FUND_MOVEMENT, PARTY_EXPENSE
from heli_assessment.funds.repository import find_budget, movements_beside, movements_of, of_year
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.ledger.appending import lock_head
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Record
from heli_shared.records.service import Resource
from heli_shared.statistics.parameters import parameter

_MOST = Decimal(1_000_000_000_000)
_CENT = Decimal("0.01")
_TAX_CAP = "fund.tax_cap_rate"


@dataclass(frozen=True, slots=True)
class Funds:
    """The three kinds of funds as they are served."""

    budgets: Resource
    movements: Resource
    expenses: Resource

    @property
    def all(self) -> tuple[Resource, ...]:
        """Return all three."""
        return self.budgets, self.movements, self.expenses


def funds_of(units: Units) -> Funds:
    """Return funds, seen within the units that somebody may see."""
    return Funds(
        Resource(
            FUND_BUDGET,
            Visibility(FUND_BUDGET, units),
            check=partial(check_budget, units),
            check_closing=check_budget_closing,
            filters=equality_filters(FUND_BUDGET),
        ),
        Resource(
            FUND_MOVEMENT,
            Visibility(FUND_MOVEMENT, units),
            check=partial(check_movement, units),
            check_closing=check_movement_closing,
            filters=equality_filters(FUND_MOVEMENT),
        ),
        Resource(
            PARTY_EXPENSE,
            Visibility(PARTY_EXPENSE, units),
            check=partial(check_expense, units),
            filters=equality_filters(PARTY_EXPENSE),
        ),
    )


def check_budget(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse a budget that is no amount, of an unknown unit, or smaller than what was allocated of it already."""
    check_unit_known(units, before, after)
    problems = _no_amount(after, "amount")
    if before is not None and not problems:
        lock_head(call.session, call.ledger)
        given = total(movements_of(call.session, before["id"]), Kind.ALLOCATION)
        if money(after["amount"]) < given:
            zh, en = f"少于已拨付的 {given} 元", f"is less than the {given} yuan allocated already"
            problems.append(FieldProblem("/amount", zh, en))
    _refuse("预算内容有误。", "The budget is not valid.", problems)


def check_budget_closing(call: RecordCall, before: Values | None, _after: Values, _effective_on: date) -> None:
    """Refuse to close a budget of which money was moved."""
    if before is not None and movements_of(call.session, before["id"]):
        raise Conflict("该预算已有拨付或支出，不能关闭。", "Money was moved out of this budget: it cannot be closed.")


def check_movement(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse money that is no amount, moved in days to come, or beyond budget, standard or dues."""
    check_own_unit(call, before, after)
    check_unit_known(units, before, after)
    problems = _no_amount(after, "amount") + _incomplete(after)
    if str(after["happened_on"]) > call.clock.today().isoformat():
        problems.append(FieldProblem("/happened_on", "日期晚于今天", "lies after today"))
    _refuse("收支内容有误。", "The movement is not valid.", problems)
    # What is left is counted under the ledger's lock: two allocations at once never take the same money.
    lock_head(call.session, call.ledger)
    others = movements_beside(call.session, after["budget"], after["organization"], but=after["id"])
    found = [each for each in _beyond(call, after, others) if each is not None]
    _refuse("金额超出限额。", "The amount is beyond a limit.", [FieldProblem(f.pointer, f.zh, f.en) for f in found])


def _incomplete(after: Values) -> list[FieldProblem]:
    problems = []
    kind = Kind(after["kind"])
    if kind is Kind.ALLOCATION and after["budget"] is None:
        problems.append(FieldProblem("/budget", "拨付须注明预算", "is needed for an allocation"))
    if kind in {Kind.DUES_PAID, Kind.DUES_RETURNED} and after["organization"] is None:
        problems.append(FieldProblem("/organization", "党费须注明党组织", "is needed for dues"))
    if kind is not Kind.ALLOCATION and after["standard"] is not None:
        problems.append(FieldProblem("/standard", "只用于拨付", "goes with allocations only"))
    if after["standard"] is not None and after["organization"] is None:
        problems.append(FieldProblem("/organization", "按标准拨付须注明党组织", "is needed with a standard"))
    if after["standard"] == Standard.PER_MEMBER and after["members"] is None:
        problems.append(FieldProblem("/members", "按人数拨付须填写党员人数", "is needed for `per_member`"))
    return problems


def _beyond(call: RecordCall, after: Values, others: list[Record]) -> list[Refusal | None]:
    found: list[Refusal | None] = []
    if after["budget"] is not None:
        budget = find_budget(call.session, after["budget"])
        gone = Refusal("/budget", "没有这项预算", "there is no such open budget")
        found.append(gone if budget is None else over_budget(after, others, budget))
    if after["standard"] is not None:
        day = date.fromisoformat(str(after["happened_on"]))
        limit = Decimal(parameter(PARAMETERS[Standard(after["standard"])]).on(day))
        found.append(over_standard(after, others, limit))
    if after["kind"] == Kind.DUES_RETURNED:
        found.append(over_dues(after, others))
    return found


def check_movement_closing(call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse to take back an allocation that was spent, or dues that were returned."""
    check_own_unit(call, before, after)
    lock_head(call.session, call.ledger)
    others = movements_beside(call.session, after["budget"], after["organization"], but=after["id"])
    where = {"organization": after["organization"], "unit": after["unit"], "budget": after["budget"]}
    if after["kind"] == Kind.ALLOCATION and total(others, Kind.ALLOCATION, **where) < total(
        others, Kind.SPENDING, **where
    ):
        raise Conflict("该笔拨付已经支出，不能撤销。", "What was allocated here is spent: it cannot be taken back.")
    ours = [each for each in others if each["organization"] == after["organization"]]
    if after["kind"] == Kind.DUES_PAID and total(ours, Kind.DUES_PAID) < total(ours, Kind.DUES_RETURNED):
        raise Conflict("该笔党费已经返还，不能撤销。", "These dues were returned: they cannot be taken back.")


def check_expense(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse an expense that is no amount or of another unit."""
    check_own_unit(call, before, after)
    check_unit_known(units, before, after)
    _refuse("经费内容有误。", "The expense is not valid.", _no_amount(after, "wages") + _no_amount(after, "spent"))


def _no_amount(after: Values, name: str) -> list[FieldProblem]:
    amount = Decimal(after[name])
    if 0 < amount <= _MOST and amount == amount.quantize(_CENT):
        return []
    return [FieldProblem(f"/{name}", "应大于 0，至多两位小数", "must be above 0, with two decimals at most")]


def _refuse(zh: str, en: str, problems: list[FieldProblem]) -> None:
    if problems:
        raise InvalidInput(zh, en, errors=problems)


def statement_of(call: RecordCall, funds: Funds, year: int) -> dict[str, Any]:
    """Return the statement of a year: what each unit got, gave, spent; what is left; what enterprises may deduct."""
    scope = call.principal.scope
    budgets, movements, expenses = of_year(
        call.session,
        year,
        (
            funds.budgets.visible(call.session, scope),
            funds.movements.visible(call.session, scope),
            funds.expenses.visible(call.session, scope),
        ),
    )
    units = sorted({each["unit"] for each in (*budgets, *movements)})
    rows = [_row(unit, budgets, movements) for unit in units]
    day = date(year, 12, 31)
    return {
        "year": year,
        "items": rows,
        "total": len(rows),
        "next": None,
        "sums": _sums(rows),
        "deductions": [_deduction(each, Decimal(parameter(_TAX_CAP).on(day))) for each in expenses],
        "standards": _standards(day),
    }


_COLUMNS = ("budgeted", "allocated", "spent", "dues_paid", "dues_returned", "left", "unspent", "dues_open")


def _row(unit: str, budgets: list[Record], movements: list[Record]) -> dict[str, str]:
    ours = [each for each in movements if each["unit"] == unit]
    amounts = {
        "budgeted": sum((money(each["amount"]) for each in budgets if each["unit"] == unit), Decimal(0)),
        "allocated": total(ours, Kind.ALLOCATION),
        "spent": total(ours, Kind.SPENDING),
        "dues_paid": total(ours, Kind.DUES_PAID),
        "dues_returned": total(ours, Kind.DUES_RETURNED),
    }
    ids = {each["id"] for each in budgets if each["unit"] == unit}
    taken = sum((total(movements, Kind.ALLOCATION, budget=budget) for budget in ids), Decimal(0))
    of_budgets = [each for each in ours if each["budget"] is not None]
    amounts["left"] = amounts["budgeted"] - taken
    amounts["unspent"] = amounts["allocated"] - total(of_budgets, Kind.SPENDING)
    amounts["dues_open"] = amounts["dues_paid"] - amounts["dues_returned"]
    return {"unit": unit, **{name: _text(amounts[name]) for name in _COLUMNS}}


def _sums(rows: list[dict[str, str]]) -> dict[str, str]:
    return {name: _text(sum((Decimal(row[name]) for row in rows), Decimal(0))) for name in _COLUMNS}


def _deduction(expense: Record, rate: Decimal) -> dict[str, Any]:
    found = deduction_of(money(expense["wages"]), money(expense["spent"]), rate)
    return {
        "enterprise": expense["enterprise"],
        "wages": _text(money(expense["wages"])),
        "spent": _text(money(expense["spent"])),
        "cap": _text(found.cap),
        "deductible": _text(found.deductible),
        "excess": _text(found.excess),
    }


def _standards(day: date) -> list[dict[str, Any]]:
    names: Mapping[str, str] = {**{each.value: name for each, name in PARAMETERS.items()}, "tax_cap": _TAX_CAP}
    shown = []
    for standard, name in names.items():
        found = parameter(name).find(day)
        value, basis = (None, None) if found is None else (str(found.value), found.basis)
        shown.append({"standard": standard, "parameter": name, "value": value, "basis": basis})
    return shown


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"

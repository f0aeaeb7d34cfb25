"""What money may be moved: standards with caps, budgets that hold, dues returned in full at most, the 1 % rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

Movement = Mapping[str, Any]
_CENT = Decimal("0.01")


class Kind(StrEnum):
    """What a movement of money is."""

    ALLOCATION = "allocation"  # 拨付
    SPENDING = "spending"  # 支出
    DUES_PAID = "dues_paid"  # 上缴党费
    DUES_RETURNED = "dues_returned"  # 返还党费


class Standard(StrEnum):
    """By what an allocation is measured."""

    PER_MEMBER = "per_member"  # 按党员人数
    NEW_ORGANIZATION = "new_organization"  # 新建党组织
    BRAND = "brand"  # 品牌项目


PARAMETERS = {
    Standard.PER_MEMBER: "fund.per_member_year",
    Standard.NEW_ORGANIZATION: "fund.new_organization_once",
    Standard.BRAND: "fund.brand_max",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a movement may not be: the field, what is wrong with it in both languages."""

    pointer: str
    zh: str
    en: str


def money(value: Any) -> Decimal:
    """Return an amount in yuan; None counts as nothing."""
    return Decimal(value or 0)


def total(movements: Iterable[Movement], kind: Kind, **wanted: Any) -> Decimal:
    """Return the sum of the movements of a kind whose fields have the wanted values."""
    return sum(
        (
            money(each["amount"])
            for each in movements
            if each["kind"] == kind and all(each[name] == value for name, value in wanted.items())
        ),
        Decimal(0),
    )


def over_standard(movement: Movement, others: Iterable[Movement], limit: Decimal) -> Refusal | None:
    """Say whether an allocation goes beyond its standard, of which `limit` yuan is the value.

    A standard by members counts all of the year's allocations to the organisation, one for new organisations all that
    were ever made, one for brand projects each by itself.
    """
    standard, amount = Standard(movement["standard"]), money(movement["amount"])
    earlier = [
        each
        for each in others
        if each["kind"] == Kind.ALLOCATION
        and each["standard"] == standard
        and each["organization"] == movement["organization"]
    ]
    match standard:
        case Standard.PER_MEMBER:
            year = str(movement["happened_on"])[:4]
            same_year = sum((money(e["amount"]) for e in earlier if str(e["happened_on"])[:4] == year), Decimal(0))
            most = limit * int(movement["members"] or 0) - same_year
        case Standard.NEW_ORGANIZATION:
            most = limit - sum((money(each["amount"]) for each in earlier), Decimal(0))
        case Standard.BRAND:
            most = limit
    if amount <= most:
        return None
    left = max(most, Decimal(0))
    return Refusal(
        "/amount", f"超出标准，至多还可拨付 {left} 元", f"goes beyond the standard: at most {left} yuan left"
    )


def over_budget(movement: Movement, others: Iterable[Movement], budget: Movement) -> Refusal | None:
    """Say whether a movement takes more out of a budget than there is, or spends what was not allocated."""
    ours = [each for each in others if each["budget"] == budget["id"]]
    amount = money(movement["amount"])
    if movement["kind"] == Kind.ALLOCATION:
        left = money(budget["amount"]) - total(ours, Kind.ALLOCATION)
        if amount > left:
            return Refusal("/amount", f"超出预算，余额 {left} 元", f"is more than the budget has left: {left} yuan")
    if movement["kind"] == Kind.SPENDING:
        where = {"organization": movement["organization"], "unit": movement["unit"]}
        given, spent = total(ours, Kind.ALLOCATION, **where), total(ours, Kind.SPENDING, **where)
        if spent + amount > given:
            left = given - spent
            return Refusal("/amount", f"超出拨付数，余额 {left} 元", f"is more than was allocated: {left} yuan left")
    return None


def over_dues(movement: Movement, others: Iterable[Movement]) -> Refusal | None:
    """Say whether more dues would be returned to an organisation than it has paid."""
    ours = [each for each in others if each["organization"] == movement["organization"]]
    left = total(ours, Kind.DUES_PAID) - total(ours, Kind.DUES_RETURNED)
    if money(movement["amount"]) <= left:
        return None
    return Refusal("/amount", f"超出上缴的党费，尚可返还 {left} 元", f"is more than the dues paid: {left} yuan left")


@dataclass(frozen=True, slots=True)
class Deduction:
    """What an enterprise may deduct of what it spent: `cap` is the share of its wages."""

    cap: Decimal
    deductible: Decimal
    excess: Decimal


def deduction_of(wages: Decimal, spent: Decimal, rate: Decimal) -> Deduction:
    """Return what taxes allow of the money spent on Party work: at most `rate` of the year's wages, in cents."""
    cap = (wages * rate).quantize(_CENT, ROUND_HALF_UP)
    return Deduction(cap, min(spent, cap), max(spent - cap, Decimal(0)))

"""Measures of the records of work: letters and their checks, reports on duty, orders, progress reports."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from heli_shared.statistics.measures import share

Record = Mapping[str, Any]
Counted = tuple[Decimal | None, int | None, int | None]
"""A value (None: not applicable) and, for a share, what it is a share of."""
NOT_APPLICABLE: Counted = (None, None, None)


@dataclass(frozen=True, slots=True)
class WorkRecords:
    """The records of one unit that these measures look at, as of the last day of the period."""

    letters: list[Record] = field(default_factory=list)
    orders: list[Record] = field(default_factory=list)
    reports: list[Record] = field(default_factory=list)
    duty_totals: list[Decimal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WorkMeasure:
    """One measure: its words, its definition, and how it is counted from a unit's records on the last day."""

    id: str
    zh: str
    en: str
    unit_zh: str
    is_share: bool
    definition_zh: str
    definition_en: str
    count: Callable[[WorkRecords, str], Counted]


def _plain(number: int) -> Counted:
    return Decimal(number), None, None


def _share(part: int, whole: int) -> Counted:
    value = share(part, whole)
    return NOT_APPLICABLE if value is None else (value, part, whole)


def _signed(records: WorkRecords, last: str) -> Counted:
    due = [each for each in records.letters if each["is_signed"] or each["sign_by"] < last]
    return _share(sum(bool(each["is_signed"]) for each in due), len(due))


def _signed_in_time(records: WorkRecords, last: str) -> Counted:
    due = [each for each in records.letters if each["is_signed"] or each["sign_by"] < last]
    in_time = sum(bool(each["is_signed"]) and each["signed_on"] <= each["sign_by"] for each in due)
    return _share(in_time, len(due))


def _checked(records: WorkRecords, _last: str) -> Counted:
    return _share(sum(each["checked_on"] is not None for each in records.letters), len(records.letters))


def _duty(records: WorkRecords, _last: str) -> Counted:
    return (records.duty_totals[-1], None, None) if records.duty_totals else NOT_APPLICABLE


def _orders_received(records: WorkRecords, _last: str) -> Counted:
    return _plain(len(records.orders))


def _orders_overdue(records: WorkRecords, last: str) -> Counted:
    waiting = ("issued", "returned", "reopened")
    return _plain(sum(each["stage"] in waiting and each["due_on"] < last for each in records.orders))


def _orders_accepted(records: WorkRecords, last: str) -> Counted:
    due = [each for each in records.orders if each["stage"] == "accepted" or each["due_on"] < last]
    return _share(sum(each["stage"] == "accepted" for each in due), len(due))


def _orders_sent_back(records: WorkRecords, _last: str) -> Counted:
    return _plain(sum(each["rounds"] or 0 for each in records.orders))


def _reports(records: WorkRecords, _last: str) -> Counted:
    return _plain(len(records.reports))


WORK_MEASURES: Mapping[str, WorkMeasure] = {
    each.id: each
    for each in (
        WorkMeasure(
            "letters_signed_rate", "责任书签订率", "share of letters signed", "", True,
            "本单位当年责任书中已签订的比例；未签订而未到期的不计；没有的不适用",
            "Letters of the year that are signed; unsigned ones count from their day; not applicable without any",
            _signed,
        ),
        WorkMeasure(
            "letters_in_time_rate", "责任书按期签订率", "share of letters signed in time", "", True,
            "本单位当年责任书中在签订期限内签订的比例；没有的不适用",
            "Letters of the year signed by their day; not applicable without any", _signed_in_time,
        ),
        WorkMeasure(
            "letters_checked_rate", "半年自查完成率", "share of letters checked at half-year", "", True,
            "本单位当年责任书中已完成半年自查的比例；没有的不适用",
            "Letters of the year with a half-year check; not applicable without any", _checked,
        ),
        WorkMeasure(
            "duty_report_score", "述职评议得分", "score of the report on duty", "分", False,
            "本单位期内最近一次述职的加权得分；没有完整评分的不适用",
            "Weighted total of the latest report on duty in the period; not applicable until every group has marked",
            _duty,
        ),
        WorkMeasure(
            "orders_received", "收到督办单", "rectification orders received", "份", False,
            "期内签发给本单位、未撤销的督办单数", "Orders issued to the unit in the period and not cancelled",
            _orders_received,
        ),
        WorkMeasure(
            "orders_overdue", "督办单逾期未答复", "rectification orders overdue", "份", False,
            "考核日已过期限而未答复的督办单数", "Orders not answered after their day, on the day of the run",
            _orders_overdue,
        ),
        WorkMeasure(
            "orders_accepted_rate", "督办单销号率", "share of orders accepted", "", True,
            "期内督办单中已验收销号的比例；未到期而未销号的不计；没有的不适用",
            "Orders of the period that were accepted; others count from their day; not applicable without any",
            _orders_accepted,
        ),
        WorkMeasure(
            "orders_sent_back", "整改被退回次数", "answers sent back or re-opened", "次", False,
            "期内督办单被退回或重新督办的次数合计", "How often orders of the period were returned or re-opened",
            _orders_sent_back,
        ),
        WorkMeasure(
            "progress_reports", "进度报告", "progress reports", "份", False,
            "期内本单位的进度报告数", "Progress reports of the unit in the period", _reports,
        ),
    )
}  # fmt: skip


def records_by_unit(
    *,
    first: str,
    last: str,
    letters: Iterable[Record],
    orders: Iterable[Record],
    reports: Iterable[Record],
    duty_totals: Mapping[str, list[Decimal]],
) -> dict[str, WorkRecords]:
    """Return the records of a period by unit: open ones, letters by their year, the rest by their day."""
    found: dict[str, WorkRecords] = {unit: WorkRecords(duty_totals=totals) for unit, totals in duty_totals.items()}

    def of(unit: str) -> WorkRecords:
        return found.setdefault(unit, WorkRecords())

    for each in letters:
        if each["state"] == "open" and first[:4] <= str(each["year"]) <= last[:4] and each["issued_on"] <= last:
            of(each["unit"]).letters.append(each)
    for each in orders:
        if each["state"] == "open" and each["stage"] != "cancelled" and first <= each["issued_on"] <= last:
            of(each["unit"]).orders.append(each)
    for each in reports:
        if each["state"] == "open" and first <= each["reported_on"] <= last:
            of(each["unit"]).reports.append(each)
    return found

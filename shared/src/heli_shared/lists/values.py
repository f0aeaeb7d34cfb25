"""Dates, whole numbers and yes/no as clerks write them; what is not sure is refused with the form to use."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

from heli_shared.lists.cells import Cleaner, Problem, each_cleaner, text_of

_EARLIEST = date(1900, 1, 1)
_LATEST = date(2200, 1, 1)
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)  # 1927 to 2119 as Excel counts days
_SPLIT_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
)
_PLAIN_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0)?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+))(?:\.0+)?(?:人|名|个|户|家|月|个月|次|次/年|元|年|星|平方米)?")
_YES = frozenset({"是", "有", "√", "✓", "✔", "y", "yes", "true", "1", "1.0", "t", "已", "对"})
_NO = frozenset({"否", "无", "没有", "×", "✗", "✘", "x", "n", "no", "false", "0", "0.0", "f", "未", "不是"})

DATE_FORM = Problem("日期无法识别，请写成 2003-01-08 的形式。", "Not a date; write it as 2003-01-08.")
NO_SUCH_DAY = Problem("没有这一天，请核对日期。", "There is no such day; check the date.")
NUMBER_FORM = Problem("应为不带小数的数字，例如 128。", "A whole number is wanted, such as 128.")
NOT_NEGATIVE = Problem("不能是负数。", "It cannot be negative.")
YES_NO_FORM = Problem("应填“是”或“否”。", "Answer 是 (yes) or 否 (no).")


def date_cleaner(today: date, *, may_be_ahead: bool = False) -> Cleaner:
    """Return a cleaner for dates, as ISO text; days after `today` are refused unless the field may lie ahead."""

    def clean_one(cell: Any) -> Any:
        found = parse_date(cell)
        if isinstance(found, Problem):
            return found
        if found > today and not may_be_ahead:
            return Problem(
                f"日期在今天（{today.isoformat()}）之后，请核对。",
                f"The date lies after today ({today.isoformat()}).",
            )
        if not _EARLIEST <= found <= _LATEST:
            return Problem("年份不合理，请核对。", "The year is out of range; check it.")
        return found.isoformat()

    return each_cleaner(clean_one)


def parse_date(cell: Any) -> date | Problem:
    """Return the day a cell names, or why it names none."""
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    text = unicodedata.normalize("NFKC", text_of(cell)).strip()
    split = _SPLIT_DATE.fullmatch(text) or _PLAIN_DATE.fullmatch(text)
    if split:
        try:
            return date(int(split[1]), int(split[2]), int(split[3]))
        except ValueError:
            return NO_SUCH_DAY
    serial = _SERIAL.fullmatch(text)
    if serial and int(serial[1]) in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=int(serial[1]))
    return DATE_FORM


def integer_cleaner(maximum: int = 1_000_000_000, minimum: int = 0) -> Cleaner:
    """Return a cleaner for whole numbers from `minimum` to `maximum`: 1,234 and 12人 are understood, 约12 is not."""

    def clean_one(cell: Any) -> Any:
        if isinstance(cell, bool):
            return NUMBER_FORM
        matched = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text_of(cell)).replace(" ", ""))
        if not matched:
            return NUMBER_FORM
        digits = matched[1].replace(",", "")
        if digits.startswith("-") and digits.strip("-0") and minimum >= 0:
            return NOT_NEGATIVE
        if len(digits) > len(str(maximum)) + 8 or int(digits) > maximum:
            return Problem(f"数字过大，最多{maximum}。", f"The number is too large; at most {maximum}.")
        if int(digits) < minimum:
            return Problem(f"数字过小，最少{minimum}。", f"The number is too small; at least {minimum}.")
        return int(digits)

    return each_cleaner(clean_one)


def boolean_cleaner() -> Cleaner:
    """Return a cleaner for yes and no; 无 means no here, so only a truly empty cell is blank."""

    def clean_one(cell: Any) -> Any:
        if isinstance(cell, bool):
            return cell
        word = unicodedata.normalize("NFKC", text_of(cell)).strip().casefold()
        if word in _YES:
            return True
        return False if word in _NO else YES_NO_FORM

    def without_none(cell: Any) -> Any:
        return "否" if isinstance(cell, str) and cell.strip() == "无" else cell

    plain = each_cleaner(clean_one)
    return lambda cells: plain([without_none(cell) for cell in cells])

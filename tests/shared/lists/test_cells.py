"""Cells as people write them: dates, numbers, yes and no, texts; cleaned where that is safe, else refused in words."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heli_shared.lists.cells import CLEARED, text_cleaner
from heli_shared.lists.values import boolean_cleaner, date_cleaner, integer_cleaner

TODAY = date(2026, 7, 1)


def one(cleaner, cell):
    """Return the value of a single cell, or its Chinese refusal."""
    column = cleaner([cell])
    return column.problems[0].zh if column.problems else column.values[0]


@pytest.mark.parametrize(
    "cell",
    ["2003-01-08", "2003/1/8", "2003.1.8", "2003年1月8日", "20030108", "２００３－０１－０８", " 2003-1-8 ", 37629,
     37629.0, "37629", datetime(2003, 1, 8),  # noqa: DTZ001 - as Excel has them
     date(2003, 1, 8), "2003-01-08 00:00:00", "2003-01-08T00:00:00Z"],
)  # fmt: skip
def test_dates_of_every_form_are_one_date(cell):
    assert one(date_cleaner(TODAY), cell) == "2003-01-08"


@pytest.mark.parametrize(
    ("cell", "told"),
    [("2003-02-30", "没有这一天"), ("2003-01", "无法识别"), ("1/8/03", "无法识别"), ("2026-07-02", "之后"),
     ("1899-01-01", "年份不合理"), ("去年", "无法识别"), (True, "无法识别"), ("1234567", "无法识别")],
)  # fmt: skip
def test_dates_that_are_not_sure_are_refused(cell, told):
    assert told in one(date_cleaner(TODAY), cell)


def test_days_to_come_are_taken_where_they_belong():
    assert one(date_cleaner(TODAY, may_be_ahead=True), "2027-12-31") == "2027-12-31"


@settings(deadline=None)  # a busy machine is no fault
@given(st.dates(date(1900, 1, 1), TODAY))
def test_any_date_is_read_back_in_every_form(day):
    forms = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
    ]
    assert {one(date_cleaner(TODAY), form) for form in forms} == {day.isoformat()}


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,234", 1234), ("12人", 12), ("１２", 12), (12.0, 12), (12, 12), ("12.0", 12), ("0", 0), (" 3 名", 3),
     ("", None), ("-", None), ("N/A", None), (None, None), ("清空", CLEARED)],
)  # fmt: skip
def test_whole_numbers(cell, value):
    assert one(integer_cleaner(), cell) == value


@pytest.mark.parametrize("cell", ["约12", "3-5", "-3", "12.5", "1,23", True, "1" * 30, "abc", "十二"])
def test_what_is_no_whole_number_is_refused(cell):
    assert isinstance(one(integer_cleaner(), cell), str)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("是", True), ("有", True), ("√", True), (1, True), ("true", True), ("Ｙ", True), (True, True), ("否", False),
     ("无", False), (0, False), ("没有", False), ("", None), ("N/A", None), ("清空", CLEARED)],
)  # fmt: skip
def test_yes_and_no(cell, value):
    assert one(boolean_cleaner(), cell) is value


def test_text_keeps_its_brackets_and_loses_what_cannot_be_seen():
    clean = text_cleaner(20)
    assert one(clean, "\u3000合力（中国）有限公司\u00a0") == "合力（中国）有限公司"
    assert one(clean, "第一行\r\n第二行\x00") == "第一行 第二行"
    assert one(clean, 12345.0) == "12345"
    assert [one(clean, word) for word in ("N/A", "无", "—", "null", "清空")] == [None, None, None, None, CLEARED]
    assert "文字过长" in one(clean, "长" * 21)
    assert "文字已损坏" in one(clean, "上海\ufffd\ufffd")
    assert "文字已损坏" in one(clean, "\ud800")


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.text(max_size=30), max_size=30))
def test_any_text_becomes_storable_or_is_refused(cells):
    column = text_cleaner(25)(cells)
    for index, value in enumerate(column.values):
        if index not in column.problems and isinstance(value, str):
            assert value == value.strip() != ""
            assert len(value) <= 25
            value.encode()
            assert not any(ord(sign) < 32 or ord(sign) == 127 for sign in value)

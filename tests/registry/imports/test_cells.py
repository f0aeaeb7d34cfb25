"""Cells as clerks write them: cleaned where that is safe, refused with a reason where it is not."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heli_registry.imports.cells import CLEARED, text_cleaner
from heli_registry.imports.choosing import choice_cleaner, choices_cleaner, industry_cleaner
from heli_registry.imports.enterprise_types import find_ownership, is_branch
from heli_registry.imports.money import parse_yuan, yuan_cleaner
from heli_registry.imports.values import boolean_cleaner, date_cleaner, integer_cleaner

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


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("1,000(万元)", "10000000"), ("100(万元人民币)", "1000000"), ("55万人民币", "550000"),
        ("9( 万人民币元)", "90000"), ("9（万元）", "90000"), ("1,400,000(元人民币)", "1400000"),
        ("7.7000(万元人民币)", "77000"), ("21.52万人民币", "215200"), ("1000(万元(人民币))", "10000000"),
        ("50(万)", None), ("10(万元(港币))", None), ("9()", None), ("-", None), ("万人民币", None), ("3", None),
        ("100(万德国马克)", None), ("1181(万美元)", None), ("-5万元", None), ("1" * 20 + "元", None),
        ("0.00000001(万元)", "0.0001"), ("0.000000001(万元)", None),
    ],
)  # fmt: skip
def test_capital_is_yuan_only_where_that_is_sure(text, yuan):
    assert parse_yuan(text) == yuan


def test_the_unit_may_stand_in_the_header():
    assert parse_yuan("100", "万元") == "1000000"
    assert one(yuan_cleaner("万元"), "2,100.5") == "21005000"
    assert one(yuan_cleaner("元"), 21000000) == "21000000"
    assert "单位不明" in one(yuan_cleaner(""), "2100")
    assert "无法识别" in one(yuan_cleaner(""), "很多")


@pytest.mark.parametrize(
    ("text", "ownership"),
    [
        ("有限责任公司(自然人独资)", "private"), ("个人独资企业", "private"), ("集体所有制", "collective"),
        ("有限责任公司 国有企业", "state_owned"), ("有限责任公司 港、澳、台", "hong_kong_macao_taiwan"),
        ("有限责任公司(台港澳法人独资)", "hong_kong_macao_taiwan"), ("外商投资企业", "foreign"),
        ("有限责任公司(外国自然人独资)", "foreign"), ("个体工商户", "individual"), ("有限责任公司", None),
        ("有限责任公司(外商投资企业法人独资)", None), ("非国有控股", None), ("股份合作制", None), ("普通合伙", None),
    ],
)  # fmt: skip
def test_ownership_comes_from_the_type_only_where_that_is_sure(text, ownership):
    assert find_ownership(text) == ownership


def test_branch_offices_are_known_by_type_or_by_the_end_of_the_name():
    assert is_branch("集体分支机构(非法人)", "某门市部")
    assert is_branch("", "某某保险股份有限公司桐庐支公司")
    assert is_branch("", "某银行南门支行")
    assert not is_branch("有限责任公司", "分公司设备制造厂")


def test_words_of_closed_lists_are_understood_and_others_refused_with_the_list():
    state = choice_cleaner("operation_state")
    words = ("存续", "在营（开业）企业", "吊销，未注销", "operating", "")
    assert [one(state, word) for word in words] == ["operating", "operating", "closed_down", "operating", None]
    assert "可填：在营、停业、吊销" in one(state, "不知道")
    assert one(choice_cleaner("party_organization_kind"), " 联合 党支部 ") == "joint_branch"
    assert one(choices_cleaner("acts"), "收缴党费、发展党员") == ["collect_dues", "develop_members"]
    assert "不在可选项中" in one(choices_cleaner("acts"), "收缴党费、唱歌")
    assert [one(industry_cleaner(), code) for code in ("c1311", "Ｃ", "A01")] == ["C1311", "C", "A01"]
    assert "行业应填" in one(industry_cleaner(), "制造业")


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

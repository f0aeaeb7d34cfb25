"""Cells of the registry's lists: capital, types of enterprise, words of closed lists; refused where not sure."""

import pytest

from heli_registry.imports.choosing import choice_cleaner, choices_cleaner, industry_cleaner
from heli_registry.imports.enterprise_types import find_ownership, is_branch
from heli_registry.imports.money import parse_yuan, yuan_cleaner


def one(cleaner, cell):
    """Return the value of a single cell, or its Chinese refusal."""
    column = cleaner([cell])
    return column.problems[0].zh if column.problems else column.values[0]


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

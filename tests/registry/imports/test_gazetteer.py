"""The division of an enterprise, from its code and its address: the nearest level that is sure."""

import pytest

from heli_registry.divisions.gazetteer import Gazetteer, load_gazetteer

SMALL = Gazetteer(
    {
        "110000000000": "甲南省",
        "110100000000": "乙北市",
        "110101000000": "东山区",
        "110101001000": "大河镇",
        "110101002000": "新大河镇",
        "110101003000": "柳林街道",
        "110101004000": "开发区",
        "110102000000": "西山县",
        "110102001000": "石桥乡",
        "110102002000": "大河镇",
        "110200000000": "丙北市",
        "110201000000": "丙东区",
    },
    {"110109": ("南山县", ("110101000000", "110102000000")), "110108": ("北山区", ("110102000000",))},
)


@pytest.mark.parametrize(
    ("digits", "address", "region", "code", "how"),
    [
        ("110101", "大河镇一村", "", "110101001000", "town_named"),
        ("110101", "甲南省乙北市东山区新大河镇", "", "110101002000", "town_named"),
        ("110101", "柳林镇东路3号", "", "110101003000", "town_kind_changed"),
        ("110101", "柳林路3号", "", "110101000000", "county_code"),
        ("110101", "大河镇与柳林街道交界", "", "110101000000", "county_code"),
        ("110101", "高新开发区一路", "", "110101000000", "county_code"),
        ("110101", "", "", "110101000000", "county_code"),
        ("110101", "甲南省西山县城关", "", "110102000000", "county_named"),
        ("110108", "石桥乡", "", "110102001000", "town_named"),
        ("110108", "无名路", "", "110102000000", "county_successor"),
        ("110109", "石桥乡", "", "110102001000", "town_named"),
        ("110109", "无名路", "", "110100000000", "city"),
        ("110100", "乙北市西山县石桥乡", "", "110102001000", "town_named"),
        ("110100", "西山县路1号", "", "110100000000", "city"),
        ("110100", "石桥乡1号", "", "110102001000", "town_unique_in_city"),
        ("110100", "大河镇1号", "", "110100000000", "city"),
        ("110100", "某路", "西山", "110102000000", "county_by_region"),
        ("110100", "某路", "乙北", "110100000000", "city"),
        ("110199", "某路", "", "110100000000", "city"),
        ("110000", "甲南省丙北市丙东区某路", "", "110201000000", "county_named"),
        ("119999", "某路", "", "110000000000", "province"),
    ],
)
def test_the_nearest_sure_level_is_found(digits, address, region, code, how):
    found = SMALL.find(digits, address, region=region)
    assert found is not None
    assert (found.code, found.how) == (code, how)


def test_the_province_in_words_helps_where_the_code_says_nothing():
    assert SMALL.find("100000", "某路", province="甲南").code == "110000000000"
    assert SMALL.find("100000", "某路") is None


def test_divisions_of_the_registry_itself_take_part():
    own = SMALL.with_divisions([("990121000000", "合力县"), ("990121101000", "城关镇")])
    assert own.find("990121", "合力县城关镇一路").code == "990121101000"
    assert own.find("990121", "一路").code == "990121000000"
    assert SMALL.with_divisions([("110000000000", "甲南省")]) is SMALL


def test_the_real_gazetteer_is_whole():
    gazetteer = load_gazetteer()
    assert gazetteer.lineage("330482101000")[:3] == [
        ("330000000000", "浙江省"),
        ("330400000000", "嘉兴市"),
        ("330482000000", "平湖市"),
    ]
    assert gazetteer.lineage("441900003000") == [
        ("440000000000", "广东省"),
        ("441900000000", "东莞市"),
        ("441900003000", "东城街道"),
    ]
    assert gazetteer.find("320602", "").code == "320613000000"
    assert gazetteer.list_named("崇川区") == ["320613000000"]

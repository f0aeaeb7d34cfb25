"""Names and addresses taken apart: what is left tells one enterprise from another."""

import pytest

from heli_registry.names.domain import Regions, is_branch, name_parts, place_of, regions_agree
from heli_registry.names.matching import parts_of, regions
from heli_shared.kernel.text import searchable

KNOWN = Regions(("合力县", "量省", "量市", "量省量市"))


def parts(name: str) -> tuple[str, str]:
    return tuple(name_parts(searchable(name), KNOWN))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("合力县示例机械有限公司", ("合力县", "示例机械")),
        ("示例机械有限责任公司", ("", "示例机械")),
        ("量省量市合力县示例机械", ("量省量市合力县", "示例机械")),
        ("合力县示例机械有限公可", ("合力县", "示例机械")),
        ("合力县示例机械限公司", ("合力县", "示例机械")),
        ("（合力县）示例机械 有限公司", ("合力县", "示例机械")),
        ("示例（合力县）机械有限公司", ("", "示例合力县机械")),
        ("ＡＢＣ　机械有限公司", ("", "abc机械")),
        ("合力县示例机械股份有限公司", ("合力县", "示例机械股份")),
        ("合力县示例机械有限责任公司城东分公司", ("合力县", "示例机械有限公司城东分公司")),
        ("合力县有限公司", ("", "合力县")),
        ("远方县示例机械厂", ("远方县", "示例机械厂")),
        ("超级市场有限公司", ("", "超级市场")),
        ("市政工程有限公司", ("", "市政工程")),
        ("城市建设有限公司", ("", "城市建设")),
    ],
)
def test_a_name_is_its_region_and_what_tells_it_apart(name, expected):
    assert parts(name) == expected


def test_the_countrys_own_regions_are_known():
    assert parts_of("浙江省杭州市示例机械有限公司") == ("浙江省杭州市", "示例机械")
    assert parts_of("杭州示例机械有限公司") == ("杭州", "示例机械")


@pytest.mark.parametrize(
    ("name", "expected"), [("示例有限公司城东分公司", True), ("示例有限公司", False), ("示例银行合力支行", True)]
)
def test_branch_offices_are_told_by_their_names(name, expected):
    assert is_branch(searchable(name)) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("量省量市合力县城关镇解放路１号２楼", "解放路1号2楼"),
        ("城关镇解放路1号-2楼", "解放路1号2楼"),
        ("合力县 解放路（东）1号", "解放路东1号"),
        ("解放街道办事处建设路9号", "建设路9号"),
        ("乡镇企业路100号", "乡镇企业路100号"),
        ("合力县城关镇", None),
        ("1号", None),
    ],
)
def test_an_address_is_what_tells_a_place_apart_or_nothing(address, expected):
    assert place_of(address, KNOWN) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "合力县", True), ("量市", "量市合力县", True), ("杭州", "杭州市", True), ("合力县", "远方县", False)],
)
def test_regions_agree_when_one_is_left_out_or_told_more_closely(one, other, expected):
    assert regions_agree(one, other) is expected
    assert regions_agree(other, one) is expected


def test_taking_apart_is_the_same_for_full_width_and_half_width():
    names = ("合力县示例机械（集团）有限公司", "合力县示例机械(集团)有限公司", "合力县示例机械 ( 集团 ) 有限公司")
    assert {name_parts(searchable(name), regions()) for name in names} == {("合力县", "示例机械集团")}

"""Pairs: which two may be the same, how surely; the order of what is compared makes no difference."""

import random
import time
from dataclasses import replace
from datetime import date

import pytest

from heli_registry.duplicates.domain import Candidate, find_pairs
from heli_registry.search.domain import likeness
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B


def candidate(number: int, core: str, **more) -> Candidate:
    values = {
        "key": code(number), "text": f"合力县{core}有限公司", "core": core, "region": "合力县", "place": None,
        "zone": None, "division": TOWN_A, "registered_on": None, "is_branch_office": False, **more,
    }  # fmt: skip
    return Candidate(**values)


ONE = candidate(1, "示例机械")


def pairs(*candidates: Candidate) -> list[tuple[int, tuple[str, ...]]]:
    return [(pair.score, pair.reasons) for pair in find_pairs(candidates, likeness)]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (candidate(2, "示例机械"), [(84, ("name",))]),
        (candidate(2, "示例机械", text="示例机械有限公司", region=""), [(78, ("name",))]),
        (candidate(2, "示例机械", division="990122101000"), [(61, ("name",))]),
        (candidate(2, "示例机械", region="远方县"), []),
        (candidate(2, "示例电器"), []),
        (candidate(2, "示例机械", is_branch_office=True), []),
        (candidate(2, "示例机械", text="合力县示例机械城东分公司"), []),
    ],
)
def test_a_name_alone_says_as_much_as_its_place_does(other, expected):
    assert pairs(ONE, other) == expected


def test_a_day_of_registration_speaks_for_or_against():
    here = replace(ONE, registered_on=date(2020, 1, 1))
    same, another = (candidate(2, "示例机械", registered_on=day) for day in (date(2020, 1, 1), date(2021, 1, 1)))
    assert pairs(here, same) == [(92, ("name",))]
    assert pairs(here, another) == [(78, ("name",))]


def test_an_address_needs_a_name_that_is_alike():
    here = replace(ONE, core="示例机械制造", place="解放路1号")
    alike = candidate(2, "示例机械制作", place="解放路1号")
    assert pairs(here, alike) == [(58, ("address",))]
    assert pairs(here, replace(alike, place="解放路2号")) == []
    assert pairs(here, replace(alike, core="完全不同商贸")) == []
    assert pairs(replace(here, zone="zon-1"), replace(alike, zone="zon-2")) == []
    assert pairs(replace(here, zone="zon-1"), alike) == [(58, ("address",))]
    assert pairs(here, replace(alike, division=TOWN_B)) == []
    assert pairs(here, replace(alike, division="990121000000")) == [(58, ("address",))]


def test_name_and_address_together_say_nearly_everything():
    here = replace(ONE, place="解放路1号")
    assert pairs(here, candidate(2, "示例机械", place="解放路1号")) == [(94, ("name", "address"))]


def test_one_organisation_code_under_two_credit_codes_says_most():
    own = code(7)
    other = candidate(2, "完全不同", key="92" + own[2:17] + "X")
    assert pairs(replace(ONE, key=own), other) == [(90, ("code",))]


def test_the_order_makes_no_difference():
    chance = random.Random(5)
    cores = ("示例机械", "示例商贸", "示列机械", "城东机械")
    many = [
        candidate(
            number, chance.choice(cores), place=chance.choice((None, "解放路1号", "解放路2号")),
            division=chance.choice((TOWN_A, TOWN_B)), region=chance.choice(("", "合力县")),
        )
        for number in range(1, 40)
    ]  # fmt: skip
    first = find_pairs(many, likeness)
    chance.shuffle(many)
    assert find_pairs(many, likeness) == first
    assert first == sorted(first, key=lambda pair: (-pair.score, pair.left, pair.right))


def test_a_name_that_hundreds_bear_gives_each_of_them_once():
    many = [candidate(number, "示例机械") for number in range(1, 301)]
    found = find_pairs(many, likeness)
    assert {key for pair in found for key in (pair.left, pair.right)} == {each.key for each in many}
    assert len(found) == 299


def test_a_registered_office_of_thousands_takes_seconds():
    chance = random.Random(6)
    letters = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东南西北中大小上下"
    many = [
        candidate(number, "".join(chance.choice(letters) for _ in range(3)) + "商贸", place="秘书服务大厦100号")
        for number in range(1, 4_001)
    ]
    began = time.process_time()
    found = find_pairs(many, likeness)
    assert time.process_time() - began < 20
    assert any(pair.reasons == ("address",) for pair in found)

"""Credit codes: python-stdnum's verdict on any input, and a message a clerk can act on."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from heli_registry.enterprises.credit_codes import (
    ALPHABET,
    cleaned_code,
    find_problem,
    is_valid_code,
    registrant_class,
    valid_codes,
)

BODIES = st.tuples(st.text(string.digits, min_size=8, max_size=8), st.text(ALPHABET, min_size=9, max_size=9)).map(
    "".join
)
VALID = BODIES.map(lambda body: body + uscc.calc_check_digit(body))


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.one_of(VALID, st.text(ALPHABET + "IOZSV-", max_size=20), st.text(max_size=20)), max_size=20))
def test_the_column_check_agrees_with_stdnum_and_with_the_single_check(texts):
    codes = [cleaned_code(text) for text in texts]
    expected = [len(code) == 18 and uscc.is_valid(code) for code in codes]
    assert valid_codes(codes).tolist() == expected
    assert [is_valid_code(code) for code in codes] == expected


@settings(deadline=None)  # a busy machine is no fault
@given(VALID, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_slip_in_a_valid_code_is_found(code, place, character):
    slipped = code[:place] + character + code[place + 1 :]
    assert is_valid_code(slipped) == (slipped == code)


@settings(deadline=None)  # a busy machine is no fault
@given(VALID)
def test_cleaning_undoes_what_typing_does(code):
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    assert cleaned_code(f" {code[:6]} {code[6:].lower()}\u3000") == code
    assert cleaned_code(wide) == code


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        ("", "empty", "没有填写"),
        ("无", "empty", "没有填写"),
        ("330482000012345", "old_registration_number", "15位旧注册号"),
        ("146644917", "organisation_code", "9位组织机构代码"),
        ("9.13306E+17", "mangled_number", "当作数字保存"),
        ("9133048214664491", "length", "现为16位"),
        ("91330482146644917X", "check_digit", "校验位不符"),
        ("9133O482146644917F", "character", "第5位“O”不合规则（前8位只能是数字），疑为“0”"),
        ("91330482I46644917F", "character", "第9位“I”不合规则（代码不用字母I、O、S、V、Z和符号），疑为“1”"),
        ("91330482Z46644917F", "character", "疑为“2”"),
        ("91330482S46644917F", "character", "疑为“5”"),
        ("9A330482146644917F", "character", "第2位"),
    ],
)
def test_each_fault_is_named_so_that_it_can_be_corrected(code, reason, told):
    problem = find_problem(code)
    assert problem is not None
    assert problem.reason == reason
    assert told in problem.zh
    assert problem.en.isascii()


def test_the_first_two_digits_tell_who_registered():
    classes = [registrant_class(prefix + "0" * 16) for prefix in ("91", "92", "93", "12", "81")]
    assert classes == ["enterprise", "individual", "cooperative", "other", "other"]


def test_a_hundred_thousand_codes_are_checked_at_once():
    assert valid_codes(["91330482146644917F"] * 100_000).all()
    assert valid_codes([]).tolist() == []

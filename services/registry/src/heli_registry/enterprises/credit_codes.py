"""Unified social credit codes (GB 32100-2015): cleaned, checked and explained, singly or a hundred thousand at a time.

The rules are those of `stdnum.cn.uscc`; the messages are written for the clerk who has to correct the cell.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
LENGTH = 18
REGION = slice(2, 8)
OLD_NUMBER_LENGTH = 15
ORGANISATION_LENGTH = 9
_DIGITS_ONLY = 8  # the first eight places are digits only
_SLIPS = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"}
_SEPARATORS = str.maketrans("", "", " \t\r\n\u3000\u00a0\u200b\ufeff-")
_EXCEL_NUMBER = re.compile(r"\d(\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
_BLANK = frozenset({"", "无", "N/A", "NA", "NULL", "NONE", "/"})

_CLASSES = {"91": "enterprise", "92": "individual", "93": "cooperative"}


@dataclass(frozen=True, slots=True)
class CodeProblem:
    """Why a code is refused: `reason` for machines, a Chinese and an English sentence for people."""

    reason: str
    zh: str
    en: str


def cleaned_code(text: str) -> str:
    """Return the code with only safe changes: half width, upper case, no spaces or hyphens."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return unicodedata.normalize("NFKC", text).translate(_SEPARATORS).upper()


def registrant_class(code: str) -> str:
    """Return what registered under a code: enterprise, individual, cooperative, or other (no enterprise at all)."""
    return _CLASSES.get(code[:2], "other")


def check_digit(code: str) -> str:
    """Return the 18th character that belongs to the first 17 of a code; ValueError for a foreign character."""
    try:
        return str(uscc.calc_check_digit(code[: LENGTH - 1]))
    except (ValidationError, ValueError) as error:
        raise ValueError(f"not the beginning of a code: {code!r}") from error


def is_valid_code(code: str) -> bool:
    """Say whether a cleaned code is right in length, characters and check digit."""
    return find_problem(code) is None


def find_problem(code: str) -> CodeProblem | None:
    """Return what is wrong with a code as `cleaned_code` gives it, or None when it is right."""
    if code in _BLANK:
        return CodeProblem("empty", "没有填写统一社会信用代码。", "The unified social credit code is missing.")
    if _EXCEL_NUMBER.fullmatch(code):
        return _mangled()
    if len(code) != LENGTH:
        return _wrong_length(code)
    foreign = _find_bad_character(code)
    if foreign is not None:
        return foreign
    if check_digit(code) != code[-1]:
        return CodeProblem(
            "check_digit",
            "统一社会信用代码校验位不符，至少有一个字符抄错，请与营业执照核对。",
            "The check digit does not fit: at least one character is wrong; compare it with the licence.",
        )
    return None


def find_number_problem() -> CodeProblem:
    """Return the problem of a code that stands in a number cell, where digits after the fifteenth are lost."""
    return _mangled()


def _mangled() -> CodeProblem:
    return CodeProblem(
        "mangled_number",
        "该代码被表格软件当作数字保存，后几位已丢失，无法还原；请把该列设为文本格式后重新填写。",
        "A spreadsheet stored this code as a number and lost its last digits; make the column text and type it again.",
    )


def _wrong_length(code: str) -> CodeProblem:
    if len(code) == OLD_NUMBER_LENGTH and code.isascii() and code.isdigit():
        return CodeProblem(
            "old_registration_number",
            "这是15位旧注册号，不是18位统一社会信用代码；请填写换照后的代码。",
            "This is an old 15-digit registration number; give the 18-character code of the new licence.",
        )
    if len(code) == ORGANISATION_LENGTH:
        return CodeProblem(
            "organisation_code",
            "这是9位组织机构代码，不是18位统一社会信用代码；请填写完整代码。",
            "This is a 9-character organisation code; give the full 18-character code.",
        )
    return CodeProblem(
        "length",
        f"统一社会信用代码应为18位，现为{len(code)}位。",
        f"A unified social credit code has 18 characters; this has {len(code)}.",
    )


def _find_bad_character(code: str) -> CodeProblem | None:
    for place, character in enumerate(code, start=1):
        digits = place <= _DIGITS_ONLY
        if character in ALPHABET and not (digits and not ("0" <= character <= "9")):
            continue
        slip = _SLIPS.get(character)
        hint_zh = f"，疑为“{slip}”" if slip else ""
        hint_en = f"; perhaps {slip!r} is meant" if slip else ""
        rule_zh = "前8位只能是数字" if digits else "代码不用字母I、O、S、V、Z和符号"
        rule_en = "the first eight are digits only" if digits else "letters I, O, S, V, Z and signs are never used"
        return CodeProblem(
            "character",
            f"第{place}位“{character}”不合规则（{rule_zh}）{hint_zh}。",
            f"Character {place} ({character!r}) is not allowed: {rule_en}{hint_en}.",
        )
    return None


def valid_codes(codes: Sequence[str]) -> "NDArray[np.bool_]":
    """Return, for each cleaned code, whether it is valid: the same answer as `is_valid_code`, on whole columns."""
    import numpy as np

    lengths = np.fromiter(map(len, codes), dtype=np.int64, count=len(codes))
    if not len(codes):
        return lengths.astype(np.bool_)
    points = np.array(codes, dtype=f"U{LENGTH}").view(np.uint32).reshape(len(codes), LENGTH)
    table = np.full(128, -1, dtype=np.int64)
    table[[ord(character) for character in ALPHABET]] = np.arange(len(ALPHABET))
    values = np.where(points < 128, table[np.minimum(points, 127)], -1)  # noqa: PLR2004 - the end of ASCII
    well_formed = (values >= 0).all(axis=1) & (values[:, :_DIGITS_ONLY] <= 9).all(axis=1)  # noqa: PLR2004
    totals = values[:, :17] @ np.array(WEIGHTS)
    result: NDArray[np.bool_] = (lengths == LENGTH) & well_formed & (values[:, 17] == (31 - totals) % len(ALPHABET))
    return result

"""Names and telephone numbers: how they are compared, and how they are shown to those who need not know them."""

import re
import unicodedata

from heli_shared.kernel.errors import FieldProblem, InvalidInput

_COUNTRY = re.compile(r"^(\+86|0086|86(?=1[3-9]\d{9}$))")
_NUMBER = re.compile(r"\d{7,15}")
_SEPARATORS = re.compile(r"[\s()\-—–·.]+")
_LONG = 10


def normal_phone(text: str) -> str:
    """Return a telephone number as digits alone, without the country's 86; InvalidInput when it is none."""
    digits = _COUNTRY.sub("", _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)))
    if not _NUMBER.fullmatch(digits) or not digits.isascii():
        raise InvalidInput(
            "电话号码应为 7 至 15 位数字，如 13800005678 或 0571-88001234。",
            "A telephone number has 7 to 15 digits, such as 13800005678 or 0571-88001234.",
            errors=[FieldProblem("/phone", "不是电话号码", "is not a telephone number")],
        )
    return digits


def masked_name(name: str) -> str:
    """Return the first character and two stars, whatever the length: 王**."""
    return f"{name[:1]}**"


def masked_phone(phone: str) -> str:
    """Return a number with its middle hidden: 138****5678; of short numbers the last two digits stay."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= _LONG else f"****{phone[-2:]}"

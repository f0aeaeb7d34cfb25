"""Amounts of money as registers write them, turned into yuan only where that is sure."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from heli_shared.lists.cells import BLANKS, CLEARED, Cleaner, Column, Problem, each_cleaner, text_of

TEN_THOUSAND = Decimal(10_000)
_AMOUNT = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(.*)")
_YUAN_WORDS = frozenset({"元", "人民币", "人民币元", "元人民币", "rmb", "cny", "圆", "人民币圆"})
_TEN_THOUSAND_WORDS = frozenset(f"万{word}" for word in _YUAN_WORDS) | {"万元人民币", "人民币万元", "人民币万"}
_DIGITS = 15
_STORABLE = re.compile(r"\d{1,15}(\.\d{1,4})?")

UNIT_UNKNOWN = Problem(
    "金额单位不明，请在数字后写明“元”或“万元”，或在表头注明单位。",
    "The unit is not known: write 元 or 万元 behind the number or in the header.",
)
AMOUNT_FORM = Problem("金额无法识别，例如 1200万元。", "Not an amount; write for example 1200万元.")


def yuan_factor(unit: str) -> Decimal | None:
    """Return what to multiply by to get yuan, or None when the unit is open or another currency."""
    word = re.sub(r"[\s()（）]", "", unit).casefold()
    if word in _TEN_THOUSAND_WORDS:
        return TEN_THOUSAND
    return Decimal(1) if word in _YUAN_WORDS else None


def plain_amount(amount: Decimal) -> str:
    """Return an amount without exponent and without needless zeros behind the point."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_yuan(text: str, header_unit: str = "") -> str | None:
    """Return the yuan a register's text surely means, such as 500000 for 50(万元人民币), else None."""
    matched = _AMOUNT.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if not matched or matched[1].startswith("-"):
        return None
    factor = yuan_factor(matched[2] or header_unit)
    number = matched[1].replace(",", "").lstrip("+")
    if factor is None or len(number.split(".")[0]) > _DIGITS:
        return None
    amount = plain_amount(Decimal(number) * factor)
    return amount if _STORABLE.fullmatch(amount) else None


def capital_columns(cells: Sequence[Any], texts: Column, *, header_unit: str) -> Column:
    """Return the registered capital in yuan beside its text: CLEARED where text is given that is not surely yuan."""
    known: dict[str, Any] = {}
    values: list[Any] = []
    for cell, text in zip(cells, texts.values, strict=True):
        if text is None or text is CLEARED:
            values.append(text)
            continue
        whole = text_of(cell) if not isinstance(cell, str) else text
        if whole not in known:
            known[whole] = parse_yuan(whole, header_unit)
        values.append(CLEARED if known[whole] is None else known[whole])
    return Column(values)


def yuan_cleaner(header_unit: str) -> Cleaner:
    """Return a cleaner for amounts that must be yuan in the end; an amount without a unit anywhere is refused."""

    def clean_one(cell: Any) -> Any:
        text = unicodedata.normalize("NFKC", text_of(cell)).strip()
        found = parse_yuan(text, header_unit)
        if found is not None:
            return found
        matched = _AMOUNT.fullmatch(text.replace(" ", ""))
        return UNIT_UNKNOWN if matched and text not in BLANKS and not matched[2] else AMOUNT_FORM

    return each_cleaner(clean_one)

"""Duplicates found the slow way: every pair compared by rules typed anew, sharing no code with the product."""

import re
import unicodedata
from itertools import combinations


def plain(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).lower()
    text = re.sub(r"\s|\u200b|\ufeff", "", text)
    text = re.sub(r"[^\w]", "", text)
    return text.replace("有限责任公司", "有限公司")


def equal_names(rows: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return pairs of codes whose names are equal once width, spaces, brackets and form are."""
    return {
        (one, other) for (one, first), (other, second) in combinations(sorted(rows), 2) if plain(first) == plain(second)
    }

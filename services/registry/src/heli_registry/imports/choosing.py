"""Words from closed lists: the code itself or what clerks write for it; anything else is refused with the list."""

import re
from functools import cache
from typing import Any

from heli_registry.imports.kinds import choice_words
from heli_shared.kernel.text import folded, trimmed
from heli_shared.lists.cells import Cleaner, Problem, each_cleaner, text_of

_SIGNS = re.compile(r"[()（）\[\]、,，/;；·.-]")
_SEPARATORS = re.compile(r"[、,，;；/|\s]+")
_DIVIDERS = re.compile(r"[;；、\n]+")
_MOST_TEXTS, _LONGEST = 20, 200
_TOO_MANY = Problem(
    f"最多{_MOST_TEXTS}项，每项最多{_LONGEST}个字符，用顿号或分号隔开。",
    f"At most {_MOST_TEXTS} texts of {_LONGEST} characters, divided by semicolons.",
)
_INDUSTRY = re.compile(r"[A-T](\d{2,4})?")
_INDUSTRY_FORM = Problem(
    "行业应填国民经济行业分类代码，例如 C 或 C1311（门类字母加数字）。",
    "Give the code of GB/T 4754, such as C or C1311 (letter of the section, then digits).",
)


@cache
def _codes_by_word(choices: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, words in choice_words()[choices].items():
        for word in (code, *words):
            found[_bare(word)] = code
    return found


def _bare(word: str) -> str:
    return _SIGNS.sub("", folded(word))


def choice_cleaner(choices: str) -> Cleaner:
    """Return a cleaner for one word of a closed list."""
    known = _codes_by_word(choices)

    def clean_one(cell: Any) -> Any:
        return known.get(_bare(text_of(cell))) or _not_in_list(choices)

    return each_cleaner(clean_one)


def choices_cleaner(choices: str) -> Cleaner:
    """Return a cleaner for several words of a closed list in one cell, as a sorted list of codes."""
    known = _codes_by_word(choices)

    def clean_one(cell: Any) -> Any:
        words = [word for word in _SEPARATORS.split(text_of(cell)) if word]
        codes = [known.get(_bare(word)) for word in words]
        return _not_in_list(choices) if None in codes else sorted({code for code in codes if code})

    return each_cleaner(clean_one)


def texts_cleaner() -> Cleaner:
    """Return a cleaner for several free texts in one cell, divided by ; or 、; order is kept, repeats are dropped."""

    def clean_one(cell: Any) -> Any:
        texts = [trimmed(part) for part in _DIVIDERS.split(text_of(cell))]
        kept = list(dict.fromkeys(text for text in texts if text))
        return kept if len(kept) <= _MOST_TEXTS and all(len(text) <= _LONGEST for text in kept) else _TOO_MANY

    return each_cleaner(clean_one)


def industry_cleaner() -> Cleaner:
    """Return a cleaner for industry codes of GB/T 4754: the section's letter, alone or with two to four digits."""

    def clean_one(cell: Any) -> Any:
        code = folded(text_of(cell)).upper()
        return code if _INDUSTRY.fullmatch(code) else _INDUSTRY_FORM

    return each_cleaner(clean_one)


def _not_in_list(choices: str) -> Problem:
    shown = "、".join(words[0] for words in choice_words()[choices].values())
    codes = ", ".join(choice_words()[choices])
    return Problem(f"不在可选项中，可填：{shown}。", f"Not one of the choices: {codes}.")

"""How Chinese characters sound, without tones, and how people type that: full syllables, initials, or both mixed.

Readings come from pypinyin's table of single characters, the most common first; characters with several readings that
names really use keep all of them, so that 重庆 is found as `chongqing` and 长沙 as `changsha`.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

_BY_HAND = {
    "重": ("zhong", "chong"), "长": ("chang", "zhang"), "行": ("hang", "xing"), "厦": ("sha", "xia"),
    "乐": ("le", "yue"), "曾": ("zeng", "ceng"), "单": ("dan", "shan"), "朝": ("chao", "zhao"),
    "解": ("jie", "xie"), "参": ("can", "shen"), "传": ("chuan", "zhuan"), "都": ("du", "dou"),
    "会": ("hui", "kuai"), "藏": ("zang", "cang"), "石": ("shi", "dan"), "盛": ("sheng", "cheng"),
    "大": ("da", "dai"), "车": ("che", "ju"), "调": ("diao", "tiao"), "地": ("di", "de"),
    "谷": ("gu", "yu"), "朴": ("piao", "pu"), "仇": ("qiu", "chou"), "区": ("qu", "ou"),
    "查": ("cha", "zha"), "盖": ("gai", "ge"), "任": ("ren",), "冯": ("feng", "ping"),
    "尉": ("wei", "yu"), "洗": ("xi", "xian"), "贾": ("jia", "gu"), "覃": ("qin", "tan"),
    "系": ("xi", "ji"), "降": ("jiang", "xiang"), "兴": ("xing",), "和": ("he",), "合": ("he",),
    "发": ("fa",), "鑫": ("xin",), "分": ("fen",), "台": ("tai",), "广": ("guang",), "厂": ("chang",),
    "绿": ("lv", "lu"), "女": ("nv",), "旅": ("lv",), "吕": ("lv",), "铝": ("lv",), "律": ("lv",), "滤": ("lv",),
}  # fmt: skip
_MARKS = str.maketrans(
    {
        mark: plain
        for plain, marks in {
            "a": "āáǎà", "e": "ēéěèếềê", "i": "īíǐì", "o": "ōóǒò", "u": "ūúǔù", "v": "ǖǘǚǜü", "n": "ńňǹ", "m": "ḿ",
        }.items()
        for mark in marks
    }
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MOST_SPELLINGS = 8
_LONGEST_TYPED = 24
_LONGEST_SYLLABLE = 6
_PLANE = 0x10000


@cache
def _table() -> dict[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict

    return dict(pinyin_dict)


@lru_cache(50_000)
def readings(character: str) -> tuple[str, ...]:
    """Return how a character sounds: syllables without tones, the most common first; letters and digits are themselves.

    Characters without a sound have none.
    """
    if character in _BY_HAND:
        return _BY_HAND[character]
    if character.isascii():
        return (character.lower(),) if character.isalnum() else ()
    first = _table().get(ord(character), "").split(",")[0].translate(_MARKS)
    # Some rare readings hold combining marks; what is left of them is letters, too.
    syllable = "".join(letter for letter in first if letter in _LETTERS)
    return (syllable,) if syllable else ()


@cache
def initial_maps() -> tuple[Any, Any]:
    """Return two arrays from UTF-16 code to initial letter (1–26, 0 for none): by the first and by the last reading."""
    import numpy as np

    first, last = np.zeros(_PLANE, np.uint8), np.zeros(_PLANE, np.uint8)
    codes = [code for code in _table() if code < _PLANE] + [ord(letter) for letter in _LETTERS]
    for code in codes:
        found = readings(chr(code))
        if found:
            first[code] = _LETTERS.index(found[0][0]) + 1
            last[code] = _LETTERS.index(found[-1][0]) + 1
    return first, last


@cache
def syllables() -> frozenset[str]:
    """Return every syllable that a character can sound like."""
    found = {readings(chr(code))[0] for code in _table() if readings(chr(code))}
    return frozenset(found.union(*_BY_HAND.values()))


def spellings(typed: str) -> list[str]:
    """Return the initials that typed letters can stand for, fewest first: `heli` is h·l (he li), h·l·i … and `heli`.

    Only those that a search can start from are told: two initials or more, and not more than a handful.
    """
    if not 1 < len(typed) <= _LONGEST_TYPED:
        return []
    widths = range(2, len(typed))
    found = [initials for whole in (True, False) for parts in widths for initials in _split(typed, parts, whole)]
    return [*dict.fromkeys(found[: _MOST_SPELLINGS - 1]), typed]


@lru_cache(10_000)
def _split(typed: str, parts: int, whole: bool) -> tuple[str, ...]:  # noqa: FBT001 - cached by position
    """Return the initials of some ways to read letters as so many `whole` syllables, or as syllables and initials.

    The last one may be unfinished.
    """
    if len(typed) > parts * _LONGEST_SYLLABLE or len(typed) < parts:
        return ()
    if parts == 1:
        return (typed[0],) if any(syllable.startswith(typed) for syllable in syllables()) else ()
    found: dict[str, None] = {}
    for length in range(min(_LONGEST_SYLLABLE, len(typed) - 1), 0, -1):
        if typed[:length] in syllables() or (length == 1 and not whole):
            found |= dict.fromkeys(typed[0] + rest for rest in _split(typed[length:], parts - 1, whole))
    return tuple(found)[:_MOST_SPELLINGS]


def sounds_like(text: str, typed: str) -> int | None:
    """Return where in a text the typed letters begin to be heard; None when they are nowhere.

    Each character may be typed as its whole syllable or as its initial, the last one unfinished.
    """
    heard = [readings(character) for character in text]
    for start in range(len(heard)):
        if _heard(heard, start, typed):
            return start
    return None


def _heard(heard: Sequence[tuple[str, ...]], place: int, typed: str) -> bool:
    reached = {typed}
    while reached:
        if place >= len(heard):
            return False
        following: set[str] = set()
        for rest in reached:
            for syllable in heard[place]:
                if syllable.startswith(rest):
                    return True
                if rest.startswith(syllable):
                    following.add(rest[len(syllable) :])
                following |= {rest[1:]} if rest[0] == syllable[0] else set()
        place, reached = place + 1, following
    return False

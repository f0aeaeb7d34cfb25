"""Text as people type it, made comparable without changing what it says, and repeated no longer than need be."""

import re
import unicodedata

_MOST_REPEATED = 100
_SPACES = re.compile(r"[\s\u3000\u00a0\u200b\ufeff]+")


def trimmed(text: str) -> str:
    """Return text without outer spaces of any width and without inner runs of them; characters stay as written."""
    return _SPACES.sub(" ", text).strip()


def folded(text: str) -> str:
    """Return text for comparing: NFKC (full width to half width), no case, no spaces at all."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()


class _Plain(dict[int, str]):
    """What each character becomes, found when it is first met."""

    def __missing__(self, code: int) -> str:
        # Character by character, so that a part of a text becomes a part of what the text becomes.
        found = _SPACES.sub("", unicodedata.normalize("NFKC", chr(code))).casefold()
        self[code] = found
        return found


_PLAIN = _Plain()


def searchable(text: str) -> str:
    """Return text for looking things up: half width, no case, no spaces; a part of a text stays a part of it."""
    if unicodedata.is_normalized("NFKC", text) and _SPACES.search(text) is None:
        return text.casefold()  # what nearly every name needs, several times as fast
    return text.translate(_PLAIN)


def cut(text: str) -> str:
    """Return what was given as far as a refusal repeats it; who sends a book does not get it back."""
    return text if len(text) <= _MOST_REPEATED else f"{text[:_MOST_REPEATED]}…"

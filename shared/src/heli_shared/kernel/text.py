"""Text as people type it, made comparable without changing what it says."""

import re
import unicodedata

_SPACES = re.compile(r"[\s\u3000\u00a0\u200b\ufeff]+")


def trimmed(text: str) -> str:
    """Return text without outer spaces of any width and without inner runs of them; characters stay as written."""
    return _SPACES.sub(" ", text).strip()


def folded(text: str) -> str:
    """Return text for comparing: NFKC (full width to half width), no case, no spaces at all."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()

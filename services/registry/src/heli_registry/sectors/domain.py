"""Which sector an enterprise belongs to: the one it names, else the one whose industry code fits longest."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

_INDUSTRY = re.compile(r"[A-T](\d{2,4})?")


def is_industry(code: str) -> bool:
    """Say whether a code has the form of GB/T 4754-2017: a letter and none or two to four digits."""
    return _INDUSTRY.fullmatch(code) is not None


class SectorFinder:
    """Finds sectors by industry; made of (sector's key, its industry codes)."""

    def __init__(self, sectors: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Remember the codes; of two sectors with the same code the smaller key is taken: answers are stable."""
        self._by_code: dict[str, str] = {}
        for key, codes in sorted(sectors, reverse=True):
            for code in codes:
                self._by_code[code] = key

    def find(self, enterprise: Mapping[str, object]) -> str | None:
        """Return the sector of an enterprise, or None when neither it nor its industry tells."""
        named = enterprise.get("sector")
        if isinstance(named, str):
            return named
        industry = enterprise.get("industry")
        return self._by_industry(industry) if isinstance(industry, str) else None

    @lru_cache(maxsize=4_096)  # noqa: B019 - a finder lives for one call
    def _by_industry(self, industry: str) -> str | None:
        for length in range(len(industry), 0, -1):
            found = self._by_code.get(industry[:length])
            if found is not None:
                return found
        return None

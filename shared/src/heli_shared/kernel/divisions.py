"""Codes of administrative divisions: 12 digits (GB/T 2260 and the statistical extension), nested by prefix."""

LEVELS = ("province", "city", "county", "town", "village")
_WIDTHS = (2, 4, 6, 9, 12)
CODE_LENGTH = 12


def padded(code: str) -> str:
    """Return a code of 2, 4, 6, 9 or 12 digits as 12 digits; ValueError for anything else."""
    if not (code.isascii() and code.isdigit() and len(code) in _WIDTHS):
        raise ValueError(f"not a division code: {code!r}")
    return code.ljust(CODE_LENGTH, "0")


def level_of(code: str) -> str:
    """Return the level of a 12-digit code by its trailing zeros."""
    for level, width in zip(LEVELS, _WIDTHS, strict=True):
        if code[width:].strip("0") == "":
            return level
    raise ValueError(f"not a division code: {code!r}")


def significant(code: str) -> str:
    """Return the digits that name the division, without the padding zeros."""
    return code[: _WIDTHS[LEVELS.index(level_of(code))]]


def ancestors(code: str) -> list[str]:
    """Return the 12-digit codes above this one, from the province down, by nesting of the digits."""
    own = len(significant(code))
    return [padded(code[:width]) for width in _WIDTHS if width < own]

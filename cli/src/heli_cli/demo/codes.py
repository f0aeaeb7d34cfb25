"""Credit codes of the demo: valid by both check characters, unique by construction, of a region that does not exist."""

from stdnum.cn import uscc

REGION = "990121"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SPACE = len(_ALPHABET) ** 6
_STEP = 387_420_489  # prime to 31: walking by it meets every number of the space once


def credit_code(number: int, category: str) -> str:
    """Return the code of the number-th registration; the category (91, 92, 93, 52) is its first two characters."""
    place = (number * _STEP + 104_729) % _SPACE
    digits = []
    for _ in range(6):
        place, rest = divmod(place, len(_ALPHABET))
        digits.append(_ALPHABET[rest])
    body = "MA" + "".join(reversed(digits))
    unchecked = category + REGION + body + organization_check(body)
    return unchecked + str(uscc.calc_check_digit(unchecked))


def organization_check(body: str) -> str:
    """Return the check character of the eight characters of an organisation code (GB 11714-1997)."""
    ordinals = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(ordinals.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))

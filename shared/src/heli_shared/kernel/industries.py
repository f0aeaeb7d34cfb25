"""The classification of industries: sections and divisions of GB/T 4754-2017, whose classes are not held."""

_FIRST_AND_LAST = {
    "A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52), "G": (53, 60), "H": (61, 62),
    "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72), "M": (73, 75), "N": (76, 79), "O": (80, 82),
    "P": (83, 83), "Q": (84, 85), "R": (86, 90), "S": (91, 96), "T": (97, 97),
}  # fmt: skip
SECTIONS = "".join(_FIRST_AND_LAST)
DIVISIONS = frozenset(
    f"{section}{number:02}" for section, (first, last) in _FIRST_AND_LAST.items() for number in range(first, last + 1)
)
_DIVISION_LENGTH = 3


def is_classified(code: str) -> bool:
    """Say whether a code is a section or division, or a class of a division that there is."""
    return (code in SECTIONS) if len(code) == 1 else code[:_DIVISION_LENGTH] in DIVISIONS

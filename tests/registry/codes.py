"""Valid unified social credit codes for tests, numbered."""

from stdnum.cn import uscc


def code(number: int, region: str = "990121") -> str:
    """Return the credit code of the enterprise with this number; the check digit is python-stdnum's."""
    head = f"91{region}{number:09d}"
    return head + uscc.calc_check_digit(head)

"""Header cells: how they are compared with the names that columns go by, and which columns of a file were known."""

import re
import unicodedata
from dataclasses import dataclass

_BRACKETS = re.compile(r"[(\[【〔{][^)\]】〕}]*[)\]】〕}]")
_NOISE = re.compile(r"[\s_\-*:.·]+")
REMARKS = "错误说明"
"""The first column of a workbook of refused rows: what to correct. An import passes it by."""
MARKS = "标记"
"""The first column of a template, in which the example row says that it is one."""
EXAMPLE_MARK = "示例"


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The places of the fields in a row, and what else stood in the header.

    `places` field → index; `labels` field → header as written; `units` field → money unit in the header; `remarks` and
    `marks` the index of the columns that Heli's own workbooks have beside the fields.
    """

    places: dict[str, int]
    labels: dict[str, str]
    units: dict[str, str]
    unknown: tuple[str, ...]
    width: int
    has_header: bool = True
    remarks: int | None = None
    marks: int | None = None


def folded_header(text: str) -> str:
    """Return a header cell for comparing: half width, no case, spaces, brackets with their content, or signs."""
    plain = unicodedata.normalize("NFKC", text)
    return _NOISE.sub("", _BRACKETS.sub("", plain)).casefold()

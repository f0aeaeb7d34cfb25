"""The layout of a list as it was sent, and its cells as they were: what a workbook of refused rows is made of.

A cell travels as JSON has it; a day or an instant as `{"d": ISO text}`, anything else that JSON lacks as text.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from heli_shared.lists.headers import ColumnMap

_EXACT = 1 << 53


@dataclass(frozen=True, slots=True)
class Layout:
    """How a list is laid out: its sheet's name, the rows above the header, the header, and where its fields stand.

    `places` is header → index of a recognised column; `remarks` the index of a column 错误说明 that it has already.
    """

    sheet: str = ""
    above: list[list[Any]] = field(default_factory=list)
    header: list[Any] | None = None
    places: dict[str, int] = field(default_factory=dict)
    width: int = 0
    remarks: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return asdict(self)


def layout_of(
    columns: ColumnMap, *, sheet: str, above: Sequence[Sequence[Any]], header: Sequence[Any] | None
) -> Layout:
    """Return the layout of a list whose columns were recognised."""
    return Layout(
        sheet=kept_text(sheet)[:100],
        above=[kept_cells(row) for row in above],
        header=None if header is None else kept_cells(header),
        places={columns.labels[name]: place for name, place in columns.places.items()},
        width=columns.width,
        remarks=columns.remarks,
    )


def layout_from(stored: Mapping[str, Any]) -> Layout:
    """Return a stored layout."""
    return Layout(**stored)


def kept_cells(cells: Sequence[Any]) -> list[Any]:
    """Return a row as it is kept: JSON values that lose nothing of what the cells said."""
    return [_kept(cell) for cell in cells]


def _kept(cell: Any) -> Any:
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, str):
        return kept_text(cell)
    if isinstance(cell, (date, datetime)):
        return {"d": cell.isoformat()}
    if isinstance(cell, (int, float)):
        return cell if math.isfinite(cell) and abs(cell) < _EXACT else str(cell)
    # A list or object of a JSON file is shown as the JSON that it was.
    return kept_text(json.dumps(cell, ensure_ascii=False) if isinstance(cell, (list, dict)) else str(cell))


def kept_text(text: str) -> str:
    """Return a text that every store and file takes: half characters become the replacement character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def shown_cell(kept: Any) -> Any:
    """Return a kept cell as Python has it: days and instants as such."""
    if not isinstance(kept, dict):
        return kept
    text = str(kept["d"])
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)

"""The figures of an answer as JSON values, and its digest."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

from heli_reporting.history.domain import Aggregate, Cell, Group
from heli_reporting.passports import instant
from heli_reporting.statistics.domain import Language
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.reasons import INSIDE, REASONS


def figures_of(aggregate: Aggregate, dimensions: Sequence[Dimension], language: Language) -> dict[str, Any]:
    """Return rows and total as JSON values."""
    names = [dimension.id for dimension in dimensions]
    rows = []
    for line in aggregate.rows:
        row: dict[str, Any] = {
            name: group_json(group, language) for name, group in zip(names, line.groups, strict=True)
        }
        row.update((measure, cell_json(cell)) for measure, cell in line.cells.items())
        rows.append(row)
    return {"rows": rows, "total": cells_json(aggregate.total)}


def cells_json(cells: Mapping[str, Cell]) -> dict[str, Any]:
    """Return cells by measure as JSON values."""
    return {measure: cell_json(cell) for measure, cell in cells.items()}


def cell_json(cell: Cell) -> dict[str, Any]:
    """Return a cell: a share with both its parts and, where there is no value, the reason; or a count."""
    value = cell.value
    if cell.denominator is None:
        return {"value": value}
    shown = {
        "value": format(value, "f") if isinstance(value, Decimal) else value,
        "numerator": cell.numerator,
        "denominator": cell.denominator,
    }
    return shown if cell.reason is None else shown | {"reason": cell.reason}


def group_json(group: Group, language: Language) -> dict[str, Any]:
    """Return the value of a dimension with its name; a code without a name is its own name."""
    name = group.en if language == "en" else group.zh
    return {"code": group.code, "name": name or group.code}


def row_json(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return a row behind a number with the names of its places, and why it was counted or not, in one language."""
    shown = {name: group_json(value, language) if isinstance(value, Group) else value for name, value in row.items()}
    code = row["because"]
    decided = row["decided"]
    return shown | {
        "because": {"code": code, "name": (INSIDE | REASONS)[code][language == "en"]},
        "decided": decided and decided | {"recorded_at": instant(decided["recorded_at"])},
    }


def digest_of(figures: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the figures in canonical JSON: sorted names, no spaces, UTF-8."""
    return "sha256:" + hashlib.sha256(orjson.dumps(figures, option=orjson.OPT_SORT_KEYS)).hexdigest()

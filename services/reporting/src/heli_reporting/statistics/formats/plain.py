"""Flat JSON: rows with numbers as numbers for Grafana and Power Query, and a dataset as ECharts takes it."""

from decimal import Decimal
from typing import Any

import orjson

from heli_reporting.statistics.formats.flat import Flat, Line

_ECHARTS = {"text": "ordinal", "share": "float", "count": "int", "day": "time"}


def rows_of(flat: Flat) -> bytes:
    """Return `{"columns", "rows", "total", …, "passport"}`; a share is a number with at most four places."""
    content = {
        "columns": [{"name": each.name, "title": each.title, "type": each.kind} for each in flat.columns],
        "rows": [_plain(line) for line in flat.lines],
        **_beside(flat),
    }
    return orjson.dumps(content)


def echarts_of(flat: Flat) -> bytes:
    """Return `{"dataset", "total", …, "passport"}`; `dataset` goes into the option of a chart as it is."""
    dimensions = [{"name": each.name, "displayName": each.title, "type": _ECHARTS[each.kind]} for each in flat.columns]
    source = [[_number(line[each.name]) for each in flat.columns] for line in flat.lines]
    return orjson.dumps({"dataset": {"dimensions": dimensions, "source": source}, **_beside(flat)})


def beside_of(flat: Flat) -> dict[str, bytes]:
    """Return what stands beside the lines, each part as JSON: the total, what else was told, the passport."""
    return {name: orjson.dumps(part) for name, part in _beside(flat).items()}


def _beside(flat: Flat) -> dict[str, Any]:
    total = [_plain(line) for line in flat.total] if isinstance(flat.total, list) else _plain(flat.total)
    return {"total": total, **flat.told, "passport": flat.passport}


def _plain(line: Line) -> dict[str, Any]:
    return {name: _number(value) for name, value in line.items()}


def _number(value: Any) -> Any:
    # Four decimal places survive the way through a float: what is printed is what was given.
    return float(value) if isinstance(value, Decimal) else value

"""Two days side by side, and lines in order of a value."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from heli_reporting.history.domain import Aggregate, Cell, Group, line_order
from heli_reporting.statistics.answers import cell_json, group_json
from heli_reporting.statistics.domain import Language, Ranking
from heli_shared.statistics.breaks import Break
from heli_shared.statistics.dimensions import Dimension

_TIES = {
    "zh": "显示值相同的并列同一名次，其后名次跳过（1、2、2、4）；无值或未知的不排名",
    "en": "equal values as shown share a position and the next ones are left out (1, 2, 2, 4);"
    " lines without a value or of unknown place have none",
}


def comparison_json(
    now: Aggregate, before: Aggregate, dimensions: Sequence[Dimension], language: Language, on: date
) -> dict[str, Any]:
    """Return the figures of an earlier day with the change since, for every line of either day."""
    held, was = _lines(now), _lines(before)
    groups = {key: groups for key, (groups, _) in (was | held).items()}
    zero = {name: Cell(0, None if cell.denominator is None else 0) for name, cell in now.total.items()}
    rows = []
    for key in sorted(groups, key=line_order(dimensions)):
        row = {d.id: group_json(group, language) for d, group in zip(dimensions, groups[key], strict=True)}
        cells, earlier = (found[key][1] if key in found else zero for found in (held, was))
        rows.append(row | _changes(cells, earlier))
    return {"on": on.isoformat(), "rows": rows, "total": _changes(now.total, before.total)}


def _lines(answer: Aggregate) -> dict[tuple[str | None, ...], tuple[tuple[Group, ...], Mapping[str, Cell]]]:
    return {tuple(group.code for group in row.groups): (row.groups, row.cells) for row in answer.rows}


def _changes(now: Mapping[str, Cell], before: Mapping[str, Cell]) -> dict[str, Any]:
    return {name: cell_json(before[name]) | {"change": change_json(cell, before[name])} for name, cell in now.items()}


def change_json(now: Cell, before: Cell) -> dict[str, Any]:
    """Return now minus before: of the values where both have one, and of both parts of a share."""
    value = None if now.value is None or before.value is None else now.value - before.value
    shown = {"value": format(value, "f") if isinstance(value, Decimal) else value}
    if now.denominator is None or before.denominator is None:
        return shown
    return shown | {
        "numerator": now.numerator - before.numerator,
        "denominator": now.denominator - before.denominator,
    }


def ranked(rows: Sequence[dict[str, Any]], dimensions: Sequence[Dimension], ranking: Ranking) -> list[dict[str, Any]]:
    """Return the lines in order of a measure's value as it is shown, each with its position and how many share it."""
    sign = -1 if ranking.order == "desc" else 1
    keys = [_value(row, dimensions, ranking) for row in rows]
    values = [sign * key for key in keys if key is not None]
    ties = Counter(values)
    above = {value: sum(count for other, count in ties.items() if other < value) for value in ties}
    found = []
    for row, key in zip(rows, keys, strict=True):
        rank = {"position": None, "tied": 0} if key is None else _rank(sign * key, above, ties)
        found.append(row | {"rank": rank})
    return sorted(found, key=lambda row: (row["rank"]["position"] is None, row["rank"]["position"] or 0))


def _rank(value: Decimal, above: Mapping[Decimal, int], ties: Mapping[Decimal, int]) -> dict[str, int | None]:
    return {"position": above[value] + 1, "tied": ties[value]}


def _value(row: Mapping[str, Any], dimensions: Sequence[Dimension], ranking: Ranking) -> Decimal | None:
    shown = row[ranking.measure.id]["value"]
    is_known = all(row[dimension.id]["code"] is not None for dimension in dimensions)
    return Decimal(shown) if shown is not None and is_known else None


def ranking_json(ranking: Ranking, rows: Sequence[Mapping[str, Any]], language: Language) -> dict[str, Any]:
    """Return by what the lines were ranked and how ties were handled."""
    return {
        "measure": ranking.measure.id,
        "order": ranking.order,
        "ranked": sum(row["rank"]["position"] is not None for row in rows),
        "ties": _TIES[language],
    }


def breaks_json(found: Sequence[Break]) -> list[dict[str, Any]]:
    """Return breaks as JSON values."""
    return [asdict(each) | {"on": each.on.isoformat()} for each in found]

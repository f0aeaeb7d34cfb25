"""The forms of statistical offices: JSON-stat 2.0 and SDMX-CSV 2.0."""

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import orjson

from heli_reporting.statistics.domain import Language
from heli_shared.records.encoding import inert
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import Measure

Answer = Mapping[str, Any]
TOTAL, UNKNOWN = "_T", "_U"
"""The codes of SDMX for a total and for what is not known."""
_FLOW = "HELI:STATISTICS(1.0)"
_PARTS = ("numerator", "denominator")
_PLACES = {"division", "zone"}


def jsonstat_of(
    answer: Answer, dimensions: Sequence[Dimension], measures: Sequence[Measure], language: Language
) -> bytes:
    """Return a dataset of JSON-stat 2.0; numerator and denominator of a share are metrics of their own.

    Values stand under their index, so combinations that do not occur take no room; total and passport lie in
    `extension`, because a category for the total would be added up with the others.
    """
    english = language == "en"
    axes = [_axis(answer, dimension, english=english) for dimension in dimensions]
    metrics = _metrics(measures, english=english)
    on = answer["passport"]["on"]
    axes += [
        ("measure", {"label": "measure" if english else "指标", "category": _category(metrics)}),
        ("time", {"label": "on" if english else "统计日", "category": _category({on: on})}),
    ]
    values, reasons = _values(answer, dimensions, measures, [axis["category"]["index"] for _, axis in axes])
    content = {
        "version": "2.0",
        "class": "dataset",
        "label": "、".join(each.en if english else each.zh for each in measures),
        "source": "；".join(dict.fromkeys(each.basis for each in measures)),
        "updated": answer["passport"]["computed_at"],
        "id": [name for name, _ in axes],
        "size": [len(axis["category"]["index"]) for _, axis in axes],
        "role": _roles(dimensions),
        "dimension": dict(axes),
        "value": values,
        "status": reasons,
        "extension": {"total": answer["total"], "passport": answer["passport"]},
    }
    return orjson.dumps(content)


def _axis(answer: Answer, dimension: Dimension, *, english: bool) -> tuple[str, dict[str, Any]]:
    names = {row[dimension.id]["code"] or UNKNOWN: row[dimension.id]["name"] for row in answer["rows"]}
    return dimension.id, {"label": dimension.en if english else dimension.zh, "category": _category(names)}


def _category(names: Mapping[str, str]) -> dict[str, Any]:
    return {"index": list(names), "label": dict(names)}


def _metrics(measures: Sequence[Measure], *, english: bool) -> dict[str, str]:
    found = {}
    for each in measures:
        found[each.id] = each.en if english else each.zh
        if each.denominator is not None:
            found |= {f"{each.id}.{part}": f"{found[each.id]} {part}" for part in _PARTS}
    return found


def _roles(dimensions: Sequence[Dimension]) -> dict[str, list[str]]:
    places = [each.id for each in dimensions if each.id in _PLACES]
    return {"time": ["time"], "metric": ["measure"]} | ({"geo": places} if places else {})


def _values(
    answer: Answer, dimensions: Sequence[Dimension], measures: Sequence[Measure], indexes: Sequence[Sequence[str]]
) -> tuple[dict[str, float | int], dict[str, str]]:
    """Return the values and the reasons for missing ones, each under its place in row-major order."""
    place = {codes: str(number) for number, codes in enumerate(product(*indexes))} if indexes else {}
    (on,) = indexes[-1]
    values: dict[str, float | int] = {}
    reasons: dict[str, str] = {}
    for row in answer["rows"] if dimensions else [answer["total"]]:
        codes = tuple(row[each.id]["code"] or UNKNOWN for each in dimensions)
        for measure in measures:
            cell = row[measure.id]
            here = place[(*codes, measure.id, on)]
            if cell["value"] is None:
                reasons[here] = cell["reason"]
            else:
                values[here] = float(cell["value"]) if measure.denominator else cell["value"]
            for part in _PARTS if measure.denominator else ():
                values[place[(*codes, f"{measure.id}.{part}", on)]] = cell[part]
    return values, reasons


def sdmx_of(answer: Answer, dimensions: Sequence[Dimension], measures: Sequence[Measure]) -> bytes:
    """Return SDMX-CSV 2.0: one line an observation, the totals under the code `_T`."""
    names = [each.id.upper() for each in dimensions]
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    head = ["STRUCTURE", "STRUCTURE_ID", "ACTION", "MEASURE", *names, "TIME_PERIOD", "OBS_VALUE"]
    writer.writerow([*head, "NUMERATOR", "DENOMINATOR", "OBS_STATUS"])
    for row in answer["rows"]:
        codes = [row[each.id]["code"] or UNKNOWN for each in dimensions]
        writer.writerows(_observations(row, codes, measures, answer["passport"]["on"]))
    codes = [TOTAL] * len(dimensions)
    writer.writerows(_observations(answer["total"], codes, measures, answer["passport"]["on"]))
    return sink.getvalue().encode()


def _observations(
    row: Mapping[str, Any], codes: Sequence[str], measures: Sequence[Measure], on: str
) -> list[list[str | int]]:
    found = []
    for each in measures:
        cell = row[each.id]
        parts = [cell.get(part, "") for part in _PARTS]
        value, status = ("", "M") if cell["value"] is None else (cell["value"], "A")
        shown = [str(inert(code)) for code in codes]
        found.append(["dataflow", _FLOW, "I", each.id, *shown, on, value, *parts, status])
    return found

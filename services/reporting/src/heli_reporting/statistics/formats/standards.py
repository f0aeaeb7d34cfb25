"""The forms of statistical offices: JSON-stat 2.0 and SDMX-CSV 2.0."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from heli_reporting.statistics.formats.cube import Cube, Observation
from heli_reporting.statistics.formats.flat import PARTS, Answer
from heli_shared.records.encoding import inert
from heli_shared.statistics.measures import Measure

_FLOW = "HELI:STATISTICS(1.0)"
_PLACES = {"division", "zone"}
_ZERO = "zero_denominator"
_WORDS = {
    "zh": {"change": "变化", "numerator": "分子", "denominator": "分母", "rank": "名次", "tied": "并列数"},
    "en": {"change": "change", "numerator": "numerator", "denominator": "denominator", "rank": "rank", "tied": "tied"},
}


def jsonstat_of(cube: Cube) -> bytes:
    """Return a dataset of JSON-stat 2.0; parts, changes and ranks are metrics of their own beside a value.

    Values stand under their index, so combinations that do not occur take no room; total and passport lie in
    `extension`, because a category for the total would be added up with the others.
    """
    english = cube.language == "en"
    axes: list[tuple[str, dict[str, Any]]] = [
        (each.id, {"label": each.en if english else each.zh, "category": _category(names)})
        for each, names in zip(cube.dimensions, cube.names, strict=True)
    ]
    axes += [
        ("measure", {"label": "measure" if english else "指标", "category": _category(_metrics(cube))}),
        ("time", {"label": "on" if english else "统计日", "category": _category({day: day for day in cube.days})}),
    ]
    values, reasons = _values(cube, [axis["category"]["index"] for _, axis in axes])
    content = {
        "version": "2.0",
        "class": "dataset",
        "label": "、".join(each.en if english else each.zh for each in cube.measures),
        "source": "；".join(dict.fromkeys(each.basis for each in cube.measures)),
        "updated": cube.beside["passport"]["computed_at"],
        "id": [name for name, _ in axes],
        "size": [len(axis["category"]["index"]) for _, axis in axes],
        "role": _roles(cube),
        "dimension": dict(axes),
        "value": values,
        "status": reasons,
        "extension": cube.beside,
    }
    return orjson.dumps(content)


def _category(names: Mapping[str, str]) -> dict[str, Any]:
    return {"index": list(names), "label": dict(names)}


def _metrics(cube: Cube) -> dict[str, str]:
    found: dict[str, str] = {}
    words = _WORDS[cube.language]
    for each in cube.measures:
        name = each.en if cube.language == "en" else each.zh
        found |= _figure_metrics(each.id, name, each, words)
        if cube.compared_with is not None:
            found |= _figure_metrics(f"{each.id}.change", f"{name} {words['change']}", each, words)
    return found | ({"rank": words["rank"], "rank.tied": words["tied"]} if cube.ranked is not None else {})


def _figure_metrics(metric: str, name: str, measure: Measure, words: Mapping[str, str]) -> dict[str, str]:
    parts = PARTS if measure.denominator is not None else ()
    return {metric: name} | {f"{metric}.{part}": f"{name} {words[part]}" for part in parts}


def _roles(cube: Cube) -> dict[str, list[str]]:
    places = [each.id for each in cube.dimensions if each.id in _PLACES]
    return {"time": ["time"], "metric": ["measure"]} | ({"geo": places} if places else {})


def _values(cube: Cube, indexes: Sequence[Sequence[str]]) -> tuple[dict[str, float | int], dict[str, str]]:
    """Return the values and the reasons for missing ones, each under its place in row-major order."""
    orders = [{code: number for number, code in enumerate(index)} for index in indexes]
    values: dict[str, float | int] = {}
    reasons: dict[str, str] = {}
    for observation in cube.observations if cube.dimensions else cube.totals:
        for metric, value, reason in _told(cube, observation):
            place = 0
            for order, code in zip(orders, (*observation.codes, metric, observation.on), strict=True):
                place = place * len(order) + order[code]
            if value is not None:
                values[str(place)] = value
            elif reason is not None:
                reasons[str(place)] = reason
    return values, reasons


def _told(cube: Cube, observation: Observation) -> Iterator[tuple[str, float | int | None, str | None]]:
    """Yield each metric of an observation with its value, or with the reason why there is none."""
    for measure in cube.measures:
        yield from _figure_told(measure.id, observation.cells[measure.id], measure)
        if measure.id in observation.changes:
            yield from _figure_told(f"{measure.id}.change", observation.changes[measure.id], measure)
    if observation.rank is not None:
        yield "rank", observation.rank["position"], "unranked"
        yield "rank.tied", observation.rank["tied"], None


def _figure_told(metric: str, cell: Answer, measure: Measure) -> Iterator[tuple[str, float | int | None, str | None]]:
    if measure.denominator is None:
        yield metric, cell["value"], None
        return
    # A change without a value has none because one of its two days has none.
    yield metric, None if cell["value"] is None else float(cell["value"]), cell.get("reason", _ZERO)
    for part in PARTS:
        yield f"{metric}.{part}", cell[part], None


def sdmx_of(cube: Cube) -> bytes:
    """Return SDMX-CSV 2.0: one line an observation, the totals under the code `_T`.

    Changes and ranks are attributes of the observation that they belong to. OBS_STATUS is B where the definition is
    another than on the day before, else M where there is no value, else A.
    """
    names = [each.id.upper() for each in cube.dimensions]
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    head = ["STRUCTURE", "STRUCTURE_ID", "ACTION", "MEASURE", *names, "TIME_PERIOD", "OBS_VALUE"]
    writer.writerow([*head, "NUMERATOR", "DENOMINATOR", "OBS_STATUS", *_attributes(cube)])
    breaks = cube.breaks
    for observation in (*cube.observations, *cube.totals):
        codes = [str(inert(code)) for code in observation.codes]
        for measure in cube.measures:
            cell, key = observation.cells[measure.id], (measure.id, observation.on)
            status = "B" if key in breaks else "M" if cell["value"] is None else "A"
            start = ["dataflow", _FLOW, "I", measure.id, *codes, observation.on]
            writer.writerow([*start, *_figure(cell), status, *_attribute_values(cube, observation, measure)])
    return sink.getvalue().encode()


def _attributes(cube: Cube) -> list[str]:
    changes = ["COMPARED_WITH", "CHANGE", "CHANGE_NUMERATOR", "CHANGE_DENOMINATOR"]
    return [*(changes if cube.compared_with is not None else ()), *(["RANK", "RANK_TIED"] if cube.ranked else ())]


def _attribute_values(cube: Cube, observation: Observation, measure: Measure) -> list[str | int]:
    found: list[str | int] = []
    if cube.compared_with is not None:
        change = observation.changes.get(measure.id)
        found += ["", "", "", ""] if change is None else [cube.compared_with, *_figure(change)]
    if cube.ranked is not None:
        rank = observation.rank if measure.id == cube.ranked else None
        found += ["", ""] if rank is None else [_shown(rank["position"]), rank["tied"]]
    return found


def _figure(cell: Answer) -> list[str | int]:
    return [_shown(cell.get(name)) for name in ("value", *PARTS)]


def _shown(value: str | int | None) -> str | int:
    return "" if value is None else value

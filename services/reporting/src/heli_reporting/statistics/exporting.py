"""An answer in the form that was asked for; what writes a form is imported when the form is first asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import orjson
from starlette.responses import Response

from heli_reporting.statistics.domain import Language
from heli_reporting.statistics.formats.cube import Cube
from heli_reporting.statistics.formats.flat import Answer, Flat
from heli_shared.web.downloads import download_headers

ListForm = Literal["json", "csv", "rows", "xlsx", "parquet", "arrow"]
"""The forms of a list of records."""
TableForm = Literal["json", "csv", "rows", "echarts", "xlsx", "parquet", "arrow"]
"""The forms of an account of figures."""
Form = Literal["json", "csv", "rows", "echarts", "xlsx", "parquet", "arrow", "jsonstat", "sdmx-csv"]
"""The forms of figures on days."""

JSON = "application/json"
MEDIA_TYPES: dict[Form, str] = {
    "json": JSON,
    "csv": "text/csv; charset=utf-8",
    "rows": JSON,
    "echarts": JSON,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
    "jsonstat": JSON,
    "sdmx-csv": "application/vnd.sdmx.data+csv; version=2.0.0",
}
_TOLD: dict[Form, str] = {
    "rows": "flat lines with numbers as numbers",
    "echarts": "a dataset",
    "csv": "a table for people",
    "xlsx": "the same as a workbook",
    "parquet": "typed columns",
    "arrow": "typed columns as a stream",
    "jsonstat": "JSON-stat 2.0",
    "sdmx-csv": "SDMX-CSV 2.0",
}
_FILES: dict[Form, str] = {"xlsx": "xlsx", "parquet": "parquet", "arrow": "arrows"}
"""The forms that browsers save as a file, and how its name ends."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How an answer is laid out for other programs: as flat lines, and (figures on days) as observations."""

    name: str
    language: Language
    flat: Callable[[Answer], Flat]
    cube: Callable[[Answer], Cube] | None = None


def forms_told(forms: Any) -> str:
    """Return the description of a parameter that chooses one of these forms."""
    return "; ".join(f"{form}: {_TOLD[form]}" for form in get_args(forms) if form != "json")


def form_responses(forms: Any) -> dict[int | str, dict[str, Any]]:
    """Return the declaration of what answers in these forms are, for the document."""
    kinds = dict.fromkeys(MEDIA_TYPES[form].split(";")[0] for form in get_args(forms))
    return {200: {"content": {kind: {"schema": {"type": "string"}} for kind in kinds if kind != JSON}}}


def reply_in(form: Form, body: bytes, shape: Shape, headers: dict[str, str]) -> Response:
    """Return the JSON answer `body` in a form; where the answer is kept its permalink goes along in a header."""
    if form == "json":
        return Response(body, 200, headers, JSON)
    return exported(form, orjson.loads(body), shape, headers)


def exported(form: Form, answer: Answer, shape: Shape, headers: dict[str, str]) -> Response:
    """Return an answer in a form that is not its own."""
    passport = answer["passport"]
    if "permalink" in passport:
        headers = headers | {"Heli-Permalink": passport["permalink"]}
    if form in _FILES:
        headers = headers | download_headers(f"{shape.name}-{passport['on']}.{_FILES[form]}")
    return Response(_WRITERS[form](answer, shape), 200, headers, MEDIA_TYPES[form])


def _csv(answer: Answer, shape: Shape) -> bytes:
    from heli_reporting.statistics.formats.delimited import csv_of

    return csv_of(shape.flat(answer), shape.language)


def _rows(answer: Answer, shape: Shape) -> bytes:
    from heli_reporting.statistics.formats.plain import rows_of

    return rows_of(shape.flat(answer))


def _echarts(answer: Answer, shape: Shape) -> bytes:
    from heli_reporting.statistics.formats.plain import echarts_of

    return echarts_of(shape.flat(answer))


def _xlsx(answer: Answer, shape: Shape) -> bytes:
    from heli_reporting.statistics.formats.sheet import xlsx_of

    return xlsx_of(shape.flat(answer), shape.language)


def _parquet(answer: Answer, shape: Shape) -> bytes:
    from heli_reporting.statistics.formats.columns import parquet_of

    return parquet_of(shape.flat(answer))


def _arrow(answer: Answer, shape: Shape) -> bytes:
    from heli_reporting.statistics.formats.columns import arrow_of

    return arrow_of(shape.flat(answer))


def _jsonstat(answer: Answer, shape: Shape) -> bytes:
    from heli_reporting.statistics.formats.standards import jsonstat_of

    return jsonstat_of(_cube(answer, shape))


def _sdmx(answer: Answer, shape: Shape) -> bytes:
    from heli_reporting.statistics.formats.standards import sdmx_of

    return sdmx_of(_cube(answer, shape))


def _cube(answer: Answer, shape: Shape) -> Cube:
    if shape.cube is None:
        message = f"{shape.name} has no observations"
        raise TypeError(message)
    return shape.cube(answer)


_WRITERS: dict[str, Callable[[Answer, Shape], bytes]] = {
    "csv": _csv,
    "rows": _rows,
    "echarts": _echarts,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "arrow": _arrow,
    "jsonstat": _jsonstat,
    "sdmx-csv": _sdmx,
}

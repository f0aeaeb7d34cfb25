"""An answer in the form that was asked for; what writes a form is imported when the form is first asked for."""

from collections.abc import Callable
from typing import Any, Literal

import orjson
from starlette.responses import Response

from heli_reporting.statistics.domain import Question
from heli_reporting.statistics.formats.flat import Flat, flat_of
from heli_shared.web.downloads import download_headers

Form = Literal["json", "csv", "rows", "echarts", "xlsx", "parquet", "arrow", "jsonstat", "sdmx-csv"]

MEDIA_TYPES: dict[Form, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "rows": "application/json",
    "echarts": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
    "jsonstat": "application/json",
    "sdmx-csv": "application/vnd.sdmx.data+csv; version=2.0.0",
}
_FILES: dict[str, str] = {"xlsx": "xlsx", "parquet": "parquet", "arrow": "arrows"}
"""The forms that browsers save as a file, and how its name ends."""


def exported(body: bytes, question: Question, form: Form, headers: dict[str, str]) -> Response:
    """Return the JSON answer `body` in another form, its permalink in a header."""
    answer = orjson.loads(body)
    headers = headers | {"Heli-Permalink": answer["passport"]["permalink"]}
    if form in _FILES:
        headers = headers | download_headers(f"statistics-{answer['passport']['on']}.{_FILES[form]}")
    return Response(_WRITERS[form](answer, question), 200, headers, MEDIA_TYPES[form])


def _flat(answer: dict[str, Any], question: Question) -> Flat:
    return flat_of(answer, question.dimensions, question.measures, question.language)


def _csv(answer: dict[str, Any], question: Question) -> bytes:
    from heli_reporting.statistics.tables import csv_of

    return csv_of(answer, question.dimensions, question.measures, question.language)


def _rows(answer: dict[str, Any], question: Question) -> bytes:
    from heli_reporting.statistics.formats.plain import rows_of

    return rows_of(_flat(answer, question))


def _echarts(answer: dict[str, Any], question: Question) -> bytes:
    from heli_reporting.statistics.formats.plain import echarts_of

    return echarts_of(_flat(answer, question))


def _xlsx(answer: dict[str, Any], question: Question) -> bytes:
    from heli_reporting.statistics.formats.sheet import xlsx_of

    return xlsx_of(_flat(answer, question), question.language)


def _parquet(answer: dict[str, Any], question: Question) -> bytes:
    from heli_reporting.statistics.formats.columns import parquet_of

    return parquet_of(_flat(answer, question))


def _arrow(answer: dict[str, Any], question: Question) -> bytes:
    from heli_reporting.statistics.formats.columns import arrow_of

    return arrow_of(_flat(answer, question))


def _jsonstat(answer: dict[str, Any], question: Question) -> bytes:
    from heli_reporting.statistics.formats.standards import jsonstat_of

    return jsonstat_of(answer, question.dimensions, question.measures, question.language)


def _sdmx(answer: dict[str, Any], question: Question) -> bytes:
    from heli_reporting.statistics.formats.standards import sdmx_of

    return sdmx_of(answer, question.dimensions, question.measures)


_WRITERS: dict[str, Callable[[dict[str, Any], Question], bytes]] = {
    "csv": _csv,
    "rows": _rows,
    "echarts": _echarts,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "arrow": _arrow,
    "jsonstat": _jsonstat,
    "sdmx-csv": _sdmx,
}

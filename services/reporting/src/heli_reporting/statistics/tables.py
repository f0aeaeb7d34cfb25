"""The same answer as a table for people: one line a group, three columns a share, the total at the end."""

from collections.abc import Sequence
from typing import Any

from heli_reporting.statistics.domain import Language
from heli_shared.records.encoding import inert
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import Measure

_WORDS = {
    "zh": {"code": "代码", "numerator": "分子", "denominator": "分母", "total": "合计"},
    "en": {"code": "code", "numerator": "numerator", "denominator": "denominator", "total": "total"},
}
_BOM = "\ufeff"  # spreadsheets take a file without it for another encoding


def csv_of(
    answer: dict[str, Any], dimensions: Sequence[Dimension], measures: Sequence[Measure], language: Language
) -> bytes:
    """Return an answer's figures as CSV, from the answer itself, so that no cell can differ from the JSON.

    Columns: code and name of each dimension, then value, numerator and denominator of each measure (a count has its
    value alone). Rates are decimals as in the JSON; cells that a spreadsheet would run as formulas are inert.
    """
    import pandas as pd

    total = {dimension.id: {"code": "", "name": _WORDS[language]["total"]} for dimension in dimensions}
    flat = pd.json_normalize([*answer["rows"], {**total, **answer["total"]}])
    columns = _columns(dimensions, measures, language)
    frame = flat.reindex(columns=list(columns)).astype(object)
    frame = frame.where(frame.notna(), "").map(_cell).rename(columns=columns)
    return (_BOM + frame.to_csv(index=False, lineterminator="\r\n")).encode()


def _columns(dimensions: Sequence[Dimension], measures: Sequence[Measure], language: Language) -> dict[str, str]:
    """Return the fields of a flat line in order, with their headings."""
    words, english = _WORDS[language], language == "en"
    columns: dict[str, str] = {}
    for dimension in dimensions:
        name = dimension.en if english else dimension.zh
        columns |= {f"{dimension.id}.code": f"{name} {words['code']}", f"{dimension.id}.name": name}
    for measure in measures:
        name = measure.en if english else measure.zh
        columns[f"{measure.id}.value"] = name
        if measure.denominator is not None:
            columns |= {f"{measure.id}.{part}": f"{name} {words[part]}" for part in ("numerator", "denominator")}
    return columns


def _cell(value: Any) -> Any:
    # Counts travel through a column of numbers with gaps, which makes decimals of them.
    return int(value) if isinstance(value, float) and value.is_integer() else inert(value)

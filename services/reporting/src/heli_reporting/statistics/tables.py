"""The same answer as a table for people: one line a group, three columns a share, the total at the end."""

from collections.abc import Mapping, Sequence
from typing import Any

from heli_reporting.statistics.domain import Language
from heli_reporting.statistics.formats.flat import flat_of
from heli_shared.records.encoding import inert
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import Measure

_WORDS = {"zh": ("合计", "说明"), "en": ("total", "explanations")}
_BOM = "\ufeff"  # spreadsheets take a file without it for another encoding


def csv_of(
    answer: dict[str, Any], dimensions: Sequence[Dimension], measures: Sequence[Measure], language: Language
) -> bytes:
    """Return an answer's figures as CSV, from the answer itself, so that no cell can differ from the JSON.

    Where figures were explained a last column says how, beside the lines of those places and beside the total.

    Columns: code and name of each dimension, then value, numerator and denominator of each measure (a count has its
    value alone). Rates are decimals as in the JSON; cells that a spreadsheet would run as formulas are inert.
    """
    import pandas as pd

    told = answer["passport"]["explanations"]
    total, heading = _WORDS[language]
    flat = flat_of(answer, dimensions, measures, language)
    frame = pd.DataFrame(flat.with_total(total), columns=[each.name for each in flat.columns], dtype=object)
    frame = frame.where(frame.notna(), "").map(inert).rename(columns={each.name: each.title for each in flat.columns})
    if told:
        # Beside each line what was said about it; the total carries everything.
        lines = [_beside(row, told) for row in answer["rows"]] + [told]
        frame[heading] = [inert(_joined(each)) for each in lines]
    return (_BOM + frame.to_csv(index=False, lineterminator="\r\n")).encode()


def _beside(row: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the explanations of the place that a line is about."""
    places = {name: row[name]["code"] for name in ("division", "zone", "unit") if name in row}
    return [each for each in told if places and all(each[name] == code for name, code in places.items())]


def _joined(told: Sequence[Mapping[str, Any]]) -> str:
    return "；".join(f"{each['record_name'] or each['unit_name']} {each['period']}: {each['text']}" for each in told)

"""The same answer as a table for people: one line a group, three columns a share, the total at the end."""

from collections.abc import Mapping, Sequence
from typing import Any

from heli_reporting.statistics.domain import Language
from heli_reporting.statistics.formats.flat import Flat, Line
from heli_shared.records.encoding import inert

_WORDS = {"zh": ("合计", "说明"), "en": ("total", "explanations")}
_BOM = "\ufeff"  # spreadsheets take a file without it for another encoding
_PLACES = ("division", "zone", "unit")


def csv_of(flat: Flat, language: Language) -> bytes:
    """Return an answer's figures as CSV.

    Where figures were explained a last column says how, beside the lines of those places and beside the total.

    Columns: code and name of each dimension, then value, numerator and denominator of each share (a count has its
    value alone). Rates are decimals as in the JSON; cells that a spreadsheet would run as formulas are inert.
    """
    import pandas as pd

    told = flat.passport.get("explanations", ())
    total, heading = _WORDS[language]
    lines = flat.with_total(total)
    frame = pd.DataFrame(lines, columns=[each.name for each in flat.columns], dtype=object)
    frame = frame.where(frame.notna(), "").map(inert).rename(columns={each.name: each.title for each in flat.columns})
    if told:
        # Beside each line what was said about it; the total carries everything.
        places = [f"{name}_code" for name in _PLACES if any(each.name == f"{name}_code" for each in flat.columns)]
        own = len(flat.lines) if flat.places else 0
        beside = [_beside(line, places, told) for line in lines[:own]] + [told] * (len(lines) - own)
        frame[heading] = [inert(_joined(each)) for each in beside]
    return (_BOM + frame.to_csv(index=False, lineterminator="\r\n")).encode()


def _beside(line: Line, places: Sequence[str], told: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the explanations of the place that a line is about."""
    return [each for each in told if places and all(each[name.removesuffix("_code")] == line[name] for name in places)]


def _joined(told: Sequence[Mapping[str, Any]]) -> str:
    return "；".join(f"{each['record_name'] or each['unit_name']} {each['period']}: {each['text']}" for each in told)

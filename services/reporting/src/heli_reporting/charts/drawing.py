"""Drawing a chart as SVG: bars that lie, lines that run; the same chart gives the same text."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from xml.sax.saxutils import escape, quoteattr

from heli_reporting.charts.domain import Chart

_WIDTH, _LABELS, _RIGHT = 680, 200, 80
_INNER = _WIDTH - _LABELS - _RIGHT
_TOP, _BAR, _GAP, _FOOT = 54, 14, 12, 16
_LINES_HEIGHT = 200
_COLOURS = ("#b3261e", "#9db7d5", "#6b8e5a", "#b58a3c")
_HUNDRED = Decimal(100)


def drawn(chart: Chart, *, family: str = "sans-serif") -> str:
    """Return the SVG of a chart; what it says are its own labels and values, never markup of others."""
    height = _TOP + _FOOT + (_bars_height(chart) if chart.kind == "bars" else _LINES_HEIGHT + 2 * _FOOT)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
        f' font-family={quoteattr(family)} font-size="11" font-weight="400" role="img">'
    )
    body = _bars(chart) if chart.kind == "bars" else _lines(chart)
    return "\n".join([head, f"<title>{escape(chart.title)}</title>", *_heading(chart), *body, "</svg>"])


def shown(value: str | int | None, unit: str) -> str:
    """Return a value as people read it: a share in per cent with two places, a count as it is."""
    if value is None:
        return "–"
    if unit == "count":
        return str(value)
    percent = (Decimal(value) * _HUNDRED).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{percent}%"


def _bars_height(chart: Chart) -> int:
    return len(chart.labels) * (len(chart.series) * _BAR + _GAP)


def _most(chart: Chart) -> Decimal:
    """Return what the full length stands for: the whole for shares, the largest value for counts."""
    values = [Decimal(value) for each in chart.series for value in each.values if value is not None]
    return max([Decimal(1), *values])


def _text(x: float, y: float, words: str, *, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def _heading(chart: Chart) -> Iterator[str]:
    yield _text(_WIDTH / 2, 18, chart.title, anchor="middle", more=' font-size="14" font-weight="bold"')
    for number, each in enumerate(chart.series):
        x = _LABELS + number * (_INNER / max(1, len(chart.series)))
        yield f'<rect x="{x:.1f}" y="30" width="10" height="10" fill="{_colour(number)}"/>'
        yield _text(x + 14, 39, each.name)


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _bars(chart: Chart) -> Iterator[str]:
    most = _most(chart)
    for place, label in enumerate(chart.labels):
        top = _TOP + place * (len(chart.series) * _BAR + _GAP)
        yield _text(_LABELS - 8, top + len(chart.series) * _BAR / 2 + 4, label, anchor="end")
        for number, each in enumerate(chart.series):
            value = each.values[place]
            y = top + number * _BAR
            long = 0.0 if value is None else float(Decimal(value) / most) * _INNER
            yield f'<rect x="{_LABELS}" y="{y}" width="{long:.1f}" height="{_BAR - 2}" fill="{_colour(number)}"/>'
            yield _text(_LABELS + long + 5, y + _BAR - 4, shown(value, chart.unit))


def _lines(chart: Chart) -> Iterator[str]:
    most, count = _most(chart), max(1, len(chart.labels) - 1)
    bottom = _TOP + _LINES_HEIGHT
    yield f'<path d="M{_LABELS} {bottom}H{_LABELS + _INNER}" stroke="#888" fill="none"/>'
    for place, label in enumerate(chart.labels):
        yield _text(_LABELS + place * _INNER / count, bottom + _FOOT, label, anchor="middle")
    for number, each in enumerate(chart.series):
        pieces, pen = [], "M"
        for place, value in enumerate(each.values):
            if value is None:
                pen = "M"  # a hole in the data is a hole in the line
                continue
            x, y = _LABELS + place * _INNER / count, bottom - float(Decimal(value) / most) * _LINES_HEIGHT
            pieces.append(f"{pen}{x:.1f} {y:.1f}")
            pen = "L"
            yield _text(x, y - 6, shown(value, chart.unit), anchor="middle", more=' font-size="9"')
        yield f'<path d="{"".join(pieces)}" stroke="{_colour(number)}" stroke-width="2" fill="none"/>'

"""A worklist as a file: a calendar or a workbook."""

from typing import Literal

from starlette.responses import Response

from heli_reporting.worklists.calendars import ICS, calendar_of
from heli_reporting.worklists.service import Worklist
from heli_reporting.worklists.sheets import workbook_of
from heli_reporting.worklists.shown import line_json
from heli_shared.records.sheets import XLSX

MOST_LINES = 5_000
"""Lines in a calendar or a workbook: the most urgent; nobody works through more."""


def file_of(found: Worklist, format_: Literal["ics", "xlsx"], *, english: bool) -> Response:
    """Return the most urgent lines as a file."""
    items = [line_json(line, found, english=english) for line in found.lines[:MOST_LINES]]
    whose = "" if found.unit is None else found.units[found.unit]
    title = f"{f'{whose}: ' if whose else ''}Worklist, {found.on}" if english else f"{whose}工作清单（{found.on}）"
    if format_ == "ics":
        body, media = calendar_of(items, name=title, made_at=found.made_at), ICS
    else:
        body, media = workbook_of(items, english=english, title=title), XLSX
    headers = {
        "Content-Language": "en" if english else "zh",
        "Vary": "Accept-Language",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="worklist-{found.on}.{format_}"',
    }
    return Response(body, 200, headers, media)

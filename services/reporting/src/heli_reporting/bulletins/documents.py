"""A bulletin as DOCX, which offices edit, and as PDF, which they print; the same bulletin gives the same bytes."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from heli_reporting.charts.domain import chart_of
from heli_reporting.charts.drawing import drawn
from heli_shared.typesetting import chinese_family, packaged_family, set_lasting_pdf, set_picture

if TYPE_CHECKING:
    from docx.document import Document

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PACKAGE = "heli_reporting.bulletins"
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_PICTURE_CM = 15.5
_FONT = "仿宋"

Content = Mapping[str, Any]


def bulletin_pdf(content: Content) -> bytes:
    """Return a bulletin as PDF with its font embedded."""
    family = packaged_family() or chinese_family() or "sans-serif"
    texts = {
        **{name: content.get(name) for name in ("title", "subtitle", "permalink", "notice", "codes")},
        "sections": [
            {
                "heading": section["heading"],
                "paragraphs": [paragraph["text"] for paragraph in section["paragraphs"]],
                "tables": section["tables"],
                "charts": [drawn(chart_of(chart), family=family) for chart in section["charts"]],
            }
            for section in content["sections"]
        ],
    }
    return set_lasting_pdf(_PACKAGE, "bulletin.typ", texts, made_at=_day(content))


def _day(content: Content) -> datetime:
    """Return the day that the document bears: the last of its period."""
    return datetime.combine(date.fromisoformat(content["period"]["last"]), time(), UTC)


def bulletin_docx(content: Content) -> bytes:
    """Return a bulletin as DOCX."""
    from docx import Document
    from docx.oxml.ns import qn

    document = Document()
    _set_page(document)
    normal = document.styles["Normal"]
    normal.font.name = _FONT
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = content["title"], "", content["permalink"]
    properties.created = properties.modified = _day(content).replace(tzinfo=None)
    document.add_heading(content["title"], level=0)
    for line in (content.get("subtitle"), content["notice"]):
        if line:
            document.add_paragraph(line)
    for section in content["sections"]:
        _write_section(document, section)
    document.add_heading("数据来源", level=1)
    rows = [[code["ref"], code["permalink"], code["about"]] for code in content["codes"]]
    _write_table(document, ["代码", "固定链接", "内容"], rows)
    document.add_paragraph(f"本通报：{content['permalink']}")
    target = io.BytesIO()
    document.save(target)
    return _with_fixed_times(target.getvalue())


def _set_page(document: "Document") -> None:
    """Make the page A4 with the margins of the PDF: the library's own is the letter of another country."""
    from docx.shared import Cm

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Cm(3), Cm(2.8), Cm(2.6), Cm(2.4)


def _write_section(document: "Document", section: Content) -> None:
    from docx.shared import Cm

    document.add_heading(section["heading"], level=1)
    for paragraph in section["paragraphs"]:
        document.add_paragraph(paragraph["text"])
    for table in section["tables"]:
        document.add_paragraph(table["caption"])
        _write_table(document, table["heads"], table["rows"])
    family = packaged_family() or chinese_family() or "sans-serif"
    for chart in section["charts"]:
        picture = set_picture(_PACKAGE, "chart.typ", {"svg": drawn(chart_of(chart), family=family)})
        document.add_picture(io.BytesIO(picture), width=Cm(_PICTURE_CM))


def _write_table(document: "Document", heads: list[str], rows: list[list[str]]) -> None:
    table = document.add_table(rows=1 + len(rows), cols=len(heads), style="Table Grid")
    # Cells are taken row by row: asking the table for each cell anew takes the square of their number.
    for line, texts in zip(table.rows, [heads, *rows], strict=True):
        for cell, text in zip(line.cells, texts, strict=True):
            cell.text = text


def _with_fixed_times(package: bytes) -> bytes:
    """Return a package whose members bear one fixed time: the clock must not be in the bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _ZIP_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(member, source.read(name))
    return target.getvalue()

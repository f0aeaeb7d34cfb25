"""Make the Word template of responsibility letters; run it when its wording changes, and commit what it writes.

.venv/bin/python tools/letter_template.py
Fonts are named, not carried: offices have them, and Word takes others where they are missing.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

TARGET = Path(__file__).resolve().parents[1] / "services/assessment/src/heli_assessment/letters/letter.docx"
BODY, TITLE = "仿宋_GB2312", "方正小标宋简体"
PARAGRAPHS = (
    "为落实《{{ plan }}》{% if document %}（{{ document }}）{% endif %}，{{ issuer }}与{{ unit }}签订本责任书。",
    (
        "一、责任。{{ unit }}主要负责人是本单位非公企业党建工作第一责任人，应当研究部署、定期调度、带头联系企业，"
        "确保下列任务按期完成。"
    ),
    "二、目标任务。{% if not tasks %}本年度未单列任务，按职责开展工作。{% endif %}",
)
CLOSING = (
    "三、检查。年中开展自查，年终述职并接受考核；完成情况作为评先评优和干部考核的依据。",
    "四、签订。本责任书应于{{ sign_by }}前签订，一式两份，双方各执一份。",
)
SIGNED = (
    ("{{ issuer }}（盖章）", "{{ unit }}（盖章）"),
    ("负责人（签字）：", "第一责任人（签字）："),
    ("　　　年　　月　　日", "　　　年　　月　　日"),
)


def main() -> None:
    """Write the template."""
    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run("{{ year }}年度非公企业党建工作目标责任书")
    run.font.size = Pt(22)
    run.font.name = TITLE
    run._element.rPr.rFonts.set(qn("w:eastAsia"), TITLE)  # noqa: SLF001 - python-docx has no public way to name it
    for text in PARAGRAPHS:
        document.add_paragraph(text).paragraph_format.first_line_indent = Pt(32)
    _tasks(document)
    for text in CLOSING:
        document.add_paragraph(text).paragraph_format.first_line_indent = Pt(32)
    table = document.add_table(rows=0, cols=2)
    for pair in SIGNED:
        for cell, text in zip(table.add_row().cells, pair, strict=True):
            cell.text = text
    section.footer.paragraphs[0].text = "{{ id }}"
    document.save(str(TARGET))


def _tasks(document: Any) -> None:
    table = document.add_table(rows=1, cols=4)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, ("序号", "任务", "目标", "完成期限"), strict=True):
        cell.text = text
    table.add_row().cells[0].text = "{%tr for task in tasks %}"
    row = table.add_row().cells
    for cell, name in zip(row, ("number", "title", "amount", "due_on"), strict=True):
        cell.text = f"{{{{ task.{name} }}}}"
    table.add_row().cells[0].text = "{%tr endfor %}"


if __name__ == "__main__":
    main()

"""A form as PDF, set by Typst from the same JSON values as the workbook."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from heli_reporting.forms.layout import heads
from heli_reporting.forms.sheets import signed, subtitle
from heli_shared.typesetting import set_lasting_pdf


def pdf_of(filled: Mapping[str, Any], language: str) -> bytes:
    """Return a filled form as JSON values as PDF; Unavailable where there is no Chinese font."""
    columns = filled["form"]["columns"]
    content = {
        "title": f"{filled['form']['title']}（{filled['period_name']}）",
        "subtitle": subtitle(filled, language),
        "basis": filled["form"]["basis"],
        "signed": signed(language),
        "depth": max(len(each["headings"]) for each in columns),
        "heads": [
            {"text": each.text, "x": each.column, "y": each.row, "colspan": each.columns, "rowspan": each.rows}
            for each in heads([[filled["form"]["lines"]], *(each["headings"] for each in columns)])
        ],
        "numbers": ["甲", *(str(each["number"]) for each in columns)],
        "rows": [
            [line["name"], *(shown(line["cells"][each["id"]]["value"], is_share=each["is_share"]) for each in columns)]
            for line in (filled["total"], *filled["rows"])
        ],
        "failures": [
            f"{check['formula']}：{each['name']} {each['left']} / {each['right']}"
            for check in filled["checks"]
            for each in check["failures"]
        ],
    }
    made_at = datetime.fromisoformat(filled["filled_at"])
    return set_lasting_pdf("heli_reporting.forms", "form.typ", content, made_at=made_at)


def shown(value: int | str | None, *, is_share: bool) -> str:
    """Return a value as it stands on paper: a share in per cent with two places, a dash where there is none."""
    if value is None:
        return "—"
    return f"{Decimal(value) * 100:.2f}%" if is_share else str(value)

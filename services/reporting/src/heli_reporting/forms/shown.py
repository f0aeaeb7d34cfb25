"""Forms as JSON values: the one shape that sheets and pages are made from, so that no two can differ."""

from decimal import Decimal
from typing import Any

from heli_reporting.forms.domain import Cell, Column, Form, Jump, Line, Table
from heli_reporting.forms.meanings import meaning
from heli_reporting.forms.service import Checked, Filled
from heli_reporting.passports import instant
from heli_reporting.statistics.domain import Language
from heli_shared.kernel.clock import CIVIL_ZONE
from heli_shared.statistics.dimensions import get_dimension


def form_json(form: Form, language: Language) -> dict[str, Any]:
    """Return what a form is."""
    english = language == "en"
    dimension, names = get_dimension(form.by), form.names(english=english)
    return {
        "id": form.id,
        "title": form.title_en if english else form.title,
        "basis": form.basis,
        "by": form.by,
        "lines": dimension.en if english else dimension.zh,
        "is_own": form.is_own,
        "columns": [
            {
                "id": each.id,
                "number": number,
                "name": names[each.id],
                "headings": list(each.headings_en if english else each.headings),
                "is_share": each.is_share,
                "is_money": each.fund is not None,
                "measure": each.measure.id,
                "part": _part(each),
                "field": each.sum or each.flow or each.fund,
                "definition": meaning(form, each, language),
            }
            for number, each in enumerate(form.columns, 1)
        ],
    }


def _part(column: Column) -> str:
    added = {"sum": column.sum, "flow": column.flow, "fund": column.fund}
    return next((name for name, field in added.items() if field is not None), column.part)


def _plain(number: int | str | Decimal | None) -> int | str | None:
    """Return a number as JSON has it: an amount as text with all its places."""
    return format(number, "f") if isinstance(number, Decimal) else number


def filled_json(filled: Filled, language: Language) -> dict[str, Any]:
    """Return a form filled in."""
    table = filled.table
    return {
        "form": form_json(table.form, language),
        "period": filled.due.period.code,
        "period_name": filled.due.period.code if language == "en" else filled.due.period.name,
        "is_over": filled.due.is_over,
        "on": table.on.isoformat(),
        "unit": filled.unit,
        "filled_at": instant(filled.filled_at),
        "filled_on": filled.filled_at.astimezone(CIVIL_ZONE).date().isoformat(),
        "total": _line_json(table.total),
        "rows": [_line_json(each) for each in table.lines],
        "checks": [_check_json(each, table) for each in filled.checks],
        "jumps": [_jump_json(each, table) for each in filled.jumps],
        "passport": filled.passport,
    }


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "cells": {column: _cell_json(cell) for column, cell in line.cells.items()},
    }


def _cell_json(cell: Cell) -> dict[str, Any]:
    return {
        "value": _plain(cell.value),
        "numerator": cell.numerator,
        "denominator": cell.denominator,
        "rows": cell.rows,
        "permalink": cell.permalink,
    }


def _check_json(checked: Checked, table: Table) -> dict[str, Any]:
    check = checked.check
    lines = {each.code: each for each in checked.right.lines}
    return {
        "id": check.id,
        "formula": checked.formula,
        "passed": not checked.failures,
        "failures": [
            {
                "line": each.line.code,
                "name": each.line.name,
                "is_total": each.line is table.total,
                "left": _plain(each.left),
                "right": _plain(each.right),
                "left_rows": _links(check.left, each.line),
                "right_rows": _links(
                    check.right,
                    checked.right.total if each.line is table.total else lines[each.line.code],
                ),
            }
            for each in checked.failures
        ],
    }


def _links(terms: tuple[str, ...], line: Line) -> list[str]:
    found = (line.cells[each.removeprefix("-")].rows for each in terms)
    return [each for each in found if each is not None]


def _jump_json(jump: Jump, table: Table) -> dict[str, Any]:
    return {
        "line": jump.line.code,
        "name": jump.line.name,
        "is_total": jump.line is table.total,
        "column": jump.column.id,
        "before": jump.before,
        "now": jump.now,
        "explanations": list(jump.said),
    }

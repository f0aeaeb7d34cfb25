"""Cells of a list as values of its fields, column by column, with the problems of each row."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from heli_assessment.access import Units
from heli_assessment.imports.domain import ColumnType, ListColumn, ListKind, Message
from heli_assessment.imports.reading import ReadList, cell_of
from heli_shared.lists.cells import CLEARED, Cleaner, Problem, each_cleaner, text_cleaner, text_of
from heli_shared.lists.values import date_cleaner, integer_cleaner

_DECIMAL = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,4})?")
_FORM = Problem("应为数字，例如 6 或 0.5。", "A number is wanted, such as 6 or 0.5.")


def cleaned_rows(
    kind: ListKind, found: ReadList, units: Units, today: date
) -> tuple[list[dict[str, Any]], dict[int, list[Message]]]:
    """Return a body for each row (absent: blank, None: 清空), and problems by place of the row."""
    bodies: list[dict[str, Any]] = [{} for _ in found.rows]
    problems: dict[int, list[Message]] = defaultdict(list)
    for each in kind.columns:
        place = found.columns.places.get(each.field)
        if place is None:
            continue
        column = _cleaner(each, units, today)([cell_of(cells, place) for _, cells in found.rows])
        for row, value in enumerate(column.values):
            if row in column.problems:
                problem = column.problems[row]
                problems[row].append(Message(each.field, problem.zh, problem.en))
            elif value is CLEARED:
                bodies[row][each.field] = None
            elif value is not None:
                bodies[row][each.field] = value
    for row, body in enumerate(bodies):
        told = {message.field for message in problems.get(row, ())}
        problems[row] += [
            Message(each.field, "必填。", "This is needed.")
            for each in kind.needed
            if body.get(each.field) is None and each.field not in told
        ]
    return bodies, {row: messages for row, messages in problems.items() if messages}


def _cleaner(column: ListColumn, units: Units, today: date) -> Cleaner:
    makers: dict[ColumnType, Callable[[], Cleaner]] = {
        "decimal": lambda: each_cleaner(_decimal),
        "integer": lambda: integer_cleaner(1_000_000),
        "date": lambda: _as_days(date_cleaner(today, may_be_ahead=True)),
        "choice": lambda: each_cleaner(_chooser(column.choices)),
        "unit": lambda: each_cleaner(lambda cell: _unit(cell, units)),
        "texts": lambda: each_cleaner(_texts),
        "text": lambda: text_cleaner(column.most),
    }
    return makers[column.type]()


def _as_days(plain: Cleaner) -> Cleaner:
    def clean(cells: Any) -> Any:
        column = plain(cells)
        column.values = [date.fromisoformat(each) if isinstance(each, str) else each for each in column.values]
        return column

    return clean


def _decimal(cell: Any) -> Any:
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "")
    if not _DECIMAL.fullmatch(text):
        return _FORM
    return format(Decimal(text.replace(",", "")).normalize(), "f")


def _chooser(choices: Mapping[str, tuple[str, ...]]) -> Any:
    known = {word: code for code, words in choices.items() for word in (code, *words)}
    shown = "、".join(words[0] for words in choices.values())

    def choose(cell: Any) -> Any:
        found = known.get(unicodedata.normalize("NFKC", text_of(cell)).strip())
        return found or Problem(f"应为：{shown}。", f"One of: {', '.join(choices)}.")

    return choose


def _unit(cell: Any, units: Units) -> Any:
    text = text_of(cell).strip()
    if units.has_unit(text):
        return text
    found = units.units_named(text)
    if len(found) == 1:
        return found[0]
    if found:
        listed = "、".join(found[:5])
        return Problem(f"有{len(found)}个同名机构，请改填编号：{listed}。", f"Several units have this name: {listed}.")
    return Problem("登记服务中没有这个机构，请核对名称。", "The registry has no unit of this name.")


def _texts(cell: Any) -> Any:
    parts = [part.strip() for part in re.split(r"[、,，;；\s]+", text_of(cell)) if part.strip()]
    return parts if len(parts) <= 20 else Problem("最多20个。", "At most 20.")  # noqa: PLR2004 - as the field has it

"""Cells as they come out of files: what counts as blank, what is broken beyond repair, and how text is tidied.

A cleaner takes one whole column and answers with one value per row: None for blank (a blank never blanks a value),
CLEARED for the explicit word 清空, and a Problem by row for what has to be corrected by hand.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple


class Problem(NamedTuple):
    """Why a cell is refused, in both languages."""

    zh: str
    en: str


class Cleared:
    """The type of the one mark for a cell that asks for its field to be emptied."""

    def __repr__(self) -> str:
        """Show the mark by name."""
        return "CLEARED"


CLEARED: Final = Cleared()


@dataclass(slots=True)
class Column:
    """A cleaned column: a value per row, and problems by index of the row."""

    values: list[Any]
    problems: dict[int, Problem] = field(default_factory=dict)


Cleaner = Callable[[Sequence[Any]], Column]

BLANKS = frozenset(
    {"", "N/A", "n/a", "NA", "#N/A", "-", "--", "—", "——", "/", "\\", "无", "暂无", "不详", "null", "NULL", "Null"}
    | {"none", "None", "NONE", "nan", "NaN", "\\N", "未填", "空"}
)
CLEAR_WORD = "清空"
BROKEN = Problem(
    "文字已损坏（出现“�”，多为编码转换错误），无法还原，请从原始数据重新导出。",
    "The text is damaged (replacement characters from a wrong encoding); export it again from the source.",
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\ufeff\ufff9-\ufffc]")
_LINES = re.compile(r"[ \t\u3000\u00a0]*[\r\n\t]+[ \t\u3000\u00a0]*")
_UNSTORABLE = re.compile("[\ufffd\ud800-\udfff]")


def text_of(cell: Any) -> str:
    """Return any cell as the text a clerk sees: whole numbers without a point, dates as ISO."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 - floats are exact up to there
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    return str(cell)


def is_blank(cell: Any) -> bool:
    """Say whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and cell.strip() in BLANKS)


def stripped(cells: Sequence[Any]) -> list[str]:
    """Return a column as text without outer spaces of any width and without control characters."""
    texts = [cell.strip() if type(cell) is str else text_of(cell).strip() for cell in cells]
    if _CONTROLS.search("".join(texts)):
        texts = [_CONTROLS.sub("", text).strip() for text in texts]
    return texts


def text_cleaner(maximum: int) -> Cleaner:
    """Return a cleaner for one line of text of at most `maximum` characters; brackets and words stay as written."""

    def clean(cells: Sequence[Any]) -> Column:
        texts = stripped(cells)
        whole = "".join(texts)
        if "\n" in whole or "\r" in whole or "\t" in whole:
            texts = [_LINES.sub(" ", text) for text in texts]
        column = Column([None if text in BLANKS else text for text in texts])
        if CLEAR_WORD in whole:
            column.values = [CLEARED if value == CLEAR_WORD else value for value in column.values]
        if len(whole) > maximum and max(map(len, texts)) > maximum:
            _refuse_long(column, texts, maximum)
        if _UNSTORABLE.search(whole):
            _refuse_broken(column, texts)
        return column

    return clean


def _refuse_long(column: Column, texts: Sequence[str], maximum: int) -> None:
    for index, text in enumerate(texts):
        if len(text) > maximum:
            column.problems[index] = Problem(
                f"文字过长：{len(text)}个字符，最多{maximum}个。",
                f"Text too long: {len(text)} characters, at most {maximum}.",
            )


def _refuse_broken(column: Column, texts: Sequence[str]) -> None:
    for index, text in enumerate(texts):
        if _UNSTORABLE.search(text):
            column.problems[index] = BROKEN


def each_cleaner(clean_one: Callable[[Any], Any]) -> Cleaner:
    """Return a cleaner that asks `clean_one` once for each distinct cell; a Problem it returns refuses the row."""

    def clean(cells: Sequence[Any]) -> Column:
        known: dict[tuple[type, Any], Any] = {}
        column = Column([])
        for index, cell in enumerate(cells):
            mark = (type(cell), cell)
            try:
                value = known[mark]
            except KeyError:
                value = known[mark] = _answer(clean_one, cell)
            except TypeError:  # an unhashable cell: a list or object of a JSON file
                value = Problem("单元格里不是单个值。", "The cell does not hold a single value.")
            if isinstance(value, Problem):
                column.problems[index] = value
                value = None
            column.values.append(value)
        return column

    return clean


def _answer(clean_one: Callable[[Any], Any], cell: Any) -> Any:
    if is_blank(cell):
        return None
    if isinstance(cell, str):
        if cell.strip() == CLEAR_WORD:
            return CLEARED
        if _UNSTORABLE.search(cell):
            return BROKEN
    return clean_one(cell)

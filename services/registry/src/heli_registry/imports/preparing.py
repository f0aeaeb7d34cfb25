"""Rows made ready: each chunk of cells becomes records of clean values, and refusals that say what to correct.

Pure and columnar: every column is cleaned as a whole, rows are put together at the end.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from heli_registry.divisions.gazetteer import Gazetteer
from heli_registry.enterprises import credit_codes
from heli_registry.imports.choosing import choice_cleaner, choices_cleaner, industry_cleaner, texts_cleaner
from heli_registry.imports.enterprise_types import find_ownership, is_branch
from heli_registry.imports.kinds import ImportField, ImportKind
from heli_registry.imports.money import capital_columns, yuan_cleaner
from heli_registry.imports.tables import Chunk
from heli_shared.kernel import divisions as division_codes
from heli_shared.lists.cells import (
    CLEAR_WORD,
    CLEARED,
    Cleaner,
    Column,
    Problem,
    each_cleaner,
    is_blank,
    stripped,
    text_cleaner,
)
from heli_shared.lists.headers import ColumnMap
from heli_shared.lists.values import boolean_cleaner, date_cleaner, integer_cleaner

_TEXT_LENGTH = 400
_NOT_CLEARED = (
    "此项必须有内容，不能清空；留空则保持原值。",
    "This field must hold something and cannot be emptied; a blank cell leaves it as it is.",
)
_LARGEST = 1_000_000_000
# Cells that are looked up and not stored as they are: a reference in words, or a hint.
_WORDS = frozenset({"division", "zone", "unit", "sector", "enterprise", "organization", "superior", "person", "hint"})


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing to correct: the column as the clerk's header names it, and why."""

    column: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken, with every reason found."""

    row: int
    errors: tuple[CellProblem, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row that can be read: `given` values (None clears), and `derived` ones that only fill what is empty.

    Values of reference fields are still the words of the file.
    """

    row: int
    given: dict[str, Any]
    derived: dict[str, Any]


@dataclass(slots=True)
class Ready:
    """A chunk after cleaning."""

    rows: list[Prepared] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class Preparer:
    """Cleans the chunks of one file of one kind under its columns."""

    def __init__(
        self,
        kind: ImportKind,
        columns: ColumnMap,
        *,
        today: date,
        gazetteer: Gazetteer,
        bounds: Mapping[str, tuple[int, int]] | None = None,
        never_empty: Collection[str] = (),
    ) -> None:
        """Set up a cleaner per column; `bounds` are the least and largest number, or length of text, by field.

        Fields that are `never_empty` cannot be cleared.
        """
        bounds = bounds or {}
        self._kind = kind
        self._columns = columns
        self._gazetteer = gazetteer
        self._never_empty = frozenset(never_empty)
        self._names = [each.name for each in kind.fields if each.name in columns.places]
        self._cleaners = {
            name: _cleaner(kind.field(name), columns.units.get(name, ""), today, bounds.get(name))
            for name in self._names
        }

    def prepare(self, chunk: Chunk) -> Ready:
        """Return the chunk's rows as clean values, and its refusals, in the order of the file."""
        cleaned: dict[str, Column] = {}
        for name in self._names:
            cells = list(map(itemgetter(self._columns.places[name]), chunk.rows))
            cleaned[name] = self._cleaners[name](cells)
            if name == "registered_capital_text" and "registered_capital" not in self._columns.places:
                unit = self._columns.units.get(name, "")
                cleaned["registered_capital"] = capital_columns(cells, cleaned[name], header_unit=unit)
        problems = self._collect(cleaned)
        hints: dict[str, list[Any]] = {
            name: cleaned.pop(name).values for name in ("province", "region") if name in cleaned
        }
        derived = self._derive(cleaned, hints, len(chunk.rows))
        ready = Ready(
            refusals=[Refusal(number, (CellProblem("", *why),)) for number, why in chunk.misfits],
        )
        rows = _dicts(cleaned, len(chunk.rows))
        extras = _dicts(derived, len(chunk.rows)) if derived else [{}] * len(chunk.rows)
        for index, (number, given, extra) in enumerate(zip(chunk.numbers, rows, extras, strict=True)):
            if index in problems:
                ready.refusals.append(Refusal(number, tuple(problems[index])))
            else:
                ready.rows.append(Prepared(number, given, extra))
        ready.refusals.sort(key=lambda refusal: refusal.row)
        return ready

    def _collect(self, cleaned: dict[str, Column]) -> dict[int, list[CellProblem]]:
        problems: dict[int, list[CellProblem]] = {}
        for name, column in cleaned.items():
            for index, why in column.problems.items():
                label = self._columns.labels.get(name, name)
                problems.setdefault(index, []).append(CellProblem(label, why.zh, why.en))
        for name in self._names:
            if self._kind.field(name).required:
                for index, value in enumerate(cleaned[name].values):
                    if (value is None or value is CLEARED) and index not in cleaned[name].problems:
                        empty = CellProblem(self._columns.labels[name], "此列必填。", "This column must be filled.")
                        problems.setdefault(index, []).append(empty)
            elif name in self._never_empty and CLEARED in cleaned[name].values:
                for index, value in enumerate(cleaned[name].values):
                    if value is CLEARED:
                        kept = CellProblem(self._columns.labels[name], *_NOT_CLEARED)
                        problems.setdefault(index, []).append(kept)
        return problems

    def _derive(self, cleaned: dict[str, Column], hints: dict[str, list[Any]], count: int) -> dict[str, Column]:
        """Return what the row implies for fields not given: division, ownership, branch office; level and parent."""
        if self._kind.plural == "divisions":
            return _derived_divisions(cleaned)
        if self._kind.plural != "enterprises":
            return {}
        nothing = [None] * count

        def values(name: str) -> list[Any]:
            return cleaned[name].values if name in cleaned else nothing

        found = self._found_divisions(
            values("uscc"), values("address"), hints.get("province", nothing), hints.get("region", nothing),
            given=values("division"),
        )  # fmt: skip
        ownerships: dict[Any, str | None] = {None: None, CLEARED: None}
        branches: list[bool | None] = []
        for kind, name in zip(values("enterprise_type"), values("name"), strict=True):
            if kind not in ownerships:
                ownerships[kind] = find_ownership(kind)
            shown = is_branch(kind if isinstance(kind, str) else "", name if isinstance(name, str) else "")
            branches.append(True if shown else None)
        return {
            "division": Column(found),
            "ownership": Column([ownerships[kind] for kind in values("enterprise_type")]),
            "is_branch_office": Column(branches),
        }

    def _found_divisions(
        self,
        codes: Sequence[Any],
        addresses: Sequence[Any],
        provinces: Sequence[Any],
        regions: Sequence[Any],
        *,
        given: Sequence[Any],
    ) -> list[str | None]:
        find = self._gazetteer.find
        found: list[str | None] = []
        for code, address, province, region, own in zip(codes, addresses, provinces, regions, given, strict=True):
            if not isinstance(code, str) or own is not None:
                found.append(None)
                continue
            division = find(
                code[credit_codes.REGION],
                address if isinstance(address, str) else "",
                province=province if isinstance(province, str) else "",
                region=region if isinstance(region, str) else "",
            )
            found.append(division.code if division else None)
        return found


def _derived_divisions(cleaned: dict[str, Column]) -> dict[str, Column]:
    levels: list[str | None] = []
    parents: list[str | None] = []
    for code in cleaned["code"].values:
        known = isinstance(code, str)
        levels.append(division_codes.level_of(code) if known else None)
        above = [one for one in division_codes.ancestors(code) if one != code] if known else []
        parents.append(above[-1] if above else None)
    return {"level": Column(levels), "parent": Column(parents)}


def _dicts(columns: dict[str, Column], count: int) -> list[dict[str, Any]]:
    """Return one dict per row with the values that are there; CLEARED becomes None."""
    names = list(columns)
    if not names:
        return [{} for _ in range(count)]
    rows = [
        {name: value for name, value in zip(names, values, strict=True) if value is not None}
        for values in zip(*(column.values for column in columns.values()), strict=True)
    ]
    for name, column in columns.items():
        if CLEARED in column.values:
            for row in rows:
                if row.get(name) is CLEARED:
                    row[name] = None
    return rows


def _cleaner(wanted: ImportField, unit: str, today: date, bounds: tuple[int, int] | None) -> Cleaner:
    """Return the cleaner for a field's type."""
    least, most = bounds or (0, None)
    length = most or _TEXT_LENGTH
    makers: dict[str, Callable[[], Cleaner]] = {
        "uscc": lambda: code_column,
        "integer": lambda: integer_cleaner(_LARGEST if most is None else most, least),
        "boolean": boolean_cleaner,
        "date": lambda: date_cleaner(today),
        "future_date": lambda: date_cleaner(today, may_be_ahead=True),
        "yuan": lambda: yuan_cleaner(unit),
        "industry": industry_cleaner,
        "choice": lambda: choice_cleaner(wanted.choices or ""),
        "choices": lambda: choices_cleaner(wanted.choices or ""),
        "texts": texts_cleaner,
        "division_code": lambda: each_cleaner(_division_code),
    }
    if wanted.type in _WORDS:
        return text_cleaner(_TEXT_LENGTH)
    return makers[wanted.type]() if wanted.type in makers else text_cleaner(length)


def code_column(cells: Sequence[Any]) -> Column:
    """Clean and check a whole column of credit codes; a code in a number cell has lost digits and is refused."""
    texts = stripped(cells)
    codes = [credit_codes.cleaned_code(text) for text in texts]
    column = Column(list(codes))
    valid = credit_codes.valid_codes(codes)
    for index in (~valid).nonzero()[0].tolist():
        column.values[index] = None
        if is_blank(cells[index]):
            continue
        if texts[index] == CLEAR_WORD:
            column.values[index] = CLEARED
            continue
        number = isinstance(cells[index], (int, float)) and not isinstance(cells[index], bool)
        why = credit_codes.find_number_problem() if number else credit_codes.find_problem(codes[index])
        if why is not None:
            column.problems[index] = Problem(why.zh, why.en)
    for index, cell in enumerate(cells):
        if type(cell) is not str and isinstance(cell, (int, float)) and index not in column.problems:
            why = credit_codes.find_number_problem()
            column.values[index], column.problems[index] = None, Problem(why.zh, why.en)
    return column


def _division_code(cell: Any) -> Any:
    text = stripped([cell])[0]
    try:
        return division_codes.padded(text)
    except ValueError:
        return Problem("区划代码应为2、4、6、9或12位数字。", "A division code has 2, 4, 6, 9 or 12 digits.")

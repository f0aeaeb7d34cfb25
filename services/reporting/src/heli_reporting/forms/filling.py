"""Filling a form: every number from the statistics, as known at one point, with its rows and its permalink."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import orjson

from heli_reporting.forms.domain import Cell, Column, Form, Line, Table
from heli_reporting.history.domain import KnownAt, Query, line_order
from heli_reporting.history.store import Store
from heli_reporting.history.sums import Number, Sum
from heli_reporting.statistics.domain import Language, Question, checked_dimensions, checked_measures
from heli_reporting.statistics.service import StatisticsService
from heli_shared.kernel.access import Scope
from heli_shared.statistics.dimensions import Dimension, get_dimension

Filters = tuple[tuple[str, tuple[str, ...]], ...]
Sums = dict[str, dict[str | None, Number]]
"""By column and code; what is not there was not told."""
_FUNDS = "assessment:/v1/fund-movements"
_TOTAL = object()
_TOTAL_NAMES = {"zh": "合计", "en": "Total"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which day and year, as known when, for whom, in which language, by the structure of which later day."""

    on: date
    year: int
    known_at: KnownAt
    scope: Scope
    language: Language
    is_strict: bool
    structure_of: date | None = None


class Filler:
    """Fills forms from the statistics; safe to share between threads."""

    def __init__(self, statistics: StatisticsService, store: Store) -> None:
        """Count by `statistics`; `store` adds up what it counts."""
        self._statistics = statistics
        self._store = store

    def fill(self, form: Form, asked: Asked) -> tuple[Table, dict[str, Any]]:
        """Return a form filled in, and the passport of its first answer, which says what all of them know."""
        if form.leaves_unknown_out:
            form, asked = self._of_known(form, asked)
        answers: dict[Filters, dict[str, Any]] = {}
        for filters, columns in _by_filters(form).items():
            answers[filters] = self._answer(form, asked, filters, columns)
            # What the first answer knew is what all the others are asked of: no two cells of different ledgers.
            asked = replace(asked, known_at=KnownAt(**answers[filters]["passport"]["known_at"]))
        sheet = _Sheet(form, asked, answers, self._sums(form, asked))
        passport = next(iter(answers.values()))["passport"]
        return sheet.table(), passport

    def _answer(self, form: Form, asked: Asked, filters: Filters, columns: Sequence[Column]) -> dict[str, Any]:
        question = Question(
            measures=checked_measures(list(dict.fromkeys(each.measure.id for each in columns))),
            dimensions=checked_dimensions([form.by]),
            on=asked.on,
            known_at=asked.known_at,
            filters=dict(filters),
            scope=asked.scope,
            language=asked.language,
            structure_of=asked.structure_of,
            names_any_place=True,
        )
        found: dict[str, Any] = orjson.loads(self._statistics.answer(question, strict=asked.is_strict))
        return found

    def _of_known(self, form: Form, asked: Asked) -> tuple[Form, Asked]:
        """Return the form with every column narrowed to the lines that there are, as known at one point."""
        name = get_dimension(form.by).id
        answer = self._answer(form, asked, (), form.columns)
        codes = sorted(row[name]["code"] for row in answer["rows"] if row[name]["code"] is not None)
        # A column that names its own lines keeps them.
        narrowed = tuple(replace(each, filters={name: tuple(codes), **each.filters}) for each in form.columns)
        return replace(form, columns=narrowed), replace(asked, known_at=KnownAt(**answer["passport"]["known_at"]))

    def _sums(self, form: Form, asked: Asked) -> Sums:
        """Return the sums of the columns that add up, by column and code."""
        found: Sums = {}
        for filters, columns in _by_filters(form).items():
            added = [each for each in columns if not each.is_counted]
            if not added:
                continue
            wanted = [
                Sum(
                    each.flow or each.fund or each.sum or "",
                    each.measure,
                    asked.year if each.is_yearly else None,
                    is_money=each.fund is not None,
                )
                for each in added
            ]
            query = Query(asked.on, asked.known_at, dict(filters), asked.scope, asked.structure_of)
            sums = self._store.sums(wanted, form.by, query)
            for place, each in enumerate(added):
                told = {code: numbers[place] for code, numbers in sums.items()}
                found[each.id] = {code: number for code, number in told.items() if number is not None}
        return found


def _by_filters(form: Form) -> dict[Filters, list[Column]]:
    found: dict[Filters, list[Column]] = {}
    for each in form.columns:
        found.setdefault(tuple(sorted(each.filters.items())), []).append(each)
    return found


class _Sheet:
    """The answers of one form being laid out in lines."""

    def __init__(
        self,
        form: Form,
        asked: Asked,
        answers: Mapping[Filters, Mapping[str, Any]],
        sums: Sums,
    ) -> None:
        self._form, self._asked, self._answers, self._sums = form, asked, answers, sums
        self._dimension: Dimension = get_dimension(form.by)
        name = self._dimension.id
        self._rows = {
            filters: {row[name]["code"]: row for row in answer["rows"]} for filters, answer in answers.items()
        }
        self._names = {
            row[name]["code"]: row[name]["name"] for answer in answers.values() for row in answer["rows"]
        }  # fmt: skip

    def table(self) -> Table:
        """Return all lines in the order of statistics, the unknown last, and the total."""
        order = line_order((self._dimension,))
        codes = sorted(self._names, key=lambda code: order((code,)))
        lines = [Line(code, self._names[code], self._cells(code)) for code in codes]
        total = Line(None, _TOTAL_NAMES[self._asked.language], self._cells(_TOTAL))
        told = {each["id"]: each for answer in self._answers.values() for each in answer["passport"]["explanations"]}
        return Table(self._form, self._asked.on, lines, total, list(told.values()))

    def _cells(self, place: Any) -> dict[str, Cell]:
        return {each.id: self._cell(each, place) for each in self._form.columns}

    def _cell(self, column: Column, place: Any) -> Cell:
        filters: Filters = tuple(sorted(column.filters.items()))
        answer = self._answers[filters]
        permalink: str = answer["passport"]["permalink"]
        if not column.is_counted:
            number = self._number(column, place)
            if isinstance(number, Decimal):
                return Cell(number, None, None, _FUNDS, permalink)
            if column.is_yearly:
                flows = f"registry:/v1/member-flows?year={self._asked.year}"
                return Cell(number, number, None, _FUNDS if column.fund else flows, permalink)
            return Cell(number, number, None, self._link(column, place), permalink)
        figures = answer["total"] if place is _TOTAL else self._rows[filters].get(place, {})
        empty = (
            {"value": 0} if column.measure.denominator is None else {"value": None, "numerator": 0, "denominator": 0}
        )
        found = figures.get(column.measure.id, empty)
        numerator, denominator = found.get("numerator", found["value"]), found.get("denominator")
        value = {
            "value": found["value"],
            "numerator": numerator,
            "denominator": denominator,
            "gap": (denominator or 0) - numerator,
        }[column.part]
        return Cell(value, numerator, denominator, self._link(column, place), permalink)

    def _number(self, column: Column, place: Any) -> Number | None:
        """Return a sum: over no rows 0, but of what nobody told of a year nothing is known."""
        sums = self._sums.get(column.id, {})
        nothing = None if column.is_yearly else 0
        if place is _TOTAL:
            return sum(sums.values()) if sums else nothing
        return sums.get(place, nothing)

    def _link(self, column: Column, place: Any) -> str:
        part = "numerator" if column.part == "value" else column.part
        known = self._asked.known_at
        asked: list[tuple[str, Any]] = [
            ("measure", column.measure.id),
            ("part", part),
            ("on", self._asked.on.isoformat()),
            ("known_at", f"registry:{known.registry}"),
            ("known_at", f"assessment:{known.assessment}"),
            *(
                (name, value)
                for name, values in column.filters.items()
                if place is _TOTAL or name != self._dimension.id
                for value in values
            ),
        ]
        if place is not _TOTAL:
            asked.append((self._dimension.id, self._dimension.value(place)))
        return f"/v1/statistics/rows?{urlencode(asked)}"

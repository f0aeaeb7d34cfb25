"""Conditions: the WHERE of a query, made of the day, the caller's scope and the filters, values always bound."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from heli_reporting.history.domain import Query
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.statistics.dimensions import (
    AT,
    DIMENSIONS,
    FILTERS,
    TREES,
    UNKNOWN,
    Dimension,
    dimension_without,
    is_unknown,
    node_of,
)
from heli_shared.statistics.measures import ENTERPRISES, Measure
from heli_shared.statistics.tables import PATH_LEVELS

_INDUSTRY = re.compile(r"[A-Z](\d{2,4})?")
_INDUSTRY_COLUMNS = {1: "industry_section", 3: "industry_division", 5: "industry_class"}


@dataclass(slots=True)
class Where:
    """Conditions that must all hold, with the values they bind, in order."""

    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, condition: str, *values: Any) -> None:
        """Add a condition with its values."""
        self.conditions.append(condition)
        self.values.extend(values)

    @property
    def sql(self) -> str:
        """Return the conditions as SQL."""
        return " AND ".join(self.conditions)


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement or a part of one, with the values it binds, in order."""

    text: str
    values: list[Any]


def where(query: Query, subject: str) -> Where:
    """Return what a row of facts must meet to be part of the query."""
    found = chosen(query, subject)
    add_day(found, query.on)
    return found


def chosen(query: Query, subject: str) -> Where:
    """Return what a row of facts must meet to be part of the query on whatever day it holds."""
    found = Where()
    add_scope(found, query.scope)
    for name, values in query.filters.items():
        check_filter(name, subject)
        add_filter(found, name, values)
    return found


def add_day(found: Where, on: date) -> None:
    """Keep what holds on a day."""
    found.add("valid_from <= ? AND valid_to > ?", on, on)


def add_scope(found: Where, scope: Scope) -> None:
    """Keep what the caller may see: subtrees of divisions as they stood on the row's days, and zones."""
    if scope.everything:
        return
    parts = [f"{level} IN {_marks(scope.divisions)}" for level in PATH_LEVELS if scope.divisions]
    values = [code for _ in parts for code in scope.divisions]
    if scope.zones:
        parts.append(f"zone IN {_marks(scope.zones)}")
        values += scope.zones
    found.add(f"({' OR '.join(parts)})" if parts else "FALSE", *values)


def _marks(values: tuple[str, ...]) -> str:
    return f"({', '.join('?' * len(values))})"


def check_filter(name: str, subject: str) -> None:
    """Refuse a filter that there is not, or that a subject does not carry."""
    if name not in FILTERS:
        known = ", ".join(FILTERS)
        raise BadRequest(
            f"没有这个筛选条件：{name}；可用：{known}。",
            f"No such filter: {name}; there are: {known}.",
            errors=[FieldProblem(name, "没有这个筛选条件", "no such filter")],
        )
    if subject not in FILTERS[name]:
        raise BadRequest(
            f"所选指标不能按“{name}”筛选。",
            f"The measure cannot be filtered by {name}.",
            errors=[FieldProblem(name, "不适用于该指标", "does not apply to the measure")],
        )


def add_filter(found: Where, name: str, values: tuple[str, ...]) -> None:
    """Keep the rows that have one of the values."""
    given = tuple(value for value in values if not is_unknown(value))
    if name == "division":
        parts = [f"{level} IN {_marks(given)}" for level in PATH_LEVELS if given]
        bound: list[Any] = [code for _ in parts for code in given]
        missing = f"coalesce({', '.join(PATH_LEVELS)}) IS NULL"
    elif name == "industry":
        parts = [_industry_condition(code) for code in given]
        bound = list(given)
        missing = "industry IS NULL"
    elif name in TREES:
        below = [value for value in given if not value.startswith(AT)]
        at = [node_of(name, value) for value in given if value.startswith(AT)]
        parts = [f"list_has_any({name}_path, CAST(? AS VARCHAR[]))"] if below else []
        parts += [f"list_contains(CAST(? AS VARCHAR[]), {name}_node)"] if at else []
        bound = [nodes for nodes in (below, at) if nodes]
        missing = f"{name}_path IS NULL"
    else:
        column = DIMENSIONS[name].column
        _check_labels(DIMENSIONS[name], given)
        parts = [f"{column} IN {_marks(given)}"] if given else []
        bound = list(given)
        missing = f"{column} IS NULL"
    if UNKNOWN in values:
        parts.append(missing)
    unplaced = [value for value in values if is_unknown(value) and value != UNKNOWN]
    parts += [f"{dimension_without(name, value).column} IS NULL" for value in unplaced]
    found.add(f"({' OR '.join(parts)})" if parts else "FALSE", *bound)


def _industry_condition(code: str) -> str:
    if not _INDUSTRY.fullmatch(code):
        raise BadRequest(
            "行业代码应为门类字母加数字，如 C、C13、C1311。",
            "An industry is a section letter and digits, such as C, C13 or C1311.",
            errors=[FieldProblem("industry", "行业代码无效", "not an industry code")],
        )
    column = _INDUSTRY_COLUMNS.get(len(code))
    return f"{column} = ?" if column else "starts_with(industry, ?)"


def _check_labels(dimension: Dimension, values: tuple[str, ...]) -> None:
    known = [code for code, _, _ in dimension.labels]
    wrong = [value for value in values if known and value not in known]
    if wrong:
        raise BadRequest(
            f"“{dimension.zh}”没有这个取值：{wrong[0]}；可用：{', '.join(known)}。",
            f"{dimension.en} has no value {wrong[0]}; there are: {', '.join(known)}.",
            errors=[FieldProblem(dimension.text, "没有这个取值", "no such value")],
        )


def check_dimensions(measures: list[Measure], dimensions: list[Dimension]) -> None:
    """Refuse to group a measure by what its subject does not carry."""
    for measure in measures:
        for dimension in dimensions:
            if measure.subject not in dimension.subjects:
                raise BadRequest(
                    f"“{measure.zh}”不能按“{dimension.zh}”分组。",
                    f"{measure.en} cannot be grouped by {dimension.text}.",
                    errors=[FieldProblem("by", "不适用于该指标", "does not apply to the measure")],
                )


def literals(keys: Iterable[str]) -> str:
    """Return keys as SQL, for texts that several places of a query read, so that nothing can be bound to them."""
    return ", ".join("'" + key.replace("'", "''") + "'" for key in keys)


def key_of(subject: str) -> str:
    """Return the key column of a subject's facts."""
    return "uscc" if subject == ENTERPRISES else "id"

"""The size of an enterprise by 统计上大中小微型企业划分办法(2017), read in two ways: as a column and of one record.

A class is kept only where every indicator of the industry reaches its bound; the lowest indicator decides. An unknown
indicator could only lower the class, so the class is known only where another indicator already makes it micro.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

from heli_shared.statistics.parameters import DatedValue, parameter

Column = Any
Table = Any

CLASSES = ("large", "medium", "small")
LOWEST = "micro"
INDICATORS = {"staff": "staff", "revenue": "annual_revenue", "assets": "total_assets"}
"""The indicators of the standard and the fields that carry them."""
_PARAMETER = "enterprise_size.industries"


@dataclass(frozen=True, slots=True)
class Size:
    """The class of one enterprise, or None with the facts that are missing for it; `rule` is the standard in force."""

    size_class: str | None
    missing: tuple[str, ...]
    values: Mapping[str, Any]
    bounds: Mapping[str, Any] | None
    rule: DatedValue | None


def size_class(t: Table) -> Column:
    """Return large, medium, small or micro by the standard in force; null where industry or figures are unknown."""
    import ibis

    branches = []
    for value in reversed(parameter(_PARAMETER).values()):
        in_force = t.day >= ibis.date(value.since.isoformat())
        for rule in value.value:
            of_industry = reduce(or_, [t.industry.startswith(prefix) for prefix in rule["prefixes"]])
            branches.append((in_force & of_industry, _class_by_bounds(t, rule)))
    return ibis.cases(*branches, else_=ibis.null("string"))


def _class_by_bounds(t: Table, rule: Mapping[str, Any]) -> Column:
    import ibis

    known = [(t[field], rule[name]) for name, field in INDICATORS.items() if name in rule]
    branches = [(reduce(or_, [value < bounds[-1] for value, bounds in known]), LOWEST)]
    branches += [
        (reduce(and_, [value >= bounds[rank] for value, bounds in known]), name) for rank, name in enumerate(CLASSES)
    ]
    return ibis.cases(*branches, else_=ibis.null("string"))


def size_of(record: Mapping[str, Any], day: date) -> Size:
    """Return the size of one enterprise on a day, with what decided it or what is missing."""
    industry, rule = record.get("industry"), parameter(_PARAMETER).find(day)
    if not industry or rule is None:
        return Size(None, ("industry",) if rule else (), {}, None, rule)
    found = next((each for each in rule.value if industry.startswith(tuple(each["prefixes"]))), None)
    if found is None:
        return Size(None, (), {}, None, rule)
    fields = {INDICATORS[name]: bounds for name, bounds in found.items() if name in INDICATORS}
    values = {name: record.get(name) for name in fields}
    bounds: dict[str, Any] = dict(fields)
    missing = tuple(name for name, value in values.items() if value is None)
    ranks = [_rank(values[name], bounds[name]) for name in fields if values[name] is not None]
    worst = max(ranks, default=0)
    if missing and worst < len(CLASSES):
        return Size(None, missing, values, bounds, rule)
    return Size((*CLASSES, LOWEST)[worst], (), values, bounds, rule)


def _rank(value: Any, bounds: list[int]) -> int:
    """Return 0 for large, 1 medium, 2 small, 3 micro: how many bounds the value does not reach."""
    return sum(Decimal(value) < bound for bound in bounds)

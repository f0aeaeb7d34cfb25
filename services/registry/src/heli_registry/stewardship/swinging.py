"""How far a statistic may still move: the parts of all enterprises in scope, those in dispute several ways."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import sqlalchemy as sa

from heli_registry.access import visible_enterprises
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.filters import division_filter
from heli_registry.stewardship import repository
from heli_registry.stewardship.disputes import candidates
from heli_registry.stewardship.effects import FACT_FIELDS, enterprise_measures, fact_columns, part_of
from heli_registry.stewardship.models import DISPUTE
from heli_registry.stewardship.reach import NOTHING, links_of
from heli_registry.stewardship.swing import Part, Range, range_of_count, range_of_share
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.entries import json_value
from heli_shared.records.calls import RecordCall
from heli_shared.statistics.measures import Measure, share

_D, _E = DISPUTE.table, ENTERPRISE.table
_COLUMNS = ("uscc", "state", "duplicate_of", *FACT_FIELDS)
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Swing:
    """A measure's value in force and the range it keeps to until the open disputes are settled."""

    measure: Measure
    on: date
    known_at: int
    disputes: int
    enterprises: int
    in_force: Part
    range: Range


def swing_of(call: RecordCall, measure_id: str, division: str | None) -> Swing:
    """Return how far a measure may still move in the caller's part of the county, or in a division of it."""
    measure = _measure(measure_id)
    session, today = call.session, call.clock.today()
    conditions = visible_enterprises(session, call.principal.scope)
    conditions += [division_filter(ENTERPRISE)(session, division)] if division else []
    clauses = [each.clause for each in conditions]
    open_values = _open_values(call, clauses, today)
    links = links_of(session)
    settled, in_force, options = (0, 0), (0, 0), []
    statement = sa.select(*(_E.c[name] for name in _COLUMNS)).where(*clauses)
    for row in session.execute(statement, execution_options={"yield_per": _BATCH}):
        record = dict(zip(_COLUMNS, row, strict=True))
        reach = links.get(row.uscc, NOTHING)
        part = part_of(measure, fact_columns(record, reach, today))
        in_force = _plus(in_force, part)
        claimed = open_values.get(row.uscc)
        if claimed is None:
            settled = _plus(settled, part)
        else:
            options.append(
                frozenset(part_of(measure, fact_columns(each, reach, today)) for each in _variants(record, claimed))
            )
    found = range_of_share(settled, options) if measure.denominator else range_of_count(settled[0], options)
    head = read_head(session, call.ledger).seq
    count = sum(len(each) for each in open_values.values())
    return Swing(measure, today, head, count, sum(len(each) > 1 for each in options), in_force, found)


def _measure(measure_id: str) -> Measure:
    known = {each.id: each for each in enterprise_measures()}
    if measure_id not in known:
        names = ", ".join(known)
        problem = FieldProblem("parameter measure", "没有这个按企业计数的指标", "no such measure of enterprises")
        raise BadRequest(f"指标应为：{names}。", f"The measure must be one of: {names}.", errors=[problem])
    return known[measure_id]


def _plus(one: Part, other: Part) -> Part:
    return one[0] + other[0], one[1] + other[1]


def _open_values(call: RecordCall, clauses: Iterable[Any], today: date) -> dict[str, dict[str, list[Any]]]:
    """Return enterprise → field → claimed values, of open disputes about fields that the statistics look at."""
    joined = _D.join(_E, _D.c.enterprise == _E.c.uscc)
    statement = sa.select(_D.c.enterprise, _D.c.field).select_from(joined)
    rows = call.session.execute(statement.where(_D.c.state == "open", _D.c.field.in_(FACT_FIELDS), *clauses)).all()
    wanted: dict[str, set[str]] = {}
    for row in rows:
        wanted.setdefault(row.enterprise, set()).add(row.field)
    found: dict[str, dict[str, list[Any]]] = {}
    for (enterprise, name), pair in repository.load_pairs(call.session, call.ledger, wanted).items():
        found.setdefault(enterprise, {})[name] = [value for value, _ in candidates(pair, today)]
    return found


def _variants(row: Mapping[str, Any], claimed: Mapping[str, list[Any]]) -> Iterable[Mapping[str, Any]]:
    """Yield the enterprise in every way in which its disputes can end, each independent of the others."""
    names = sorted(claimed)
    for values in product(*(claimed[name] for name in names)):
        yield {**row, **dict(zip(names, values, strict=True))}


def shown_part(measure: Measure, part: Part | None) -> dict[str, Any]:
    """Return a value with what was counted, as the statistics show it."""
    if part is None:
        return {"value": None, "numerator": 0, "denominator": 0}
    if measure.denominator is None:
        return {"value": part[0], "numerator": part[0], "denominator": None}
    found: Decimal | None = share(*part)
    return {"value": json_value(found), "numerator": part[0], "denominator": part[1]}

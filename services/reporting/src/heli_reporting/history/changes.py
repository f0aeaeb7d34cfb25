# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Changes: what made a number of one day the number of another, record by record, as parts that add up exactly.

Each record is looked at in three states: the earlier day as it was known then, the earlier day as it is known now, and
the later day as it is known now. What differs between the first two is a correction, between the last two a change.
What a record takes along when it moves or is redrawn is what it was before; that it became or ceased to be counted
above the line is told where it then stands. So the parts add up for every selection of records, not only for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from heli_reporting.history import aggregates, asking, denominators
from heli_reporting.history.asking import Sql, Where
from heli_reporting.history.domain import CauseCount, Cell, ChangeLine, Group, Query
from heli_reporting.history.redrawings import OWN, Redrawn
from heli_reporting.history.vintages import HEAD, Tables
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import ENTERPRISES, Measure
from heli_shared.statistics.parameters import parameter
from heli_shared.statistics.rule_days import rule_days

Cursor = Any
Codes = tuple[str | None, ...]

End = tuple[Mapping[Codes, Cell], Cell]
"""The cells of one day by group, and in total."""

PLACES = frozenset({"division", "zone", "unit", "sector", "affiliation"})
"""The dimensions by which a record moves or is redrawn; by all others it is reclassified."""


@dataclass(frozen=True, slots=True)
class States:
    """The three queries (earlier day as known then, as known now; later day) and the relations that answer each.

    `redrawn` is how the map differs between the first two of them, and between the last two.
    """

    queries: tuple[Query, Query, Query]
    tables: tuple[Tables, Tables, Tables]
    redrawn: tuple[Redrawn, Redrawn]
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class _Bound:
    """A condition on where a record stands, and the kinds of place by which it comes to be met or ceases to be."""

    kinds: tuple[str, ...]
    where: Where


def counts(
    cursor: Cursor, states: States, measure: Measure, dimensions: Sequence[Dimension]
) -> dict[Codes, list[CauseCount]]:
    """Return by group what each cause adds to numerator and denominator, and by how many parts."""
    parts = _parts(states, measure, dimensions)
    groups = [f"g{i}" for i in range(len(dimensions))]
    found = cursor.execute(
        f"{parts.text} SELECT {', '.join([*groups, 'cause', 'reason'])}, sum(numerator), sum(denominator), count(*)"
        " FROM parts GROUP BY ALL ORDER BY ALL",
        parts.values,
    ).fetchall()
    causes: dict[Codes, list[CauseCount]] = {}
    size = len(dimensions)
    for row in found:
        cause, reason, numerator, denominator, records = row[size:]
        told = CauseCount(cause, reason, int(numerator), int(denominator), records)
        causes.setdefault(tuple(row[:size]), []).append(told)
    return causes


def ends(cursor: Cursor, states: States, measure: Measure, dimensions: Sequence[Dimension]) -> list[End]:
    """Return the cells of the earlier and of the later day, by group and in total, each counted by itself."""
    tables, queries = (states.tables[0], states.tables[2]), (states.queries[0], states.queries[2])
    days = [query.on for query in queries]
    listed = list(dimensions)
    if tables[0] == tables[1] and queries[0].structure_on == queries[1].structure_on and days[0] < days[1]:
        lines, total = aggregates.counted(cursor, tables[1], [measure], listed, queries[1], days)
        return [({codes: cells[measure.id][n] for codes, cells in lines.items()}, total[measure.id][n]) for n in (0, 1)]
    found = [
        aggregates.counted(cursor, each, [measure], listed, query, [query.on])
        for each, query in zip(tables, queries, strict=True)
    ]
    return [
        ({codes: cells[measure.id][0] for codes, cells in lines.items()}, total[measure.id][0])
        for lines, total in found
    ]


def lines(
    measure: Measure,
    causes: Mapping[Codes, Sequence[CauseCount]],
    ends: Sequence[End],
    groups: Mapping[Codes, tuple[Group, ...]],
) -> tuple[list[ChangeLine], ChangeLine]:
    """Return each line, in the order of `groups`, with its cells at both ends and its causes; and the total."""
    (first, before), (last, after) = ends
    nothing = Cell(0, None if measure.denominator is None else 0)
    found = [
        ChangeLine(groups[codes], first.get(codes, nothing), last.get(codes, nothing), causes.get(codes, ()))
        for codes in groups
    ]
    return found, ChangeLine((), before, after, _summed(causes))


def _summed(causes: Mapping[Codes, Sequence[CauseCount]]) -> list[CauseCount]:
    sums: dict[tuple[str, str | None], CauseCount] = {}
    for each in (each for told in causes.values() for each in told):
        held = sums.get((each.cause, each.reason), CauseCount(each.cause, each.reason, 0, 0, 0))
        sums[each.cause, each.reason] = CauseCount(
            each.cause,
            each.reason,
            held.numerator + each.numerator,
            held.denominator + each.denominator,
            held.records + each.records,
        )
    return [sums[key] for key in sorted(sums, key=lambda key: (key[0], key[1] or ""))]


def rows(
    cursor: Cursor,
    states: States,
    measure: Measure,
    dimensions: Sequence[Dimension],
    *,
    only: Where,
    limit: int,
    after: tuple[str, int] | None,
) -> tuple[list[dict[str, Any]], tuple[str, int] | None, int]:
    """Return some parts in order of their records' keys, where the next ones begin, and how many there are.

    `only` are conditions on cause, reason and groups (g0, g1, …).
    """
    parts = _parts(states, measure, dimensions)
    chosen = f" WHERE {only.sql}" if only.conditions else ""
    values = [*parts.values, *only.values]
    total = cursor.execute(f"{parts.text} SELECT count(*) FROM parts{chosen}", values).fetchall()[0][0]
    order = ", ".join(["cause", "denominator", "numerator", "reason", *(f"g{i}" for i in range(len(dimensions)))])
    beyond = " WHERE (key, n) > (?, ?)" if after else ""
    found = cursor.execute(
        f"{parts.text} SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY key ORDER BY {order}) AS n"
        f" FROM parts{chosen}){beyond} ORDER BY key, n LIMIT ?",
        [*values, *(after or ()), limit + 1],
    )
    names = [column[0] for column in found.description]
    items = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    following = (items[limit - 1]["key"], items[limit - 1]["n"]) if len(items) > limit else None
    return items[:limit], following, total


def asks_for_places(query: Query, dimensions: Sequence[Dimension]) -> bool:
    """Say whether it matters to a question where records stand on a map that can be redrawn."""
    return any(kind in OWN for kinds in _kinds(dimensions, _bounds(query)) for kind in kinds)


def _kinds(dimensions: Sequence[Dimension], bounds: Sequence[_Bound]) -> list[tuple[str, ...]]:
    return [*((each.id,) for each in dimensions), *(bound.kinds for bound in bounds)]


def _bounds(query: Query) -> list[_Bound]:
    """Return what a query asks of the places of records: the caller's scope and each filter by place."""
    found = []
    if not query.scope.everything:
        given = {"division": query.scope.divisions, "zone": query.scope.zones}
        found.append(_Bound(tuple(kind for kind, nodes in given.items() if nodes), Where()))
        asking.add_scope(found[-1].where, query.scope)
    for name, values in query.filters.items():
        if name in PLACES:
            found.append(_Bound((name,), Where()))
            asking.add_filter(found[-1].where, name, values)
    return found


def _own(redrawn: Redrawn, dimensions: Sequence[Dimension], bounds: Sequence[_Bound]) -> list[str]:
    """Return the kinds of place whose own nodes tell what moved from what was redrawn; none where nothing was."""
    return sorted({kind for kinds in _kinds(dimensions, bounds) if redrawn.touches(kinds) for kind in kinds})


def _parts(states: States, measure: Measure, dimensions: Sequence[Dimension]) -> Sql:
    """Return the WITH list that ends in `parts`: key, name, groups, cause, reason, and what is added."""
    asking.check_dimensions([measure], list(dimensions))
    listed, values, bounds = [], [], _bounds(states.queries[0])

    def add(name: str, place: int, tables: Tables, **which: Any) -> None:
        state = _state(tables, states.queries[place], measure, dimensions, **which)
        listed.append(f"{name} AS ({state.text})")
        values.extend(state.values)

    then, now = states.tables[1:]
    known_later, redrawn = states.redrawn
    own = _own(redrawn, dimensions, bounds)
    is_one_relation, has_new_rules = then == now, _has_new_rules(states)
    for place, tables in ((1, then), (2, now)):
        unlike = states.queries[3 - place] if is_one_relation else None
        add(f"s{place}", place, tables, unlike=unlike, has_new_rules=has_new_rules, own=own)
    listed.append(f"changed AS ({_pairs('s1', 's2', dimensions, bounds, redrawn)})")
    made = _steps("changed", measure, dimensions, cause="cause", reason="reason")
    if states.is_corrected:
        keys, built = _touched(states, measure)
        own = _own(known_later, dimensions, bounds)
        add("known_then", 0, built or states.tables[0], own=own)
        add("known_now", 1, then, only=keys, own=own)
        listed.append(f"corrected AS ({_pairs('known_then', 'known_now', dimensions, bounds, known_later)})")
        made += _steps("corrected", measure, dimensions, cause="'corrected'", reason="cause")
    listed.append(f"parts AS ({' UNION ALL '.join(made)})")
    return Sql(f"WITH {', '.join(listed)}", values)


def _has_new_rules(states: States) -> bool:
    """Say whether a parameter of the classification changed between the days; else no number changed by a rule."""
    days = sorted(query.on.isoformat() for query in states.queries[1:])
    return any(days[0] < day <= days[1] for day in rule_days())


def _touched(states: States, measure: Measure) -> tuple[str | None, Tables | None]:
    """Return the keys that what became known later can have changed, and their rows as known before.

    A vintage is the head but for what later entries touch; nothing is returned where all has to be compared.
    """
    part, (before, then, _) = _facts_of(measure), states.tables
    if then != HEAD or part not in before.touched:
        return None, None
    keys, built = before.touched[part]
    rows = replace(before, facts=built) if part == "facts" else replace(before, organization_facts=built)
    return keys, rows


def _facts_of(measure: Measure) -> str:
    return "facts" if measure.subject == ENTERPRISES else "organization_facts"


def _state(
    tables: Tables,
    query: Query,
    measure: Measure,
    dimensions: Sequence[Dimension],
    *,
    unlike: Query | None = None,
    only: str | None = None,
    own: Sequence[str] = (),
    has_new_rules: bool = False,
) -> Sql:
    """Return the SELECT of all records of a day with what decides about them, whether or not the query picks them.

    A stretch that also holds on the day of `unlike` is the same in both states and is left out; `only` is a table of
    the keys that matter, `own` are the kinds of place whose own nodes do. What rules read is told only where there are
    new ones between the days.
    """
    is_enterprise = measure.subject == ENTERPRISES
    facts, key = getattr(tables, _facts_of(measure)), asking.key_of(measure.subject)
    bounds, picked, sized, held = _bounds(query), Where(), Where(), Where()
    for name, values in query.filters.items():
        asking.check_filter(name, measure.subject)
        if name not in PLACES:
            asking.add_filter(sized if name == "size" else picked, name, values)
    asking.add_day(held, query.on)
    if unlike is not None:
        ends_between = query.on < unlike.on
        held.add("valid_to <= ?" if ends_between else "valid_from > ?", unlike.on)
    if only is not None:
        held.add(f"first_seq IN (SELECT first_seq FROM {only})")
    groups = "".join(f", {dimension.column} AS g{i}" for i, dimension in enumerate(dimensions))
    nodes = "".join(f", {OWN[kind]} AS own_{kind}" for kind in own)
    within = "".join(f" coalesce({bound.where.sql}, FALSE) AS within{n}," for n, bound in enumerate(bounds))
    driver = denominators.DRIVERS.get(measure.inside, "NULL")
    ruled = _rule_facts(query) if is_enterprise and has_new_rules else _NO_RULE_FACTS
    text = (
        f"SELECT first_seq, {key} AS key, name, {measure.base} AS base, {measure.numerator} AS counted,"
        f"{within} coalesce({picked.sql or 'TRUE'}, FALSE) AS picked,"
        f" {denominators.reason_of(measure)} AS reason, {'in_scope' if is_enterprise else 'is_open'} AS scoped,"
        f" {driver} AS driver, coalesce({sized.sql or 'TRUE'}, FALSE) AS sized,"
        f" {ruled}{nodes}{groups} FROM {facts} WHERE {held.sql}"
    )
    placed = (value for bound in bounds for value in bound.where.values)
    return Sql(text, [*placed, *picked.values, *sized.values, *held.values])


_NO_RULE_FACTS = "NULL::INT AS staff, FALSE AS short, NULL::INT AS figures"


def _rule_facts(query: Query) -> str:
    """Return the columns by which a changed rule is told from a changed record, beside the driver of a measure.

    `short`: fewer staff than the day's substance asks for; `figures`: all that the size is told by.
    """
    least = parameter("substance.min_staff").find(query.on)
    short = "FALSE" if least is None else f"coalesce(staff < {int(least.value)}, FALSE)"
    return f"staff, {short} AS short, row(industry, staff, annual_revenue, total_assets) AS figures"


def _pairs(before: str, after: str, dimensions: Sequence[Dimension], bounds: Sequence[_Bound], redrawn: Redrawn) -> str:
    """Return the SELECT of each record in both states; a state in which it is not recorded counts nothing.

    `went`: it stands in another line and moved there itself; `went0`, `went1`: that it is not placed comes of its move.
    """

    def side(i: int, s: str) -> str:
        placed = " AND ".join(f"{s}.within{n}" for n in range(len(bounds))) or "TRUE"
        gone = [f"NOT {s}.within{n} AND NOT ({redrawn.stayed(each.kinds)})" for n, each in enumerate(bounds)]
        return (
            f"coalesce({s}.base, FALSE) AS base{i}, coalesce({s}.base AND {s}.counted, FALSE) AS counted{i},"
            f" coalesce({s}.base AND {placed} AND {s}.picked AND {s}.sized, FALSE) AS shown{i},"
            f" coalesce({placed}, FALSE) AS placed{i}, ({' OR '.join(gone) or 'FALSE'}) AS went{i},"
            f" coalesce({s}.picked, FALSE) AS picked{i}, coalesce({s}.short, FALSE) AS short{i},"
            f" coalesce({s}.reason, 'not_recorded') AS reason{i}, coalesce({s}.scoped, FALSE) AS scoped{i},"
            f" {s}.driver AS driver{i}" + "".join(f", {s}.g{n} AS g{n}_{i}" for n in range(len(dimensions)))
        )

    differ = " OR ".join(f"a.g{n} IS DISTINCT FROM b.g{n}" for n in range(len(dimensions)))
    moved = [(n, each.id) for n, each in enumerate(dimensions) if each.id in PLACES]
    moves = " OR ".join(f"a.g{n} IS DISTINCT FROM b.g{n}" for n, _ in moved)
    went = " OR ".join(f"a.g{n} IS DISTINCT FROM b.g{n} AND NOT ({redrawn.stayed((kind,))})" for n, kind in moved)
    turned = " OR ".join(f"a.g{n} IS DISTINCT FROM b.g{n}" for n, each in enumerate(dimensions) if each.id != "size")
    return (
        f"SELECT coalesce(a.key, b.key) AS key, coalesce(b.name, a.name) AS name,"
        f" {side(0, 'a')}, {side(1, 'b')}, ({differ or 'FALSE'}) AS differs,"
        f" ({moves or 'FALSE'}) AS moves, ({went or 'FALSE'}) AS went, ({turned or 'FALSE'}) AS turns,"
        " a.staff IS NOT NULL AND a.staff IS NOT DISTINCT FROM b.staff AS same_staff,"
        " a.figures IS NOT NULL AND a.figures IS NOT DISTINCT FROM b.figures AS same_figures"
        f" FROM {before} AS a FULL JOIN {after} AS b ON a.first_seq = b.first_seq"
    )


def _steps(pairs: str, measure: Measure, dimensions: Sequence[Dimension], *, cause: str, reason: str) -> list[str]:
    """Return the SELECTs of the parts of one step: what leaves a line, what comes to it, what turns on it."""
    has_rule = measure.inside in denominators.DRIVERS
    ruled = "scoped0 AND scoped1 AND driver0 IS NOT DISTINCT FROM driver1" if has_rule else "FALSE"

    def across(here: int, word: str) -> str:
        there = 1 - here
        return (
            f"CASE WHEN base{there} AND shown{there} THEN CASE WHEN went THEN 'moved' WHEN moves THEN 'redrawn'"
            " WHEN same_figures AND NOT turns THEN 'rule_changed' ELSE 'reclassified' END"
            f" WHEN base{there} AND placed{there} THEN"
            f" CASE WHEN same_figures AND picked{there} AND NOT turns THEN 'rule_changed' ELSE 'reclassified' END"
            f" WHEN base{there} THEN CASE WHEN went{there} THEN 'moved' ELSE 'redrawn' END"
            f" WHEN {ruled} THEN 'rule_changed'"
            f" WHEN reason{there} = 'no_staff' AND short{there} AND same_staff THEN 'rule_changed' ELSE '{word}' END"
        )

    def step(here: int, inner: str, why: str, added: str, condition: str) -> str:
        groups = "".join(f", g{n}_{here} AS g{n}" for n in range(len(dimensions)))
        return (
            f"SELECT key, name{groups}, {cause} AS cause, {reason} AS reason, numerator, denominator"
            f" FROM (SELECT *, {inner} AS cause, {why} AS reason, {added} FROM {pairs} WHERE {condition})"
        )

    def unless_elsewhere(there: int) -> str:
        return f"CASE WHEN NOT base{there} THEN reason{there} END"

    return [
        step(
            0,
            across(0, "left"),
            unless_elsewhere(1),
            "-CAST(counted0 AS INT) AS numerator, -1 AS denominator",
            "shown0 AND (NOT shown1 OR differs)",
        ),
        step(
            1,
            across(1, "entered"),
            unless_elsewhere(0),
            "CAST(CASE WHEN base0 THEN counted0 ELSE counted1 END AS INT) AS numerator, 1 AS denominator",
            "shown1 AND (NOT shown0 OR differs)",
        ),
        step(
            1,
            "CASE WHEN counted1 THEN 'gained' ELSE 'lost' END",
            "NULL::VARCHAR",
            "CAST(counted1 AS INT) - CAST(counted0 AS INT) AS numerator, 0 AS denominator",
            "shown1 AND base0 AND counted0 <> counted1",
        ),
    ]

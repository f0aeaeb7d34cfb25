"""Use cases of the trees: a tree on a day, a node's path, what it counts then or by today's structure, agreement."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from heli_registry.divisions.service import DIVISIONS
from heli_registry.enterprises.counting import is_counted
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.organizations.service import PARTY_ORGANIZATIONS
from heli_registry.sectors.domain import SectorFinder
from heli_registry.sectors.service import SECTORS
from heli_registry.trees import repository
from heli_registry.trees.domain import NOWHERE, TREES, Node, Tree
from heli_registry.units.service import UNITS
from heli_shared.kernel.errors import NotFound
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.folding import fold
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Moment, Record, check_moment
from heli_shared.records.service import Resource
from heli_shared.statistics.successions import Successions, changes_of

Structure = Literal["then", "now"]
_NAMED = {"territory": ("division", "division"), "sector": ("sector", "sector")}
"""The trees whose nodes can be merged and split: the kind of node, and the field of an enterprise that names one."""
Place = Callable[[Record], str | None]


def tree_of(call: RecordCall, tree: str, moment: Moment) -> Tree:
    """Return a tree as the caller may see it, as of a moment."""
    check_moment(call.session, call.ledger, moment)
    if tree == "affiliation":
        return Tree(_affiliated(call, moment))
    return Tree(_nodes(call, DIVISIONS if tree == "territory" else SECTORS, moment))


def _nodes(call: RecordCall, resource: Resource, moment: Moment) -> Iterator[Node]:
    kind = resource.kind
    conditions = resource.visible(call.session, call.principal.scope)
    for record in repository.records(call.session, call.ledger, kind, moment, conditions):
        yield _node(kind.entity, record[kind.key], record, record["parent"])


def _affiliated(call: RecordCall, moment: Moment) -> Iterator[Node]:
    """Yield units below their superiors and organisations below theirs."""
    superiors = repository.superiors(call.session, call.ledger, moment)
    for resource in (PARTY_ORGANIZATIONS, UNITS):
        conditions = resource.visible(call.session, call.principal.scope)
        for record in repository.records(call.session, call.ledger, resource.kind, moment, conditions):
            parent = record["parent"] if resource is UNITS else superiors.get(record["id"])
            yield _node(resource.kind.entity, record["id"], record, parent)


def _node(entity: str, key: str, record: Record, parent: str | None) -> Node:
    return Node(key, entity, record["name"], parent, record["state"] == "open")


def path_of(call: RecordCall, tree: str, key: str, moment: Moment) -> list[Node]:
    """Return the nodes from the top down to one; NotFound when it was not there then or may not be seen."""
    found = tree_of(call, tree, moment).path(key)
    if not found:
        raise _no_node(key)
    return found


def _no_node(key: str) -> NotFound:
    return NotFound(f"这棵树上没有 {key}，或您无权查看。", f"There is no {key} in this tree, or you may not see it.")


@dataclass(frozen=True, slots=True)
class Count:
    """A node with the enterprises at it and below it: all open ones, and those that the statistics count."""

    node: Node
    depth: int
    enterprises: int
    counted: int


@dataclass(frozen=True, slots=True)
class Counts:
    """A tree's counts on a day by a structure, and what is placed nowhere in it."""

    counts: list[Count]
    enterprises: int
    unplaced: int


def counts_of(call: RecordCall, tree: str, *, on: date, structure: Structure) -> Counts:
    """Count the enterprises of a day at each node, placed by the structure of that day or of today."""
    moment = Moment(on)
    enterprises = [record for record in _enterprises(call, moment) if record["state"] == "open"]
    places = _places(call, tree, moment)
    standing = tree_of(call, tree, moment if structure == "then" else Moment())
    where = {record["uscc"]: places(record) for record in enterprises}
    if structure == "now" and tree in _NAMED:
        where = _moved_to_today(call, tree, enterprises, where, on)
    placed, counted = Counter[str](), Counter[str]()
    for record in enterprises:
        place = where[record["uscc"]]
        key = place if place is not None and place in standing.nodes else NOWHERE
        placed[key] += 1
        counted[key] += is_counted(record, on)
    totals, totals_counted = standing.totals(placed), standing.totals(counted)
    found = [Count(node, depth, totals[node.key], totals_counted[node.key]) for node, depth in standing.walk()]
    return Counts(found, len(enterprises), placed[NOWHERE])


def _enterprises(call: RecordCall, moment: Moment) -> Iterator[Record]:
    conditions = ENTERPRISES.visible(call.session, call.principal.scope)
    return repository.records(call.session, call.ledger, ENTERPRISES.kind, moment, conditions)


def _places(call: RecordCall, tree: str, moment: Moment) -> Place:
    """Return what tells an enterprise's node in a tree as of a moment."""
    if tree == "territory":
        return lambda record: record["division"]
    if tree == "affiliation":
        covering = repository.covering(call.session, call.ledger, moment)
        return lambda record: covering.get(record["uscc"])
    records = repository.records(call.session, call.ledger, SECTORS.kind, moment, [])
    return SectorFinder((each["id"], each["industries"] or ()) for each in records if each["state"] == "open").find


def _moved_to_today(
    call: RecordCall, tree: str, enterprises: list[Record], where: Mapping[str, str | None], on: date
) -> dict[str, str | None]:
    """Return where today's structure puts enterprises that stood somewhere on a day.

    The node that an enterprise names is followed through merges and splits; a sector that its industry tells is told
    by today's codes instead.
    """
    entity, field = _NAMED[tree]
    rows = repository.successions(call.session, entity)
    successions = Successions(
        changes_of(
            (row.predecessor, row.successor, bool(row.is_rest), row.last_effective_on, row.version) for row in rows
        )
    )
    found = dict(where)
    if tree == "sector":
        today = _places(call, tree, Moment())
        found |= {record["uscc"]: today(record) for record in enterprises if record["sector"] is None}
    named = {record["uscc"]: record[field] for record in enterprises if record[field] in successions}
    for uscc, entries in repository.entries_of(call.session, call.ledger, ENTERPRISES.kind.entity, sorted(named)):
        found[uscc] = successions.place_now(named[uscc], on, partial(_value_on, entries, field))
    return found


def _value_on(entries: list[Entry], field: str, day: date, known_at: int) -> str | None:
    folded = fold(entries, on=day, known_at=known_at)
    value: str | None = folded.values.get(field) if folded else None
    return value


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many open enterprises each tree holds on a day, and which ones it does not."""

    on: date
    enterprises: int
    missing: Mapping[str, list[str]]


def agreement_of(call: RecordCall, *, on: date) -> Agreement:
    """Compare the three trees on a day: the rows that one lacks are listed, so that totals can be made to agree."""
    moment = Moment(on)
    enterprises = [record for record in _enterprises(call, moment) if record["state"] == "open"]
    missing = {}
    for tree in TREES:
        places, standing = _places(call, tree, moment), tree_of(call, tree, moment)
        missing[tree] = [each["uscc"] for each in enterprises if places(each) not in standing.nodes]
    return Agreement(on, len(enterprises), missing)

"""Duplicates for a caller: pairs in the caller's scope, and decisions that two enterprises are not the same."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.access import linked
from heli_registry.duplicates import repository
from heli_registry.duplicates.domain import Candidate, Pair, Reason, find_pairs, fingerprint
from heli_registry.duplicates.models import DUPLICATE_DECISION
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.names.matching import parts_of
from heli_registry.search.domain import likeness
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.kernel.ids import new_id
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.entries import json_value
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Condition, Record, find_row, record_of_row
from heli_shared.records.service import Resource, get_record
from heli_shared.records.writing import Write

_EVIDENCE = (
    "name", "uscc", "address", "zone", "division", "registered_on", "registration_authority", "registered_capital",
    "industry", "staff",
)  # fmt: skip


def visible_decisions(session: Session, scope: Scope) -> list[Condition]:
    """Show the decisions of which the scope shows both enterprises."""
    if scope.everything:
        return []
    return [linked(DUPLICATE_DECISION, field, ENTERPRISE, session, scope) for field in ("one", "other")]


DUPLICATE_DECISIONS = Resource(DUPLICATE_DECISION, visible_decisions, filters=equality_filters(DUPLICATE_DECISION))


@dataclass(frozen=True, slots=True)
class Found:
    """A pair with both enterprises and what of them is equal and what differs (a value of the one, of the other)."""

    pair: Pair
    rows: tuple[Record, Record]
    equal: dict[str, Any]
    differs: dict[str, tuple[Any, Any]]


class DuplicateBook:
    """The pairs of a database, found once after every change of an enterprise; safe to share between threads."""

    def __init__(self) -> None:
        """Nothing is read before somebody asks."""
        self._lock = threading.Lock()
        self._state: tuple[str, int] | None = None
        self._pairs: list[Pair] = []

    def pairs(self, session: Session, epoch: str) -> list[Pair]:
        """Return every pair of open enterprises, the surest first."""
        state = (epoch, repository.state_of(session))
        with self._lock:
            if self._state != state:
                rows = repository.sharing_rows(session)
                self._pairs = find_pairs((_candidate(row) for row in rows), likeness)
                self._state = state
            return self._pairs


def _candidate(row: Any) -> Candidate:
    region, core = parts_of(row.text)
    return Candidate(
        row.key, row.text, core, region, row.place, row.zone, row.division, row.registered_on,
        is_branch_office=bool(row.is_branch_office),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pairs a caller asks for."""

    reason: Reason | None
    min_score: int
    enterprise: str | None = None


def list_duplicates(
    call: RecordCall, book: DuplicateBook, wanted: Wanted, *, cursor: str | None, limit: int
) -> Page[Found]:
    """Return a page of the pairs that nobody has held apart and of which the caller may see both, the surest first."""
    after = tuple(decode_cursor(cursor, int, str, str)) if cursor else None
    chosen = _chosen(call, book, wanted)
    behind = [pair for pair in chosen if after is None or _place(pair) > after]
    page = behind[:limit]
    items = _with_evidence(call.session, page)
    return Page(items, encode_cursor(*_place(page[-1])) if len(behind) > limit else None, len(chosen))


def _place(pair: Pair) -> tuple[int, str, str]:
    return -pair.score, pair.left, pair.right


def _chosen(call: RecordCall, book: DuplicateBook, wanted: Wanted) -> list[Pair]:
    epoch = read_head(call.session, call.ledger).epoch
    apart = repository.decided(call.session)
    conditions = ENTERPRISES.visible(call.session, call.principal.scope)
    seen = repository.visible_keys(call.session, conditions) if conditions else None
    return [
        pair
        for pair in book.pairs(call.session, epoch)
        if pair.score >= wanted.min_score
        and (wanted.reason is None or wanted.reason in pair.reasons)
        and (wanted.enterprise is None or wanted.enterprise in (pair.left, pair.right))
        and (seen is None or (pair.left in seen and pair.right in seen))
        and (pair.left, pair.right, pair.fingerprint) not in apart
    ]


def _with_evidence(session: Session, pairs: Iterable[Pair]) -> list[Found]:
    pairs = list(pairs)
    rows = repository.rows_of(session, {key for pair in pairs for key in (pair.left, pair.right)})
    return [
        _found(pair, record_of_row(ENTERPRISE, rows[pair.left]), record_of_row(ENTERPRISE, rows[pair.right]))
        for pair in pairs
    ]


def _found(pair: Pair, one: Record, other: Record) -> Found:
    told = [name for name in _EVIDENCE if one[name] is not None or other[name] is not None]
    equal = {name: one[name] for name in told if one[name] == other[name]}
    differs = {name: (one[name], other[name]) for name in told if one[name] != other[name]}
    return Found(pair, (one, other), equal, differs)


def decide_apart(call: RecordCall, keys: Iterable[str], reason: str) -> Record:
    """Hold two enterprises apart for a reason, until what was compared changes; Conflict when they are already."""
    one, other = sorted(keys)
    if one == other:
        found = FieldProblem("/enterprises", "应为两家不同的企业", "must be two different enterprises")
        raise InvalidInput("两家企业相同。", "The two enterprises are the same one.", errors=[found])
    for key in (one, other):
        get_record(call, ENTERPRISES, key)
    left, right = (_candidate(row) for row in repository.compared_rows(call.session, (one, other)))
    digest = fingerprint(left, right)
    if (one, other, digest) in repository.decided(call.session):
        raise Conflict("这两家企业已认定为不重复。", "These two are held apart already.")
    today = call.effective_day(None)
    key = new_id("dup")
    values = {"one": one, "other": other, "reason": reason, "fingerprint": digest, "decided_on": today, "state": "open"}
    call.write([Write(DUPLICATE_DECISION, key, "create", today, values)])
    return record_of_row(DUPLICATE_DECISION, find_row(call.session, DUPLICATE_DECISION, key))


def withdraw_decision(call: RecordCall, record: Record, reason: str) -> Record:
    """Take a decision back: the pair is shown again; Conflict when that was done before."""
    if record["state"] != "open":
        raise Conflict("该结论已撤回。", "The decision was withdrawn already.")
    today = call.effective_day(None)
    changes = {"state": "closed", "closed_on": json_value(today), "closed_reason": reason}
    call.write([Write(DUPLICATE_DECISION, record["id"], "close", today, changes)])
    return record_of_row(DUPLICATE_DECISION, find_row(call.session, DUPLICATE_DECISION, record["id"]))

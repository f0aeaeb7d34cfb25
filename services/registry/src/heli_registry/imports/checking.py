"""The first half of an import: every row is read, cleaned, looked up and compared, and nothing is changed yet.

What comes out is how each row ends, and the writes that are to be made, in a temporary file.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.divisions.gazetteer import Gazetteer, load_gazetteer
from heli_registry.imports.columns import ColumnMap
from heli_registry.imports.domain import Counts, ImportJob
from heli_registry.imports.kinds import DAY, KINDS, ImportKind
from heli_registry.imports.preparing import CellProblem, Prepared, Preparer, Refusal
from heli_registry.imports.referring import Referrer
from heli_registry.imports.rules import Rules
from heli_registry.imports.spool import Spool
from heli_registry.imports.standing import Record, Standing
from heli_registry.imports.tables import Chunk, open_table
from heli_registry.resources import PLAIN_RESOURCES
from heli_shared.kernel import divisions as division_codes
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import list_of_record
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.bulk import BulkWrite
from heli_shared.records.kinds import BEGINNING
from heli_shared.records.service import Resource

RESOURCES = {resource.kind.plural: resource for resource in PLAIN_RESOURCES}
Watch = Callable[[Counts], None]
"""Is told the progress after each chunk, and raises to stop."""


@dataclass(slots=True)
class Checked:
    """How a file would end: counts, columns, refusals, the writes in order, and what they rest on.

    `head` is the ledger's seq the check saw; `keys` are those of records that are made or changed, `changed` those
    that are changed; `divisions` the codes and names of divisions to be made first, parents before children.
    """

    head: int
    counts: Counts
    columns: ColumnMap
    writes: Spool
    refusals: list[Refusal] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)
    divisions: dict[str, str] = field(default_factory=dict)


class Checker:
    """Checks one file for one job against the registry as one transaction sees it."""

    def __init__(self, session: Session, ledger: LedgerTables, *, job: ImportJob, clock: Clock, watch: Watch) -> None:
        """Look up what all rows need."""
        self._session = session
        self._ledger = ledger
        self._job = job
        self._watch = watch
        self._today = clock.today()
        self._kind: ImportKind = KINDS[job.kind]
        self._resource: Resource = RESOURCES[job.kind]
        self._standing = Standing(session, job.scope)
        self._gazetteer: Gazetteer = load_gazetteer().with_divisions(self._standing.divisions.items())
        self._rules = Rules(session, ledger, job=job, clock=clock, resource=self._resource, standing=self._standing)
        self._needed = [each.name for each in self._kind.fields if each.needed_for_new]
        self._seen: dict[Any, tuple[int, int]] = {}
        self._natural: dict[tuple[Any, ...], str] | None = None
        self._deferred: list[Prepared] = []
        self._place = "parent" if job.kind == "divisions" else "division"

    def check(self, path: Path) -> Checked:
        """Read the whole file and return how it ends; DomainError when it cannot be read at all."""
        table = open_table(path, self._kind)
        kind = self._resource.kind
        maxima = {
            each.name: each.maximum if each.type == "integer" else each.max_length
            for each in kind.fields
            if not each.references and (each.type == "integer" or (each.type == "text" and not each.choices))
        }
        preparer = Preparer(self._kind, table.columns, today=self._today, gazetteer=self._gazetteer, maxima=maxima)
        referrer = Referrer(self._kind, table.columns, standing=self._standing, gazetteer=self._gazetteer)
        head = read_head(self._session, self._ledger).seq
        checked = Checked(head, Counts(), table.columns, Spool())
        try:
            for chunk in table.chunks:
                self._check_chunk(chunk, preparer, referrer, checked)
            self._check_deferred(referrer, checked)
        except BaseException:
            checked.writes.close()
            raise
        return checked

    def _check_chunk(self, chunk: Chunk, preparer: Preparer, referrer: Referrer, checked: Checked) -> None:
        ready = preparer.prepare(chunk)
        counts, refused = self._check_prepared(ready.rows, referrer, checked)
        refusals = [*ready.refusals, *self._defer(refused, ready.rows)]
        refusals.sort(key=lambda each: each.row)
        checked.refusals += refusals
        read = len(chunk.rows) + len(chunk.misfits)
        checked.counts = checked.counts.plus(counts).plus(Counts(read=read, refused=len(refusals)))
        self._watch(checked.counts)

    def _check_prepared(
        self, rows: Sequence[Prepared], referrer: Referrer, checked: Checked
    ) -> tuple[Counts, list[Refusal]]:
        resolved, unresolved = referrer.resolve(rows)
        counts, refused = self._check_rows(resolved, checked)
        return counts, [*unresolved, *refused]

    def _defer(self, refused: Sequence[Refusal], rows: Sequence[Prepared]) -> list[Refusal]:
        """Put aside refused rows that name one of their own kind, as it may stand further down; return the rest."""
        link = self._kind.own_link
        if link is None:
            return list(refused)
        by_row = {row.row: row for row in rows if row.given.get(link) is not None}
        self._deferred += [by_row[each.row] for each in refused if each.row in by_row]
        return [each for each in refused if each.row not in by_row]

    def _check_deferred(self, referrer: Referrer, checked: Checked) -> None:
        """Check rows that were put aside again and again, as long as each round lets some of them in."""
        refused: list[Refusal] = []
        while self._deferred:
            rows, self._deferred = self._deferred, []
            counts, refused = self._check_prepared(rows, referrer, checked)
            checked.counts = checked.counts.plus(counts)
            self._watch(checked.counts)
            if len(refused) == len(rows):
                break
            self._deferred = [row for row in rows if row.row in {each.row for each in refused}]
            refused = refused if not self._deferred else []
        checked.counts = checked.counts.plus(Counts(refused=len(refused)))
        checked.refusals = sorted([*checked.refusals, *refused], key=lambda each: each.row)

    def _check_rows(self, rows: Sequence[Prepared], checked: Checked) -> tuple[Counts, list[Refusal]]:
        keys = [self._key_of(row) for row in rows]
        known = [key for key in keys if isinstance(key, str)]
        present = self._standing.rows_by_key(self._resource.kind, known) if known else {}
        created = updated = unchanged = 0
        refused: list[Refusal] = []
        writes: list[tuple[Any, ...]] = []
        for row, key in zip(rows, keys, strict=True):
            outcome = self._check_row(row, key, present)
            if isinstance(outcome, Refusal):
                refused.append(outcome)
            elif outcome is None:
                unchanged += 1
            else:
                writes.append(tuple(outcome))
                checked.keys.add(outcome.key)
                checked.divisions.pop(outcome.key, None)
                self._note_pending(outcome)
                self._note_division(outcome.changes.get(self._place), checked)
                if outcome.operation == "create":
                    created += 1
                else:
                    updated += 1
                    checked.changed.append(outcome.key)
        if writes:
            checked.writes.add(writes)
        return Counts(created=created, updated=updated, unchanged=unchanged), refused

    def _note_pending(self, write: BulkWrite) -> None:
        link = self._kind.own_link
        if link is not None and (write.operation == "create" or link in write.changes):
            name = write.changes.get("name")
            self._standing.note_pending(self._resource, write.key, name=name, link=write.changes.get(link))

    def _key_of(self, row: Prepared) -> Any:
        """Return the record's key, or the values that find it: its natural key, a tuple."""
        key = row.given.get(self._kind.key)
        if key is not None or not self._kind.natural:
            return key
        natural = tuple(row.given.get(name) for name in self._kind.natural)
        if self._natural is None:
            self._natural = self._standing.open_by_fields(self._resource, self._kind.natural)
        if natural[-1] is None and self._kind.natural == ("name", "division"):
            named = self._standing.keys_named(self._resource, str(natural[0]))
            return named[0] if len(named) == 1 else natural
        return self._natural.get(natural, natural)

    def _check_row(self, row: Prepared, key: Any, present: dict[str, Record]) -> Refusal | BulkWrite | None:
        """Return the write a row asks for, None when it says nothing new, or why it is refused."""
        mark = hash(repr(row.given)) if self._kind.natural else hash(tuple(row.given.items()))
        earlier = self._seen.setdefault(key, (row.row, mark))
        if earlier[0] != row.row:
            return None if earlier[1] == mark else _twice(row, earlier[0])
        record = present.get(key) if isinstance(key, str) else None
        problem: CellProblem | None
        if record is None:
            write, problem = self._new(row, key)
        else:
            write, problem = self._change(row, record)
        if problem is not None:
            self._seen.pop(key, None)  # a refused row stands in nobody's way
            return Refusal(row.row, (problem,))
        return write

    def _new(self, row: Prepared, key: Any) -> tuple[BulkWrite | None, CellProblem | None]:
        own_key = self._kind.key
        values = {name: value for name, value in {**row.derived, **row.given}.items() if value is not None}
        values.pop(own_key, None)
        values.pop(DAY, None)
        self._fill_place(values, key)
        missing = [name for name in self._needed if name not in values]
        if missing:
            return None, self._rules.missing(missing)
        identity = key if isinstance(key, str) else new_id(self._kind.prefix or self._kind.entity)
        effective = _own_day(row) or self._job.effective_on or self._first_day(values)
        values["state"] = "open"
        values[own_key] = identity
        after, problem = self._rules.check(None, values, effective)
        if problem is not None:
            return None, problem
        del after[own_key]
        changes = {name: value for name, value in after.items() if value is not None} if after is not values else after
        return BulkWrite(identity, "create", effective.isoformat(), changes), None

    def _fill_place(self, values: dict[str, Any], key: Any) -> None:
        """Give a new record the place that follows from who imports it, or a division the parent that is known."""
        roots = self._job.scope.divisions
        if self._kind.plural == "divisions":
            above = [one for one in division_codes.ancestors(key) if one != key and self._is_known_division(one)]
            if values.get("parent") not in above and not self._is_known_division(values.get("parent")):
                values["parent"] = above[-1] if above else None
        elif "division" in self._resource.kind.by_name and "division" not in values and len(roots) == 1:
            values["division"] = roots[0]

    def _is_known_division(self, code: str | None) -> bool:
        return code is not None and (
            code in self._standing.divisions or code in self._seen or self._gazetteer.find_name(code) is not None
        )

    def _first_day(self, values: dict[str, Any]) -> date:
        """Return the day a new record holds from when the caller named none: the one it says of itself, or today.

        A list of covers says what is: without a day of its own, a cover holds since its organisation was founded.
        """
        if self._resource.kind.is_lasting:
            return BEGINNING
        if self._kind.plural == "covers":
            return self._standing.established_on(values["organization"]) or self._today
        text = values.get(self._kind.starts) if self._kind.starts else None
        return date.fromisoformat(text) if text else self._today

    def _change(self, row: Prepared, record: Record) -> tuple[BulkWrite | None, CellProblem | None]:
        kind = self._resource.kind
        key = record[kind.key]
        effective = _own_day(row) or self._job.effective_on or self._today
        if not self._rules.is_visible(record):
            return None, self._rules.outside()
        before: dict[str, Any] = record
        is_late = effective.isoformat() < record["last_effective_on"]
        if is_late:
            folded = fold(list_of_record(self._session, self._ledger, kind.entity, key), on=effective)
            if folded is None:
                return None, _before_its_time(effective)
            before = folded.values
        changes = {
            name: value
            for name, value in row.given.items()
            if name not in (kind.key, DAY) and not _equal(value, before.get(name))
        }
        changes |= {
            name: value for name, value in row.derived.items() if before.get(name) is None and name not in row.given
        }
        if not changes:
            return None, None
        after, problem = self._rules.check(record, {**record, **changes}, effective)
        if problem is not None:
            return None, problem
        del after
        return BulkWrite(key, "change", effective.isoformat(), changes, is_late), None

    def _note_division(self, code: str | None, checked: Checked) -> None:
        """Remember the divisions that must be made for a write, with all above them."""
        if code is None or code in self._standing.divisions or code in checked.divisions:
            return
        for above, name in self._gazetteer.lineage(code):
            if above not in self._standing.divisions and above not in checked.keys:
                checked.divisions.setdefault(above, name)


def division_writes(divisions: dict[str, str], known: Iterable[str], first_day: str) -> list[BulkWrite]:
    """Return the writes that make these divisions (12-digit code → name), parents first."""
    present = {*known, *divisions}
    writes = []
    for code in sorted(divisions, key=lambda each: (division_codes.LEVELS.index(division_codes.level_of(each)), each)):
        above = [one for one in division_codes.ancestors(code) if one != code and one in present]
        level = division_codes.level_of(code)
        changes = {"name": divisions[code], "level": level, "parent": above[-1] if above else None, "state": "open"}
        kept = {name: value for name, value in changes.items() if value is not None}
        writes.append(BulkWrite(code, "create", first_day, kept))
    return writes


def _own_day(row: Prepared) -> date | None:
    """Return the day from which the row itself says that it holds."""
    text = row.given.get(DAY)
    return date.fromisoformat(text) if text else None


def _equal(value: Any, present: Any) -> bool:
    """Say whether two JSON values are the same; decimals count by their worth, not by their zeros."""
    if value == present:
        return True
    if isinstance(value, str) and isinstance(present, str) and "." in present:
        with suppress(InvalidOperation):
            return Decimal(value) == Decimal(present)
    return False


def _twice(row: Prepared, other: int) -> Refusal:
    why = CellProblem(
        "", f"与第{other}行是同一条记录，但内容不同；请核对后只保留一行。",
        f"The same record as row {other}, with different content; keep one of the two.",
    )  # fmt: skip
    return Refusal(row.row, (why,))


def _before_its_time(effective: date) -> CellProblem:
    return CellProblem(
        "", f"生效日期 {effective} 早于该记录的建立日期。",
        f"The day of effect {effective} lies before the record's first day.",
    )  # fmt: skip

"""The first half of an import: every row is read, cleaned, looked up and compared, and nothing is changed yet.

What comes out is how each row ends, and the writes that are to be made, in a temporary file.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.divisions.gazetteer import Gazetteer, load_gazetteer
from heli_registry.imports.domain import Counts, ImportJob
from heli_registry.imports.effects import Effect, Effects
from heli_registry.imports.kinds import DAY, KINDS, ImportKind
from heli_registry.imports.preparing import CellProblem, Prepared, Preparer, Refusal
from heli_registry.imports.referring import Referrer
from heli_registry.imports.rules import Rules
from heli_registry.imports.standing import Record, Standing
from heli_registry.imports.tables import Chunk, open_table
from heli_registry.imports.targets import RESOURCES
from heli_registry.stewardship.beside import ImportGuard
from heli_shared.kernel import divisions as division_codes
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import InvalidInput
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import list_of_record
from heli_shared.ledger.tables import LedgerTables
from heli_shared.lists.headers import ColumnMap
from heli_shared.lists.layouts import Layout
from heli_shared.lists.limits import LIMITS
from heli_shared.records.bulk import BulkWrite
from heli_shared.records.kinds import BEGINNING
from heli_shared.records.service import Resource
from heli_shared.records.undoing import UNDONE

_ONLY_THE_EXAMPLE = (
    "文件里只有模板的表头和示例行，没有可导入的数据；请在示例行下面填写后再上传。未作任何改动。",
    "The file holds the template's header and example row alone: fill in rows below it and send it again.",
)
Watch = Callable[[Counts], None]
"""Is told the progress after each chunk, and raises to stop."""


@dataclass(slots=True)
class Checked:
    """How a file would end: counts, columns, layout, what becomes of each row, and what that rests on.

    `head` is the ledger's seq the check saw; `keys` are those of records that are made or changed, `changed` those
    that are changed; `divisions` the codes and names of divisions to be made first, parents before children.
    """

    head: int
    counts: Counts
    columns: ColumnMap
    layout: Layout
    effects: Effects
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
        self._guard = ImportGuard(session, ledger, unit=job.unit) if job.kind == "enterprises" else None
        self._labels: Mapping[str, str] = {}
        self._needed = [each.name for each in self._kind.fields if each.needed_for_new]
        self._seen: dict[Any, tuple[int, int]] = {}
        self._natural: dict[tuple[Any, ...], str] | None = None
        self._deferred: list[Prepared] = []
        self._put_aside: dict[int, list[Any]] = {}
        self._has_lists = False
        self._place = "parent" if job.kind == "divisions" else "division"

    def check(self, path: Path) -> Checked:
        """Read the whole file and return how it ends; DomainError when it cannot be read at all."""
        table = open_table(path, self._kind)
        self._labels = table.columns.labels
        listed = (each for each in self._kind.fields if each.name in table.columns.places)
        self._has_lists = any(each.type in ("texts", "choices") for each in listed)
        kind = self._resource.kind
        bounds = {
            each.name: (each.minimum, each.maximum) if each.type == "integer" else (0, each.max_length)
            for each in kind.fields
            if not each.references and (each.type == "integer" or (each.type == "text" and not each.choices))
        }
        preparer = Preparer(
            self._kind, table.columns, today=self._today, gazetteer=self._gazetteer, bounds=bounds,
            never_empty=[each.name for each in kind.fields if each.required],
        )  # fmt: skip
        referrer = Referrer(self._kind, table.columns, standing=self._standing, gazetteer=self._gazetteer)
        head = read_head(self._session, self._ledger).seq
        digests = self._job.dry_run or self._job.expected is not None
        checked = Checked(head, Counts(), table.columns, table.layout, Effects(LIMITS.kept_refusals, digests=digests))
        try:
            examples = 0
            for chunk in table.chunks:
                self._check_chunk(chunk, preparer, referrer, checked)
                examples += chunk.examples
            self._check_deferred(referrer, checked)
            _check_filled(checked.counts, examples)
        except BaseException:
            checked.effects.close()
            raise
        return checked

    def _check_chunk(self, chunk: Chunk, preparer: Preparer, referrer: Referrer, checked: Checked) -> None:
        ready = preparer.prepare(chunk)
        counts, refused = self._check_prepared(ready.rows, referrer, checked)
        cells = {**chunk.odd, **dict(zip(chunk.numbers, chunk.rows, strict=True))}
        refusals = [*ready.refusals, *self._defer(refused, ready.rows, cells)]
        refusals.sort(key=lambda each: each.row)
        checked.effects.refuse(refusals, cells)
        read = len(chunk.rows) + len(chunk.misfits)
        checked.counts = checked.counts.plus(counts).plus(Counts(read=read, refused=len(refusals)))
        self._watch(checked.counts)

    def _check_prepared(
        self, rows: Sequence[Prepared], referrer: Referrer, checked: Checked
    ) -> tuple[Counts, list[Refusal]]:
        resolved, unresolved = referrer.resolve(rows)
        counts, refused = self._check_rows(resolved, checked)
        return counts, [*unresolved, *refused]

    def _defer(
        self, refused: Sequence[Refusal], rows: Sequence[Prepared], cells: Mapping[int, list[Any]]
    ) -> list[Refusal]:
        """Put aside refused rows that name one of their own kind, as it may stand further down; return the rest."""
        link = self._kind.own_link
        if link is None:
            return list(refused)
        by_row = {row.row: row for row in rows if row.given.get(link) is not None}
        self._deferred += [by_row[each.row] for each in refused if each.row in by_row]
        self._put_aside |= {each.row: cells[each.row] for each in refused if each.row in by_row}
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
        checked.effects.refuse(sorted(refused, key=lambda each: each.row), self._put_aside)

    def _check_rows(self, rows: Sequence[Prepared], checked: Checked) -> tuple[Counts, list[Refusal]]:
        keys = [self._key_of(row) for row in rows]
        known = [key for key in keys if isinstance(key, str)]
        present = self._standing.rows_by_key(self._resource.kind, known) if known else {}
        if self._guard is not None:
            self._guard.look_up(present)
        created = updated = unchanged = 0
        refused: list[Refusal] = []
        effects: list[Effect] = []
        for row, key in zip(rows, keys, strict=True):
            outcome = self._check_row(row, key, present)
            if isinstance(outcome, Refusal):
                refused.append(outcome)
            elif outcome is None:
                unchanged += 1
            else:
                write = outcome.write
                effects.append(outcome)
                checked.keys.add(write.key)
                checked.divisions.pop(write.key, None)
                self._note_pending(write)
                self._note_division(write.changes.get(self._place), checked)
                if write.operation == "create":
                    created += 1
                else:
                    updated += 1
                    checked.changed.append(write.key)
        checked.effects.add(effects)
        return Counts(created=created, updated=updated, unchanged=unchanged), refused

    def _note_pending(self, write: BulkWrite) -> None:
        link = self._kind.own_link
        if link is not None and (write.operation != "change" or link in write.changes):
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

    def _check_row(self, row: Prepared, key: Any, present: dict[str, Record]) -> Refusal | Effect | None:
        """Return what a row leads to, None when it says nothing new, or why it is refused."""
        mark = self._mark(row)
        earlier = self._seen.setdefault(key, (row.row, mark))
        if earlier[0] != row.row:
            return None if earlier[1] == mark else _twice(row, earlier[0])
        record = present.get(key) if isinstance(key, str) else None
        problem: CellProblem | None
        if record is None or _is_undone(record):
            effect, problem = self._new(row, key, record)
        else:
            effect, problem = self._change(row, record)
            problem = problem or self._guarded(None if effect is None else effect.write)
        if problem is not None:
            self._seen.pop(key, None)  # a refused row stands in nobody's way
            return Refusal(row.row, (problem,))
        return effect

    def _guarded(self, write: BulkWrite | None) -> CellProblem | None:
        """Return why a row may not change what departments have claimed, if that is so."""
        found = self._guard.find_problem(write) if self._guard is not None and write is not None else None
        return None if found is None else CellProblem(self._labels.get(found[0], found[0]), found[1].zh, found[1].en)

    def _mark(self, row: Prepared) -> int:
        """Return what tells rows of different content apart."""
        return hash(repr(row.given)) if self._kind.natural or self._has_lists else hash(tuple(row.given.items()))

    def _new(self, row: Prepared, key: Any, undone: Record | None) -> tuple[Effect | None, CellProblem | None]:
        """Return the effect of a row without a record, or with one whose import was undone: that comes to life anew."""
        if undone is not None and not self._rules.is_visible(undone):
            return None, self._rules.outside()
        own_key = self._kind.key
        values = {name: value for name, value in {**row.derived, **row.given}.items() if value is not None}
        values.pop(own_key, None)
        values.pop(DAY, None)
        self._fill_place(values, key)
        missing = [name for name in self._needed if name not in values]
        if missing:
            return None, self._rules.missing(missing)
        identity = key if isinstance(key, str) else new_id(self._kind.prefix or self._kind.entity)
        named = _own_day(row) or self._job.effective_on
        effective = named or self._first_day(values)
        values["state"] = "open"
        values[own_key] = identity
        after, problem = self._rules.check(None, values, effective)
        if problem is not None:
            return None, problem
        del after[own_key]
        changes = {name: value for name, value in after.items() if value is not None} if after is not values else after
        write = BulkWrite(identity, "create", effective.isoformat(), changes)
        if undone is not None:
            write = self._renewed(undone, effective, changes)
        is_dated = named is not None or effective != self._today
        stood = {name: undone.get(name) for name in write.changes} if undone else {}
        return Effect(row.row, write, stood, changes.get("name"), is_dated, not isinstance(key, str)), None

    def _renewed(self, undone: Record, effective: date, values: Mapping[str, Any]) -> BulkWrite:
        """Return the write that re-opens an undone record as the list has it, not before its first day."""
        key = undone[self._resource.kind.key]
        entries = list_of_record(self._session, self._ledger, self._resource.kind.entity, key)
        first = min(entry.effective_on for entry in entries if entry.operation == "create")
        day = max(effective, first).isoformat()
        wanted = {each.name: values.get(each.name) for each in self._resource.kind.all_fields}
        changes = {name: value for name, value in wanted.items() if not _equal(value, undone.get(name))}
        return BulkWrite(key, "reopen", day, changes, day < undone["last_effective_on"])

    def _fill_place(self, values: dict[str, Any], key: Any) -> None:
        """Give a new record the place that follows from who imports it, or a division the parent that is known."""
        roots = self._job.scope.divisions
        if self._kind.plural == "divisions":
            above = [one for one in division_codes.ancestors(key) if one != key and self._is_known_division(one)]
            if values.get("parent") not in above and not self._is_known_division(values.get("parent")):
                values["parent"] = above[-1] if above else None
        elif "division" in self._resource.kind.by_name and "division" not in values and len(roots) == 1:
            values["division"] = roots[0]

    def _may_fill(self, name: str, value: Any) -> bool:
        """Say whether a value that a row implies may fill an empty field: a parent must be a division that is known."""
        return name != "parent" or self._is_known_division(value)

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

    def _change(self, row: Prepared, record: Record) -> tuple[Effect | None, CellProblem | None]:
        kind = self._resource.kind
        key = record[kind.key]
        named = _own_day(row) or self._job.effective_on
        effective = named or self._today
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
            name: value
            for name, value in row.derived.items()
            if before.get(name) is None and name not in row.given and self._may_fill(name, value)
        }
        if not changes:
            return None, None
        after, problem = self._rules.check(record, {**record, **changes}, effective)
        if problem is not None:
            return None, problem
        del after
        write = BulkWrite(key, "change", effective.isoformat(), changes, is_late)
        stood = {name: before.get(name) for name in changes}
        return Effect(row.row, write, stood, record.get("name"), named is not None), None

    def _note_division(self, code: str | None, checked: Checked) -> None:
        """Remember the divisions that must be made for a write, with all above them."""
        if code is None or code in self._standing.divisions or code in checked.divisions:
            return
        for above, name in self._gazetteer.lineage(code):
            if above not in self._standing.divisions and above not in checked.keys:
                checked.divisions.setdefault(above, name)


def _check_filled(counts: Counts, examples: int) -> None:
    if examples and not counts.read:
        raise InvalidInput(*_ONLY_THE_EXAMPLE)


def _is_undone(record: Record) -> bool:
    return record["state"] == "closed" and str(record["closed_reason"]).startswith(UNDONE)


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

"""What goes beside direct writes: nobody changes a field that others answer for behind their backs.

A direct change of a field (PATCH, a new enterprise, an import) counts as what the author's unit says, as soon as that
unit stands in the field's order of precedence or anybody has claimed something. It must then be in force at once;
otherwise it is refused and the author is told whose value comes first. Fields that nobody answers for or claims
anything about are written as ever.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.stewardship import repository
from heli_registry.stewardship.domain import (
    DIRECT,
    Pair,
    Step,
    in_force,
    pending,
    say,
    steward_on,
    trial_of,
    value_text,
)
from heli_registry.stewardship.models import CLAIMABLE, FIELD_STEWARD
from heli_registry.stewardship.planning import Planner, Said, check_undisturbed, execute
from heli_registry.stewardship.values import label_of
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.entries import Author, Entry, json_value
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.bulk import BulkWrite
from heli_shared.records.calls import RecordCall
from heli_shared.records.writing import Write

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Direct:
    """A write of an enterprise that somebody makes without naming a source; values as JSON has them."""

    key: str
    step: Step


def beside(call: RecordCall, writes: list[Write]) -> Callable[[], None] | None:
    """Return what is to be written beside some writes, after them; InvalidInput when one may not be made directly."""
    directs = [Direct(each.key, _step(each)) for each in writes if each.kind is ENTERPRISE]
    stewards = [each for each in writes if each.kind is FIELD_STEWARD]
    if not directs and not stewards:
        return None
    seq = read_head(call.session, call.ledger).seq
    planner = Planner(call.session, call.ledger, today=call.clock.today())
    if stewards:
        _plan_stewards(call, planner, stewards)
        check_undisturbed(call.session, call.ledger, seq, "field_steward", "claim")
    elif _plan_directs(planner, call.session, call.ledger, directs, unit=call.principal.unit, written=False):
        check_undisturbed(call.session, call.ledger, seq, "field_steward")
    else:
        return None
    return lambda: execute(call.session, call.ledger, planner.plan, author=call.author, clock=call.clock)


def beside_import(
    session: Session, ledger: LedgerTables, writes: Iterable[BulkWrite], *, author: Author, clock: Clock
) -> None:
    """Write what goes beside the enterprises of an import, after them; the ledger's lock is held already."""
    if not _is_active(session, author.unit):
        return
    remaining = iter(writes)
    while batch := list(islice(remaining, _BATCH)):
        planner = Planner(session, ledger, today=clock.today())
        directs = [Direct(each.key, _step_of_bulk(each)) for each in batch]
        if _plan_directs(planner, session, ledger, directs, unit=author.unit, written=True):
            execute(session, ledger, planner.plan, author=author, clock=clock)


def beside_undoing(call: RecordCall, imported: Iterable[Entry], *, unit: str | None, first: int) -> None:
    """Write what goes beside taking an import back, after it: its unit's claims are what they were before."""
    remaining = iter(imported)
    while batch := list(islice(remaining, _BATCH)):
        claimed = repository.claimed_fields(call.session, (each.key for each in batch))
        pairs = repository.load_pairs(call.session, call.ledger, claimed)
        planner = Planner(call.session, call.ledger, today=call.clock.today())
        for entry in batch:
            for name in sorted(claimed.get(entry.key, ())):
                pair = pairs[entry.key, name]
                if unit is not None and name in entry.changes:
                    planner.retract(pair, unit, entry.changes[name], entry.effective_on, before=first)
                planner.follow(pair, since=entry.effective_on)
        execute(call.session, call.ledger, planner.plan, author=call.author, clock=call.clock)


class ImportGuard:
    """Tells for the rows of an import which cells others answer for."""

    def __init__(self, session: Session, ledger: LedgerTables, *, unit: str | None) -> None:
        """Find out whether there is anything to guard."""
        self._session = session
        self._ledger = ledger
        self._unit = unit
        self._is_active = repository.has_claims(session)
        self._pairs: repository.Pairs = {}

    def look_up(self, keys: Iterable[str]) -> None:
        """Look up what is claimed about the enterprises of some rows."""
        if self._is_active:
            claimed = repository.claimed_fields(self._session, keys)
            self._pairs = repository.load_pairs(self._session, self._ledger, claimed)

    def find_problem(self, write: BulkWrite) -> tuple[str, FieldProblem] | None:
        """Return the field that a row may not change, and why; None when it may."""
        day = date.fromisoformat(write.effective_on)
        for name, value in write.changes.items():
            pair = self._pairs.get((write.key, name))
            why = None if pair is None else _problem(self._session, trial_of(pair), self._unit, value, day)
            if why is not None:
                return name, why
        return None


def _step(write: Write) -> Step:
    changes = {name: json_value(value) for name, value in write.changes.items()}
    return Step(write.operation, write.effective_on, changes)


def _step_of_bulk(write: BulkWrite) -> Step:
    return Step(write.operation, date.fromisoformat(write.effective_on), write.changes)


def _is_active(session: Session, unit: str | None) -> bool:
    return repository.has_claims(session) or any(unit in units for units in repository.listed_units(session).values())


def _plan_directs(
    planner: Planner,
    session: Session,
    ledger: LedgerTables,
    directs: list[Direct],
    *,
    unit: str | None,
    written: bool,
) -> bool:
    """Plan what goes beside direct writes, which are in the ledger already if `written`; False when nothing does."""
    wanted = _governed(session, directs, unit)
    if not wanted:
        return False
    repository.lock_enterprises(session, wanted)
    pairs = repository.load_pairs(session, ledger, wanted)
    since: dict[tuple[str, str], date] = {}
    problems: list[FieldProblem] = []
    for each in directs:
        for name in wanted.get(each.key, ()):
            pair = pairs[each.key, name]
            if not written:
                pending(pair.own, each.step, stage=DIRECT)
            if not _counts(pair, each.step, unit):
                continue
            day = each.step.effective_on
            since[each.key, name] = min(day, since.get((each.key, name), day))
            if name in each.step.changes:
                why = _claim(planner, session, pair, unit, each.step)
                problems += [why] if why else []
    if problems:
        raise InvalidInput(
            "有的字段由其他单位负责，未作任何改动；请按 errors 核对。",
            "Some fields are answered for by other units, nothing was changed; see `errors`.",
            errors=problems,
        )
    for place, day in sorted(since.items()):
        planner.follow(pairs[place], since=day)
    return bool(since)


def _governed(session: Session, directs: list[Direct], unit: str | None) -> Mapping[str, list[str]]:
    """Return the fields of each enterprise that somebody claims something about, or that the unit answers for."""
    listed = {name for name, units in repository.listed_units(session).items() if unit in units}
    claimed = repository.claimed_fields(session, (each.key for each in directs))
    wanted: dict[str, set[str]] = {}
    for each in directs:
        touched = set(each.step.changes) & CLAIMABLE.keys() & (claimed.get(each.key, set()) | listed)
        if "state" in each.step.changes:
            touched |= claimed.get(each.key, set())
        if touched:
            wanted.setdefault(each.key, set()).update(touched)
    return {key: sorted(names) for key, names in wanted.items()}


def _counts(pair: Pair, step: Step, unit: str | None) -> bool:
    """Say whether a write has to do with what is claimed: claims are there, or it is the first."""
    if pair.claims:
        return pair.field in step.changes or "state" in step.changes
    steward = steward_on(pair.stewards, step.effective_on)
    return step.changes.get(pair.field) is not None and steward is not None and unit in steward.order


def _claim(planner: Planner, session: Session, pair: Pair, unit: str | None, step: Step) -> FieldProblem | None:
    value = step.changes[pair.field]
    why = _problem(session, trial_of(pair), unit, value, step.effective_on)
    if why is None and unit is not None:
        planner.say(pair, Said(pair.enterprise, pair.field, unit, value, step.effective_on))
    return why


def _problem(session: Session, trial: Pair, unit: str | None, value: Any, day: date) -> FieldProblem | None:
    """Return why a unit may not give a field a value directly: its own is not the one that would be in force."""
    label = label_of(trial.field)
    if unit is None:
        return FieldProblem(
            f"/{trial.field}",
            f"“{label}”已有部门数据，而您的账号不属于任何机构；请用 PUT /v1/claims 注明来源单位提交",
            "departments have claimed something here and you belong to no unit; name the source in PUT /v1/claims",
        )
    say(trial, unit, value, day)
    found = in_force(trial, day)
    if value_text(found.value) == value_text(value):
        return None
    steward = steward_on(trial.stewards, day)
    names = repository.unit_names(session, [found.unit, steward.steward if steward else None])
    owner = names.get(steward.steward, steward.steward) if steward else "县级办公室"
    source = names.get(found.unit or "", found.unit or "–")
    shown = value_text(found.value)
    return FieldProblem(
        f"/{trial.field}",
        f"“{label}”由{owner}负责，生效值为 {shown}（来自{source}）；请勿直接修改，本单位数据请用 PUT /v1/claims 提交",
        f"{owner} answers for this field, {shown} from {source} is in force; say what you know by PUT /v1/claims",
    )


def _plan_stewards(call: RecordCall, planner: Planner, writes: list[Write]) -> None:
    """Bring everything into step with a change of who answers for a field."""
    fields = repository.fields_of_stewards(call.session)
    for write in writes:
        name = write.changes.get("field") or fields[write.key]
        keys = repository.enterprises_with_claims(call.session, name)
        repository.lock_enterprises(call.session, keys)
        pairs = repository.load_pairs(call.session, call.ledger, {key: [name] for key in keys})
        for pair in pairs.values():
            records = {key: list(entries) for key, entries in pair.stewards.items()}
            pending(records.setdefault(write.key, []), _step(write), stage=DIRECT)
            pair.stewards = records
            planner.follow(pair, since=write.effective_on)

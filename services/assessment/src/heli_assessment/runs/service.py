"""Making and reading runs: pull the facts, read the records, score, store once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from heli_assessment.access import Units
from heli_assessment.activities.models import ACTIVITY
from heli_assessment.marks.models import MARK
from heli_assessment.rulebooks.service import StoredVersion, get_version, planned
from heli_assessment.runs.repository import Run, add_run, find_run, find_score, list_runs, page_of_scores
from heli_assessment.tasks.models import TASK
from heli_shared.contracts.errors import PeerError, Refused
from heli_shared.db.engine import transaction
from heli_shared.db.types import instant_text
from heli_shared.kernel.errors import BadRequest, Conflict, FieldProblem, InvalidInput, NotFound
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import by_key
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Moment, Record, iterate_as_of, record_of_fold

if TYPE_CHECKING:
    from heli_assessment.intake.domain import RegistryFacts
    from heli_assessment.runs.domain import Pins, SubjectResult


_LAST_POSITION = 10**12


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is asked to be; None leaves the choice to the service (newest version, today, heads)."""

    rulebook: str
    version: int | None
    on: date | None
    period_from: date | None
    registry_known_at: int | None
    records_known_at: int | None


class RunService:
    """Makes and reads runs; `pull` asks the registry for the facts of a day."""

    def __init__(
        self,
        engine: sa.Engine,
        units: Units,
        *,
        pull: "Callable[[date, int | None], RegistryFacts]",
        registry_down: Callable[[], Exception],
    ) -> None:
        """Store runs in the database of `engine`; `registry_down` makes the refusal when the registry is."""
        self._engine = engine
        self._units = units
        self._pull = pull
        self._registry_down = registry_down

    def create(self, call: RecordCall, request: RunRequest) -> tuple[Run, bool]:
        """Return the run of these pins and whether it is new; the same pins name the same run, with the same bytes.

        The call's own transaction only reads: the registry is asked while no lock is held.
        """
        from heli_assessment.runs.domain import digest_of

        on, period_from = _period(call, request)
        version = get_version(call, request.rulebook, request.version)
        records_known_at = _records_known_at(call, request)
        facts = self._facts(on, request.registry_known_at)
        pins = _pins(call, version, facts, on=on, period_from=period_from, records_known_at=records_known_at)
        results = self._score(call, version, facts, pins)
        digest = digest_of(pins, results)
        earlier = find_run(call.session, pins.run_id())
        if earlier is not None:
            return _same(earlier, digest), False
        run = Run(pins.run_id(), pins, len(results), digest, call.clock.now(), call.principal.id)
        return self._store(run, results)

    def _facts(self, on: date, known_at: int | None) -> "RegistryFacts":
        try:
            return self._pull(on, known_at)
        except Refused as error:
            if known_at is None or error.status != BadRequest.status:
                raise self._registry_down() from error
            beyond = FieldProblem("/known_at/registry", "超出了登记台账的最后序号", "lies beyond the registry's ledger")
            raise InvalidInput("known_at 有误。", "known_at is not valid.", errors=[beyond]) from error
        except (PeerError, FileNotFoundError) as error:
            raise self._registry_down() from error

    def _score(
        self, call: RecordCall, version: StoredVersion, facts: "RegistryFacts", pins: "Pins"
    ) -> "list[SubjectResult]":
        from heli_assessment.measures.values import Period, gather, values_of
        from heli_assessment.runs.domain import score_subjects

        if not facts.departments:
            raise Conflict(
                "登记服务中没有成员单位（department），无法考核。", "The registry has no departments: nobody to score."
            )
        evidence = gather(
            period=Period(date.fromisoformat(pins.period_from), facts.on),
            rulebook=pins.rulebook,
            facts=facts,
            activities=_records(call, ACTIVITY, pins),
            tasks=_records(call, TASK, pins),
            marks=_dated_marks(call, pins),
        )
        plan = planned(version.body)
        values = [values_of(subject.id, plan.keys, evidence) for subject in facts.departments]
        return score_subjects(plan, facts.departments, values)

    def _store(self, run: Run, results: "list[SubjectResult]") -> tuple[Run, bool]:
        try:
            with transaction(self._engine, writes=True) as session:
                add_run(session, run, results)
        except IntegrityError:
            # Somebody else made the same run meanwhile: it is theirs, and it must be the same.
            with transaction(self._engine, writes=False) as session:
                earlier = find_run(session, run.id)
            if earlier is None:
                raise
            return _same(earlier, run.digest), False
        return run, True

    def get(self, call: RecordCall, run: str) -> Run:
        """Return a run; NotFound when there is none."""
        found = find_run(call.session, run)
        if found is None:
            raise NotFound(f"没有编号为 {run} 的考核运行。", f"There is no run {run}.")
        return found

    def list(self, call: RecordCall, *, cursor: str | None, limit: int) -> Page[Run]:
        """Return a page of runs, the newest first."""
        after = None
        if cursor:
            stamp, run = decode_cursor(cursor, str, str)
            try:
                after = (datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC), run)
            except ValueError as error:
                raise _bad_cursor() from error
        runs, total, more = list_runs(call.session, after=after, limit=limit)
        following = encode_cursor(instant_text(runs[-1].created_at), runs[-1].id) if more else None
        return Page(runs, following, total)

    def scores(self, call: RecordCall, run: str, *, cursor: str | None, limit: int) -> "Page[SubjectResult]":
        """Return a page of a run's lines that the caller may see, best rank first."""
        self.get(call, run)
        after = decode_cursor(cursor, int)[0] if cursor else 0
        if not 0 <= after <= _LAST_POSITION:
            raise _bad_cursor()
        results, total, more = page_of_scores(call.session, run, only=self._seen(call), after=after, limit=limit)
        return Page(results, encode_cursor(results[-1].position) if more else None, total)

    def explanation(self, call: RecordCall, run: str, subject: str) -> dict[str, Any]:
        """Return one subject's score with everything that explains it; NotFound outside the caller's scope."""
        from heli_assessment.engine.explaining import explain
        from heli_assessment.measures.domain import catalogue, measure_labels
        from heli_assessment.runs.domain import explanation_json, stored_inputs

        stored = self.get(call, run)
        result = find_score(call.session, run, subject)
        seen = self._seen(call)
        if result is None or (seen is not None and subject not in seen):
            raise NotFound(
                f"该次考核中没有单位 {subject}，或您无权查看。",
                f"There is no unit {subject} in this run, or you may not see it.",
            )
        version = get_version(call, stored.pins.rulebook, stored.pins.version)
        values = stored_inputs(result.inputs)
        row = {key: value.input for key, value in values.items()}
        told = explain(planned(version.body), row, result.group, labels=measure_labels(catalogue()))
        return explanation_json(run, result, told, values=values)

    def _seen(self, call: RecordCall) -> frozenset[str] | None:
        scope = call.principal.scope
        return None if scope.everything else self._units.units_in(scope)


def _bad_cursor() -> BadRequest:
    return BadRequest("游标无效，请从第一页重新读取。", "The cursor is not valid; read again from the first page.")


def _period(call: RecordCall, request: RunRequest) -> tuple[date, date]:
    today = call.clock.today()
    on = request.on or today
    first = request.period_from or date(on.year, 1, 1)
    problems = []
    if on > today:
        problems.append(FieldProblem("/on", f"不能晚于今天 {today}", f"must not lie after today, {today}"))
    if first > on:
        problems.append(FieldProblem("/period_from", "不能晚于 on", "must not lie after `on`"))
    if problems:
        raise InvalidInput("考核日期有误。", "The days of the run are not valid.", errors=problems)
    return on, first


def _records_known_at(call: RecordCall, request: RunRequest) -> int:
    head = read_head(call.session, call.ledger).seq
    if request.records_known_at is not None and request.records_known_at > head:
        beyond = FieldProblem("/known_at/records", "超出了本服务台账的最后序号", "lies beyond this service's ledger")
        raise InvalidInput("known_at 有误。", "known_at is not valid.", errors=[beyond])
    return head if request.records_known_at is None else request.records_known_at


def _pins(
    call: RecordCall,
    version: StoredVersion,
    facts: "RegistryFacts",
    *,
    on: date,
    period_from: date,
    records_known_at: int,
) -> "Pins":
    from heli_assessment.runs.domain import Pins

    return Pins(
        rulebook=version.id,
        version=version.number,
        digest=version.digest,
        on=on.isoformat(),
        period_from=period_from.isoformat(),
        registry_epoch=facts.epoch,
        registry_known_at=facts.known_at,
        records_epoch=read_head(call.session, call.ledger).epoch,
        records_known_at=records_known_at,
    )


def _records(call: RecordCall, kind: RecordKind, pins: "Pins") -> Iterable[Record]:
    moment = Moment(date.fromisoformat(pins.on), pins.records_known_at)
    return iterate_as_of(call.session, call.ledger, kind, moment)


def _dated_marks(call: RecordCall, pins: "Pins") -> Iterator[dict[str, Any]]:
    """Yield marks with `marked_on`: the day from which the value in force holds."""
    on, known_at = date.fromisoformat(pins.on), pins.records_known_at
    for key, entries in by_key(call.session, call.ledger, MARK.entity, on=on, known_at=known_at):
        mark = fold(entries)
        if mark is not None:
            days = [entry.effective_on for entry in entries if "value" in entry.changes]
            yield {**record_of_fold(MARK, key, mark), "marked_on": max(days).isoformat()}


def _same(earlier: Run, digest: str) -> Run:
    if earlier.digest != digest:
        raise Conflict(
            "同样的输入得出了不同的结果：台账或考核引擎已被改动，请联系管理员核查。",
            "The same inputs gave another result: the ledger or the engine was changed; have it looked into.",
            data={"run": earlier.id},
        )
    return earlier

"""Making and reading runs: pull the facts, read the records, score, store once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from heli_assessment.access import Units
from heli_assessment.intake.domain import Reach
from heli_assessment.newest import position_of
from heli_assessment.rulebooks.service import (
    StoredVersion,
    get_version,
    planned,
    published_version,
    scores_wanted,
)
from heli_assessment.runs.repository import Run, add_run, find_run, find_score, latest_run, list_runs, page_of_scores
from heli_assessment.samples.service import get_sample
from heli_shared.db.engine import transaction
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput, NotFound
from heli_shared.kernel.pages import Page, encode_cursor
from heli_shared.kernel.text import cut
from heli_shared.ledger.appending import read_head
from heli_shared.records.calls import RecordCall

if TYPE_CHECKING:
    from heli_assessment.engine.plan import ScoringPlan
    from heli_assessment.intake.domain import Row
    from heli_assessment.measures.values import Period
    from heli_assessment.runs.computing import Asked, Computed, Computer
    from heli_assessment.runs.domain import Pins, SubjectResult


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is asked to be; None leaves the choice to the service (published version, today, heads, latest runs).

    `window` scores one slice of the year alone; `scores` names the runs whose scores are converted, `samples` what was
    drawn.
    """

    rulebook: str
    version: int | None
    on: date | None
    period_from: date | None
    registry_known_at: int | None
    records_known_at: int | None
    window: str | None = None
    scores: tuple[str, ...] | None = None
    samples: tuple[str, ...] = ()


class RunService:
    """Makes and reads runs."""

    def __init__(self, engine: sa.Engine, units: Units, computer: "Callable[[], Computer]") -> None:
        """Store runs in the database of `engine`; `computer` makes what computes them, when the first one is made."""
        self._engine = engine
        self._units = units
        self._computer = computer

    def create(self, call: RecordCall, request: RunRequest) -> tuple[Run, bool]:
        """Return the run of these pins and whether it is new; the same pins name the same run, with the same bytes.

        The call's own transaction only reads: the registry is asked while no lock is held.
        """
        from heli_assessment.runs.domain import digest_of

        asked = self.asked(call, request)
        version = version_to_score(call, request.rulebook, request.version, on=asked.on)
        plan = planned(version.body, request.window)
        asked = self.with_scores(call, plan, request.scores, asked)
        computed = self._computer().compute(call, plan, asked)
        pins = _pins(call, version, computed, asked, window=request.window)
        results = computed.results
        digest = digest_of(pins, results)
        earlier = find_run(call.session, pins.run_id())
        if earlier is not None:
            return _same(earlier, digest), False
        run = Run(
            pins.run_id(), pins, len(results.lines), digest, call.clock.now(), call.principal.id,
            {"standings": results.standings, "cuts": list(results.cuts)},
        )  # fmt: skip
        return self._store(run, results.lines)

    def asked(self, call: RecordCall, request: RunRequest) -> "Asked":
        """Return what a request computes from, the samples looked up; InvalidInput where days or seqs make no sense."""
        from heli_assessment.runs.computing import Asked

        on, period_from = _period(call, request)
        samples = tuple(get_sample(call, sample) for sample in request.samples)
        for sample in samples:
            if sample.rulebook != request.rulebook:
                other = FieldProblem(
                    "/samples", f"“{sample.id}”属于别的考核细则", f"{sample.id} is of another rulebook"
                )
                raise InvalidInput("抽查有误。", "The sample is not valid.", errors=[other])
        return Asked(
            on=on,
            period_from=period_from,
            registry_known_at=request.registry_known_at,
            records_known_at=_records_known_at(call, request),
            marks_of=request.rulebook,
            samples=samples,
        )

    def with_scores(
        self, call: RecordCall, plan: "ScoringPlan", named: tuple[str, ...] | None, asked: "Asked"
    ) -> "Asked":
        """Return what is asked with the runs whose scores are read, of this year and of earlier ones.

        They are those that are named, or of each scheme the latest of a published version in the year's period.
        """
        wanted = [(scheme, years, asked.years_before(years)) for scheme, years in scores_wanted(plan.book)]
        if named is None:
            latest = [
                (years, latest_run(call.session, scheme, first=period.first, last=period.last))
                for scheme, years, period in wanted
            ]
            found = [(years, run) for years, run in latest if run is not None]
        else:
            found = [
                (years, run) for run in (self.get(call, each) for each in named) for years in _years_of(run, wanted)
            ]
        by_year: dict[int, dict[str, Run]] = {}
        for years, run in found:
            by_year.setdefault(years, {})[run.id] = run
        now = tuple(by_year.pop(0, {}).values())
        return replace(asked, scores=now, earlier={years: tuple(runs.values()) for years, runs in by_year.items()})

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
        return list_runs(call.session, cursor=cursor, limit=limit)

    def scores(self, call: RecordCall, run: str, *, cursor: str | None, limit: int) -> "Page[SubjectResult]":
        """Return a page of a run's lines that the caller may see, best rank first."""
        self.get(call, run)
        after = position_of(cursor)
        results, total, more = page_of_scores(call.session, run, reach=self.reach(call), after=after, limit=limit)
        return Page(results, encode_cursor(results[-1].position) if more else None, total)

    def explanation(self, call: RecordCall, run: str, subject: str) -> dict[str, Any]:
        """Return one subject's score with everything that explains it; NotFound outside the caller's scope."""
        from heli_assessment.engine.explaining import explain
        from heli_assessment.engine.standings import others_of, stored_standings
        from heli_assessment.measures.domain import catalogue, measure_labels
        from heli_assessment.runs.domain import explanation_json, stored_inputs

        stored, result = self._line(call, run, subject)
        version = get_version(call, stored.pins.rulebook, stored.pins.version)
        values = stored_inputs(result.inputs)
        row = {key: value.input for key, value in values.items()}
        plan = planned(version.body, stored.pins.window)
        others = others_of(stored_standings(stored.standings), plan, row, plan.group_index(result.group))
        told = explain(plan, row, result.group, labels=measure_labels(catalogue()), others=others)
        drawn = [get_sample(call, sample).drawn() for sample in stored.pins.samples]
        return explanation_json(
            run,
            result,
            told,
            values=values,
            known_at=stored.pins.registry_known_at,
            drawn={item: ids for each in drawn for (whose, item), ids in each.items() if whose == subject},
        )

    def rows(
        self, call: RecordCall, run: str, subject: str, *, measure: str, cursor: str | None, limit: int
    ) -> "tuple[Page[Row], int]":
        """Return a page of the records behind one value that the caller may see, and how many lie outside.

        They are read anew as of the run's day and seqs. NotFound for a value that is not read or has no records.
        """
        from heli_assessment.measures.domain import LISTED

        stored, result = self._line(call, run, subject)
        if measure not in result.inputs or result.inputs[measure][2] not in LISTED:
            raise NotFound(
                f"该对象的得分没有读取“{cut(measure)}”，或其背后没有可列出的记录。",
                f"The score does not read {cut(measure)}, or no records stand behind it.",
            )
        version = get_version(call, stored.pins.rulebook, stored.pins.version)
        plan = planned(version.body, stored.pins.window)
        computer, asked = self._computer(), _asked_by(stored.pins)
        found = computer.rows(call, plan, asked, subject=subject, key=measure)
        if found.epoch != stored.pins.registry_epoch:
            raise Conflict(
                "登记台账已从备份恢复，这次考核所依据的记录无法再列出。",
                "The registry's ledger was restored since: the records of this run cannot be listed any more.",
            )
        reach = self.reach(call)
        seen = [row for row in found.rows if reach is None or reach.holds(row.key, row.place)]
        after = position_of(cursor)
        page = seen[after : after + limit]
        following = encode_cursor(after + limit) if after + limit < len(seen) else None
        return Page(page, following, len(seen)), len(found.rows) - len(seen)

    def _line(self, call: RecordCall, run: str, subject: str) -> "tuple[Run, SubjectResult]":
        """Return a run and a subject's line in it; NotFound outside the caller's scope."""
        stored = self.get(call, run)
        result = find_score(call.session, run, subject)
        reach = self.reach(call)
        if result is None or not (reach is None or reach.holds(subject, result.place)):
            raise NotFound(
                f"该次考核中没有考核对象 {subject}，或您无权查看。",
                f"There is no subject {subject} in this run, or you may not see it.",
            )
        return stored, result

    def reach(self, call: RecordCall) -> Reach | None:
        """Return what the caller may see, None for everything."""
        scope = call.principal.scope
        return None if scope.everything else self._units.reach(scope)


def _period(call: RecordCall, request: RunRequest) -> tuple[date, date]:
    from heli_assessment.engine.windows import WINDOWS

    today = call.clock.today()
    on = request.on or today
    first = request.period_from or date(on.year, WINDOWS[request.window].first if request.window else 1, 1)
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
    call: RecordCall, version: StoredVersion, computed: "Computed", asked: "Asked", *, window: str | None
) -> "Pins":
    from heli_assessment.runs.domain import Pins

    return Pins(
        rulebook=version.id,
        version=version.number,
        digest=version.digest,
        on=asked.on.isoformat(),
        period_from=asked.period_from.isoformat(),
        registry_epoch=computed.epoch,
        registry_known_at=computed.registry_known_at,
        records_epoch=read_head(call.session, call.ledger).epoch,
        records_known_at=asked.records_known_at,
        window=window,
        scores=tuple(sorted({run.id for run in asked.runs()})),
        samples=tuple(sorted(sample.id for sample in asked.samples)),
        draft=version.publication is None,
    )


def _asked_by(pins: "Pins") -> "Asked":
    """Return what a run was computed from, for reading the records behind a value again."""
    from heli_assessment.runs.computing import Asked

    return Asked(
        on=date.fromisoformat(pins.on),
        period_from=date.fromisoformat(pins.period_from),
        registry_known_at=pins.registry_known_at,
        records_known_at=pins.records_known_at,
        marks_of=pins.rulebook,
    )


def version_to_score(call: RecordCall, rulebook: str, number: int | None, *, on: date) -> StoredVersion:
    """Return the version that is named, else the one in force on a day, else the newest: a draft that is tried."""
    in_force = published_version(call, rulebook, on=on) if number is None else None
    return in_force or get_version(call, rulebook, number)


def _years_of(run: Run, wanted: "list[tuple[str, int, Period]]") -> list[int]:
    """Return for how many years before a named run is read; InvalidInput where it is of no use here.

    This year's score of another scheme is read whatever the day of the run; earlier years by their period.
    """
    of_scheme = [(years, period) for scheme, years, period in wanted if scheme == run.pins.rulebook]
    earlier = [years for years, period in of_scheme if years and period.holds(run.pins.on)]
    found = earlier or [years for years, _ in of_scheme if not years]
    if not found:
        zh = f"本细则不读“{run.pins.rulebook}”在 {run.pins.on} 的结果"
        unread = FieldProblem("/scores", zh, f"{run.id} is not read here")
        raise InvalidInput("折算来源有误。", "The runs to convert are not valid.", errors=[unread])
    return found


def _same(earlier: Run, digest: str) -> Run:
    if earlier.digest != digest:
        raise Conflict(
            "同样的输入得出了不同的结果：台账或考核引擎已被改动，请联系管理员核查。",
            "The same inputs gave another result: the ledger or the engine was changed; have it looked into.",
            data={"run": earlier.id},
        )
    return earlier

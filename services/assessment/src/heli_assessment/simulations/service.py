"""Trying a draft on everybody, and publishing what was tried."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from heli_assessment.newest import position_of
from heli_assessment.rulebooks.service import (
    StoredVersion,
    get_version,
    lock_rulebook,
    mark_published,
    planned,
    published_version,
    versions_of,
)
from heli_assessment.runs.service import RunRequest, RunService
from heli_shared.db.engine import transaction
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput, NotFound
from heli_shared.kernel.pages import Page, encode_cursor
from heli_shared.ledger.appending import read_head
from heli_shared.records.calls import RecordCall

if TYPE_CHECKING:
    from heli_assessment.runs.computing import Asked, Computed, Computer
    from heli_assessment.simulations.domain import Line, Simulation


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """What to try: a draft's text, or a stored version; None leaves the choice to the service."""

    rulebook: str
    draft: str | None
    version: int | None
    against: int | None
    on: date | None
    period_from: date | None
    registry_known_at: int | None
    records_known_at: int | None
    last_year: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    version: int | None
    body: str
    digest: str


@dataclass(frozen=True, slots=True)
class _Compared:
    """The lines of one year, what the draft was computed from, and the runs whose scores were read."""

    lines: "list[Line]"
    computed: "Computed"
    scores: list[str]


class SimulationService:
    """Makes, reads and publishes on simulations."""

    def __init__(self, engine: sa.Engine, runs: RunService, computer: "Callable[[], Computer]") -> None:
        """Store simulations in the database of `engine`; `computer` makes what computes them."""
        self._engine = engine
        self._runs = runs
        self._computer = computer

    def create(self, call: RecordCall, request: SimulationRequest) -> "tuple[Simulation, bool]":
        """Return the simulation and whether it is new; the same draft on the same data is the same simulation."""
        from heli_assessment.simulations.domain import Simulation, as_kept, digest_of, simulation_id, summary

        draft = self._draft(call, request)
        against = self._against(call, request, draft)
        asked = self._runs.asked(call, _run_request(request))
        computer = self._computer()
        now = self._compared(call, computer, draft, against, asked=asked)
        computed = now.computed
        asked = replace(asked, registry_known_at=computed.registry_known_at)
        years: dict[str, list[Line]] = {"now": now.lines}
        if request.last_year:
            years |= self._last_year(call, computer, draft, against, asked=asked)
        pins = {
            "rulebook": request.rulebook,
            "draft": draft.digest,
            "against": None if against is None else against.digest,
            "on": asked.on.isoformat(),
            "period_from": asked.period_from.isoformat(),
            "registry": {"epoch": computed.epoch, "known_at": computed.registry_known_at},
            "records": {"epoch": read_head(call.session, call.ledger).epoch, "known_at": asked.records_known_at},
            "scores": now.scores,
            "last_year": request.last_year,
        }
        digest = digest_of(pins, years)
        simulation = Simulation(
            id=simulation_id(digest),
            rulebook=request.rulebook,
            draft_version=draft.version,
            draft_digest=draft.digest,
            draft_body=draft.body,
            against=None if against is None else against.number,
            pins=pins,
            summaries=as_kept({year: summary(lines) for year, lines in years.items()}),
            digest=digest,
            created_at=call.clock.now(),
            created_by=call.principal.id,
        )
        return self._store(simulation, years)

    def _draft(self, call: RecordCall, request: SimulationRequest) -> _Draft:
        from heli_assessment.rulebooks.uploading import check_upload

        if request.draft is None:
            stored = get_version(call, request.rulebook, request.version)
            return _Draft(stored.number, stored.body, stored.digest)
        checked = check_upload(request.draft, is_json=request.draft.lstrip().startswith("{"))
        if checked.book.id != request.rulebook:
            zh, en = f"应与 rulebook“{request.rulebook}”一致", f"must be {request.rulebook}, the rulebook that is tried"
            wrong = FieldProblem("/draft/id", zh, en)
            raise InvalidInput("草案的编号有误。", "The draft's id is not the rulebook's.", errors=[wrong])
        return _Draft(None, checked.body, checked.digest)

    def _against(self, call: RecordCall, request: SimulationRequest, draft: _Draft) -> StoredVersion | None:
        """Return the rules before: those named, or the published ones, or the newest other version, or none."""
        if request.against is not None:
            return get_version(call, request.rulebook, request.against)
        try:
            versions = versions_of(call, request.rulebook)
        except NotFound:
            return None
        others = [each for each in versions if each.digest != draft.digest]
        return published_version(call, request.rulebook, on=date.max) or (others[-1] if others else None)

    def _compared(
        self, call: RecordCall, computer: "Computer", draft: _Draft, against: StoredVersion | None, *, asked: "Asked"
    ) -> "_Compared":
        from heli_assessment.simulations.domain import compared

        plan = planned(draft.body)
        asked = self._runs.with_scores(call, plan, None, asked)
        after = computer.compute(call, plan, asked)
        before, read = None, {run.id for run in asked.runs()}
        if against is not None:
            plan = planned(against.body)
            asked = self._runs.with_scores(call, plan, None, asked)
            read |= {run.id for run in asked.runs()}
            pinned = replace(asked, registry_known_at=after.registry_known_at)
            before = computer.compute(call, plan, pinned).results
        return _Compared(compared(after.subjects, before, after.results), after, sorted(read))

    def _last_year(
        self, call: RecordCall, computer: "Computer", draft: _Draft, against: StoredVersion | None, *, asked: "Asked"
    ) -> "dict[str, list[Line]]":
        """Return the lines of a year ago, as it is known now; nothing where nobody was there to be scored."""
        from heli_assessment.engine.windows import MONTHS_IN_YEAR, months_before

        earlier = replace(
            asked,
            on=months_before(asked.on, MONTHS_IN_YEAR),
            period_from=months_before(asked.period_from, MONTHS_IN_YEAR),
        )
        try:
            return {"last_year": self._compared(call, computer, draft, against, asked=earlier).lines}
        except Conflict:
            return {}

    def _store(self, simulation: "Simulation", years: "dict[str, list[Line]]") -> "tuple[Simulation, bool]":
        from heli_assessment.simulations.repository import add_simulation, find_simulation

        with transaction(self._engine, writes=False) as session:
            earlier = find_simulation(session, simulation.id)
        if earlier is not None:
            return earlier, False
        try:
            with transaction(self._engine, writes=True) as session:
                add_simulation(session, simulation, years)
        except IntegrityError:
            # Somebody else tried the same meanwhile: it is theirs.
            with transaction(self._engine, writes=False) as session:
                earlier = find_simulation(session, simulation.id)
            if earlier is None:
                raise
            return earlier, False
        return simulation, True

    def lines(
        self, call: RecordCall, simulation: str, year: str, *, cursor: str | None, limit: int
    ) -> Page[dict[str, Any]]:
        """Return a page of lines that the caller may see, the greatest loss first."""
        from heli_assessment.simulations.repository import page_of_lines

        get_simulation(call, simulation)
        after = position_of(cursor)
        reach = self._runs.reach(call)
        lines, total, more = page_of_lines(call.session, simulation, year, reach=reach, after=after, limit=limit)
        return Page([line for _, line in lines], encode_cursor(lines[-1][0]) if more else None, total)

    def publish(self, call: RecordCall, key: str, number: int, *, simulation: str, digest: str) -> StoredVersion:
        """Publish a version of a rulebook on the simulation that tried exactly it against what is in force."""
        lock_rulebook(call, key)
        version = get_version(call, key, number)
        found = get_simulation(call, simulation)
        _check_digest(found, version, digest)
        published = _last_published(call, key)
        if published is not None and published.number == number:
            return published
        if published is not None and found.against != published.number:
            raise Conflict(
                f"模拟所对照的不是现行的第 {published.number} 版：请对照现行版本重新模拟。",
                f"The simulation was not made against version {published.number}, which is in force: make it again.",
            )
        mark_published(call, key, number, found.id)
        return get_version(call, key, number)


def get_simulation(call: RecordCall, simulation: str) -> "Simulation":
    """Return a simulation; NotFound when there is none."""
    from heli_assessment.simulations.repository import find_simulation

    found = find_simulation(call.session, simulation)
    if found is None:
        raise NotFound(f"没有编号为 {simulation} 的模拟。", f"There is no simulation {simulation}.")
    return found


def page_of_simulations(call: RecordCall, *, cursor: str | None, limit: int) -> "Page[Simulation]":
    """Return a page of simulations, the newest first."""
    from heli_assessment.simulations.repository import list_simulations

    return list_simulations(call.session, cursor=cursor, limit=limit)


def _last_published(call: RecordCall, key: str) -> StoredVersion | None:
    ready = [each for each in versions_of(call, key) if each.publication]
    return max(ready, key=lambda each: each.publication.seq if each.publication else 0, default=None)


def _check_digest(simulation: "Simulation", version: StoredVersion, digest: str) -> None:
    problems = []
    if simulation.digest != digest:
        zh, en = "与该模拟的摘要不符", "is not the digest of that simulation"
        problems.append(FieldProblem("/digest", zh, en))
    if simulation.rulebook != version.id or simulation.draft_digest != version.digest:
        zh = f"该模拟试算的不是第 {version.number} 版的内容"
        problems.append(FieldProblem("/simulation", zh, f"did not try the content of version {version.number}"))
    if problems:
        raise InvalidInput(
            "发布须凭对同一内容的模拟。", "Publishing needs the simulation of the same content.", errors=problems
        )


def _run_request(request: SimulationRequest) -> RunRequest:
    return RunRequest(
        rulebook=request.rulebook,
        version=None,
        on=request.on,
        period_from=request.period_from,
        registry_known_at=request.registry_known_at,
        records_known_at=request.records_known_at,
    )

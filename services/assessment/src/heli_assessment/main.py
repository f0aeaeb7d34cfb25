"""The composition root: everything assessment needs is made here and handed down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog
from fastapi import FastAPI

from heli_assessment.activities.service import activities_resource
from heli_assessment.alarms.endpoints import alarms_router
from heli_assessment.appeals.endpoints import appeal_router
from heli_assessment.appeals.service import AppealService, appeals_resource
from heli_assessment.archives.endpoints import archive_router
from heli_assessment.archives.service import ArchiveService
from heli_assessment.attachments.endpoints import FORM_BYTES, attachments_router
from heli_assessment.attachments.service import attachments_resource
from heli_assessment.attachments.storage import Shelf
from heli_assessment.calls import open_calls
from heli_assessment.cycles.endpoints import cycle_router
from heli_assessment.cycles.locking import lock_periods
from heli_assessment.cycles.notice_endpoints import notice_router
from heli_assessment.cycles.service import CYCLES, DELEGATIONS, SPOT_CHECKS, CycleService, entries_resource
from heli_assessment.cycles.turns import Helpers
from heli_assessment.duty.endpoints import duty_router
from heli_assessment.duty.service import duty_marks_resource, duty_reports_resource, sessions_resource
from heli_assessment.evaluations.endpoints import evaluation_router
from heli_assessment.evaluations.models import REPRESENTATIVE_EVALUATION
from heli_assessment.evaluations.service import EVALUATIONS
from heli_assessment.evaluations.service import reopen as reopen_evaluation
from heli_assessment.funds.endpoints import fund_router
from heli_assessment.funds.service import funds_of
from heli_assessment.imports.endpoints import UPLOAD_LIMIT, imports_router
from heli_assessment.imports.service import ImportDesk
from heli_assessment.incentives.endpoints import incentive_router
from heli_assessment.incentives.models import INCENTIVE
from heli_assessment.incentives.service import INCENTIVES
from heli_assessment.incentives.service import reopen as reopen_incentive
from heli_assessment.inspections.endpoints import orders_router
from heli_assessment.inspections.service import orders_resource
from heli_assessment.intake.directory import Directory, registry_down
from heli_assessment.intake.subjects import Subjects
from heli_assessment.letters.endpoints import letters_router
from heli_assessment.letters.service import letters_resource
from heli_assessment.marks.service import marks_resource
from heli_assessment.measures.endpoints import measure_router
from heli_assessment.migrating import migrate_assessment
from heli_assessment.objections.endpoints import objection_router
from heli_assessment.objections.service import ObjectionService, objections_resource
from heli_assessment.opinions.asking import facts_of
from heli_assessment.opinions.endpoints import opinion_router
from heli_assessment.opinions.models import LINKAGE_OPINION
from heli_assessment.opinions.service import OPINIONS, OpinionService
from heli_assessment.opinions.service import reopen as reopen_opinion
from heli_assessment.plans.service import plans_resource
from heli_assessment.progress.endpoints import progress_router
from heli_assessment.progress.service import reports_resource
from heli_assessment.progress.summing import sum_parents
from heli_assessment.rulebooks.endpoints import rulebook_router
from heli_assessment.rulebooks.service import RULEBOOKS
from heli_assessment.runs.endpoints import run_router
from heli_assessment.runs.service import RunService
from heli_assessment.samples.endpoints import sample_router
from heli_assessment.samples.service import SampleService
from heli_assessment.settings import Settings
from heli_assessment.simulations.endpoints import simulation_router
from heli_assessment.simulations.service import SimulationService
from heli_assessment.targets.service import targets_resource
from heli_assessment.tasks.endpoints import tasks_router
from heli_assessment.tasks.service import tasks_resource
from heli_shared.contracts.credentials import ClientCredentials
from heli_shared.contracts.ledger_client import HttpLedger
from heli_shared.contracts.peer import Patience, Peer, open_http
from heli_shared.contracts.registry.client import HttpRegistry, RegistryClient
from heli_shared.db.engine import make_engine
from heli_shared.db.revisions import database_check
from heli_shared.kernel.clock import Clock, SystemClock
from heli_shared.records.endpoints import record_router
from heli_shared.records.exports import export_router
from heli_shared.records.feed import feed_router
from heli_shared.typesetting import chinese_family
from heli_shared.web.app import create_app
from heli_shared.web.remote_principals import RemotePrincipals

if TYPE_CHECKING:
    from heli_assessment.intake.asking import FactSource
    from heli_assessment.intake.domain import RegistryFacts, Wanted
    from heli_assessment.runs.computing import Computer

CLIENT_ID = "assessment"
DESCRIPTION = (
    "What was done, and how well: plans, tasks, records, rulebooks and scores that explain themselves. 考核服务"
)
log = structlog.get_logger()
_ASKING = Patience(connect=0.5, read=2.0, total=3.0, attempts=2)
"""Who is asking must be known quickly: a registry that hangs must not make every answer wait."""


def create() -> FastAPI:
    """Return the service with the settings in force."""
    settings = Settings()
    shelf = Shelf(settings.data / "attachments", most=settings.attachment_bytes)
    engine = make_engine(settings.database_url)
    return assemble(engine, connect(settings), clock=SystemClock(), data=settings.data, shelf=shelf)


def migrate() -> None:
    """Bring the database up to date; running it again changes nothing."""
    migrate_assessment(Settings().database_url)


def connect(settings: Settings) -> HttpRegistry:
    """Return the registry at the address of the settings, asked with this service's own token."""
    patience = Patience()
    http = open_http(settings.registry, patience)
    tokens = ClientCredentials(Peer("registry", http), CLIENT_ID, secret=settings.client_secret)
    return HttpRegistry(
        Peer("registry", http, tokens=tokens, patience=patience),
        asker=Peer("registry", http, tokens=tokens, patience=_ASKING),
    )


def assemble(
    engine: sa.Engine, registry: RegistryClient, *, clock: Clock, data: Path = Path(".heli"), shelf: Shelf | None = None
) -> FastAPI:
    """Return the service on a migrated database, beside a registry; attachments and templates lie in `data`."""
    shelf = shelf or Shelf(data / "attachments")
    # Rows are locked before the ledger is: what adds up sums looks at the writes first.
    beside = (sum_parents, lock_periods)
    calls = open_calls(engine, RemotePrincipals(registry, clock=clock), clock, beside=beside)
    units = Directory(registry)
    tasks, reports = tasks_resource(units), reports_resource(units)
    activities = activities_resource(units)
    funds = funds_of(units)
    marks = marks_resource(units, Subjects(units, registry))
    plain = (plans_resource(units), targets_resource(units), activities, marks, *funds.all)
    sessions, duties = sessions_resource(units), duty_reports_resource(units)
    letters, duty_marks = letters_resource(units), duty_marks_resource(units)
    attachments, orders = attachments_resource(units), orders_resource(units)
    desk = ImportDesk({"tasks": tasks, "activities": activities}, units)
    entries, appeals, objections = entries_resource(units), appeals_resource(units), objections_resource(units)
    resources = (
        *plain, tasks, reports, attachments, orders, letters, sessions, duties, RULEBOOKS, CYCLES, entries, DELEGATIONS,
        SPOT_CHECKS, appeals, INCENTIVES, EVALUATIONS, OPINIONS, objections,
    )  # fmt: skip

    def pull(on: date, known_at: int | None, wanted: "Wanted") -> "RegistryFacts":
        from heli_assessment.intake.facts import pull_facts
        from heli_assessment.intake.quality import with_quality

        facts = pull_facts(registry, on=on, known_at=known_at, wanted=wanted)
        return with_quality(registry, facts) if wanted.quality else facts

    def source() -> "FactSource":
        from heli_assessment.intake.asking import FactSource

        return FactSource(pull, registry_down)

    def computer() -> "Computer":
        from heli_assessment.runs.computing import Computer

        return Computer(source())

    runs = RunService(engine, units, computer)
    samples = SampleService(engine, source)
    simulations = SimulationService(engine, runs, computer)
    archives = ArchiveService(runs)
    helpers = Helpers(units, entries, runs, archives.seal)
    doubted = {
        "incentive": (INCENTIVE, reopen_incentive),
        "representative_evaluation": (REPRESENTATIVE_EVALUATION, reopen_evaluation),
        "linkage_opinion": (LINKAGE_OPINION, reopen_opinion),
    }

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if chinese_family() is None:
            log.warning("no_chinese_font", consequence="letters and archives cannot be set as PDF")
        yield
        if isinstance(registry, HttpLedger):
            registry.close()
        engine.dispose()

    app = create_app(
        title="Heli assessment",
        description=DESCRIPTION,
        calls=calls,
        routers=[
            *(record_router(resource) for resource in plain),
            tasks_router(tasks),
            progress_router(reports, tasks),
            imports_router(desk),
            attachments_router(attachments, shelf),
            orders_router(orders, units),
            letters_router(letters, units, data / "templates" / "letter.docx"),
            duty_router(sessions, duties, duty_marks),
            alarms_router(units),
            rulebook_router(),
            measure_router(),
            run_router(runs),
            cycle_router(CycleService(helpers), entries),
            notice_router(units),
            appeal_router(AppealService(helpers, appeals), appeals),
            archive_router(archives),
            fund_router(funds),
            incentive_router(),
            evaluation_router(units),
            opinion_router(OpinionService(facts_of(registry), orders)),
            objection_router(ObjectionService(units.is_working, doubted), objections),
            sample_router(samples, units),
            simulation_router(simulations),
            feed_router({resource.kind.entity: resource for resource in resources}),
            export_router(calls.records, {resource.kind.plural: resource for resource in resources}),
        ],
        checks={"database": database_check(engine, "heli_assessment")},
        lifespan=lifespan,
        upload_limits={"/v1/imports": UPLOAD_LIMIT, "/v1/attachments": shelf.most + FORM_BYTES},
    )
    app.state.directory = units
    return app

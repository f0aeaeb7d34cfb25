"""The reporting service put together: settings in, application out."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import duckdb
import sqlalchemy as sa
from fastapi import FastAPI

from heli_reporting.board.assets import Assets
from heli_reporting.board.endpoints import board_router
from heli_reporting.board.pages import page_router
from heli_reporting.board.service import BoardService
from heli_reporting.board.tiles import Tiles
from heli_reporting.bulletins.endpoints import bulletin_router
from heli_reporting.bulletins.service import BulletinService
from heli_reporting.calendar_links.endpoints import calendar_link_router
from heli_reporting.calendar_links.repository import CalendarLinks
from heli_reporting.calendar_links.service import CalendarLinkService
from heli_reporting.change_causes.endpoints import change_router
from heli_reporting.change_causes.schemas import ChangeShown
from heli_reporting.change_causes.service import ChangeService
from heli_reporting.denominators.endpoints import denominator_router
from heli_reporting.denominators.schemas import DenominatorShown
from heli_reporting.denominators.service import DenominatorService
from heli_reporting.events.endpoints import event_router
from heli_reporting.events.waking import Bell
from heli_reporting.external_series import repository as external_series
from heli_reporting.external_series.endpoints import external_series_router
from heli_reporting.forms.catalogue import Catalogue
from heli_reporting.forms.endpoints import form_router
from heli_reporting.forms.filling import Filler
from heli_reporting.forms.service import FormService
from heli_reporting.gaps.endpoints import gap_router
from heli_reporting.gaps.service import GapService
from heli_reporting.history.store import Store
from heli_reporting.intake.endpoints import intake_router
from heli_reporting.intake.loop import SyncLoop
from heli_reporting.intake.repository import Readings
from heli_reporting.intake.service import Intake
from heli_reporting.migrating import migrate_reporting
from heli_reporting.permalinks.endpoints import permalink_router
from heli_reporting.permalinks.repository import Answers
from heli_reporting.permalinks.service import Permalinks
from heli_reporting.series.endpoints import series_router
from heli_reporting.series.schemas import SeriesShown
from heli_reporting.series.service import SeriesService
from heli_reporting.settings import Settings
from heli_reporting.statistics.endpoints import statistics_router
from heli_reporting.statistics.schemas import KeptTile, Statistics
from heli_reporting.statistics.service import StatisticsService
from heli_reporting.targets.endpoints import target_router
from heli_reporting.targets.schemas import TargetsShown
from heli_reporting.targets.service import TargetService
from heli_reporting.worklists.endpoints import worklist_router
from heli_reporting.worklists.service import WorklistService
from heli_shared.contracts.assessment.client import HttpAssessment
from heli_shared.contracts.credentials import ClientCredentials
from heli_shared.contracts.feed import LedgerSource
from heli_shared.contracts.ledger_client import HttpLedger
from heli_shared.contracts.peer import Patience, Peer, open_http
from heli_shared.contracts.registry.client import HttpRegistry, RegistryClient
from heli_shared.db.engine import make_engine
from heli_shared.db.revisions import database_check
from heli_shared.kernel.clock import Clock, SystemClock
from heli_shared.kernel.divisions import ancestors
from heli_shared.web.app import create_app
from heli_shared.web.remote_principals import RemoteCalls, RemotePrincipals

CLIENT_ID = "reporting"
DESCRIPTION = "合力·统计：我们做到了哪一步。Where do we stand: statistics that show what they counted, gaps, worklists."
_ASKING = Patience(connect=0.5, read=1.0, total=2.0, attempts=2)
"""Who is asking must be known quickly: a registry that hangs must not make every answer wait."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is made of; tests bring their own."""

    registry: RegistryClient
    assessment: LedgerSource
    store: Store
    archive: sa.Engine
    clock: Clock


def create(settings: Settings | None = None) -> FastAPI:
    """Return the reporting service on its own store and a migrated archive, reading the others over HTTP."""
    settings = settings or Settings()
    settings.data.mkdir(parents=True, exist_ok=True)
    registry, assessment = connect(settings)
    parts = Parts(
        registry=registry,
        assessment=assessment,
        store=Store.open(settings.store, threads=settings.reporting_threads),
        archive=make_engine(settings.archive_url),
        clock=SystemClock(),
    )
    return assemble(parts, settings)


def migrate() -> None:
    """Bring the archive up to date; running it again changes nothing."""
    settings = Settings()
    settings.data.mkdir(parents=True, exist_ok=True)
    migrate_reporting(settings.archive_url)


def connect(settings: Settings) -> tuple[HttpRegistry, HttpAssessment]:
    """Return the two sources at the addresses of the settings, asked with this service's own token."""
    patience = Patience()
    registry_http = open_http(settings.registry, patience)
    tokens = ClientCredentials(Peer("registry", registry_http), CLIENT_ID, secret=settings.client_secret)
    registry = HttpRegistry(
        Peer("registry", registry_http, tokens=tokens, patience=patience),
        asker=Peer("registry", registry_http, tokens=tokens, patience=_ASKING),
    )
    assessment_http = open_http(settings.assessment, patience)
    return registry, HttpAssessment(Peer("assessment", assessment_http, tokens=tokens, patience=patience))


def assemble(parts: Parts, settings: Settings) -> FastAPI:
    """Return the application made of these parts."""
    principals = RemotePrincipals(parts.registry, clock=parts.clock)
    sources: Mapping[str, LedgerSource] = {"registry": parts.registry, "assessment": parts.assessment}
    bell = Bell()
    intake = Intake(
        parts.store,
        sources,
        Readings(parts.archive),
        clock=parts.clock,
        stale_seconds=settings.stale_seconds,
        workspace=settings.data,
        is_down=lambda source: source == "registry" and principals.is_registry_down,
        on_reading=bell.ring,
    )
    permalinks = Permalinks(Answers(parts.archive), ancestors=ancestors)
    statistics = StatisticsService(parts.store, intake, permalinks, clock=parts.clock)
    worklists = WorklistService(parts.store, intake, clock=parts.clock)
    boards = BoardService(Tiles(parts.store, worklists), intake, permalinks, clock=parts.clock)
    forms = FormService(Catalogue(settings.forms), Filler(statistics, parts.store), parts.store, clock=parts.clock)
    bulletins = BulletinService(parts.store, intake, statistics, worklists, permalinks, clock=parts.clock)
    loop = SyncLoop(intake, settings.reporting_sync_seconds)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        loop.start()
        yield
        loop.stop()
        for source in sources.values():
            if isinstance(source, HttpLedger):
                source.close()
        parts.store.close()
        parts.archive.dispose()

    app = create_app(
        title="Heli reporting",
        description=DESCRIPTION,
        calls=RemoteCalls(principals, parts.clock),
        routers=[
            change_router(ChangeService(parts.store, statistics), permalinks),
            denominator_router(DenominatorService(parts.store, statistics)),
            external_series_router(external_series.read(settings.data / external_series.FOLDER)),
            series_router(SeriesService(parts.store, statistics)),
            statistics_router(statistics),
            target_router(TargetService(parts.store, statistics)),
            permalink_router(
                permalinks, Statistics | SeriesShown | DenominatorShown | ChangeShown | TargetsShown | KeptTile
            ),
            gap_router(GapService(parts.store, intake, clock=parts.clock)),
            worklist_router(worklists),
            calendar_link_router(
                CalendarLinkService(CalendarLinks(parts.archive), parts.registry, worklists, clock=parts.clock)
            ),
            board_router(boards),
            page_router(Assets()),
            form_router(forms),
            bulletin_router(bulletins),
            intake_router(intake),
            event_router(intake, bell, keep_alive_seconds=settings.events_keep_alive_seconds),
        ],
        checks={"store": lambda: _ask_store(parts.store), "archive": database_check(parts.archive, "heli_reporting")},
        lifespan=lifespan,
    )
    app.state.leaving = [bell.close]
    return app


def _ask_store(store: Store) -> str | None:
    try:
        store.heads()
    except duckdb.Error as error:
        return type(error).__name__
    return None

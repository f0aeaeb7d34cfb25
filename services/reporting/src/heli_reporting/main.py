"""The reporting service put together: settings in, application out."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import duckdb
import sqlalchemy as sa
from fastapi import FastAPI

from heli_reporting.gaps.endpoints import gap_router
from heli_reporting.gaps.service import GapService
from heli_reporting.history.store import Store
from heli_reporting.intake.endpoints import intake_router
from heli_reporting.intake.loop import SyncLoop
from heli_reporting.intake.repository import Readings
from heli_reporting.intake.service import Intake
from heli_reporting.migrating import migrate_reporting
from heli_reporting.permalinks.repository import Answers
from heli_reporting.permalinks.service import Permalinks
from heli_reporting.settings import Settings
from heli_reporting.statistics.endpoints import statistics_router
from heli_reporting.statistics.service import StatisticsService
from heli_reporting.worklists.endpoints import worklist_router
from heli_reporting.worklists.service import WorklistService
from heli_shared.contracts.assessment.client import HttpAssessment
from heli_shared.contracts.credentials import ClientCredentials
from heli_shared.contracts.feed import LedgerSource
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
    intake = Intake(
        parts.store,
        sources,
        Readings(parts.archive),
        clock=parts.clock,
        stale_seconds=settings.stale_seconds,
        workspace=settings.data,
        is_down=lambda source: source == "registry" and principals.is_registry_down,
    )
    permalinks = Permalinks(Answers(parts.archive), ancestors=ancestors)
    statistics = StatisticsService(parts.store, intake, permalinks, clock=parts.clock)
    loop = SyncLoop(intake, settings.reporting_sync_seconds)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        loop.start()
        yield
        loop.stop()
        parts.store.close()
        parts.archive.dispose()

    return create_app(
        title="Heli reporting",
        description=DESCRIPTION,
        calls=RemoteCalls(principals, parts.clock),
        routers=[
            statistics_router(statistics, permalinks),
            gap_router(GapService(parts.store, intake, clock=parts.clock)),
            worklist_router(WorklistService(parts.store, intake, clock=parts.clock)),
            intake_router(intake),
        ],
        checks={"store": lambda: _ask_store(parts.store), "archive": database_check(parts.archive, "heli_reporting")},
        lifespan=lifespan,
    )


def _ask_store(store: Store) -> str | None:
    try:
        store.heads()
    except duckdb.Error as error:
        return type(error).__name__
    return None

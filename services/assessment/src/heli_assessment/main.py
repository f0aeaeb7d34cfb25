"""The composition root: everything assessment needs is made here and handed down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from fastapi import FastAPI

from heli_assessment.activities.service import activities_resource
from heli_assessment.calls import open_calls
from heli_assessment.intake.directory import Directory, registry_down
from heli_assessment.marks.service import marks_resource
from heli_assessment.measures.endpoints import measure_router
from heli_assessment.migrating import migrate_assessment
from heli_assessment.plans.service import PLANS
from heli_assessment.rulebooks.endpoints import rulebook_router
from heli_assessment.rulebooks.service import RULEBOOKS
from heli_assessment.runs.endpoints import run_router
from heli_assessment.runs.service import RunService
from heli_assessment.settings import Settings
from heli_assessment.tasks.service import tasks_resource
from heli_shared.contracts.credentials import ClientCredentials
from heli_shared.contracts.peer import Patience, Peer, open_http
from heli_shared.contracts.registry.client import HttpRegistry, RegistryClient
from heli_shared.db.engine import make_engine
from heli_shared.db.revisions import database_check
from heli_shared.kernel.clock import Clock, SystemClock
from heli_shared.records.endpoints import record_router
from heli_shared.records.exports import export_router
from heli_shared.records.feed import feed_router
from heli_shared.web.app import create_app
from heli_shared.web.remote_principals import RemotePrincipals

if TYPE_CHECKING:
    from heli_assessment.intake.domain import RegistryFacts

CLIENT_ID = "assessment"
DESCRIPTION = (
    "What was done, and how well: plans, tasks, records, rulebooks and scores that explain themselves. 考核服务"
)
_ASKING = Patience(connect=0.5, read=2.0, total=3.0, attempts=2)
"""Who is asking must be known quickly: a registry that hangs must not make every answer wait."""


def create() -> FastAPI:
    """Return the service with the settings in force."""
    settings = Settings()
    return assemble(make_engine(settings.database_url), connect(settings), clock=SystemClock())


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


def assemble(engine: sa.Engine, registry: RegistryClient, *, clock: Clock) -> FastAPI:
    """Return the service on a migrated database, beside a registry."""
    calls = open_calls(engine, RemotePrincipals(registry, clock=clock), clock)
    units = Directory(registry)
    plain = (PLANS, tasks_resource(units), activities_resource(units), marks_resource(units))
    resources = (*plain, RULEBOOKS)

    def pull(on: date, known_at: int | None) -> "RegistryFacts":
        from heli_assessment.intake.facts import pull_facts

        return pull_facts(registry, on=on, known_at=known_at)

    runs = RunService(engine, units, pull=pull, registry_down=registry_down)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        engine.dispose()

    return create_app(
        title="Heli assessment",
        description=DESCRIPTION,
        calls=calls,
        routers=[
            *(record_router(resource) for resource in plain),
            rulebook_router(),
            measure_router(),
            run_router(runs),
            feed_router({resource.kind.entity: resource for resource in resources}),
            export_router(calls.records, {resource.kind.plural: resource for resource in resources}),
        ],
        checks={"database": database_check(engine, "heli_assessment")},
        lifespan=lifespan,
    )

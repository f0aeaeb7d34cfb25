"""The composition root: everything the registry needs is made here and handed down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from heli_registry.database import LEDGER, REPLIES
from heli_registry.identity.issuer import open_issuer
from heli_registry.identity.recognition import Recognition
from heli_registry.resources import PLAIN_RESOURCES
from heli_registry.settings import Settings
from heli_shared.db.engine import make_engine
from heli_shared.kernel.clock import Clock, SystemClock
from heli_shared.records.calls import RecordCalls
from heli_shared.records.endpoints import record_router
from heli_shared.records.exports import export_router
from heli_shared.records.feed import feed_router
from heli_shared.web.app import create_app
from heli_shared.web.tokens import TokenVerifier

DESCRIPTION = "What is there: enterprises, Party organisations, units and people, and who is responsible. 登记服务"


def make_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Return the registry service; nothing is read or opened before this is called."""
    clock = clock or SystemClock()
    engine = make_engine(settings.database_url)
    issuer = open_issuer(settings.data, clock=clock)
    recognition = Recognition(TokenVerifier(issuer.public_keys(), clock=clock))
    calls = RecordCalls(engine, LEDGER, REPLIES, clock, recognition)
    resources = PLAIN_RESOURCES

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        engine.dispose()

    return create_app(
        title="Heli registry",
        description=DESCRIPTION,
        calls=calls,
        routers=[
            *(record_router(resource) for resource in resources),
            feed_router({resource.kind.entity: resource for resource in resources}),
            export_router(calls, {resource.kind.plural: resource for resource in resources}),
        ],
        checks={},
        lifespan=lifespan,
    )

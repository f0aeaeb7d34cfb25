"""The composition root: everything the registry needs is made here and handed down."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import SecretStr

from heli_registry.database import LEDGER, REPLIES
from heli_registry.findings.endpoints import findings_router
from heli_registry.identity.bootstrap import ensure_first_principals
from heli_registry.identity.endpoints import identity_router
from heli_registry.identity.hashing import SecretHasher
from heli_registry.identity.issuer import open_issuer
from heli_registry.identity.recognition import Recognition
from heli_registry.identity.service import PRINCIPALS
from heli_registry.identity.sign_in import SignIn
from heli_registry.imports.endpoints import import_router
from heli_registry.imports.limits import LIMITS
from heli_registry.imports.service import ImportDesk
from heli_registry.imports.worker import ImportWorker
from heli_registry.migrating import migrate_registry
from heli_registry.people.cipher import open_cipher
from heli_registry.people.endpoints import people_router
from heli_registry.people.service import people_resource
from heli_registry.resources import PLAIN_RESOURCES
from heli_registry.settings import Settings
from heli_shared.db.engine import make_engine
from heli_shared.db.revisions import database_check
from heli_shared.kernel.clock import Clock, SystemClock
from heli_shared.records.calls import RecordCalls
from heli_shared.records.endpoints import record_router
from heli_shared.records.exports import export_router
from heli_shared.records.feed import feed_router
from heli_shared.web.app import create_app
from heli_shared.web.tokens import TokenVerifier

DESCRIPTION = "What is there: enterprises, Party organisations, units and people, and who is responsible. 登记服务"


def make_app(settings: Settings, clock: Clock | None = None, *, hasher: SecretHasher | None = None) -> FastAPI:
    """Return the registry service; nothing is read or opened before this is called."""
    clock = clock or SystemClock()
    engine = make_engine(settings.database_url)
    issuer = open_issuer(settings.data, clock=clock)
    recognition = Recognition(TokenVerifier(issuer.public_keys(), clock=clock))
    calls = RecordCalls(engine, LEDGER, REPLIES, clock, recognition)
    hasher = hasher or SecretHasher()
    cipher = open_cipher(settings.data, given_key=_revealed(settings.people_key))
    resources = (*PLAIN_RESOURCES, people_resource(cipher), PRINCIPALS)
    import_folder = settings.data / "imports"
    worker = ImportWorker(engine, LEDGER, folder=import_folder, clock=clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        worker.start()
        yield
        worker.stop()
        engine.dispose()

    return create_app(
        title="Heli registry",
        description=DESCRIPTION,
        calls=calls,
        routers=[
            # What is asked for most comes first: routes are tried in order.
            *(record_router(resource) for resource in PLAIN_RESOURCES),
            identity_router(SignIn(engine, issuer=issuer, hasher=hasher, clock=clock), issuer, hasher),
            people_router(cipher),
            findings_router(),
            feed_router({resource.kind.entity: resource for resource in resources}),
            export_router(calls, {resource.kind.plural: resource for resource in resources}),
            import_router(ImportDesk(import_folder, worker.wake)),
        ],
        checks={"database": database_check(engine, "heli_registry")},
        lifespan=lifespan,
        upload_limits={"/v1/imports": LIMITS.file_bytes + 1_000_000},
    )


def create() -> FastAPI:
    """Return the service with the settings in force."""
    return make_app(Settings())


def migrate() -> None:
    """Bring the database up to date and make the first principals; running it again changes nothing."""
    settings = Settings()
    clock = SystemClock()
    migrate_registry(settings.database_url)
    open_issuer(settings.data, clock=clock)
    engine = make_engine(settings.database_url)
    try:
        ensure_first_principals(
            engine,
            data=settings.data,
            hasher=SecretHasher(),
            clock=clock,
            given_secrets={
                "assessment": _revealed(settings.assessment_client_secret),
                "reporting": _revealed(settings.reporting_client_secret),
            },
            announce=_announce_administrator,
        )
    finally:
        engine.dispose()


def _announce_administrator(secret: str) -> None:
    """Tell the first administrator's secret to whoever starts the service; it is told once and kept nowhere."""
    sys.stdout.write(
        f"首次启动：管理员账号 admin 的一次性密码为 {secret}，请妥善保存，不再显示。\n"
        f"First start: the secret of the administrator `admin` is {secret}. Keep it; it is not shown again.\n"
    )
    sys.stdout.flush()


def _revealed(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()

"""The composition root: everything the registry needs is made here and handed down."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import SecretStr
from starlette.middleware import Middleware

from heli_registry.base_list.endpoints import base_list_router
from heli_registry.base_list.shelf import SurveyShelf
from heli_registry.database import LEDGER, REPLIES
from heli_registry.duplicates.endpoints import duplicates_router
from heli_registry.duplicates.service import DuplicateBook
from heli_registry.enterprises.endpoints import enterprises_router
from heli_registry.exchange import Exchange
from heli_registry.findings.endpoints import findings_router
from heli_registry.identity.bootstrap import ensure_first_principals
from heli_registry.identity.endpoints import identity_router
from heli_registry.identity.hashing import SecretHasher
from heli_registry.identity.issuer import open_issuer
from heli_registry.identity.recognition import Recognition
from heli_registry.identity.service import PRINCIPALS
from heli_registry.identity.sign_in import SignIn
from heli_registry.imports.endpoints import import_router
from heli_registry.imports.service import ImportDesk
from heli_registry.imports.worker import ImportWorker
from heli_registry.merging.endpoints import merging_router
from heli_registry.migrating import migrate_registry
from heli_registry.people.cipher import open_cipher
from heli_registry.people.endpoints import people_router
from heli_registry.people.service import people_resource
from heli_registry.periods.endpoints import periods_router
from heli_registry.periods.resources import PERIOD_RESOURCES
from heli_registry.quality.endpoints import quality_router
from heli_registry.quality.keeper import QualityKeeper
from heli_registry.reconciliation.endpoints import reconciliation_router
from heli_registry.reconciliation.keys import AUDIENCE, PURPOSE
from heli_registry.reconciliation.origins import SharedAnswers
from heli_registry.resources import PLAIN_RESOURCES, PROCEDURE_RESOURCES
from heli_registry.rotations.endpoints import rotations_router
from heli_registry.search.endpoints import search_router
from heli_registry.settings import Settings
from heli_registry.stewardship.beside import beside
from heli_registry.stewardship.disputes import DISPUTES
from heli_registry.stewardship.endpoints import stewardship_router
from heli_registry.stewardship.service import CLAIMS
from heli_registry.successions.endpoints import successions_router
from heli_registry.transfers.endpoints import transfers_router
from heli_registry.trees.endpoints import trees_router
from heli_registry.workdays.endpoints import workdays_router
from heli_shared.db.engine import make_engine
from heli_shared.db.revisions import database_check
from heli_shared.kernel.clock import Clock, SystemClock
from heli_shared.lists.limits import LIMITS
from heli_shared.records.calls import RecordCalls
from heli_shared.records.endpoints import read_router, record_router
from heli_shared.web.app import create_app
from heli_shared.web.tokens import TokenVerifier

DESCRIPTION = "What is there: enterprises, Party organisations, units and people, and who is responsible. 登记服务"


def make_app(settings: Settings, clock: Clock | None = None, *, hasher: SecretHasher | None = None) -> FastAPI:
    """Return the registry service; nothing is read or opened before this is called."""
    clock = clock or SystemClock()
    engine = make_engine(settings.database_url)
    issuer = open_issuer(settings.data, clock=clock)
    keys = issuer.public_keys()
    recognition = Recognition(
        TokenVerifier(keys, clock=clock), {PURPOSE: TokenVerifier(keys, clock=clock, audience=AUDIENCE)}
    )
    calls = RecordCalls(engine, LEDGER, REPLIES, clock, recognition, beside)
    hasher = hasher or SecretHasher()
    cipher = open_cipher(settings.data, given_key=_revealed(settings.people_key))
    import_folder = settings.data / "imports"
    origins = settings.reconciliation_shared_with
    procedures = (*PROCEDURE_RESOURCES, *PERIOD_RESOURCES)
    others = (*procedures, CLAIMS, DISPUTES, people_resource(cipher), PRINCIPALS)
    exchange = Exchange(settings, engine, cipher=cipher, clock=clock, plain=PLAIN_RESOURCES, others=others)
    kept_days = settings.import_kept_days
    worker = ImportWorker(engine, LEDGER, folder=import_folder, clock=clock, kept_days=kept_days)
    workers = (worker, QualityKeeper(engine, LEDGER, clock=clock), exchange)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        for each in workers:
            each.start()
        yield
        for each in reversed(workers):
            each.stop()
        engine.dispose()

    app = create_app(
        title="Heli registry",
        description=DESCRIPTION,
        calls=calls,
        routers=[
            # What is asked for most comes first: routes are tried in order.
            *(record_router(resource) for resource in PLAIN_RESOURCES),
            *(read_router(resource) for resource in procedures),
            identity_router(SignIn(engine, issuer=issuer, hasher=hasher, clock=clock), issuer, hasher),
            people_router(cipher),
            enterprises_router(),
            findings_router(),
            stewardship_router(),
            search_router(),
            duplicates_router(DuplicateBook()),
            merging_router(),
            reconciliation_router(issuer, origins),
            rotations_router(),
            successions_router(),
            transfers_router(),
            trees_router(),
            quality_router(),
            periods_router(),
            workdays_router(),
            base_list_router(SurveyShelf()),
            *exchange.routers(calls),
            import_router(ImportDesk(import_folder, worker.wake, kept_days, settings.events_keep_alive_seconds)),
        ],
        checks={"database": database_check(engine, "heli_registry")},
        lifespan=lifespan,
        middleware=[Middleware(SharedAnswers, origins=origins)],
        upload_limits={"/v1/imports": LIMITS.file_bytes + 1_000_000, "/v1/claims/batch": 8_000_000},
    )
    app.state.exchange = exchange
    return app


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

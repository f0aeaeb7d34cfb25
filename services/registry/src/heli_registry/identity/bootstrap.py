"""The first principals: an administrator whose secret is told once, and the clients of the other services.

Running it again changes nothing, except that a client's secret set from outside takes effect.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from heli_registry.database import LEDGER
from heli_registry.identity import repository, secret_files
from heli_registry.identity.hashing import SecretHasher, new_secret
from heli_registry.identity.issuer import IssuedToken, open_issuer
from heli_registry.identity.models import PRINCIPAL
from heli_shared.db.engine import make_engine, transaction
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import NotFound
from heli_shared.kernel.ids import new_id
from heli_shared.kernel.text import folded
from heli_shared.ledger.appending import lock_head
from heli_shared.ledger.entries import Author
from heli_shared.records.writing import Write, write

ADMIN_LOGIN = "admin"
CLIENTS = ("assessment", "reporting")
SYSTEM = Author("system", None)
OFFLINE_LIFETIME_SECONDS = 3_600

log = structlog.get_logger()


def ensure_first_principals(
    engine: sa.Engine,
    *,
    data: Path,
    hasher: SecretHasher,
    clock: Clock,
    given_secrets: Mapping[str, str | None],
    announce: Callable[[str], None],
) -> None:
    """Make the administrator and the clients that are missing.

    `given_secrets` are clients' secrets from the settings; without one a secret file is made in the data folder.
    `announce` tells the administrator's secret, once, to whoever starts the service.
    """
    secrets = {name: given_secrets.get(name) or _filed_secret(data, name) for name in CLIENTS}
    with transaction(engine, writes=True) as session:
        # Two processes that start together take turns here; the second finds everything in place.
        lock_head(session, LEDGER)
        for name, secret in secrets.items():
            _ensure_client(session, name, secret, hasher=hasher, clock=clock)
        told = _ensure_administrator(session, hasher=hasher, clock=clock)
    if told is not None:
        announce(told)


def _filed_secret(data: Path, name: str) -> str:
    path = data / "secrets" / f"{name}.secret"
    if path.exists():
        return secret_files.read(path).decode().strip()
    return secret_files.create_once(path, new_secret().encode()).decode().strip()


def _ensure_client(session: Session, name: str, secret: str, *, hasher: SecretHasher, clock: Clock) -> None:
    row = repository.find_by_login(session, name)
    if row is None:
        _create(session, name, kind="client", role="service", secret_hash=hasher.hash(secret), clock=clock)
    elif not hasher.matches(secret, row.secret_hash):
        repository.set_secret(session, row.id, secret_hash=hasher.hash(secret), set_at=clock.now())
        log.info("client_secret_replaced", client=name)


def _ensure_administrator(session: Session, *, hasher: SecretHasher, clock: Clock) -> str | None:
    if repository.open_holders(session, "administrator") or repository.find_by_login(session, ADMIN_LOGIN) is not None:
        return None
    secret = new_secret()
    secret_hash = hasher.hash(secret)
    _create(session, ADMIN_LOGIN, kind="person", role="administrator", secret_hash=secret_hash, clock=clock)
    return secret


def _create(session: Session, login: str, *, kind: str, role: str, secret_hash: str, clock: Clock) -> None:
    changes = {"kind": kind, "roles": [role], "state": "open"}
    private = {"login": login, "secret_hash": secret_hash, "secret_set_at": clock.now()}
    first = Write(PRINCIPAL, new_id("prn"), "create", clock.today(), changes, private)
    write(session, LEDGER, [first], author=SYSTEM, clock=clock)


def issue_offline_token(
    data: Path, database_url: str, *, clock: Clock, login: str = ADMIN_LOGIN, lifetime: int = OFFLINE_LIFETIME_SECONDS
) -> IssuedToken:
    """Sign a token on the machine that holds the data folder, for an open principal; NotFound when there is none.

    Whoever can read the issuer's key file needs no secret: this is for `heli token`, and never served.
    """
    engine = make_engine(database_url)
    try:
        with transaction(engine, writes=False) as session:
            row = repository.find_by_login(session, folded(login))
    finally:
        engine.dispose()
    if row is None or row.state != "open":
        raise NotFound(
            f"没有名为 {login[:64]} 的可用账号。", f"There is no open principal with the login {login[:64]}."
        )
    return open_issuer(data, clock=clock).issue(row.id, lifetime=lifetime)

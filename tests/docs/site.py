"""A site to replay a page on: real services on free ports, a folder of their own, a clock that is set."""

import io
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import structlog
import uvicorn

from heli_cli.composition import make_service, migrate_database
from heli_registry.identity.bootstrap import ensure_first_principals, issue_offline_token
from heli_registry.identity.hashing import SecretHasher
from heli_registry.main import make_app
from heli_registry.settings import Settings
from heli_shared.db.engine import make_engine
from heli_shared.kernel.clock import FixedClock, SystemClock
from heli_shared.testing.databases import SqliteDatabases

SERVICES = {"registry": 8101, "assessment": 8102, "reporting": 8103}
START = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
"""The morning of 1 July 2026 in China."""
COLUMNS = "120"
_CHEAP = SecretHasher(time_cost=1, memory_kib=8, lanes=1)
_PATIENCE = 120.0


@dataclass
class Site:
    """Services that run, and a folder to work in; the methods speak to the registry as its administrator."""

    folder: Path
    urls: dict[str, str]
    http: httpx.Client
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))
    _tokens: dict[datetime, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / ".heli"

    def move_clock(self, day: date) -> None:
        """Let it be the same time of another day."""
        self.clock.instant = datetime.combine(day, START.timetz())

    def token(self) -> str:
        """Return a token of the administrator that is good now."""
        now = self.clock.now()
        if now not in self._tokens:
            url = f"sqlite:///{self.data / 'registry.sqlite'}"
            self._tokens[now] = issue_offline_token(self.data, url, clock=self.clock).token
        return self._tokens[now]

    def call(self, method: str, path: str, *, service: str = "registry", **more: Any) -> httpx.Response:
        """Return the answer to a call; the replay fails where it is refused."""
        headers = {"Authorization": f"Bearer {self.token()}", **more.pop("headers", {})}
        answer = self.http.request(method, self.urls[service] + path, headers=headers, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def get(self, path: str, **more: Any) -> Any:
        return self.call("GET", path, **more).json()

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("POST", path, json=body, **more).json()

    def made(self, path: str, **body: Any) -> dict[str, Any]:
        """Create a record and return it."""
        made: dict[str, Any] = self.post(path, body)
        return made

    def patch(self, path: str, body: Any, **more: Any) -> Any:
        """Change a record under its present ETag."""
        etag = self.call("GET", path).headers["etag"]
        return self.call("PATCH", path, json=body, headers={"If-Match": etag}, **more).json()

    def act(self, path: str, body: Any, **more: Any) -> Any:
        """Take a step with a record, e.g. …/close, under its present ETag."""
        etag = self.call("GET", path.rsplit("/", 1)[0]).headers["etag"]
        return self.call("POST", path, json=body, headers={"If-Match": etag}, **more).json()

    def publish(self, rulebook: str) -> None:
        """Try the newest version of a rulebook on everybody and publish it on that."""
        asked = {"rulebook": rulebook, "last_year": False}
        tried = self.post("/v1/simulations", asked, service="assessment")
        body = {"version": tried["draft_version"], "simulation": tried["id"], "digest": tried["digest"]}
        self.post(f"/v1/rulebooks/{rulebook}/publications", body, service="assessment")

    def enrol(self, login: str, *roles: str, kind: str = "person", **more: Any) -> str:
        """Make a principal, write its secret into LOGIN.txt of the working folder and return its id."""
        key = self.made("/v1/principals", login=login, kind=kind, roles=list(roles), **more)["id"]
        secret = self.post(f"/v1/principals/{key}/secret")["secret"]
        self.keep_secret(login, secret)
        return str(key)

    def keep_secret(self, login: str, secret: str) -> None:
        """Write a secret where the pages find it."""
        (self.folder / f"{login}.txt").write_text(secret, encoding="utf-8")


@contextmanager
def opened(folder: Path, databases: SqliteDatabases, services: tuple[str, ...] = ("registry",)) -> Iterator[Site]:
    """Run services in an empty folder, with the process set up as `./dev` would in that folder."""
    with ExitStack() as stack:
        sockets = {name: stack.enter_context(_bound()) for name in SERVICES}
        urls = {name: f"http://127.0.0.1:{each.getsockname()[1]}" for name, each in sockets.items()}
        site = Site(folder, urls, stack.enter_context(httpx.Client(timeout=60, trust_env=False)))
        site.data.mkdir()
        stack.enter_context(_told_by(site.clock))
        stack.enter_context(_quiet_logs())
        stack.enter_context(mock.patch.dict(os.environ, _environment(site), clear=True))
        stack.enter_context(chdir(folder))
        for name in services:
            _copy_database(name, site.data, databases)
            stack.enter_context(_served(_makers(site)[name], sockets[name]))
        yield site


def _makers(site: Site) -> dict[str, Callable[[], Any]]:
    return {
        "registry": lambda: _registry(site),
        "assessment": lambda: make_service("assessment"),
        "reporting": lambda: make_service("reporting"),
    }


def _registry(site: Site) -> Any:
    """Return a registry whose secrets are hashed quickly; the first secret lies in admin.txt."""
    settings = Settings()
    engine = make_engine(settings.database_url)
    app = make_app(settings, site.clock, hasher=_CHEAP)
    ensure_first_principals(
        engine,
        data=site.data,
        hasher=_CHEAP,
        clock=site.clock,
        given_secrets={},
        announce=lambda secret: site.keep_secret("admin", secret),
    )
    engine.dispose()
    return app


def _environment(site: Site) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HELI_")}
    urls = {f"HELI_{name.upper()}_URL": url for name, url in site.urls.items()}
    fixed = {"HELI_DATA": str(site.data), "HELI_REPORTING_SYNC_SECONDS": "0", "COLUMNS": COLUMNS, "NO_COLOR": "1"}
    return {**kept, **urls, **fixed}


def _copy_database(service: str, data: Path, databases: SqliteDatabases) -> None:
    url = databases.migrated(service, lambda url: migrate_database(service, url))
    shutil.move(url.removeprefix("sqlite:///"), data / f"{service}.sqlite")


@contextmanager
def _told_by(clock: FixedClock) -> Iterator[None]:
    """Let everything in this process that asks the machine's clock be told by this one."""
    with mock.patch.multiple(SystemClock, now=lambda _self: clock.now(), today=lambda _self: clock.today()):
        yield


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """Keep what services log apart from what commands print."""
    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(io.StringIO()), cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def _bound() -> Iterator[socket.socket]:
    """Hold a free port; who calls it is refused until a service listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        yield found


@contextmanager
def _served(make: Callable[[], Any], listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(make(), log_config=None, access_log=False, server_header=False, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    deadline = time.monotonic() + _PATIENCE
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        assert time.monotonic() < deadline, "the service was not ready in time"
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)

"""A service killed at any moment of an import leaves all of it or nothing, and its successor brings it to its end."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from heli_registry.database import LEDGER
from heli_registry.identity.issuer import open_issuer
from heli_registry.migrating import migrate_registry
from heli_registry.settings import Settings
from heli_shared.db.engine import make_engine, transaction
from heli_shared.kernel.clock import SystemClock
from heli_shared.ledger.verifying import verify_chain
from registry.codes import code

pytestmark = pytest.mark.system

ROWS = 6_000
KILLS = 3
SERVE = (
    "import sys, uvicorn; "
    "uvicorn.run('heli_registry.main:create', factory=True, port=int(sys.argv[1]), log_level='error')"
)
LIST = "企业名称,统一社会信用代码,注册地址\n" + "".join(
    f"示例{number}有限公司,{code(number, '330106')},西溪街道{number}号\n" for number in range(ROWS)
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A registry in a process of its own, over a data folder and a database that outlive it."""

    def __init__(self, settings: Settings, principal: str) -> None:
        self.settings = settings
        self.token = open_issuer(settings.data, clock=SystemClock()).issue(principal).token
        self.url = ""

    @contextmanager
    def running(self):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "HELI_DATA": str(self.settings.data),
            "HELI_REGISTRY_DATABASE_URL": self.settings.database_url,
        }
        with subprocess.Popen([sys.executable, "-c", SERVE, str(port)], env=environment) as process:
            try:
                self._wait_until_ready()
                yield process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)

    def _wait_until_ready(self) -> None:
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            try:
                with urllib.request.urlopen(f"{self.url}/health/live", timeout=2):  # noqa: S310 - our own process
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise TimeoutError(self.url)

    def request(self, method: str, path: str, **more):
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx2.request(method, self.url + path, headers=headers, timeout=60, **more)

    def send(self) -> str:
        response = self.request("POST", "/v1/imports?kind=enterprises", files={"file": ("list.csv", LIST.encode())})
        assert response.status_code == 202, response.text
        return str(response.json()["id"])

    def ended(self, import_id: str):
        limit = time.monotonic() + 90
        while time.monotonic() < limit:
            job = self.request("GET", f"/v1/imports/{import_id}").json()
            if job["status"] not in {"queued", "running"}:
                return job
            time.sleep(0.1)
        raise TimeoutError(import_id)

    def files(self) -> list[Path]:
        return list((self.settings.data / "imports").iterdir())

    def lasting_files(self) -> list[Path]:
        """Return what still lies there after a while: a file is thrown away just after its job says done."""
        limit = time.monotonic() + 60
        while (lasting := self.files()) and time.monotonic() < limit:
            time.sleep(0.1)
        return lasting

    def state(self) -> tuple[int, int, int]:
        """Return (enterprises, their ledger entries, finished imports) as the database has them."""
        engine = make_engine(self.settings.database_url)
        counts = (
            "SELECT count(*) FROM enterprises",
            "SELECT count(*) FROM ledger_entries WHERE entity = 'enterprise'",
            "SELECT count(*) FROM import_jobs WHERE status = 'done'",
        )
        with transaction(engine, writes=False) as session:
            found = tuple(session.execute(sa.text(each)).scalar_one() for each in counts)
            entries = list(session.execute(sa.select(LEDGER.entries).order_by(LEDGER.entries.c.seq)))
            head = session.execute(sa.select(LEDGER.head)).one()
        engine.dispose()
        assert verify_chain(entries, head_seq=head.seq, head_hash=head.hash).fault is None
        return found


@pytest.fixture
def served(databases, tmp_path, enrolled) -> Served:
    settings = Settings(data=tmp_path / "data", registry_database_url=databases.migrated("registry", migrate_registry))
    return Served(settings, enrolled(settings))


def test_a_kill_at_any_moment_leaves_all_or_nothing_and_the_import_is_finished_later(served):
    chance = random.Random(20)
    with served.running() as process:
        import_id = served.send()
        time.sleep(chance.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
    for _ in range(KILLS):
        assert served.state() in {(0, 0, 0), (ROWS, ROWS, 1)}
        if served.state()[2]:
            break
        with served.running() as process:
            time.sleep(chance.uniform(0, 7))
            process.send_signal(signal.SIGKILL)

    assert served.state() in {(0, 0, 0), (ROWS, ROWS, 1)}
    for path in served.files():  # a kill between the job's end and its file's leaves the file to be tidied up later
        os.utime(path, (0, 0))
    with served.running():
        job = served.ended(import_id)
        again = served.ended(served.send())
        lasting = served.lasting_files()

    assert job["status"] == "done"
    assert job["rows"] == {"read": ROWS, "created": ROWS, "updated": 0, "unchanged": 0, "refused": 0}
    assert again["rows"] == {"read": ROWS, "created": 0, "updated": 0, "unchanged": ROWS, "refused": 0}
    assert served.state()[:2] == (ROWS, ROWS)
    assert lasting == []

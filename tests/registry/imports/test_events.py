"""Server-sent events of an import over a real connection: the end, the silence in between, and a reader who leaves."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from heli_registry.main import make_app
from heli_registry.migrating import migrate_registry
from heli_registry.settings import Settings
from heli_shared.kernel.clock import FixedClock
from heli_shared.testing.databases import Databases
from registry.conftest import CHEAP, Registry
from registry.imports.conftest import Desk

PATIENCE = 60


@dataclass
class Waiting:
    """A registry on a port of its own on which no worker runs: an import waits until it is cancelled."""

    registry: Registry
    served: "Served"
    import_id: str

    def stream(self):
        return self.registry.client.stream(
            "GET", f"/v1/imports/{self.import_id}/events", headers=self.registry.headers()
        )

    def cancel(self) -> None:
        assert self.registry.post(f"/v1/imports/{self.import_id}/cancel").status_code == 200


class Served:
    """An app that knows which paths it is busy with."""

    def __init__(self, app) -> None:
        self.app, self.busy = app, []

    async def __call__(self, scope, receive, send) -> None:
        self.busy.append(scope["path"])
        try:
            await self.app(scope, receive, send)
        finally:
            self.busy.remove(scope["path"])


@pytest.fixture
def waiting(databases: Databases, clock: FixedClock, tmp_path: Path) -> Iterator[Waiting]:
    settings = Settings(
        data=tmp_path / "data",
        registry_database_url=databases.migrated("registry", migrate_registry),
        events_keep_alive_seconds=1,
    )
    app = make_app(settings, clock, hasher=CHEAP)
    # The workers start with the lifespan: without it nobody takes the job.
    served = Served(app)
    server = uvicorn.Server(uvicorn.Config(served, log_config=None, access_log=False, lifespan="off"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        until(lambda: server.started)
        with httpx.Client(base_url=url, timeout=PATIENCE) as client:
            registry = Registry(app, client, settings, clock)
            registry.enrol("admin", "administrator")
            yield Waiting(registry, served, Desk(registry).send("enterprises", "统一社会信用代码,企业名称\n"))
        server.should_exit = True
        thread.join(PATIENCE)
    app.state.calls.engine.dispose()


def until(holds) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.02)


def blocks(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Yield each event, and each comment as one, of a stream of lines."""
    found: dict[str, Any] = {}
    for line in lines:
        if not line and found:
            yield found
            found = {}
        elif line:
            name, _, value = line.partition(":")
            found[name or "comment"] = json.loads(value) if name == "data" else value.strip()


def test_a_long_wait_is_not_silent_and_the_stream_ends_with_the_job(waiting):
    with waiting.stream() as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = blocks(answer.iter_lines())
        first = next(events)
        silence = [next(events) for _ in range(2)]
        waiting.cancel()
        rest = list(events)

    assert (first["event"], first["data"]["status"]) == ("progress", "queued")
    assert silence == [{"comment": "keep-alive"}] * 2
    assert [(each["event"], each["data"]["status"]) for each in rest if "event" in each] == [("end", "cancelled")]
    until(lambda: not waiting.served.busy)


def test_a_reader_who_leaves_keeps_nothing_busy(waiting):
    for _ in range(3):
        with waiting.stream() as answer:
            events = blocks(answer.iter_lines())  # kept: a stream whose reader is dropped is closed at once
            assert next(events)["event"] == "progress"
            assert waiting.served.busy == [f"/v1/imports/{waiting.import_id}/events"]
        until(lambda: not waiting.served.busy)
    waiting.cancel()

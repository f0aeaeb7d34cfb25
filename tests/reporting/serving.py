"""An app on a port of its own, as it is served: for what needs a real connection."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from heli_shared.web.serving import Server

_PATIENCE = 60.0


@dataclass
class Serving:
    """A server that runs in a thread."""

    address: str
    server: Server
    thread: threading.Thread

    def stop(self) -> None:
        """Tell the server to end and wait until it did."""
        self.server.should_exit = True
        self.thread.join(_PATIENCE)
        assert not self.thread.is_alive(), "the service did not end"


@contextmanager
def serving(app: FastAPI) -> Iterator[Serving]:
    """Serve an app on a free port, without its lifespan: the test that made its parts closes them."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = Server(
            uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=15)
        )
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        made = Serving(address, server, thread)
        thread.start()
        deadline = time.monotonic() + _PATIENCE
        while not server.started:
            assert thread.is_alive(), "the service did not start"
            assert time.monotonic() < deadline, "the service was not ready in time"
            time.sleep(0.01)
        yield made
        made.stop()

"""Serving an app: one way to run it, by the launcher and in containers alike."""

import contextlib
import faulthandler
import gc
import socket
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from heli_shared.web.logs import configure_logs

KEEP_ALIVE_SECONDS = 5
GRACEFUL_SECONDS = 15
_MAX_HEADER_BYTES = 16_384
_FAILED_TO_START = 3


def serve(
    create: Callable[[], FastAPI],
    service: str,
    *,
    host: str,
    port: int,
    keep_alive: int = KEEP_ALIVE_SECONDS,
    trusted_proxies: str | None = None,
) -> None:
    """Make an app and serve it until the process is told to stop; requests that were taken are finished first.

    `keep_alive` in seconds; `trusted_proxies` are the addresses whose X-Forwarded-For is believed, none by default.
    """
    configure_logs(service)
    faulthandler.enable()
    # What is made at the start lives to the end: the collector need not look at it while it grows, nor ever again.
    gc.disable()
    app = create()
    gc.collect()
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=trusted_proxies is not None,
        forwarded_allow_ips=trusted_proxies,
        timeout_keep_alive=keep_alive,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        h11_max_incomplete_event_size=_MAX_HEADER_BYTES,
    )
    server = Server(config)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(_FAILED_TO_START)


class Server(uvicorn.Server):
    """A server that tells its app when it is to end: streams without an end would hold it up otherwise.

    An app that has such streams lists what ends them in `app.state.leaving`.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the app end its streams, then wait for the requests under way."""
        for leave in getattr(getattr(self.config.app, "state", None), "leaving", ()):
            leave()
        await super().shutdown(sockets)

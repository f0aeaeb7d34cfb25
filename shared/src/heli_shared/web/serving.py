"""Serving an app: one way to run it, by the launcher and in containers alike."""

import faulthandler
import gc
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from heli_shared.web.logs import configure_logs

KEEP_ALIVE_SECONDS = 5
GRACEFUL_SECONDS = 15
_MAX_HEADER_BYTES = 16_384


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
    uvicorn.run(
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

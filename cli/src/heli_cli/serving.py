"""`python -m heli_cli.serving SERVICE`: migrate one service's database, then serve it until told to stop.

Started by the launcher, one process per service. The process ends when its standard input ends: so a launcher that was
killed leaves nothing behind.
"""

import gc
import os
import signal
import sys
import threading

from heli_cli.composition import make_service, migrate_service
from heli_cli.settings import read_settings


def main(service: str) -> None:
    """Serve one service on its port."""
    gc.disable()  # while everything is imported; `serve` turns the collector on again
    from heli_shared.web.serving import serve

    threading.Thread(target=_end_with_launcher, daemon=True).start()
    settings = read_settings()
    migrate_service(service)
    serve(lambda: make_service(service), service, host=settings.host, port=settings.ports[service])


def _end_with_launcher() -> None:
    while os.read(0, 1_024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1])

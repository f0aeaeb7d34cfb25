"""`heli openapi`: the API documents of the services, written, compared or printed."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from heli_cli.composition import document_of
from heli_cli.settings import SERVICES


def document_text(service: str) -> str:
    """Return the OpenAPI document of a service as the committed files hold it."""
    with _nowhere():
        return json.dumps(document_of(service), ensure_ascii=False, indent=2) + "\n"


def write_documents(folder: Path) -> None:
    """Write `SERVICE.json` for every service."""
    folder.mkdir(parents=True, exist_ok=True)
    for service in SERVICES:
        (folder / f"{service}.json").write_text(document_text(service), encoding="utf-8")


def drifted(folder: Path) -> list[str]:
    """Return the services whose committed document is not what the code says."""
    return [
        service
        for service in SERVICES
        if not (folder / f"{service}.json").exists()
        or (folder / f"{service}.json").read_text(encoding="utf-8") != document_text(service)
    ]


@contextmanager
def _nowhere() -> Iterator[None]:
    """Let services be made in an empty folder, far from anybody's data."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("HELI_")}
    with tempfile.TemporaryDirectory(prefix="heli-document-") as folder:
        for name in kept:
            del os.environ[name]
        os.environ["HELI_DATA"] = folder
        try:
            yield
        finally:
            del os.environ["HELI_DATA"]
            os.environ.update(kept)

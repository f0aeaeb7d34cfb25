"""`heli openapi`: the API documents of the services and the schema of rulebooks, written, compared or printed."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from heli_cli.composition import document_of
from heli_cli.settings import SERVICES


def document_text(service: str) -> str:
    """Return the OpenAPI document of a service as the committed files hold it."""
    with _nowhere():
        return json.dumps(document_of(service), ensure_ascii=False, indent=2) + "\n"


def schema_text() -> str:
    """Return the JSON Schema of the language of rulebooks as the committed file holds it."""
    told = import_module("heli_assessment.rulebooks.schema").language_schema()
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def write_documents(folder: Path) -> None:
    """Write `SERVICE.json` for every service, and the schema of rulebooks beside the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in _files(folder).items():
        path.write_text(text, encoding="utf-8")


def drifted(folder: Path) -> list[str]:
    """Return the names of committed documents that are not what the code says."""
    return [
        path.name.removesuffix(".json")
        for path, text in _files(folder).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def _files(folder: Path) -> dict[Path, str]:
    documents = {folder / f"{service}.json": document_text(service) for service in SERVICES}
    return documents | {folder.parent / "rulebook.schema.json": schema_text()}


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

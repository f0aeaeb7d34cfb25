"""Fixtures of the architecture tests: empty databases, and the three services built but not served."""

from importlib import import_module

import pytest

from heli_shared.testing.databases import Databases


@pytest.fixture
def empty_database(databases: Databases) -> str:
    return databases.empty()


@pytest.fixture(params=["registry", "assessment", "reporting"])
def service(request, tmp_path, monkeypatch):
    """Return (name, app) of each service in turn, made as at start-up on an empty data folder."""
    for name in ("HELI_REGISTRY_DATABASE_URL", "HELI_ASSESSMENT_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HELI_DATA", str(tmp_path))
    main = import_module(f"heli_{request.param}.main")
    return request.param, main.create()

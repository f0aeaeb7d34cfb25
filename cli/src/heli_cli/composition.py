"""The services as the command line needs them: made, migrated, described; each imported only when asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any


def make_service(service: str) -> Any:
    """Return the application of a service, with the settings in force."""
    return import_module(f"heli_{service}.main").create()


def migrate_service(service: str) -> None:
    """Bring the database of a service up to date; running it again changes nothing."""
    import_module(f"heli_{service}.main").migrate()


def migrate_database(service: str, url: str) -> None:
    """Bring one database to the newest revision of its service."""
    getattr(import_module(f"heli_{service}.migrating"), f"migrate_{service}")(url)


def database_url_of(service: str) -> str:
    """Return the database that a service with a ledger uses under the settings in force."""
    return str(import_module(f"heli_{service}.settings").Settings().database_url)


def tables_of(service: str) -> Any:
    """Return the metadata of all tables that a service declares."""
    return import_module(f"heli_{service}.tables").METADATA


def document_of(service: str) -> Mapping[str, Any]:
    """Return the OpenAPI document of a service."""
    document: Mapping[str, Any] = make_service(service).openapi()
    return document

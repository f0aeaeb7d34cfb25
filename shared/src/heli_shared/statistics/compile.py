"""The definitions as SQL text for an engine, so that running them needs neither Ibis nor its second of import time.

`definition_digest` names the definitions without importing Ibis either: who keeps the compiled text beside it
compiles again only after a definition, a parameter or a library changed.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Literal

from heli_shared.statistics.tables import TABLES

Name = Literal["facts", "points", "organization_facts", "organization_points"]
NAMES: tuple[Name, ...] = ("facts", "points", "organization_facts", "organization_points")

_TYPES = {
    "text": "string",
    "int": "int64",
    "bool": "boolean",
    "date": "date",
    "decimal": "decimal(20, 2)",
    "list": "array<string>",
}


def unbound_tables() -> dict[str, Any]:
    """Return the input tables of `tables.TABLES` as unbound Ibis tables, for expressions that any engine can run."""
    import ibis

    return {
        name: ibis.table({column: _TYPES[kind] for column, kind in columns.items()}, name=name)
        for name, columns in TABLES.items()
    }


def expression(name: Name) -> Any:
    """Return one definition as an Ibis expression over `unbound_tables`.

    `facts` and `organization_facts` read `spine` and `organization_spine`; `points` and `organization_points` make
    those spines.
    """
    from heli_shared.statistics.facts import facts
    from heli_shared.statistics.organizations import organization_facts
    from heli_shared.statistics.points import enterprise_points, organization_points

    tables = unbound_tables()
    makers: dict[Name, Callable[[], Any]] = {
        "facts": lambda: facts(tables["spine"], tables),
        "points": lambda: enterprise_points(tables),
        "organization_facts": lambda: organization_facts(tables["organization_spine"], tables),
        "organization_points": lambda: organization_points(tables),
    }
    return makers[name]()


@cache
def compiled(name: Name, dialect: str = "duckdb") -> str:
    """Return one definition as a SELECT statement in a dialect, over tables called as in `tables.TABLES`."""
    import ibis

    return str(ibis.to_sql(expression(name), dialect=dialect))


@cache
def definition_digest() -> str:
    """Return a digest of the definitions' sources, their parameters and the versions of the compiling libraries."""
    folder = files("heli_shared.statistics")
    sources = [entry for entry in folder.iterdir() if entry.name.endswith(".py")]
    sources += [entry for entry in folder.joinpath("parameters").iterdir() if entry.name.endswith(".yaml")]
    hashed = sha256()
    for library in ("ibis-framework", "sqlglot"):
        hashed.update(f"{library} {version(library)}\n".encode())
    for source in sorted(sources, key=lambda entry: entry.name):
        hashed.update(source.name.encode() + b"\n" + source.read_bytes())
    return hashed.hexdigest()

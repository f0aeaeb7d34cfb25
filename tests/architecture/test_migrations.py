"""Migrations: one head per service, up and down and up again, and nothing left that the models have and they do not."""

from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from heli_shared.db.engine import make_engine
from heli_shared.db.migrations import migration_config

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("registry", "assessment", "reporting")
VERSION_NAME = r"^\d{4}_[a-z0-9_]+\.py$"


def folder(service: str) -> Path:
    return ROOT / f"services/{service}/src/heli_{service}/migrations"


def metadata(service: str) -> sa.MetaData:
    found = import_module(f"heli_{service}.tables").METADATA
    assert isinstance(found, sa.MetaData)
    return found


def tables(url: str) -> set[str]:
    engine = make_engine(url)
    try:
        return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def drift(url: str, models: sa.MetaData) -> list[str]:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return [str(difference) for difference in compare_metadata(context, models)]
    finally:
        engine.dispose()


@pytest.mark.parametrize("name", SERVICES)
def test_there_is_one_head(name):
    script = ScriptDirectory.from_config(migration_config(folder(name), "sqlite://"))

    assert len(script.get_heads()) == 1


@pytest.mark.parametrize("name", SERVICES)
def test_every_migration_is_numbered_and_named(name):
    names = sorted(path.name for path in (folder(name) / "versions").glob("*.py"))

    assert names
    assert [name[:5] for name in names] == [f"{number:04}_" for number in range(1, len(names) + 1)]


@pytest.mark.parametrize("name", SERVICES)
def test_migrations_go_up_and_down_and_up_again(name, empty_database):
    config = migration_config(folder(name), empty_database)

    command.upgrade(config, "head")
    first = tables(empty_database)
    command.downgrade(config, "base")
    between = tables(empty_database)
    command.upgrade(config, "head")

    assert between == set()
    assert tables(empty_database) == first
    assert first


@pytest.mark.parametrize("name", SERVICES)
def test_the_models_are_what_the_migrations_make(name, empty_database):
    command.upgrade(migration_config(folder(name), empty_database), "head")

    assert drift(empty_database, metadata(name)) == []


def test_the_comparison_can_fail(empty_database):
    command.upgrade(migration_config(folder("registry"), empty_database), "head")
    changed = sa.MetaData()
    for table in metadata("registry").tables.values():
        table.to_metadata(changed)
    changed.tables["enterprises"].append_column(sa.Column("forgotten", sa.Text))

    assert any("forgotten" in difference for difference in drift(empty_database, changed))

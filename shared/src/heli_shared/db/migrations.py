"""Alembic, driven from code: every service brings its own migrations along and runs them before it starts."""

from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config

from heli_shared.db.engine import make_engine
from heli_shared.db.types import Instant, JsonText


def migration_config(folder: Path, url: str) -> Config:
    """Return Alembic's configuration for the migrations in `folder` and the database at `url`."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def migrate(folder: Path, url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to a revision; running it again changes nothing."""
    command.upgrade(migration_config(folder, url), revision)


def run_environment(metadata: sa.MetaData) -> None:
    """Serve as the body of a service's `env.py`: run the migrations in one transaction each way."""
    url = context.config.attributes["url"]
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(heli_writes=True) as connection:
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_as_batch=True,
                render_item=_rendered,
                compare_type=True,
                transaction_per_migration=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        engine.dispose()


def _rendered(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our column types into migrations as what they are in the database, free of our code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.String(length=27)"
    if kind == "type" and isinstance(item, JsonText):
        return "sa.Text()"
    return False

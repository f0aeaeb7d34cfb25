"""`heli migrate`: bring the databases up to date, or check that the migrations make exactly the declared tables."""

import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from heli_cli.composition import migrate_database


def faults_of(service: str) -> list[str]:
    """Return what is wrong with a service's migrations: more than one head, or tables that differ from the declared."""
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    from heli_shared.db.migrations import migration_config

    with tempfile.TemporaryDirectory(prefix="heli-migrations-") as name:
        url = f"sqlite:///{Path(name) / 'check.sqlite'}"
        with as_file(files(f"heli_{service}") / "migrations") as folder:
            config = migration_config(folder, url)
            heads = ScriptDirectory.from_config(config).get_heads()
            if len(heads) != 1:
                return [f"{service}: {len(heads)} heads: {', '.join(heads)}"]
            migrate_database(service, url)
            try:
                command.check(config)
            except CommandError as error:
                return [f"{service}: {error}"]
    return []

"""The shape of a service's database: which revision it needs, whether it has it, and how it gets there."""

from collections.abc import Callable
from importlib.resources import as_file, files

import sqlalchemy as sa


def newest_revision(package: str) -> str:
    """Return the newest revision among a package's migrations, whose files are named `NNNN_what.py`."""
    folder = files(package) / "migrations" / "versions"
    return max(item.name.partition("_")[0] for item in folder.iterdir() if item.name.endswith(".py"))


def database_check(engine: sa.Engine, package: str) -> Callable[[], str | None]:
    """Return a readiness check: None when all is well, otherwise what is missing, without internals."""
    newest = newest_revision(package)

    def check() -> str | None:
        try:
            with engine.connect() as connection:
                found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        except (sa.exc.SQLAlchemyError, OSError) as error:
            return type(error).__name__
        return None if found == newest else f"migration {newest} needed, {found} found: run `heli migrate`"

    return check


def migrate_service(package: str, url: str, revision: str = "head") -> None:
    """Bring a database to a revision of the migrations that travel inside a package; again changes nothing."""
    from heli_shared.db.migrations import migrate  # Alembic is needed here alone, not at every start

    with as_file(files(package) / "migrations") as folder:
        migrate(folder, url, revision)

"""The shape of a service's database: which revision it needs, whether it has it, and how it gets there."""

from collections.abc import Callable
from importlib.resources import as_file, files

import sqlalchemy as sa

from heli_shared.db.engine import make_engine


def newest_revision(package: str) -> str:
    """Return the newest revision among a package's migrations, whose files are named `NNNN_what.py`."""
    folder = files(package) / "migrations" / "versions"
    return max(item.name.partition("_")[0] for item in folder.iterdir() if item.name.endswith(".py"))


def database_check(engine: sa.Engine, package: str) -> Callable[[], str | None]:
    """Return a readiness check: None when all is well, otherwise what is missing, without internals."""
    newest = newest_revision(package)

    def check() -> str | None:
        try:
            found = _present_revision(engine)
        except (sa.exc.SQLAlchemyError, OSError) as error:
            return type(error).__name__
        return None if found == newest else f"migration {newest} needed, {found} found: run `heli migrate`"

    return check


def _present_revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def _is_newest(package: str, url: str) -> bool:
    """Say whether a database needs no migration; one that is new or cannot be asked is left to Alembic."""
    engine = make_engine(url)
    try:
        return _present_revision(engine) == newest_revision(package)
    except sa.exc.SQLAlchemyError:
        return False
    finally:
        engine.dispose()


def migrate_service(package: str, url: str, revision: str = "head") -> None:
    """Bring a database to a revision of the migrations that travel inside a package; again changes nothing."""
    if revision == "head" and _is_newest(package, url):
        return
    from heli_shared.db.migrations import migrate  # Alembic is needed here alone, not at every start

    with as_file(files(package) / "migrations") as folder:
        migrate(folder, url, revision)

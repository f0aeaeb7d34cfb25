"""The registry's migrations, which travel inside the package so that every installation has them."""

from importlib.resources import as_file, files

from heli_shared.db.migrations import migrate


def migrate_registry(url: str, revision: str = "head") -> None:
    """Bring the registry's database to a revision; running it again changes nothing."""
    with as_file(files("heli_registry") / "migrations") as folder:
        migrate(folder, url, revision)

"""Assessment's migrations, which travel inside the package so that every installation has them."""

from importlib.resources import as_file, files

from heli_shared.db.migrations import migrate


def migrate_assessment(url: str, revision: str = "head") -> None:
    """Bring assessment's database to a revision; running it again changes nothing."""
    with as_file(files("heli_assessment") / "migrations") as folder:
        migrate(folder, url, revision)

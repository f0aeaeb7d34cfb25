"""The registry's migrations, which travel inside the package so that every installation has them."""

from heli_shared.db.revisions import migrate_service


def migrate_registry(url: str, revision: str = "head") -> None:
    """Bring the registry's database to a revision; running it again changes nothing."""
    migrate_service("heli_registry", url, revision)

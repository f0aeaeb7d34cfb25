"""Reporting's migrations, which travel inside the package so that every installation has them."""

from heli_shared.db.revisions import migrate_service


def migrate_reporting(url: str, revision: str = "head") -> None:
    """Bring reporting's archive to a revision; running it again changes nothing."""
    migrate_service("heli_reporting", url, revision)

"""Assessment's migrations, which travel inside the package so that every installation has them."""

from heli_shared.db.revisions import migrate_service


def migrate_assessment(url: str, revision: str = "head") -> None:
    """Bring assessment's database to a revision; running it again changes nothing."""
    migrate_service("heli_assessment", url, revision)

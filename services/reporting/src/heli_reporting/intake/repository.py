"""Every SQL statement about readings."""

import sqlalchemy as sa

from heli_reporting.intake.domain import Reading
from heli_reporting.intake.models import READINGS
from heli_shared.db.engine import transaction


class Readings:
    """Keeps the last reading of each source over restarts."""

    def __init__(self, engine: sa.Engine) -> None:
        """Keep them in the database of `engine`."""
        self._engine = engine

    def load(self, source: str) -> Reading:
        """Return the last reading of a source, empty when it was never read."""
        with transaction(self._engine, writes=False) as session:
            row = session.execute(sa.select(READINGS).where(READINGS.c.source == source)).one_or_none()
        if row is None:
            return Reading(source, fetched_at=None, attempted_at=None, error=None)
        return Reading(row.source, row.fetched_at, row.attempted_at, row.error)

    def save(self, reading: Reading) -> None:
        """Put a reading in the place of the one before."""
        values = {
            "source": reading.source,
            "fetched_at": reading.fetched_at,
            "attempted_at": reading.attempted_at,
            "error": reading.error,
        }
        with transaction(self._engine, writes=True) as session:
            session.execute(sa.delete(READINGS).where(READINGS.c.source == reading.source))
            session.execute(sa.insert(READINGS), values)

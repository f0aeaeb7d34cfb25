"""Alembic's entry: assessment's metadata on the database that the caller names."""

from heli_assessment.tables import METADATA
from heli_shared.db.migrations import run_environment

run_environment(METADATA)

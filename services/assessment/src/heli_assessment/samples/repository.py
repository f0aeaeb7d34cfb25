"""Every SQL statement about samples."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.newest import page_of_newest
from heli_assessment.samples.domain import Sample
from heli_assessment.samples.models import SAMPLES
from heli_shared.kernel.pages import Page


def find_sample(session: Session, sample: str) -> Sample | None:
    """Return a sample, or None."""
    row = session.execute(sa.select(SAMPLES).where(SAMPLES.c.id == sample)).one_or_none()
    return None if row is None else _sample(row)


def list_samples(session: Session, *, cursor: str | None, limit: int) -> Page[Sample]:
    """Return a page of samples, the newest first."""
    return page_of_newest(session, SAMPLES, _sample, cursor=cursor, limit=limit)


def add_sample(session: Session, sample: Sample) -> None:
    """Store a sample; IntegrityError when it is there already."""
    session.execute(
        sa.insert(SAMPLES).values(
            id=sample.id,
            rulebook=sample.rulebook,
            rulebook_version=sample.version,
            seed=sample.seed,
            on_day=sample.on,
            registry_epoch=sample.registry_epoch,
            registry_known_at=sample.registry_known_at,
            draws=sample.draws,
            created_at=sample.created_at,
            created_by=sample.created_by,
        )
    )


def _sample(row: Any) -> Sample:
    return Sample(
        id=row.id,
        rulebook=row.rulebook,
        version=row.rulebook_version,
        seed=row.seed,
        on=row.on_day,
        registry_epoch=row.registry_epoch,
        registry_known_at=row.registry_known_at,
        draws=row.draws,
        created_at=row.created_at,
        created_by=row.created_by,
    )

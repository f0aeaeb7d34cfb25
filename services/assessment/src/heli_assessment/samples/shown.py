"""Samples as the API shows them."""

from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from heli_shared.db.types import instant_text
from heli_shared.records.models import Day, Strict

if TYPE_CHECKING:
    from heli_assessment.samples.domain import Sample


class NewSample(Strict):
    """What to draw for, and the seed that decides the draw."""

    rulebook: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", examples=["department"])
    version: int | None = Field(default=None, ge=1, le=10**9, description="The newest when left out")
    seed: str = Field(min_length=1, max_length=100, description="Agreed in public, for example a lottery number")
    on: Day | None = Field(default=None, description="The day whose lists are drawn from; today when left out")
    known_at: int | None = Field(default=None, ge=0, le=10**15, description="Seq of the registry; its head if left out")


class Drawn(BaseModel):
    """What was drawn for one subject: the smallest SHA-256 of the lines seed, ITEM/SUBJECT, id."""

    population: int
    list_digest: str = Field(description="SHA-256 of the list: its ids sorted, one a line")
    drawn: list[str]


class SampleShown(BaseModel):
    """One sample; `draws` by item and subject."""

    id: str
    rulebook: str
    version: int
    seed: str
    on: date
    known_at: int
    epoch: str
    draws: dict[str, dict[str, Drawn]]
    created_at: str
    created_by: str


class SamplePage(BaseModel):
    """A page of samples."""

    items: list[SampleShown]
    next: str | None
    total: int


def sample_json(sample: "Sample", seen: frozenset[str] | None) -> dict[str, Any]:
    """Return a sample as the API shows it, of the subjects that the caller may see (None: of all)."""
    return {
        "id": sample.id,
        "rulebook": sample.rulebook,
        "version": sample.version,
        "seed": sample.seed,
        "on": sample.on.isoformat(),
        "known_at": sample.registry_known_at,
        "epoch": sample.registry_epoch,
        "draws": {
            item: {
                subject: {name: each[name] for name in ("population", "list_digest", "drawn")}
                for subject, each in sorted(draws.items())
                if seen is None or subject in seen
            }
            for item, draws in sorted(sample.draws.items())
        },
        "created_at": instant_text(sample.created_at),
        "created_by": sample.created_by,
    }

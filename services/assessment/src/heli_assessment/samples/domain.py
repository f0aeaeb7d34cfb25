"""Drawing for every subject and every sampled item of a rulebook."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from heli_assessment.engine.book import Rulebook
from heli_assessment.engine.rules.panels import Sampled
from heli_assessment.engine.sampling import digest_of_list, draw
from heli_assessment.intake.domain import RegistryFacts


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample; `draws` holds for each item and subject the size and digest of the list, and what was drawn."""

    id: str
    rulebook: str
    version: int
    seed: str
    on: date
    registry_epoch: str
    registry_known_at: int
    draws: Mapping[str, Mapping[str, Mapping[str, Any]]]
    created_at: datetime
    created_by: str

    def drawn(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Return what was drawn by subject and item."""
        return {
            (subject, item): tuple(each["drawn"])
            for item, by_subject in self.draws.items()
            for subject, each in by_subject.items()
        }


def populations(book: Rulebook) -> frozenset[str]:
    """Return the lists that a book draws from."""
    return frozenset(item.rule.population.value for _, item in book.items() if isinstance(item.rule, Sampled))


def draws_of(book: Rulebook, facts: RegistryFacts, seed: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the draws of all sampled items for all subjects; each pair draws by itself."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    items = (item for _, item in book.items())
    for item in items:
        if not isinstance(item.rule, Sampled):
            continue
        by_subject = {}
        for subject in facts.subjects:
            listed = facts.population(item.rule.population.value, subject.id)
            by_subject[subject.id] = {
                "population": len(listed),
                "list_digest": digest_of_list(listed),
                "drawn": list(draw(seed, f"{item.id}/{subject.id}", listed, item.rule.draw)),
            }
        found[item.id] = by_subject
    return found


def sample_id(**pins: Any) -> str:
    """Return the id that follows from what a sample is drawn from."""
    text = json.dumps(pins, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "smp-" + base64.b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()[:26]

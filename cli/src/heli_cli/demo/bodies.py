"""What the demo's organisations and instructors did: meetings, practical matters, trainings, each by whom it names."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from heli_cli.demo.calendar import Calendar
from heli_cli.demo.places import COMMISSION, PARK_UNITS, TOWNS
from heli_cli.demo.record import Record, created

_UNITS = {town.digits: town.unit for town in TOWNS}


@dataclass(slots=True)
class Bodies:
    """Records of organisations and instructors of the year under way; `made` counts them."""

    chance: random.Random
    calendar: Calendar
    made: int = 0
    _trained: set[str] = field(default_factory=set)

    def of_organization(self, organization: Record) -> Iterator[Record]:
        """Yield the meetings and practical matters of an organisation, kept by the unit that answers for it."""
        place = organization.fields
        unit = PARK_UNITS.get(place.get("zone") or "") or _UNITS.get(place["division"][6:9], COMMISSION)
        # What no township keeps has at least one meeting, so that something is known of it.
        for _ in range(self.chance.randint(1 if unit == COMMISSION else 0, 3)):
            yield self._activity("meeting", unit, "支部党员大会", organization, organization=organization.key)
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            yield self._activity("practical_matter", unit, "为职工办实事", organization, organization=organization.key)

    def of_instructor(self, assignment: Record) -> Iterator[Record]:
        """Yield the training of an instructor, once, and what an instructor did for the enterprise."""
        post = assignment.fields
        if post["role"] != "instructor":
            return
        if post["person"] not in self._trained and self.chance.random() < 0.8:
            yield self._activity(
                "training", post["unit"], "党建工作指导员培训班", assignment,
                assignment=assignment.key, audience="instructors", days=self.chance.randint(1, 3),
            )  # fmt: skip
        self._trained.add(post["person"])
        if self.chance.random() < 0.4:
            yield self._activity(
                "practical_matter", post["unit"], "协调解决企业困难", assignment,
                assignment=assignment.key, enterprise=post["enterprise"],
            )  # fmt: skip

    def _activity(self, kind: str, unit: str, title: str, whose: Record, **named: object) -> Record:
        self.made += 1
        held_on = max(self.calendar.this_year(self.chance), whose.effective_on)
        return created(
            "activities", f"act-body-{self.made:06d}", held_on,
            kind=kind, unit=unit, held_on=held_on, title=title, evidence=f"会议记录、台账第{self.made}号", **named,
        )  # fmt: skip

"""People in roles: secretaries, instructors with their loads, village liaisons, leaders with their contact points."""

import random
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from heli_cli.demo.calendar import Calendar
from heli_cli.demo.enterprises import Enterprise
from heli_cli.demo.places import COMMISSION, DEPARTMENT_UNITS, TOWNS
from heli_cli.demo.record import Record, created
from heli_cli.demo.words import person_name

_TERM_YEARS = 2
_LEADERS = 18
_LIAISON_LOAD = 24


@dataclass(slots=True)
class Staffing:
    """Hands out people while enterprises and organisations pass by; `made` counts the people so far."""

    chance: random.Random
    calendar: Calendar
    made: int = 0
    _instructor: tuple[str, str, int] | None = None
    _liaisons: dict[str, tuple[str, int]] = field(default_factory=dict)
    _points: int = 0

    def secretary(self, organization: Record) -> Iterator[Record]:
        """Yield the secretary of an organisation that has one, as a person and an assignment."""
        if not organization.fields.get("has_secretary"):
            return
        town = organization.fields["division"][6:9]
        unit = next((each.unit for each in TOWNS if each.digits == town), COMMISSION)
        person = yield from self._person(unit, organization.effective_on)
        elected_on = organization.fields.get("elected_on")
        since = self.calendar.effective(organization.effective_on, date.fromisoformat(elected_on or "2000-01-01"))
        yield created(
            "assignments", f"asg-{person[4:]}-secretary", since,
            person=person, role="secretary", organization=organization.key, unit=unit,
        )  # fmt: skip

    def attend(self, enterprise: Enterprise, *, covered: bool) -> Iterator[Record]:
        """Yield who looks after an enterprise: leaders the largest, instructors and liaisons those not yet covered."""
        if not enterprise.counts:
            return
        draw = self.chance.random()
        if (enterprise.staff or 0) >= 300 and self._points < _LEADERS:  # the county's largest
            yield from self._contact_point(enterprise)
        elif not covered and (enterprise.staff or 0) >= 10 and draw < enterprise.town.zeal * 0.75:
            yield from self._instruct(enterprise)
        elif not covered and draw < 0.3 + enterprise.town.zeal * 0.55:
            yield from self._accompany(enterprise)

    def _contact_point(self, enterprise: Enterprise) -> Iterator[Record]:
        self._points += 1
        person = yield from self._person(COMMISSION, self.calendar.baseline)
        yield self._assignment(person, "contact_leader", enterprise, COMMISSION, visits=4)

    def _instruct(self, enterprise: Enterprise) -> Iterator[Record]:
        """Give the enterprise to the instructor under way, or to the next one when the load is full."""
        if self._instructor is None or self._instructor[2] == 0:
            unit = self.chance.choice(DEPARTMENT_UNITS)
            person = yield from self._person(unit, self.calendar.baseline)
            over = self.chance.random() < 0.12  # a few carry more than the limit of three
            self._instructor = (person, unit, self.chance.randint(4, 5) if over else self.chance.randint(1, 3))
        person, unit, left = self._instructor
        self._instructor = (person, unit, left - 1)
        yield self._assignment(person, "instructor", enterprise, unit, visits=4)

    def _accompany(self, enterprise: Enterprise) -> Iterator[Record]:
        """Give the enterprise to the liaison of its village."""
        code, unit = enterprise.town.village_code(enterprise.village), enterprise.town.unit
        person, load = self._liaisons.get(code, ("", _LIAISON_LOAD))
        if load == _LIAISON_LOAD:
            person, load = (yield from self._person(unit, self.calendar.baseline)), 0
        self._liaisons[code] = (person, load + 1)
        yield self._assignment(person, "liaison", enterprise, unit, visits=2)

    def _assignment(self, person: str, role: str, enterprise: Enterprise, unit: str, *, visits: int) -> Record:
        since = self.calendar.effective(enterprise.registered_on, self.calendar.past(self.chance, _TERM_YEARS + 0.1))
        return created(
            "assignments", f"asg-{person[4:]}-{enterprise.number}", since,
            person=person, role=role, enterprise=enterprise.uscc, unit=unit,
            term_ends_on=since + timedelta(days=round(_TERM_YEARS * 365.25)), visits_per_year=visits,
        )  # fmt: skip

    def _person(self, unit: str, effective_on: date) -> Generator[Record, None, str]:
        """Yield a new person and return the key."""
        self.made += 1
        key = f"psn-{self.made:06d}"
        # Numbers of this form are not given out to anybody.
        phone = f"100{self.made:08d}"
        yield created("people", key, effective_on, unit=unit, name=person_name(self.made), phone=phone)
        return key

"""The whole county as one stream of records: the same size, seed and day always give the same records."""

import random
from collections.abc import Iterable, Iterator
from datetime import date

from heli_cli.demo import places
from heli_cli.demo.bodies import Bodies
from heli_cli.demo.calendar import Calendar
from heli_cli.demo.enterprises import enterprise_at, enterprise_records
from heli_cli.demo.masses import mass_organizations
from heli_cli.demo.organizations import Organizer
from heli_cli.demo.people import Staffing
from heli_cli.demo.record import Record
from heli_cli.demo.work import FIRST_OF_MEMBERS, Year

USUAL_SIZE = 3_000
USUAL_SEED = 2026


def county(size: int, seed: int, on: date) -> Iterator[Record]:
    """Yield every record of a county of `size` enterprises as of `on`; memory does not grow with the size.

    Within a kind every record comes after those of its kind that it refers to; kinds are mixed, and once taken apart
    they can be loaded in the order of `record.KINDS`.
    """
    calendar = Calendar(on)
    # One source of chance for each part: a change in one part leaves the others as they are.
    organizer = Organizer(_chance(seed, "organizations"), calendar)
    staffing = Staffing(_chance(seed, "people"), calendar)
    year = Year(_chance(seed, "work"), calendar)
    members = Year(_chance(seed, "members"), calendar, made=FIRST_OF_MEMBERS)
    bodies = Bodies(_chance(seed, "bodies"), calendar)
    masses = _chance(seed, "masses")
    for part in (places.divisions(calendar), places.zones(calendar), places.units(calendar)):
        yield from part
    yield from year.plan_and_tasks()
    yield from year.activities()
    yield from year.marks()
    yield from members.of_members()
    yield from _with_secretaries(organizer.superiors(), staffing, bodies)
    for number in range(size):
        enterprise = enterprise_at(number, seed, calendar)
        yield from enterprise_records(enterprise, calendar)
        covered, records = organizer.take(enterprise)
        yield from _with_secretaries(records, staffing, bodies)
        yield from mass_organizations(enterprise, masses, calendar)
        yield from _with_visits(staffing.attend(enterprise, covered=covered), year, bodies)
    yield from _with_secretaries(organizer.finish(), staffing, bodies)


def _chance(seed: int, part: str) -> random.Random:
    return random.Random(f"{seed} {part}")  # noqa: S311 - a made-up county, reproducible


def _with_secretaries(records: Iterable[Record], staffing: Staffing, bodies: Bodies) -> Iterator[Record]:
    for record in records:
        yield record
        if record.kind == "party-organizations":
            yield from staffing.secretary(record)
            yield from bodies.of_organization(record)


def _with_visits(records: Iterable[Record], year: Year, bodies: Bodies) -> Iterator[Record]:
    for record in records:
        yield record
        if record.kind == "assignments":
            yield from year.visits(record)
            yield from bodies.of_instructor(record)

"""Measures counted on the registry's records, on random counties, against a reading that a clerk could do by hand."""

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from heli_assessment.engine.amounts import value_text
from heli_assessment.engine.inputs import State
from heli_assessment.intake.domain import UNIT_KINDS, Wanted
from heli_assessment.intake.facts import pull_facts
from heli_assessment.intake.rows import ROWS
from heli_assessment.measures.registry import KINDS, REGISTRY_MEASURES
from heli_assessment.measures.values import Period, gather, values_of
from heli_shared.contracts.registry.fake import FakeRegistry

ON = date(2026, 6, 30)
UNITS = {"unt-dep": "department", "unt-fed": "association", "unt-park": "park", "unt-town": "township"}
COUNTY, TOWN = "990101000000", "990101001000"
PEOPLE = [f"per-{number}" for number in range(5)]
TERMS = {"branch": 3, "joint_branch": 3, "general_branch": 3, "committee": 5}


class County:
    """A random county: what it wrote into the registry, and its records as plain dictionaries."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.registry = FakeRegistry()
        self.records = {}
        self.fill()

    def put(self, entity, key, since=date(2020, 1, 1), **fields):
        closed = self.chance.random() < 0.12 and entity not in {"division", "unit"}
        fields["state"] = "closed" if closed else "open"
        written = {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}
        self.registry.append(entity, key, effective_on=since, changes=written)
        self.records.setdefault(entity, {})[key] = fields

    def pick(self, *options):
        return self.chance.choice(options)

    def fill(self):
        self.put("division", COUNTY, name="县", level="county", parent=None)
        self.put("division", TOWN, name="镇", level="town", parent=COUNTY)
        for unit, kind in UNITS.items():
            self.put("unit", unit, name=unit, kind=kind, division=TOWN if kind == "township" else COUNTY)
        firms = [f"91990101MA000000{number:02d}" for number in range(14)]
        for firm in firms:
            self.put(
                "enterprise", firm, name=firm, division=TOWN, ownership=self.pick("private", "private", "state_owned"),
                responsible_unit=self.pick(None, *UNITS), staff=self.pick(None, 10, 49, 50, 120),
            )  # fmt: skip
        organizations = [f"org-{number}" for number in range(9)]
        for organization in organizations:
            elected = ON - timedelta(days=self.chance.randint(0, 2500))
            self.put(
                "party_organization", organization, name=organization, division=TOWN, setup_form="joint",
                kind=self.pick(*TERMS, "temporary_branch"), elected_on=self.pick(None, elected, elected, elected),
                extension_until=self.pick(None, None, ON + timedelta(days=20), ON - timedelta(days=20)),
                full_members=self.pick(None, 2, 7, 40), probationary_members=self.pick(None, 0, 3),
                has_secretary=self.pick(None, True, False), secretary_is_investor=self.pick(None, True, False),
                has_full_time_deputy=self.pick(None, True, False), committee_seats=self.pick(None, 0, 3, 5),
                committee_members=self.pick(None, 0, 2, 3, 4),
            )  # fmt: skip
        for number in range(16):
            self.put("cover", f"cov-{number}", organization=self.pick(*organizations), enterprise=self.pick(*firms))
        for number in range(14):
            kind = self.pick("union", "union", "youth_league", "womens_federation")
            self.put(
                "mass_organization", f"mas-{number}", name="群团", kind=kind, enterprise=self.pick(*firms),
                chair_is_secretary=self.pick(None, True, False),
            )  # fmt: skip
        for number in range(14):
            role = self.pick("instructor", "instructor", "secretary")
            target = {"enterprise": self.pick(*firms)} if role == "instructor" else {}
            target |= {"organization": self.pick(*organizations)} if role == "secretary" else {}
            self.put(
                "assignment", f"asg-{number}", role=role, person=self.pick(*PEOPLE), unit=self.pick(None, *UNITS),
                visits_per_year=self.pick(None, 2, 12), since=ON - timedelta(days=self.chance.randint(0, 400)),
                **target,
            )  # fmt: skip

    def open(self, entity):
        return {key: each for key, each in self.records.get(entity, {}).items() if each["state"] == "open"}


class Reading:
    """The naive reading of a county for one kind of subject."""

    def __init__(self, county, kind):
        self.county, self.kind = county, kind
        self.firms = county.open("enterprise")
        self.counting = {key for key, each in self.firms.items() if each["ownership"] == "private"}

    def subjects(self):
        if self.kind in UNIT_KINDS:
            kinds = {"department", "association", "park"} if self.kind == "department" else {"township"}
            return {key for key, kind in UNITS.items() if kind in kinds}
        if self.kind in {"organization", "enterprise"}:
            return set(self.county.open({"organization": "party_organization"}.get(self.kind, self.kind)))
        return {each["person"] for each in self.posts(self.kind)}

    def posts(self, role):
        return [each for each in self.county.open("assignment").values() if each["role"] == role]

    def covered(self, organizations):
        covers = self.county.open("cover").values()
        return {each["enterprise"] for each in covers if each["organization"] in organizations}

    def enterprises(self, subject):
        if self.kind in UNIT_KINDS:
            return {
                key for key, each in self.county.records["enterprise"].items() if each["responsible_unit"] == subject
            }
        if self.kind == "enterprise":
            return {subject}
        if self.kind == "instructor":
            return {each["enterprise"] for each in self.posts("instructor") if each["person"] == subject}
        return self.covered(self.led(subject))

    def led(self, subject):
        if self.kind == "organization":
            return {subject}
        if self.kind == "secretary":
            return {each["organization"] for each in self.posts("secretary") if each["person"] == subject}
        theirs = self.enterprises(subject)
        return {each["organization"] for each in self.county.open("cover").values() if each["enterprise"] in theirs}

    def organizations(self, subject):
        open_ones = self.county.open("party_organization")
        return [(key, open_ones[key]) for key in sorted(self.led(subject)) if key in open_ones]

    def masses(self, subject):
        theirs = self.enterprises(subject) & self.counting
        return [each for each in self.county.open("mass_organization").values() if each["enterprise"] in theirs]

    def value(self, measure, subject):
        """Return a number, `missing` or `not_applicable`."""
        if measure.startswith("county_"):
            return self.share(measure.removeprefix("county_"), self.counting)
        if measure.endswith("_coverage"):
            return self.share(measure, self.enterprises(subject) & self.counting)
        return getattr(self, f"of_{measure}")(subject)

    def share(self, measure, firms):
        kind = {"union": "union", "league": "youth_league", "women": "womens_federation"}[measure.partition("_")[0]]
        having = {each["enterprise"] for each in self.county.open("mass_organization").values() if each["kind"] == kind}
        return Fraction(len(firms & having), len(firms)) if firms else "not_applicable"

    def of_guided_enterprises(self, subject):
        return len(self.enterprises(subject) & set(self.firms))

    def of_guided_staff50(self, subject):
        return sum((self.firms[firm]["staff"] or 0) >= 50 for firm in self.enterprises(subject) & set(self.firms))

    def of_mass_kinds(self, subject):
        if not self.enterprises(subject) & self.counting:
            return "not_applicable"
        return len({each["kind"] for each in self.masses(subject)})

    def of_dual_posts(self, subject):
        unions = [each for each in self.masses(subject) if each["kind"] == "union"]
        return sum(each["chair_is_secretary"] is True for each in unions) if unions else "not_applicable"

    def summed(self, subject, count, *, combine=sum):
        found = [count(key, each) for key, each in self.organizations(subject)]
        found = [each for each in found if each != "not_applicable"]
        if not found:
            return "not_applicable"
        return "missing" if "missing" in found else combine(found)

    def of_secretaries_missing(self, subject):
        manned = {each["organization"] for each in self.posts("secretary")}

        def count(key, each):
            if each["has_secretary"] or key in manned:
                return 0
            return "missing" if each["has_secretary"] is None else 1

        return self.summed(subject, count)

    def of_deputies_missing(self, subject):
        def count(_key, each):
            members = (each["full_members"] or 0) + (each["probationary_members"] or 0)
            wanted = members >= 30 and each["secretary_is_investor"] is True
            return int(wanted and each["has_full_time_deputy"] is False)

        return self.summed(subject, count)

    def of_committee_vacancies(self, subject):
        def count(_key, each):
            seats = each["committee_seats"] or None
            if seats is None and each["kind"] in TERMS:
                if each["full_members"] is None:
                    return "missing"
                seats = 3 if each["full_members"] >= 7 else 0
            if not seats:
                return 0
            return "missing" if each["committee_members"] is None else max(seats - each["committee_members"], 0)

        return self.summed(subject, count)

    def late(self, each):
        if each["kind"] not in TERMS:
            return "not_applicable"
        if each["elected_on"] is None:
            return "missing"
        elected = each["elected_on"]
        # The terms before July 2018 were others; the days here are later.
        year, day = elected.year + TERMS[each["kind"]], elected.day
        ends = date(year, elected.month, min(day, 28) if (elected.month, day) == (2, 29) else day)
        if each["extension_until"] is not None and each["extension_until"] > ends:
            ends = each["extension_until"]
        return max((ON - ends).days, 0)

    def of_elections_overdue(self, subject):
        def count(_key, each):
            late = self.late(each)
            return late if isinstance(late, str) else int(late > 0)

        return self.summed(subject, count)

    def of_election_overdue_days(self, subject):
        return self.summed(subject, lambda _key, each: self.late(each), combine=max)

    def of_party_members(self, subject):
        def count(_key, each):
            if each["full_members"] is None and each["probationary_members"] is None:
                return "missing"
            return (each["full_members"] or 0) + (each["probationary_members"] or 0)

        return self.summed(subject, count)


def text(value):
    if isinstance(value, str):
        return value
    scaled = Fraction(value) * 10_000
    return value_text((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", KINDS)
def test_every_measure_of_records_is_what_a_clerk_reads_and_equals_its_rows(kind, seed):
    county = County(f"{kind} {seed}")
    reading = Reading(county, kind)
    measures = [each.id for each in REGISTRY_MEASURES.values() if kind in each.subjects]
    facts = pull_facts(county.registry, on=ON, known_at=None, wanted=Wanted(kind, counts=frozenset(measures)))
    assert {subject.id for subject in facts.subjects} == reading.subjects()
    evidence = gather(period=Period(date(2026, 1, 1), ON), rulebook="b", facts=facts, activities=[], tasks=[], marks=[])
    for subject in sorted(reading.subjects()):
        for measure, found in values_of(subject, measures, evidence).items():
            known = found.input.state is State.VALUE
            told = value_text(found.input.value) if known else found.input.state.value
            assert told == text(reading.value(measure, subject)), (measure, subject)
    chosen, subject = county.pick(*measures), county.pick(*sorted(reading.subjects()))
    value = values_of(subject, [chosen], evidence)[chosen]
    wanted = Wanted(kind, rows=(chosen, subject))
    rows = pull_facts(county.registry, on=ON, known_at=None, wanted=wanted).rows
    parts = [row.part for row in rows]
    if value.input.state is State.MISSING:
        assert None in parts
    elif value.denominator is not None:
        assert (sum(parts), sum(row.whole for row in rows)) == (value.numerator, value.denominator)
    elif value.input.state is State.VALUE:
        most = max(parts, default=0) if chosen == "election_overdue_days" else sum(parts)
        assert most * 10_000 == value.input.value


def test_each_measure_in_words_is_counted_and_each_that_is_counted_has_words():
    assert set(ROWS) == set(REGISTRY_MEASURES)

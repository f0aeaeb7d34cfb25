"""Party organisations of the demo: superiors first, then what the enterprises, met one by one, give rise to."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from heli_cli.demo.calendar import Calendar, years_after
from heli_cli.demo.enterprises import Enterprise
from heli_cli.demo.membership import reported
from heli_cli.demo.places import COMMISSION, COUNTY, PARKS, TOWNS, ZONES, Town
from heli_cli.demo.record import Record, closed, created

FEDERATION_COMMITTEE = "pty-federation"
_BODY = "中共合力县委两新工委"
_TERMS = {"branch": 3, "joint_branch": 3, "general_branch": 3, "committee": 5}
_COMMITTEE_FROM = 7  # full members, R-4
_BLOCK = 6_000  # so many enterprises share one regional branch in each village, one set of temporary ones


def _sitting(seats: int | None, members: int, count: int) -> int | None:
    """Return how many sit on a committee: every sixth has a seat that nobody took; who should have one has none."""
    if seats is None:
        return 0 if members >= _COMMITTEE_FROM else None
    return seats - (count % 6 == 0)


@dataclass(slots=True)
class Organizer:
    """Sets up organisations while enterprises pass by; keeps only what is still open: bounded, whatever the size."""

    chance: random.Random
    calendar: Calendar
    count: int = 0
    _joint: dict[str, list[Enterprise]] = field(default_factory=dict)
    _joint_sizes: dict[str, int] = field(default_factory=dict)
    _regional: dict[str, tuple[int, str | None, date]] = field(default_factory=dict)
    _latest_sole: dict[str, tuple[str, date]] = field(default_factory=dict)

    def superiors(self) -> Iterator[Record]:
        """Yield the township committees, the parks' general branches and the federation's committee."""
        for town in TOWNS:
            yield from self._organization(
                f"pty-town-{town.digits}", f"中共{town.name}非公有制企业委员会", "committee", "other",
                town.code, self._old_day(), members=self.chance.randint(60, 190), superior=(COMMISSION, "direct"),
            )  # fmt: skip
        for park in PARKS:
            yield from self._organization(
                f"pty-{park.id[4:]}", f"中共{park.name}总支部委员会", "general_branch", "other",
                park.division, self._old_day(), members=self.chance.randint(52, 90), zone=park.id,
                superior=(COMMISSION, "park"),
            )  # fmt: skip
        yield from self._organization(
            FEDERATION_COMMITTEE, "中共合力县工商业联合会（商会）委员会", "committee", "other",
            COUNTY, self._old_day(), members=112, superior=(COMMISSION, "federation"),
        )  # fmt: skip

    def take(self, enterprise: Enterprise) -> tuple[bool, list[Record]]:
        """Return whether the enterprise is (or will be) covered, and the records that follow from it."""
        records = list(self._specials(enterprise.number)) if enterprise.number % _BLOCK == 0 else []
        if not enterprise.counts:
            return False, records
        found = self._setting_up(enterprise)
        return found is not None, [*records, *(found or ())]

    def finish(self) -> Iterator[Record]:
        """Yield the joint branches whose groups were still being gathered."""
        for group in self._joint.values():
            if len(group) > 1:
                yield from self._joint_branch(group)
        self._joint.clear()

    def _setting_up(self, enterprise: Enterprise) -> list[Record] | None:
        """Return what covers the enterprise; None when nothing does. The township's zeal decides how often."""
        draw, zeal = self.chance.random(), enterprise.town.zeal
        if enterprise.full_members >= 3:  # the Party Constitution, Article 30
            return list(self._sole_branch(enterprise)) if draw < 0.45 + zeal * 0.52 else None
        if enterprise.full_members and draw < zeal * 0.07 and enterprise.town.digits in self._latest_sole:
            organization, since = self._latest_sole[enterprise.town.digits]
            return [self._cover(organization, enterprise, "attached", since)]
        if enterprise.full_members and draw < zeal * 0.8:
            return self._join(enterprise)
        if draw < zeal * 0.6:
            return self._regional_cover(enterprise)
        return None

    def _sole_branch(self, enterprise: Enterprise) -> Iterator[Record]:
        members = enterprise.full_members
        kind = "committee" if members >= 100 else "general_branch" if members >= 50 else "branch"
        established_on = self._since(enterprise.registered_on)
        key = self._next_key()
        self._latest_sole[enterprise.town.digits] = (key, established_on)
        name = f"中共{enterprise.name}{'' if kind == 'committee' else '总' if kind == 'general_branch' else ''}"
        name += {"committee": "委员会", "general_branch": "支部委员会", "branch": "支部委员会"}[kind]
        yield from self._organization(
            key, name, kind, "sole", enterprise.division, established_on,
            members=members, zone=enterprise.zone, probationary=enterprise.probationary_members,
            superior=self._superior(enterprise.town, enterprise.zone),
        )  # fmt: skip
        yield from self._dated_cover(key, enterprise, "sole", established_on)

    def _join(self, enterprise: Enterprise) -> list[Record]:
        """Put the enterprise into its township's open group; found the branch when the group is full."""
        town = enterprise.town.digits
        group = self._joint.setdefault(town, [])
        if not group:
            wide = self.chance.random() < 0.16  # so many joint branches are too wide
            self._joint_sizes[town] = self.chance.randint(6, 9) if wide else self.chance.randint(3, 5)
        group.append(enterprise)
        if len(group) < self._joint_sizes[town] or sum(each.full_members for each in group) < 3:
            return []
        del self._joint[town]
        return list(self._joint_branch(group))

    def _joint_branch(self, group: list[Enterprise]) -> Iterator[Record]:
        first = group[0]
        members = max(3, sum(each.full_members for each in group))
        established_on = self._since(min(each.registered_on for each in group))
        key = self._next_key()
        name = f"中共{first.town.name}{first.short_name}等企业联合支部委员会"
        yield from self._organization(
            key, name, "joint_branch", "joint", first.town.code, established_on,
            members=members, superior=self._superior(first.town, None),
        )  # fmt: skip
        for each in group:
            yield from self._dated_cover(key, each, "joint", established_on)

    def _regional_cover(self, enterprise: Enterprise) -> list[Record] | None:
        """Cover the enterprise by the regional branch of its village, where the village has one."""
        town, block = enterprise.town, enterprise.number // _BLOCK
        code = town.village_code(enterprise.village)
        found = self._regional.get(code)
        records: list[Record] = []
        if found is None or found[0] != block:
            key = self._next_key() if self.chance.random() < 0.3 + town.zeal * 0.7 else None
            found = (block, key, self.calendar.past(self.chance, 9))
            self._regional[code] = found
            if key:
                number = f"第{block + 1}" if block else ""
                name = f"中共{town.name}{town.villages[enterprise.village]}{number}区域联合支部委员会"
                made = self._organization(
                    key, name, "branch", "regional", code, found[2],
                    members=self.chance.randint(4, 16), superior=self._superior(town, None),
                )  # fmt: skip
                records.extend(made)
        if found[1] is None:
            return None
        since = self._since(found[2])
        return [*records, self._cover(found[1], enterprise, "regional", since)]

    def _specials(self, number: int) -> Iterator[Record]:
        """Yield the industry branches of the federation, the temporary and the functional organisations of a block."""
        block = number // _BLOCK
        suffix = f"（{block + 1}）" if block else ""
        for trade in ("建筑业", "餐饮业", "物流业", "电子商务", "家具业"):
            yield from self._organization(
                self._next_key(), f"中共合力县{trade}行业支部委员会{suffix}", "branch", "industry", COUNTY,
                self.calendar.past(self.chance, 8), members=self.chance.randint(5, 22),
                superior=(FEDERATION_COMMITTEE, "industry"),
            )  # fmt: skip
        for place, zone in enumerate((*ZONES[6:8], *ZONES[2:6])):
            yield from self._organization(
                self._next_key(), f"{zone.name}临时党支部{suffix}", "temporary_branch", "other", zone.division,
                self.calendar.past(self.chance, 1.4), members=3 + place, zone=zone.id,
                superior=self._superior(TOWNS[place], None),
            )  # fmt: skip
        for town in TOWNS[:9]:
            yield from self._organization(
                self._next_key(), f"{town.name}新就业群体功能型党支部{suffix}", "functional", "other", town.code,
                self.calendar.past(self.chance, 2), members=self.chance.randint(3, 20),
                superior=self._superior(town, None),
            )  # fmt: skip

    def _organization(  # noqa: PLR0913 - what an organisation is known by
        self, key: str, name: str, kind: str, form: str, division: str, established_on: date,
        *, members: int, superior: tuple[str, str], zone: str | None = None, probationary: int = 0,
    ) -> Iterator[Record]:  # fmt: skip
        chance, effective_on = self.chance, self.calendar.effective(established_on)
        elected_on = self._elected_on(kind, established_on)
        extension = self._extension(kind, elected_on)
        short = {"committee": 100, "general_branch": 50}.get(kind, 0) > members + probationary
        seats = chance.randint(3, 5) if members >= _COMMITTEE_FROM and chance.random() < 0.92 else None
        secretary = chance.random() < 0.94  # so many have one
        yield created(
            "party-organizations", key, effective_on,
            name=name, kind=kind, setup_form=form, division=division, zone=zone, established_on=established_on,
            approval_document=f"合两新〔{established_on.year}〕{chance.randint(1, 90)}号", approval_body=_BODY,
            elected_on=elected_on, extension_until=extension,
            extension_document=f"合两新〔{self.calendar.on.year}〕{chance.randint(1, 90)}号" if extension else None,
            committee_seats=seats, committee_members=_sitting(seats, members, self.count),
            full_members=members, probationary_members=probationary,
            has_secretary=secretary, secretary_is_investor=chance.random() < 0.18 if secretary else None,
            exception_document=f"合两新〔{established_on.year}〕{chance.randint(1, 90)}号" if short else None,
            exception_body=_BODY if short else None, **reported(key, members + probationary, has_secretary=secretary),
        )  # fmt: skip
        if form != "other" and chance.random() < 0.015:  # a few belong to nobody
            return
        yield self._affiliation(key, superior, effective_on)
        if form != "other" and chance.random() < 0.01:  # and a few to two
            yield self._affiliation(key, (FEDERATION_COMMITTEE, "federation"), effective_on)

    def _affiliation(self, key: str, superior: tuple[str, str], effective_on: date) -> Record:
        above, kind = superior
        document = f"合两新〔{effective_on.year}〕{self.chance.randint(1, 90)}号"
        return created(
            "affiliations", f"aff-{key[4:]}-{above[4:]}", effective_on,
            organization=key, superior=above, kind=kind, document=document,
        )  # fmt: skip

    def _dated_cover(self, key: str, enterprise: Enterprise, form: str, since: date) -> Iterator[Record]:
        """Yield the cover and, rarely, its end within this year."""
        record = self._cover(key, enterprise, form, since)
        yield record
        if record.effective_on < self.calendar.new_year and self.chance.random() < 0.012:  # rarely
            reason = "企业党员转出，不再由该组织覆盖"
            yield closed("covers", record.key, self.calendar.this_year(self.chance), reason)

    def _cover(self, key: str, enterprise: Enterprise, form: str, since: date) -> Record:
        day = self.calendar.effective(since, enterprise.registered_on)
        cover = f"cov-{key[4:]}-{enterprise.number}"
        return created("covers", cover, day, organization=key, enterprise=enterprise.uscc, form=form)

    def _elected_on(self, kind: str, established_on: date) -> date | None:
        term = _TERMS.get(kind)
        if term is None:
            return None
        if self.chance.random() < 0.12:  # so many elections are overdue
            overdue = self.calendar.on - timedelta(days=round(term * 365.25) + self.chance.randint(10, 500))
            return max(established_on, overdue)
        return max(established_on, self.calendar.past(self.chance, term - 0.05))

    def _extension(self, kind: str, elected_on: date | None) -> date | None:
        """Return the day to which an overdue term was extended, where its superior allowed it."""
        if elected_on is None or self.chance.random() > 0.3:  # so many asked
            return None
        ends = years_after(elected_on, _TERMS[kind])
        return ends + timedelta(days=self.chance.randint(90, 330)) if ends < self.calendar.on else None

    def _since(self, day: date) -> date:
        """Return a day from `day` to today, the later the likelier."""
        return self.calendar.on - timedelta(days=int(self.chance.random() ** 1.3 * (self.calendar.on - day).days * 0.8))

    def _old_day(self) -> date:
        return self.calendar.on - timedelta(days=self.chance.randint(3_000, 5_000))

    def _next_key(self) -> str:
        self.count += 1
        return f"pty-{self.count:05d}"

    @staticmethod
    def _superior(town: Town, zone: str | None) -> tuple[str, str]:
        if zone in {park.id for park in PARKS}:
            return f"pty-{str(zone)[4:]}", "park"
        return f"pty-town-{town.digits}", "territory"

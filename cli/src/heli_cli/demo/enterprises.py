"""One enterprise from its number: the same number, seed and day always give the same enterprise, in any order."""

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import accumulate

from heli_cli.demo.calendar import Calendar
from heli_cli.demo.codes import credit_code
from heli_cli.demo.membership import posts
from heli_cli.demo.places import PARK_UNITS, PARKS, TOWNS, ZONES, Town
from heli_cli.demo.record import Record, closed, created
from heli_cli.demo.words import TRADES, Trade, brand

_TOWN_SHARES = list(accumulate(town.share for town in TOWNS))
_TRADE_WEIGHTS = list(accumulate(trade.weight for trade in TRADES))
# (share of enterprises in per mille, fewest staff, most staff): the long tail of a county.
_SIZES = ((600, 1, 9), (250, 10, 29), (80, 30, 49), (40, 50, 99), (22, 100, 299), (7, 300, 999), (1, 1_000, 2_400))
_SIZE_STEPS = list(accumulate(share for share, _, _ in _SIZES))
# Chances of 0, 1, 2 and of at least 3 full members, by size.
_MEMBERS = (
    (0.935, 0.048, 0.013),
    (0.780, 0.140, 0.055),
    (0.480, 0.260, 0.150),
    (0.200, 0.240, 0.200),
    (0.070, 0.090, 0.100),
    (0.0, 0.0, 0.02),
    (0.0, 0.0, 0.0),
)
_TRADE_DEPARTMENTS = {
    "C": "industry",
    "E": "housing",
    "K": "housing",
    "F": "commerce",
    "H": "commerce",
    "P": "human-resources",
}
_LARGE = 4
_FROM_STAFF = 0.045  # members per head in large works


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise as the register knows it, and (last five) what the demo needs to go on: never sent."""

    uscc: str
    name: str
    division: str
    zone: str | None
    address: str
    registered_on: date
    enterprise_type: str
    ownership: str
    registered_capital: str
    registered_capital_text: str
    industry: str | None
    business_scope: str
    operation_state: str | None
    has_premises: bool | None
    has_stable_staff: bool | None
    has_activity: bool | None
    staff: int | None
    annual_revenue: str | None
    full_members: int
    probationary_members: int
    is_branch_office: bool
    duplicate_of: str | None
    responsible_unit: str
    refreshed_on: date
    number: int
    town: Town
    village: int
    short_name: str
    closed_on: date | None

    @property
    def counts(self) -> bool:
        """Say whether an organisation could be set up: private, alive, its own master, registered once."""
        alive = self.operation_state in ("operating", None) and self.closed_on is None
        own = not self.is_branch_office and self.duplicate_of is None
        private = self.ownership not in ("state_owned", "collective") and self.uscc.startswith("9")
        return alive and own and private and False not in (self.has_premises, self.has_stable_staff, self.has_activity)


_SENT = tuple(field.name for field in fields(Enterprise))[1:-5]


def enterprise_records(enterprise: Enterprise, calendar: Calendar) -> Iterator[Record]:
    """Yield the record of an enterprise, effective on the day it was registered, and its closing."""
    values = {name: getattr(enterprise, name) for name in _SENT}
    values |= posts(enterprise.uscc, enterprise.full_members + enterprise.probationary_members)
    yield created("enterprises", enterprise.uscc, calendar.effective(enterprise.registered_on), **values)
    if enterprise.closed_on:
        yield closed("enterprises", enterprise.uscc, enterprise.closed_on, "注销登记")


def enterprise_at(number: int, seed: int, calendar: Calendar) -> Enterprise:
    """Return the number-th enterprise of the county of this seed."""
    chance = random.Random(seed * 1_000_003 + number)  # noqa: S311 - a made-up county, reproducible
    town = TOWNS[bisect(_TOWN_SHARES, chance.randrange(_TOWN_SHARES[-1]))]
    village = chance.randrange(len(town.villages))
    trade = TRADES[bisect(_TRADE_WEIGHTS, chance.randrange(_TRADE_WEIGHTS[-1]))]
    size = bisect(_SIZE_STEPS, chance.randrange(_SIZE_STEPS[-1]))
    staff = chance.randint(*_SIZES[size][1:])
    registered_on = calendar.past(chance, 25, curve=1.6)
    short_name = brand(number) + trade.word
    legal = _legal_form(chance, size)
    zone = _zone(chance, town, size)
    capital = _capital(chance, size)
    operating = chance.random()
    return Enterprise(
        uscc=credit_code(number, legal.category),
        name=legal.pattern.format(short_name),
        division=town.village_code(village) if chance.random() < 0.4 else town.code,
        zone=zone,
        address=f"示例省示例市合力县{town.name}{town.villages[village]}{chance.randint(1, 388)}号",
        registered_on=registered_on,
        enterprise_type=legal.type,
        ownership=legal.ownership,
        registered_capital=f"{capital * 10_000}.00",
        registered_capital_text=f"{capital}万人民币",
        industry=trade.industry if chance.random() < 0.95 else None,
        business_scope=trade.scope,
        operation_state="operating" if operating < 0.93 else _state(operating),
        has_premises=_answer(chance),
        has_stable_staff=_answer(chance),
        has_activity=_answer(chance),
        staff=staff if chance.random() < 0.97 else None,
        annual_revenue=_revenue(chance, staff, trade),
        full_members=_full_members(chance, size, staff),
        probationary_members=1 if size > 1 and chance.random() < 0.2 else 0,
        is_branch_office=legal.is_branch_office,
        duplicate_of=_duplicate_of(chance, number, seed=seed, calendar=calendar, registered_on=registered_on),
        responsible_unit=_responsible_unit(trade, staff, zone, town),
        refreshed_on=_refreshed_on(chance, registered_on, calendar),
        number=number,
        town=town,
        village=village,
        short_name=short_name,
        closed_on=_closed_on(chance, registered_on, calendar),
    )


@dataclass(frozen=True, slots=True)
class _LegalForm:
    """A form of enterprise: how its name is made, the first two characters of its code, its type and owners."""

    pattern: str
    category: str
    type: str
    ownership: str
    is_branch_office: bool = False


_COMPANY = _LegalForm("合力县{}有限公司", "91", "有限责任公司(自然人投资或控股)", "private")
_STOCK = _LegalForm("合力县{}股份有限公司", "91", "股份有限公司(非上市、自然人投资或控股)", "private")
_TRADER = _LegalForm("合力县{}经营部", "92", "个体工商户", "individual")
_COOPERATIVE = _LegalForm("合力县{}专业合作社", "93", "农民专业合作社", "private")
# The rarer forms, each with its share in per mille.
_RARE = (
    (18, _LegalForm("示例市{}有限公司合力县分公司", "91", "有限责任公司分公司", "private", is_branch_office=True)),
    (12, _LegalForm("合力县{}有限公司", "91", "有限责任公司(国有独资)", "state_owned")),
    (8, _LegalForm("合力县{}厂", "91", "集体所有制", "collective")),
    (5, _LegalForm("合力县{}服务中心", "52", "民办非企业单位", "private")),
    (12, _LegalForm("合力县{}有限公司", "91", "有限责任公司(港澳台投资、非独资)", "hong_kong_macao_taiwan")),
    (10, _LegalForm("合力县{}有限公司", "91", "有限责任公司(外商投资、非独资)", "foreign")),
    (13, _LegalForm("合力县{}有限公司", "91", "其他有限责任公司", "mixed")),
)
_RARE_STEPS = list(accumulate(share for share, _ in _RARE))


def _legal_form(chance: random.Random, size: int) -> _LegalForm:
    draw = chance.randrange(1_000)
    if draw < _RARE_STEPS[-1]:
        return _RARE[bisect(_RARE_STEPS, draw)][1]
    if size == 0 and draw < 620:
        return _TRADER if draw < 550 else _COOPERATIVE
    return _STOCK if size >= _LARGE and draw < 300 else _COMPANY


def _zone(chance: random.Random, town: Town, size: int) -> str | None:
    here = [zone for zone in ZONES if zone.division == town.code and zone.kind != "project"]
    if not here or chance.random() >= 0.18 + 0.08 * size:
        return None
    parks = [zone for zone in here if zone in PARKS]
    return chance.choice(parks or here).id


def _responsible_unit(trade: Trade, staff: int, zone: str | None, town: Town) -> str:
    """Return who answers for the enterprise: the trade's department for the larger ones, else the park or township."""
    if staff >= 50:  # the county's own rule
        return f"unt-department-{_TRADE_DEPARTMENTS.get(trade.industry[0], 'market')}"
    return PARK_UNITS.get(zone or "", town.unit)


def _capital(chance: random.Random, size: int) -> int:
    return chance.choice((10, 20, 50, 100)) * (1, 2, 5, 10, 30, 50, 100)[size]


def _state(draw: float) -> str | None:
    if draw < 0.965:
        return "suspended"
    return "closed_down" if draw < 0.975 else None


def _answer(chance: random.Random) -> bool | None:
    draw = chance.random()
    return True if draw < 0.955 else (False if draw < 0.975 else None)


def _revenue(chance: random.Random, staff: int, trade: Trade) -> str | None:
    if chance.random() < 0.08:
        return None
    per_head = chance.randint(60_000, 420_000) * (2 if trade.works else 1)
    return f"{staff * per_head}.00"


def _full_members(chance: random.Random, size: int, staff: int) -> int:
    draw = chance.random()
    for members, step in enumerate(accumulate(_MEMBERS[size])):
        if draw < step:
            return members
    if size < _LARGE:
        return 3 + min(int(chance.expovariate(0.5)), 12)
    return max(3, round(staff * _FROM_STAFF * chance.uniform(0.4, 1.6)))


def _duplicate_of(
    chance: random.Random, number: int, *, seed: int, calendar: Calendar, registered_on: date
) -> str | None:
    if chance.random() >= 0.014 or number % 2 == 0:
        return None
    # Only odd numbers are duplicates, always of the even one before: so nothing is a duplicate of a duplicate.
    original = enterprise_at(number - 1, seed, calendar)
    return original.uscc if original.registered_on <= registered_on else None


def _refreshed_on(chance: random.Random, registered_on: date, calendar: Calendar) -> date:
    age = chance.randint(0, 92) if chance.random() < 0.86 else chance.randint(93, 400)
    return max(registered_on, calendar.on - timedelta(days=age))


def _closed_on(chance: random.Random, registered_on: date, calendar: Calendar) -> date | None:
    if chance.random() >= 0.015 or registered_on >= calendar.new_year:
        return None
    return calendar.this_year(chance)

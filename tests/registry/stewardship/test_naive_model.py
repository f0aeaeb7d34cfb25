"""Random histories of claims, settlements, orders of precedence and direct writes, told again in plain Python.

The model shares no code with the product: it keeps what happened in lists and works every answer out from the start.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from registry.codes import code
from registry.stewardship.conftest import MARKET, OFFICE, SOCIAL, TAX

START, HELD = date(2026, 5, 1), 10
UNITS = (MARKET, TAX, SOCIAL, OFFICE)
TURNS = 45


@dataclass
class Model:
    """One field: what happened as (day of effect, number, …); `ends` are what became of the dispute, in order."""

    claims: list = field(default_factory=list)
    orders: list = field(default_factory=list)
    ends: list = field(default_factory=list)
    number: int = 0

    def next(self):
        self.number += 1
        return self.number

    def said(self, day):
        found = {}
        for happened, _, unit, value in sorted(self.claims, key=lambda each: each[:2]):
            if happened <= day:
                found[unit] = (value, happened)
        return {unit: each for unit, each in found.items() if each[0] is not None}

    def last(self, events, day):
        past = [each for each in events if each[0] <= day]
        return max(past, key=lambda each: each[:2]) if past else None

    def value(self, day):
        said = self.said(day)
        if not said:
            return HELD
        end = self.last(self.ends, day)
        if end and end[2] == "settled" and end[3] == {unit: each[0] for unit, each in said.items()}:
            return end[4]
        for unit in self.last(self.orders, day)[2]:
            if unit in said:
                return said[unit][0]
        latest = max(each[1] for each in said.values())
        return said[min(unit for unit, each in said.items() if each[1] == latest)][0]

    def state(self, day):
        end = self.last(self.ends, day)
        return end[2] if end else None

    def watch(self, today):
        """Open, withdraw or leave the dispute after something was said."""
        said = {unit: each[0] for unit, each in self.said(today).items()}
        end = self.last(self.ends, today)
        differ = len(set(said.values())) > 1
        if end and end[2] == "settled" and end[3] == said:
            return
        if differ and (end is None or end[2] != "open"):
            self.ends.append((today, self.next(), "open", None, None))
        elif not differ and end and end[2] != "withdrawn":
            self.ends.append((today, self.next(), "withdrawn", None, None))

    def claim(self, unit, value, day, today):
        if value is None and all(each[2] != unit for each in self.claims):
            return
        here = [each for each in sorted(self.claims, key=lambda each: each[:2]) if each[2] == unit and each[0] <= day]
        if here and here[-1][0] == day and here[-1][3] == value:
            return
        self.claims.append((day, self.next(), unit, value))
        self.watch(today)


class Play:
    """Plays one random history to the product and to the model, and compares after every turn."""

    def __init__(self, world, seed):
        self.world, self.chance, self.model, self.today = world, random.Random(seed), Model(), START
        self.world.registry.clock.instant = datetime(START.year, START.month, START.day, 2, tzinfo=UTC)
        self.key = world.steward(precedence=[TAX, SOCIAL])["id"]
        self.model.orders.append((date(1949, 10, 1), 0, [MARKET, TAX, SOCIAL]))
        world.enterprise(staff=HELD, registered_on="2026-04-01")
        for unit in UNITS:
            world.registry.enrol(f"clerk-{unit}", "county_clerk", unit=unit)
        self.known = []
        self.tried = dict.fromkeys(("claimed", "settled", "reordered", "written", "refused"), 0)

    def day(self):
        return self.today - timedelta(days=self.chance.choice([0, 0, 0, 1, 3, 10, 20]))

    def turn(self):
        self.today += timedelta(days=self.chance.choice([0, 0, 1, 2]))
        self.world.registry.clock.instant = datetime(2026, self.today.month, self.today.day, 2, tzinfo=UTC)
        self.chance.choice([self.claim, self.claim, self.claim, self.settle, self.reorder, self.write])()

    def claim(self):
        unit, value, day = self.chance.choice(UNITS), self.chance.choice([1, 2, 3, None]), self.day()
        self.world.said(unit, value, day.isoformat(), by="admin")
        self.model.claim(unit, value, day, self.today)
        self.tried["claimed"] += 1

    def settle(self):
        if self.model.state(self.today) != "open":
            return
        opened = max(each[0] for each in self.model.ends if each[2] == "open")
        day = max(opened, self.day())
        value = self.chance.choice([1, 2, 3, 4])
        key = self.world.dispute()["id"]
        self.world.settled(key, by="admin", value=value, effective_on=day.isoformat())
        said = {unit: each[0] for unit, each in self.model.said(self.today).items()}
        self.model.ends.append((day, self.model.next(), "settled", said, value))
        self.tried["settled"] += 1

    def reorder(self):
        order, day = self.chance.sample([TAX, SOCIAL, OFFICE], self.chance.randint(0, 3)), self.day()
        body = {"precedence": order, "effective_on": day.isoformat()}
        response = self.world.registry.patch(f"/v1/field-stewards/{self.key}", body)
        assert response.status_code == 200, response.text
        now = self.model.last(self.model.orders, day)
        if now[2] != [MARKET, *order]:
            self.model.orders.append((day, self.model.next(), [MARKET, *order]))
        self.tried["reordered"] += 1

    def write(self):
        unit, value, day = self.chance.choice(UNITS), self.chance.choice([1, 2, 3]), self.day()
        if not self.model.claims or self.model.value(day) == value:
            return
        trial = Model(list(self.model.claims), list(self.model.orders), list(self.model.ends), self.model.number)
        trial.claims.append((day, trial.next(), unit, value))
        body = {"staff": value, "effective_on": day.isoformat()}
        response = self.world.registry.patch(f"/v1/enterprises/{code(1)}", body, by=f"clerk-{unit}")
        if trial.value(day) == value:
            assert response.status_code == 200, response.text
            self.model.claim(unit, value, day, self.today)
            self.tried["written"] += 1
        else:
            assert response.status_code == 422
            self.tried["refused"] += 1

    def days(self):
        return [START - timedelta(days=25) + timedelta(days=number) for number in range((self.today - START).days + 26)]

    def compare(self):
        days = self.chance.sample(self.days(), 4)
        assert [self.world.value(on=day.isoformat()) for day in days] == [self.model.value(day) for day in days]
        assert self.world.value() == self.model.value(self.today)
        found = self.world.disputes()
        assert [each["state"] for each in found] == ([self.model.state(self.today)] if self.model.ends else [])
        seq = self.world.registry.rows("SELECT seq FROM ledger_head")[0][0]
        self.known.append((seq, {day: self.model.value(day) for day in self.days()}))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_history_is_told_as_the_naive_model_tells_it(world, seed):
    play = Play(world, seed)
    for _ in range(TURNS):
        play.turn()
        play.compare()

    for seq, values in play.chance.sample(play.known, 12):
        day = play.chance.choice(sorted(values))
        assert world.value(on=day.isoformat(), known_at=seq) == values[day]
    for day in play.days():
        assert world.value(on=day.isoformat()) == play.model.value(day)
    assert all(play.tried.values()), play.tried

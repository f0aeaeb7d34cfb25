"""Random histories through the API, compared with a model that keeps every write and looks for the last one.

The model shares nothing with the product: a write is (day, order, value); what a field was on a day, as known at a
seq, is the value of the greatest (day, order) among the writes that are not later than either.
"""

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B

FIRST, TODAY = date(2026, 1, 1), date(2026, 7, 1)
FIELDS = ("staff", "full_members", "operation_state", "division")


class Model:
    """Every write of every record, in the order in which they were accepted."""

    def __init__(self):
        self.writes = defaultdict(list)
        self.seq = 0

    def note(self, record, day, seq, **values):
        for name, value in values.items():
            self.writes[record, name].append((day, seq, value))

    def value(self, record, name, on, known_at):
        seen = [each for each in self.writes[record, name] if each[0] <= on and each[1] <= known_at]
        return max(seen)[2] if seen else None

    def records(self):
        return sorted({record for record, _ in self.writes})


class Clerk:
    """Makes random changes through the API and tells the model which were taken."""

    def __init__(self, county, seed):
        self.county, self.chance, self.model = county, random.Random(seed), Model()
        for number in range(1, 5):
            body = {
                "uscc": code(number),
                "name": f"企业{number}",
                "division": TOWN_A,
                "registered_on": FIRST.isoformat(),
            }
            made = county.made("/v1/enterprises", **body)
            self.model.note(code(number), FIRST, made["version"], state="open", division=TOWN_A)
        for key in ("org-1", "org-2"):
            body = {"name": f"{key}支部", "kind": "branch", "setup_form": "sole", "division": TOWN_A}
            made = county.made("/v1/party-organizations", id=key, **body, established_on=FIRST.isoformat())
            self.model.note(key, FIRST, made["version"], state="open", division=TOWN_A)

    def day(self):
        return FIRST + timedelta(days=self.chance.randrange((TODAY - FIRST).days + 1))

    def some(self):
        return self.chance.choice([code(number) for number in range(1, 5)])

    def step(self):
        self.chance.choice([self.change, self.change, self.change, self.close, self.reopen])()

    def change(self):
        key, day = self.some(), self.day()
        value = {
            "staff": self.chance.choice([None, 3, 30, 300]), "full_members": self.chance.randrange(5),
            "operation_state": self.chance.choice(["operating", "suspended"]),
            "division": self.chance.choice([TOWN_A, TOWN_B]),
        }  # fmt: skip
        name = self.chance.choice(FIELDS)
        answer = self.county.patch(f"/v1/enterprises/{key}", {name: value[name], "effective_on": day.isoformat()})
        assert answer.status_code == 200, answer.text
        if self.model.value(key, name, day, 10**9) != value[name]:
            self.model.note(key, day, answer.json()["version"], **{name: value[name]})

    def close(self):
        key, day = self.some(), self.day()
        answer = self.county.act(f"/v1/enterprises/{key}/close", {"reason": "停业", "effective_on": day.isoformat()})
        self._state(key, day, answer, "closed")

    def reopen(self):
        key, day = self.some(), self.day()
        answer = self.county.act(f"/v1/enterprises/{key}/reopen", {"effective_on": day.isoformat()})
        self._state(key, day, answer, "open")

    def _state(self, key, day, answer, state):
        was = self.model.value(key, "state", day, 10**9)
        assert answer.status_code == (409 if was == state else 200), answer.text
        if was != state:
            self.model.note(key, day, answer.json()["version"], state=state)


@pytest.mark.parametrize("seed", range(4))
def test_as_of_reads_are_those_of_a_model_that_keeps_every_write(county, seed):
    clerk = Clerk(county, seed)
    for _ in range(30):
        clerk.step()
    head = int(county.get("/v1/changes", params={"after": "0", "limit": 1}).json()["head"].rpartition(":")[2])
    moments = [(clerk.day(), clerk.chance.randrange(1, head + 1)) for _ in range(12)] + [(TODAY, head)]

    for on, known_at in moments:
        query = {"on": on.isoformat(), "known_at": known_at}
        listed = {each["uscc"]: each for each in county.get("/v1/enterprises", params=query).json()["items"]}
        for key in (code(number) for number in range(1, 5)):
            expected = {name: clerk.model.value(key, name, on, known_at) for name in (*FIELDS, "state")}
            single = county.get(f"/v1/enterprises/{key}", params=query)
            if expected["state"] is None:
                assert (single.status_code, key in listed) == (404, False)
            else:
                assert {name: single.json()[name] for name in expected} == expected, (key, on, known_at)
                assert listed[key] == single.json()
    now = {each["uscc"]: each for each in county.get("/v1/enterprises").json()["items"]}
    assert {key: {name: now[key][name] for name in (*FIELDS, "state")} for key in now} == {
        key: {name: clerk.model.value(key, name, date.max, 10**9) for name in (*FIELDS, "state")} for key in now
    }

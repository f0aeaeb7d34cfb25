"""An answer made of several questions knows the same in all of them, however much comes in between."""

import functools
from itertools import count, islice

import pytest

from heli_reporting.history.store import Store
from reporting.world import TOWN_A, TOWN_B, World

VARYING = {"passport", "permalink", "computed_at", "made_at", "event", "sources", "known_at"}
"""What two answers with the same figures differ in."""

QUESTIONS = ("heads", "aggregate", "excluded", "gaps", "organizations", "records", "rows", "series", "sums")

MOST = 3
"""How often something new comes in during an answer."""


class Busy(Store):
    """A store into which something new comes after each of the first questions."""

    news = iter(())

    def after(self):
        """Let the next piece of news happen, in whose own course nothing else does."""
        left, self.news = self.news, iter(())
        for happen in left:
            happen()
            break
        self.news = left


def _asked(name):
    @functools.wraps(getattr(Store, name))
    def ask(self, *given, **named):
        found = getattr(Store, name)(self, *given, **named)
        self.after()
        return found

    return ask


for _name in QUESTIONS:
    setattr(Busy, _name, _asked(_name))


@pytest.fixture
def stores():
    return Busy


@pytest.fixture
def busy(world: World):
    world.record("target", "tgt-1", unit="unt-county", measure="organization_coverage", value="0.8",
                 due_on="2026-12-31", document="合两新〔2026〕1号")  # fmt: skip
    world.sync()
    return world


def news(world: World):
    """Yield things that happen, each of which moves every number, and is read by the service at once."""
    for number in count(60):

        def happen(number=number):
            world.enterprise(number, TOWN_A, full_members=5)
            covered = world.enterprise(number + 10, TOWN_B, staff=80)
            world.branch(f"pty-{number}", [covered], TOWN_B, elected_on="2020-01-10")
            world.sync()

        yield happen


def figures(told):
    """Return an answer without what two answers with the same figures differ in."""
    if isinstance(told, dict):
        return {name: figures(each) for name, each in told.items() if name not in VARYING}
    return [figures(each) for each in told] if isinstance(told, list) else told


def known_at(told):
    """Return how far an answer says it knows the sources, wherever it says so."""
    if isinstance(told, dict):
        own = [told["known_at"]] if isinstance(told.get("known_at"), dict) else []
        return own + [each for value in told.values() for each in known_at(value)]
    return [each for value in told for each in known_at(value)] if isinstance(told, list) else []


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/v1/board", {}),
        ("/v1/worklists", {}),
        ("/v1/worklists/unt-b", {}),
        ("/v1/statistics/targets", {}),
        ("/v1/statistics", {"measure": "organization_coverage", "by": "division:town", "compare": "2026-06-30"}),
        ("/v1/statistics/ledger", {"measure": "organization_coverage"}),
        ("/v1/statistics/series", {"measure": "organization_coverage", "from": "2026-01-31", "to": "2026-06-30"}),
        ("/v1/gaps", {"measure": "due_established_rate"}),
        ("/v1/gaps/simulations", {"measure": "due_established_rate"}),
        ("/v1/forms/organizations", {"period": "2026"}),
        ("/v1/bulletins/2026-06", {}),
    ],
)
def test_every_part_of_an_answer_knows_what_the_answer_says_it_knows(busy: World, path, params):
    happening = news(busy)
    busy.store.news = islice(happening, MOST)
    answer = busy.get(path, **params)
    busy.store.news = iter(())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    (known,) = {tuple(each.items()) for each in known_at(told)}
    again = busy.get(path, **params, known_at=[f"{source}:{seq}" for source, seq in known]).json()
    next(happening)()
    now = busy.get(path, **params).json()

    assert figures(told) == figures(again)
    assert figures(now) != figures(told), "what came in moves the figures"

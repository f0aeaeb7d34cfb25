"""Random moves, merges, splits, closings and re-openings of territory, many dated back, against a naive map."""

from collections import Counter

import pytest

from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B
from registry.trees.naive_map import FIRST, TODAY
from registry.trees.walking import Walk, counts_on, tree_on

ENTERPRISES = 9


class Territory(Walk):
    """Enterprises in townships and villages."""

    plural, things = "divisions", "enterprises"
    words = ("move", "move_village", "merge", "merge", "split", "split", "reopen", "trade")

    def begin(self):
        self.county.patch("/v1/units/unt-a", {"division": COUNTY, "effective_on": "2020-01-01"})
        for town in (TOWN_A, TOWN_B):
            self.map.found(town, FIRST, COUNTY)
        for number, town in ((1, TOWN_A), (2, TOWN_A), (3, TOWN_B)):
            village = f"{town[:9]}{number:03}"
            self.county.made("/v1/divisions", code=village, name=f"村{number}", level="village", parent=town)
            self.map.found(village, FIRST, town)
        for number in range(1, ENTERPRISES + 1):
            place = self.chance.choice(list(self.map.parent))
            first = self.chance.choice((FIRST, self.day()))
            self.make_enterprise(code(number), first, division=place)
            self.map.settle(code(number), first, place)

    def choose(self, nodes):
        towns = self.chance.random() < 0.5
        return [each for each in nodes if is_town(each) == towns]

    def new_key(self, source):
        self.made += 1
        number = 200 + self.made
        return f"990121{number}000" if is_town(source) else f"{source[:9]}{number}"

    def move(self, day):
        key = self.chance.choice(list(self.map.place))
        places = self.map.standing(day)
        if not places or self.map.place[key].on[day] is None:
            return None
        place = self.chance.choice(places)
        if self.map.place[key].on[day] != place:
            self.map.settle(key, day, place)
        return self.change(f"/v1/enterprises/{key}", day, division=place)

    def move_village(self, day):
        standing = self.map.standing(day)
        villages, towns = ([each for each in standing if is_town(each) == towns] for towns in (False, True))
        if not villages or not towns:
            return None
        village, town = self.chance.choice(villages), self.chance.choice(towns)
        self.map.hang(village, day, town)
        return self.change(f"/v1/divisions/{village}", day, parent=town)

    def counts(self, day, *, by_now):
        found = Counter()
        for key, line in self.map.place.items():
            if line.on[day] is not None and self.open[key].on[day]:
                place = self.map.now[key, day] if by_now else line.on[day]
                found.update(self.map.above(place, TODAY if by_now else day))
        return dict(found)


class Reopened(Territory):
    """Townships alone, split without a rest, opened again, and gone again: what had left before stays with them."""

    words = ("move", "merge", "split", "split", "reopen", "reopen")
    named_throughout = 0.8

    def choose(self, nodes):
        return [each for each in nodes if is_town(each)]


def is_town(node):
    return node.endswith("000")


def check(walk, county, seed):
    for on in walk.some_days():
        then, now = (walk.counts(on, by_now=by_now) for by_now in (False, True))
        assert counts_on(county, "territory", on, "then") == (then, 0), (seed, on, walk.done)
        assert counts_on(county, "territory", on, "now") == (now, 0), (seed, on, walk.done)
        shown = county.get("/v1/enterprises", params={"on": str(on), "limit": 200}).json()["items"]
        places = {key: line.on[on] for key, line in walk.map.place.items() if line.on[on] is not None}
        assert {each["uscc"]: each["division"] for each in shown} == places
        stands = walk.map.stands
        known = {
            key: (line.on[on], stands[key].on[on]) for key, line in walk.map.parent.items() if line.on[on] is not None
        }
        assert tree_on(county, "territory", on) == {COUNTY: (None, True), **known}


@pytest.mark.parametrize("seed", range(3))
def test_both_series_over_random_redrawings_equal_a_naive_map(county, seed):
    walk = Territory(county, seed)
    walk.begin()
    walk.make_steps(30)

    check(walk, county, seed)


@pytest.mark.parametrize("seed", [128, 151])
def test_both_series_hold_where_what_went_is_opened_and_goes_again(county, seed):
    walk = Reopened(county, seed)
    walk.begin()
    walk.make_steps(30)
    assert walk.map.gone_again

    check(walk, county, seed)

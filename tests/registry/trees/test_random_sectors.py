"""Random moves, merges, splits and re-openings of sectors against a naive map: by name, and by industry codes."""

from collections import Counter

import pytest

from registry.codes import code
from registry.conftest import TOWN_A
from registry.trees.naive_map import DAYS, FIRST, TODAY, Line
from registry.trees.walking import Walk, counts_on, tree_on

CODES = ("C", "C13", "C14", "I", "I64", "I641", "I65")
INDUSTRIES = ("C1310", "C1411", "I6410", "I6420", "I6510", "F51")


class Sectors(Walk):
    """Enterprises that name a sector, or none and are told by their industry."""

    plural, things = "sectors", "enterprises"
    words = ("move", "move", "move_sector", "merge", "merge", "split", "split", "reopen", "recode", "trade")

    def begin(self):
        self.codes, self.industry = {}, {}
        for number, parent in ((1, None), (2, None), (3, "sct-1"), (4, "sct-2")):
            key, codes = f"sct-{number}", self.chance.sample(CODES, 2)
            above = {"parent": parent} if parent else {}
            self.county.made("/v1/sectors", id=key, name=key, industries=codes, **above)
            self.map.found(key, FIRST, parent)
            self.codes[key] = Line(FIRST, codes)
        for number in range(1, 10):
            key, industry = code(number), self.chance.choice(INDUSTRIES)
            named = self.chance.choice((None, *self.map.parent))
            body = {"sector": named} if named else {}
            self.make_enterprise(key, division=TOWN_A, industry=industry, **body)
            self.industry[key] = industry
            self.map.settle(key, FIRST, named)

    def move(self, day):
        key, place = self.chance.choice(list(self.map.place)), self.chance.choice((None, *self.map.standing(day)))
        if self.map.place[key].on[day] != place:
            self.map.settle(key, day, place)
        return self.change(f"/v1/enterprises/{key}", day, sector=place)

    def move_sector(self, day):
        standing = self.map.standing(day)
        if not standing:
            return None
        key, parent = self.chance.choice(standing), self.chance.choice((None, *standing))
        if parent is not None and self.map.is_below(parent, key, day):
            return None
        self.map.hang(key, day, parent)
        return self.change(f"/v1/sectors/{key}", day, parent=parent)

    def recode(self, day):
        standing = self.map.standing(day)
        if not standing:
            return None
        key, codes = self.chance.choice(standing), self.chance.sample(CODES, self.chance.choice((0, 1, 2)))
        if self.codes[key].on[day] != codes:
            self.codes[key].say(day, codes)
        return self.change(f"/v1/sectors/{key}", day, industries=codes)

    def take_over(self, source, day, target):
        self.add_codes(target, day, self.codes[source].on[day] or [])

    def hand_over(self, source, day, parts):
        """Give each old code to a part, or leave it to the rest."""
        rest = next((each for each in parts if each.get("takes_rest")), None)
        for each in parts:
            self.codes.setdefault(each["key"], Line(day, []))
        for each in self.codes[source].on[day] or []:
            part = self.chance.choice(parts)
            if rest is None or self.chance.random() < 0.5:
                part.setdefault("industries", []).append(each)
            else:
                rest.setdefault("left", []).append(each)
        for part in parts:
            self.add_codes(part["key"], day, [*part.get("industries", []), *part.pop("left", [])])

    def add_codes(self, key, day, taken):
        """Add codes on a day and on every later one: a later word keeps them, too."""
        line = self.codes[key]
        if taken:
            line.said.add(day)
        for each in DAYS:
            if each >= day:
                own = line.on[each] or []
                line.on[each] = [*own, *(every for every in taken if every not in own)]

    def told(self, industry, day):
        """Return the open sector with the longest code that fits, of several the smallest key."""
        fitting = [
            (-len(each), key)
            for key, line in self.codes.items()
            if self.map.stands[key].on[day]
            for each in line.on[day] or []
            if industry.startswith(each)
        ]
        return min(fitting)[1] if fitting else None

    def counts(self, day, *, by_now):
        found, nowhere, structure = Counter(), 0, TODAY if by_now else day
        for key, line in self.map.place.items():
            if not self.open[key].on[day]:
                continue
            place = self.map.now[key, day] if by_now else line.on[day]
            if line.on[day] is None:
                place = self.told(self.industry[key], structure)
            found.update(self.map.above(place, structure))
            nowhere += place is None
        return dict(found), nowhere


@pytest.mark.parametrize("seed", [0, 2])
def test_both_series_over_random_sectors_equal_a_naive_map(county, seed):
    walk = Sectors(county, seed)
    walk.begin()
    walk.make_steps(30)
    assert {"move_sector", "merge", "split"} <= set(walk.done)

    for on in walk.some_days():
        assert counts_on(county, "sector", on, "then") == walk.counts(on, by_now=False), (seed, on, walk.done)
        assert counts_on(county, "sector", on, "now") == walk.counts(on, by_now=True), (seed, on, walk.done)
        parents = walk.map.parent
        stands = {key: line.on[on] for key, line in walk.map.stands.items() if line.on[on] is not None}
        assert tree_on(county, "sector", on) == {key: (parents[key].on[on], stands[key]) for key in stands}

"""Random moves, merges, splits and re-openings of units, with organisations below them, against a naive map."""

from collections import Counter

import pytest

from registry.codes import code
from registry.conftest import TOWN_A
from registry.trees.naive_map import FIRST, TODAY
from registry.trees.walking import Walk, counts_on, tree_on

ORGANIZATIONS = 6


class Affiliations(Walk):
    """Organisations below units or below one another; each covers an enterprise."""

    plural, things = "units", "affiliations"
    words = ("transfer", "transfer", "move_unit", "merge", "merge", "split", "split", "reopen", "trade")

    def begin(self):
        for number in range(1, 5):
            parent = "unt-1" if number > 2 else None
            above = {"parent": parent} if parent else {}
            self.county.made("/v1/units", id=f"unt-{number}", name=f"机构{number}", kind="department", **above)
            self.map.found(f"unt-{number}", FIRST, parent)
        for number in range(1, ORGANIZATIONS + 1):
            body = {"name": f"党组织{number}", "kind": "branch", "setup_form": "sole", "division": TOWN_A}
            self.county.made("/v1/party-organizations", id=f"org-{number}", **body, established_on=str(FIRST))
            superior = self.chance.choice(list(self.map.parent))
            since = {"effective_on": str(FIRST)}
            ends = {"organization": f"org-{number}", "superior": superior}
            self.county.made("/v1/affiliations", id=f"aff-{number}", **ends, **since)
            self.map.settle(f"aff-{number}", FIRST, superior)
            self.make_enterprise(code(number), division=TOWN_A)
            self.county.made("/v1/covers", organization=f"org-{number}", enterprise=code(number), **since)

    def transfer(self, day):
        """Put an organisation under a unit; the last one may stand under the first, which stands under no other."""
        number, standing = self.chance.randrange(1, ORGANIZATIONS + 1), self.map.standing(day)
        choices = [*standing, *(["org-1"] if number == ORGANIZATIONS else [])]
        if not choices:
            return None
        superior = self.chance.choice(choices)
        if self.map.place[f"aff-{number}"].on[day] != superior:
            self.map.settle(f"aff-{number}", day, superior)
        return self.change(f"/v1/affiliations/aff-{number}", day, superior=superior)

    def move_unit(self, day):
        standing = self.map.standing(day)
        if not standing:
            return None
        key, parent = self.chance.choice(standing), self.chance.choice((None, *standing))
        if parent is not None and self.map.is_below(parent, key, day):
            return None
        self.map.hang(key, day, parent)
        return self.change(f"/v1/units/{key}", day, parent=parent)

    def superior(self, organization, day):
        return self.map.place[organization.replace("org", "aff")].on[day]

    def path(self, organization, day):
        superior = self.superior(organization, day)
        above = self.path(superior, day) if superior.startswith("org") else self.map.above(superior, day)
        return [organization, *above]

    def counts(self, day, *, by_now):
        found = Counter()
        for number in range(1, ORGANIZATIONS + 1):
            if self.open[code(number)].on[day]:
                found.update(self.path(f"org-{number}", TODAY if by_now else day))
        return dict(found), 0

    def tree(self, day):
        units = {
            key: (self.map.parent[key].on[day], line.on[day])
            for key, line in self.map.stands.items()
            if line.on[day] is not None
        }
        organizations = (f"org-{number}" for number in range(1, ORGANIZATIONS + 1))
        return {**units, **{key: (self.superior(key, day), True) for key in organizations}}


@pytest.mark.parametrize("seed", range(2))
def test_both_series_over_random_affiliations_equal_a_naive_map(county, seed):
    walk = Affiliations(county, seed)
    walk.begin()
    walk.make_steps(30)
    assert {"transfer", "move_unit", "merge", "split"} <= set(walk.done)

    for on in walk.some_days():
        assert tree_on(county, "affiliation", on) == {"unt-a": (None, True), **walk.tree(on)}, (seed, on, walk.done)
        assert counts_on(county, "affiliation", on, "then") == walk.counts(on, by_now=False), (seed, on, walk.done)
        assert counts_on(county, "affiliation", on, "now") == walk.counts(on, by_now=True), (seed, on, walk.done)

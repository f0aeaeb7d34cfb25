"""Random lives of enterprises that merge and part again, offices that merge, organisations that are transferred.

Everything may be dated back. As-of reads of enterprises, organisations, affiliations, covers and offices are those of
a county that is kept day by day (`naive_county`), as known at any moment between two acts.
"""

import random
from collections import Counter

import pytest

from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B
from registry.records.naive_county import DAYS, FIRST, TODAY, NaiveCounty

ENTERPRISES = [code(number) for number in range(1, 6)]
ORGANIZATIONS = ["org-1", "org-2", "org-3"]
UNITS = ["unt-a", "unt-b", "unt-c", "unt-d"]
SHOWN = {
    "enterprises": ("staff", "state", "duplicate_of"),
    "party-organizations": ("full_members", "state"),
    "affiliations": ("organization", "superior", "state"),
    "covers": ("organization", "enterprise", "state"),
    "units": ("state",),
}
KEY = {"enterprises": "uscc"}
ACTS = (
    ["change"] * 3 + ["close", "reopen"] * 2 + ["merge"] * 3 + ["unmerge", "cover", "cover"]
    + ["transfer"] * 4 + ["speak", "unite"]
)  # fmt: skip


class Life:
    """Acts on the registry and on the naive county alike; what the county would not do must be refused."""

    def __init__(self, county, seed):
        self.county, self.chance, self.model = county, random.Random(seed), NaiveCounty()
        self.heads, self.done, self.under_way = [], Counter(), {}
        self.clerks = dict(zip(UNITS, UNITS, strict=True))
        for number, key in enumerate(UNITS):
            if key != "unt-a":
                county.made("/v1/units", id=key, name=f"机构{key}", kind="township", division=TOWN_B)
            county.enrol(f"clerk-{key}", "township_clerk", unit=key)
            # Offices stood since long before the first day that is read.
            self.told("units", key, FIRST, state="open", number=number)
        for number, key in enumerate(ENTERPRISES):
            body = {"uscc": key, "name": f"企业{number}", "division": TOWN_A, "registered_on": str(FIRST)}
            county.made("/v1/enterprises", **body)
            self.told("enterprises", key, FIRST, state="open")
        for key in ORGANIZATIONS:
            body = {"name": f"{key}支部", "kind": "branch", "setup_form": "joint", "division": TOWN_A}
            county.made("/v1/party-organizations", id=key, established_on=str(FIRST), **body)
            self.told("party-organizations", key, FIRST, state="open")
            if key != "org-3":
                body = {"organization": key, "superior": "unt-a"}
                made = county.made("/v1/affiliations", effective_on=str(FIRST), **body)
                self.told("affiliations", made["id"], FIRST, state="open", **body)

    def told(self, kind, key, day, **values):
        self.model.write(kind, key, day, **values)
        self.keep_head()

    def keep_head(self):
        self.heads.append(self.county.rows("SELECT seq FROM ledger_head")[0][0])

    def day(self):
        return self.chance.choice(DAYS)

    def step(self):
        name = self.chance.choice(ACTS)
        acts = len(self.model.acts)
        head = self.county.rows("SELECT seq FROM ledger_head")[0][0]
        answer, expected = getattr(self, name)(self.day())
        if answer is None:
            return
        assert answer.status_code == expected, (name, answer.text)
        self.done[name, expected] += 1
        if expected >= 400:
            assert self.county.rows("SELECT seq FROM ledger_head")[0][0] == head
        if len(self.model.acts) > acts:
            self.keep_head()

    def one(self):
        kind = self.chance.choice(["enterprises", "enterprises", "party-organizations", "covers"])
        keys = self.model.keys(kind)
        return kind, self.chance.choice(keys) if keys else None

    def change(self, day):
        kind = self.chance.choice(["enterprises", "party-organizations"])
        name = "staff" if kind == "enterprises" else "full_members"
        key, value = self.chance.choice(self.model.keys(kind)), self.chance.choice([None, 3, 30, 300])
        answer = self.county.patch(f"/v1/{kind}/{key}", {name: value, "effective_on": str(day)})
        if self.model.at(kind, key, name, day) != value:
            self.model.write(kind, key, day, **{name: value})
        return answer, 200

    def close(self, day):
        kind, key = self.one()
        if key is None:
            return None, 0
        answer = self.county.act(f"/v1/{kind}/{key}/close", {"reason": "停业", "effective_on": str(day)})
        was = self.model.at(kind, key, "state", day)
        if was != "open":
            return answer, 409 if was else 422
        self.model.write(kind, key, day, state="closed")
        return answer, 200

    def reopen(self, day):
        kind, key = self.one()
        if key is None:
            return None, 0
        answer = self.county.act(f"/v1/{kind}/{key}/reopen", {"effective_on": str(day)})
        was = self.model.at(kind, key, "state", day)
        if was != "closed":
            return answer, 409 if was else 422
        if kind == "covers" and self.twins(*(self.model.now(kind, key, each) for each in SHOWN[kind][:2]), but=key):
            return answer, 409
        if kind == "enterprises" and self.model.at(kind, key, "duplicate_of", day):
            return answer, 409
        self.model.write(kind, key, day, state="open")
        return answer, 200

    def twins(self, organization, enterprise, *, but=None):
        found = self.model.keys("covers", organization=organization, enterprise=enterprise, state="open")
        return [key for key in found if key != but]

    def cover(self, day):
        organization, enterprise = self.chance.choice(ORGANIZATIONS), self.chance.choice(ENTERPRISES)
        twins = self.twins(organization, enterprise)
        body = {"organization": organization, "enterprise": enterprise}
        answer = self.county.post("/v1/covers", {**body, "effective_on": str(day)})
        if twins:
            return answer, 409
        self.model.write("covers", answer.json()["id"], day, state="open", **body)
        return answer, 201

    def merge(self, day):
        source, target = self.chance.sample(ENTERPRISES, 2)
        take = self.chance.choice([[], ["staff"]])
        if self.model.now("enterprises", source, "staff") is None:
            take = []
        body = {"into": target, "reason": "重复登记", "effective_on": str(day), "take": take}
        etag = self.county.get(f"/v1/enterprises/{source}").headers["etag"]
        answer = self.county.post(f"/v1/enterprises/{source}/merge", body, headers={"If-Match": etag})
        expected = self.merging_status(source, target, day)
        if expected == 201:
            own, other = (self.model.now("enterprises", key, "staff") for key in (source, target))
            self.model.merge(source, target, day, {"staff": own} if take and own != other else {})
        return answer, expected

    def merging_status(self, source, target, day):
        if (
            self.model.now("enterprises", target, "duplicate_of")
            or self.model.now("enterprises", target, "state") != "open"
        ):
            return 422
        if source in self.model.mergers:
            return 409
        if any(self.model.at("enterprises", key, "state", day) != "open" for key in (source, target)):
            return 409
        line = self.model.lines["enterprises", source, "state"]
        # Opened again after the day, or open in between: it would be there and merged away at once.
        if any(each > day and line.on[each] == "open" for each in line.said):
            return 409
        return 201

    def unmerge(self, _day):
        source = self.chance.choice(sorted(self.model.mergers) or ENTERPRISES)
        etag = self.county.get(f"/v1/enterprises/{source}").headers["etag"]
        answer = self.county.post(
            f"/v1/enterprises/{source}/unmerge", {"reason": "核实为两家"}, headers={"If-Match": etag}
        )
        if source not in self.model.mergers or not self.model.is_untouched(source):
            return answer, 409
        self.model.unmerge(source)
        return answer, 200

    def transfer(self, day):
        """Propose from the receiving side; the leaving side confirms at once, or somebody speaks later."""
        organization, target = self.chance.choice(ORGANIZATIONS), self.chance.choice(UNITS)
        leaving = self.leaving(organization)
        body = {
            "organization": organization, "to_superior": target, "reason": "企业迁移", "effective_on_wanted": str(day),
        }  # fmt: skip
        answer = self.county.post("/v1/transfers", body, by=f"clerk-{target}")
        expected = self.proposing_status(organization, leaving, target, day)
        if expected == 201 and leaving is None:
            self.moved(answer.json())
        elif expected == 201:
            self.under_way[answer.json()["id"]] = (organization, leaving, target, day)
            if self.chance.random() < 0.7:
                assert answer.status_code == 201, answer.text
                return self.confirm(answer.json()["id"])
        return answer, expected

    def leaving(self, organization):
        """Return the affiliation that holds today with its superior."""
        found = self.model.keys("affiliations", organization=organization, state="open")
        return (found[0], self.model.now("affiliations", found[0], "superior")) if found else None

    def proposing_status(self, organization, leaving, target, day):
        if self.clerks[target] not in (target, leaving and leaving[1]):
            # The office is gone, and its clerk is of neither side.
            return 403
        if leaving and leaving[1] == target:
            return 422
        ends = [("party-organizations", organization), ("units", target)]
        if any(self.model.now(kind, key, "state") != "open" for kind, key in ends):
            return 409
        if not self.can_hold(organization, leaving, target, day):
            return 422
        if any(each[0] == organization for each in self.under_way.values()):
            return 409
        return 201

    def can_hold(self, organization, leaving, target, day):
        """Say whether all ends stood on a day, and nothing about the superior was said after it."""
        ends = [("party-organizations", organization), ("units", target)]
        links = [leaving[0]] if leaving else self.model.keys("affiliations", organization=organization)
        ends += [("affiliations", leaving[0])] if leaving else []
        lines = [self.model.lines["affiliations", key, name] for key in links for name in ("state", "superior")]
        stood = all(self.model.at(kind, key, "state", day) == "open" for kind, key in ends)
        return stood and not any(each > day for line in lines for each in line.said)

    def confirm(self, key):
        organization, leaving, target, day = self.under_way[key]
        by = leaving[1]
        etag = self.county.get(f"/v1/transfers/{key}").headers["etag"]
        answer = self.county.post(f"/v1/transfers/{key}/confirm", {}, by=f"clerk-{by}", headers={"If-Match": etag})
        if self.clerks[by] not in (by, target):
            return answer, 404
        is_open = (
            self.model.now("party-organizations", organization, "state") == "open"
            and self.model.now("units", target, "state") == "open"
        )
        if (
            self.leaving(organization) != leaving
            or not self.can_hold(organization, leaving, target, day)
            or not is_open
        ):
            return answer, 409
        assert answer.status_code == 200, answer.text
        del self.under_way[key]
        self.moved(answer.json())
        return answer, 200

    def moved(self, transfer):
        day = next(each for each in DAYS if str(each) == transfer["moved_on"])
        words = []
        if transfer["from_affiliation"]:
            words.append((("affiliations", transfer["from_affiliation"], "state"), day, "closed"))
        new = {"organization": transfer["organization"], "superior": transfer["to_superior"], "state": "open"}
        key = transfer["to_affiliation"]
        self.model.act([*words, *((("affiliations", key, name), day, value) for name, value in new.items())])

    def speak(self, _day):
        """Confirm a transfer under way after other things have happened, or end it without moving anything."""
        if not self.under_way:
            return None, 0
        key = self.chance.choice(sorted(self.under_way))
        if self.chance.random() < 0.5:
            return self.confirm(key)
        etag = self.county.get(f"/v1/transfers/{key}").headers["etag"]
        del self.under_way[key]
        answer = self.county.post(f"/v1/transfers/{key}/refuse", {"reason": "暂缓"}, headers={"If-Match": etag})
        return answer, 200

    def followed(self, organization, leaving, source):
        """Return what a transfer leaves after an office went: the giving side goes where its affiliation goes."""
        return self.leaving(organization) if leaving[1] == source else leaving

    def unite(self, day):
        source, target = self.chance.sample(UNITS, 2)
        if len(self.model.keys("units", state="open")) <= 2:
            return None, 0
        body = {"into": target, "reason": "机构合并", "effective_on": str(day)}
        answer = self.county.act(f"/v1/units/{source}/merge", body)
        if self.model.at("units", source, "state", day) != "open" or self.model.now("units", source, "state") != "open":
            return answer, 409
        if self.model.at("units", target, "state", day) != "open" or self.model.now("units", target, "state") != "open":
            return answer, 422
        if any({leaving[1], to} == {source, target} for _, leaving, to, _ in self.under_way.values()):
            return answer, 409  # a transfer from an office to itself
        self.model.unite_units(source, target, day)
        self.under_way = {
            key: (organization, self.followed(organization, leaving, source), target if to == source else to, wanted)
            for key, (organization, leaving, to, wanted) in self.under_way.items()
        }
        self.clerks = {clerk: target if unit == source else unit for clerk, unit in self.clerks.items()}
        return answer, 200


def read(county, kind, on, known_at):
    query = {"on": str(on), "known_at": known_at, "limit": 200}
    answer = county.get(f"/v1/{kind}", params=query)
    assert answer.status_code == 200, answer.text
    return {each[KEY.get(kind, "id")]: {name: each[name] for name in SHOWN[kind]} for each in answer.json()["items"]}


@pytest.mark.parametrize("seed", range(3))
def test_as_of_reads_of_what_merged_and_moved_are_those_of_a_county_kept_day_by_day(county, seed):
    life = Life(county, seed)
    for _ in range(60):
        life.step()

    acts = [*(life.chance.randrange(len(life.heads)) for _ in range(6)), len(life.heads) - 1]
    for act in acts:
        for on in (life.day(), life.day(), TODAY):
            for kind, names in SHOWN.items():
                expected = life.model.shown(kind, names, on, act)
                assert read(county, kind, on, life.heads[act]) == expected, (seed, kind, on, act)
    wanted = {("merge", 201), ("transfer", 200), ("unite", 200), ("cover", 201)}
    assert wanted <= set(life.done), life.done

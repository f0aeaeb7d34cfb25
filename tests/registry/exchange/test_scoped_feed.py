"""Copies of two townships follow the feed: what leaves a township leaves its copy, what comes is there whole."""

import json
import random
from collections import Counter
from datetime import date, timedelta

import pytest

from heli_registry.sight import SIGHTS
from heli_shared.db.engine import make_engine, transaction
from heli_shared.kernel.access import Scope
from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B
from registry.exchange.test_patches import applied

KINDS = {
    "enterprises": "enterprise", "party-organizations": "party_organization", "covers": "cover",
    "affiliations": "affiliation", "assignments": "assignment", "people": "person", "divisions": "division",
    "units": "unit", "zones": "zone", "mass-organizations": "mass_organization",
}  # fmt: skip
KEYS = {"enterprise": "uscc", "division": "code"}


def exported(county, by):
    """Return what a clerk's bulk copies hold, by entity and key, and the cursor behind them."""
    found, cursor = {}, None
    for plural, entity in KINDS.items():
        answer = county.get(f"/v1/exports/{plural}?format=ndjson", by=by)
        assert answer.status_code == 200, answer.text
        cursor = f"{answer.headers['heli-epoch']}:{answer.headers['heli-known-at']}"
        for record in (json.loads(line) for line in answer.text.splitlines()):
            found[entity, record[KEYS.get(entity, "id")]] = record
    return found, cursor


class PatchedCopy:
    """Begins with the bulk and applies patches; a patch of a record that it does not hold is passed over."""

    form = "patch"

    def __init__(self, county, by):
        self.held, self.after = exported(county, by)

    def take(self, item):
        name = item["entity"], item["key"]
        if name in self.held or item["patch"][0]["op"] == "add":
            self.held[name] = applied(self.held.get(name), item["patch"])
            if self.held[name] is None:
                del self.held[name]

    def records(self):
        return self.held


class FoldedCopy:
    """Begins with nothing and keeps entries, which it folds by day and seq."""

    form = "entries"

    def __init__(self, _county, _by):
        self.entries, self.after = {}, "0"

    def take(self, item):
        name = item["entity"], item["key"]
        if item["operation"] == "leave":
            self.entries.pop(name, None)
            assert (item["changes"], item["hash"]) == ({}, "")
        else:
            self.entries.setdefault(name, {})[item["seq"]] = item

    def records(self):
        found = {}
        for (entity, key), entries in self.entries.items():
            values = {KEYS.get(entity, "id"): key, "version": max(entries)}
            for each in sorted(entries.values(), key=lambda each: (each["effective_on"], each["seq"])):
                values |= each["changes"]
            found[entity, key] = values
        return found


def follow(county, by, copy, limit):
    while True:
        kinds = "".join(f"&kind={plural}" for plural in KINDS)
        page = county.get(f"/v1/changes?after={copy.after}&limit={limit}&form={copy.form}{kinds}", by=by).json()
        for item in page["items"]:
            copy.take(item)
        copy.after = page["next"]
        if page["next"] == page["head"]:
            return


def check(county, by, copy, told):
    wanted, found = exported(county, by)[0], copy.records()
    assert found.keys() == wanted.keys(), (told, by, found.keys() ^ wanted.keys())
    for name, record in wanted.items():
        assert filled(found[name]) == filled(record), (told, by, name)


def filled(record):
    return {field: value for field, value in record.items() if value is not None}


class Days:
    """Random changes of two townships, and of a third that nobody follows."""

    words = (
        "move", "move", "move", "change", "change", "move_organization", "move_village", "cover", "uncover", "assign",
        "unassign", "affiliate", "found_union", "merge_village", "split_village", "move_zone", "redraw",
    )  # fmt: skip

    def __init__(self, county, seed):
        self.county, self.chance, self.made, self.done = county, random.Random(seed), 0, Counter()
        self.towns = [TOWN_A, TOWN_B, "990121103000"]
        county.made("/v1/divisions", code=self.towns[2], name="北山乡", level="town", parent=COUNTY)
        for letter, town in zip("bc", self.towns[1:], strict=True):
            county.made("/v1/units", id=f"unt-{letter}", name=f"{town}党委", kind="township", division=town)
        county.enrol("clerk_b", "township_clerk", unit="unt-b")
        self.villages = [f"{town[:9]}001" for town in self.towns]
        for village in self.villages:
            county.made("/v1/divisions", code=village, name="村", level="village", parent=f"{village[:9]}000")
        county.made("/v1/zones", id="zon-1", name="城东工业园", kind="park", division=TOWN_A)
        self.enterprises = [code(number) for number in range(1, 6)]
        for key in self.enterprises:
            county.made(
                "/v1/enterprises", uscc=key, name=f"企业{key}", division=self.place(), effective_on="2026-01-01"
            )
        self.organizations = ["org-1", "org-2"]
        for key in self.organizations:
            body = {"name": f"{key}支部", "kind": "branch", "setup_form": "sole", "effective_on": "2026-01-01"}
            county.made("/v1/party-organizations", id=key, division=self.place(), **body)
        for number in (1, 2, 3):
            unit = self.chance.choice(("unt-a", "unt-b", "unt-c"))
            county.made("/v1/people", id=f"per-{number}", unit=unit, name=f"人员{number}")

    def place(self):
        return self.chance.choice([*self.towns, *self.villages])

    def day(self):
        return str(date(2026, 2, 1) + timedelta(days=self.chance.randrange(150)))

    def step(self):
        name = self.chance.choice(self.words)
        answer = getattr(self, name)()
        if answer is not None:
            self.done[name] += answer.is_success
        return name

    def change_of(self, path, **body):
        return self.county.patch(path, body)

    def move(self):
        path = f"/v1/enterprises/{self.chance.choice(self.enterprises)}"
        return self.change_of(path, division=self.place(), **({"effective_on": self.day()} if self.luck() else {}))

    def luck(self):
        return self.chance.random() < 0.3

    def change(self):
        return self.change_of(
            f"/v1/enterprises/{self.chance.choice(self.enterprises)}", staff=self.chance.randrange(99)
        )

    def move_organization(self):
        return self.change_of(
            f"/v1/party-organizations/{self.chance.choice(self.organizations)}", division=self.place()
        )

    def move_village(self):
        return self.change_of(
            f"/v1/divisions/{self.chance.choice(self.villages)}", parent=self.chance.choice(self.towns)
        )

    def move_zone(self):
        return self.change_of("/v1/zones/zon-1", division=self.place())

    def ends(self):
        return {
            "organization": self.chance.choice(self.organizations), "enterprise": self.chance.choice(self.enterprises),
        }  # fmt: skip

    def cover(self):
        return self.county.post("/v1/covers", self.ends())

    def assign(self):
        ends = self.ends()
        ends.pop(self.chance.choice(list(ends)))
        body = {"person": f"per-{self.chance.randrange(1, 4)}", "role": "liaison", "unit": "unt-c"}
        return self.county.post("/v1/assignments", {**body, **ends})

    def affiliate(self):
        return self.county.post("/v1/affiliations", {"organization": self.ends()["organization"], "superior": "unt-c"})

    def found_union(self):
        body = {"kind": "union", "name": "工会", "enterprise": self.ends()["enterprise"]}
        return self.county.post("/v1/mass-organizations", body)

    def close_one(self, plural):
        items = self.county.get(f"/v1/{plural}", params={"state": "open"}).json()["items"]
        if not items:
            return None
        return self.county.act(f"/v1/{plural}/{self.chance.choice(items)['id']}/close", {"reason": "结束"})

    def uncover(self):
        return self.close_one("covers")

    def unassign(self):
        return self.close_one("assignments")

    def merge_village(self):
        if len(self.villages) < 3:
            return None
        source, target = self.chance.sample(self.villages, 2)
        self.villages.remove(source)
        return self.county.act(f"/v1/divisions/{source}/merge", {"into": target, "reason": "撤并"})

    def split_village(self):
        self.made += 1
        source = self.chance.choice(self.villages)
        old = self.chance.choice([each for each in self.villages if each != source])
        new = f"{source[:9]}{100 + self.made}"
        parts = [{"key": old}, {"key": new, "name": "新村", "takes_rest": True}]
        named = self.county.get("/v1/enterprises", params={"division": source}).json()["items"]
        parts[0]["takes"] = {"enterprises": [each["uscc"] for each in named if each["division"] == source][:1]}
        self.villages.remove(source)
        self.villages.append(new)
        return self.county.act(f"/v1/divisions/{source}/split", {"parts": parts, "reason": "析置"})

    def redraw(self):
        """Split a township: its unit goes to one part with what is named, another takes the rest."""
        if self.made > 20 or self.chance.random() < 0.6:
            return None
        self.made += 1
        source = self.chance.choice(self.towns)
        new = f"990121{300 + self.made}000"
        other = self.chance.choice([each for each in self.towns if each != source])
        units = [each["id"] for each in self.county.get("/v1/units", params={"division": source}).json()["items"]]
        parts = [{"key": new, "name": "新乡", "takes": {"units": units}}, {"key": other, "takes_rest": True}]
        self.towns[self.towns.index(source)] = new
        return self.county.act(f"/v1/divisions/{source}/split", {"parts": parts, "reason": "析置"})


@pytest.mark.parametrize("seed", range(2))
def test_copies_of_two_townships_follow_random_moves_and_redrawings(county, seed):
    days = Days(county, seed)
    copies = [(by, make(county, by)) for by in ("clerk_a", "clerk_b") for make in (PatchedCopy, FoldedCopy)]
    told = []
    for number in range(70):
        told.append(days.step())
        for by, copy in copies:
            if days.luck() or number == 69:
                follow(county, by, copy, days.chance.choice((3, 20, 1000)))
                check(county, by, copy, told)
    assert {"move", "move_village", "merge_village", "split_village", "redraw", "assign"} <= set(+days.done)


def test_what_leaves_is_told_to_leave_and_nothing_else_is_said_of_it(county):
    county.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    county.made("/v1/enterprises", uscc=code(2), name="乙", division=TOWN_B)
    copy = PatchedCopy(county, "clerk_a")
    county.patch(f"/v1/enterprises/{code(1)}", {"division": TOWN_B, "staff": 77})
    county.patch(f"/v1/enterprises/{code(2)}", {"staff": 78})

    page = county.get(f"/v1/changes?after={copy.after}&form=patch", by="clerk_a").json()

    (item,) = page["items"]
    assert (item["operation"], item["key"], item["changes"], item["hash"], item["tombstone"], item["patch"]) == (
        "leave", code(1), {}, "", True, [{"op": "replace", "path": "", "value": None}],
    )  # fmt: skip
    assert "77" not in json.dumps(page["items"])
    again = county.get(f"/v1/changes?after={page['next']}", by="clerk_a").json()
    assert again["items"] == []


def test_what_comes_is_told_from_its_beginning(county):
    county.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_B, staff=5)
    county.patch(f"/v1/enterprises/{code(1)}", {"staff": 6})
    after = exported(county, "clerk_a")[1]
    county.patch(f"/v1/enterprises/{code(1)}", {"division": TOWN_A})

    items = county.get(f"/v1/changes?after={after}", by="clerk_a").json()["items"]

    assert [(item["operation"], item["changes"].get("staff")) for item in items] == [
        ("create", 5), ("change", 6), ("change", None),
    ]  # fmt: skip
    whole = county.get(f"/v1/changes?after={after}").json()["items"]
    assert [item["operation"] for item in whole] == ["change"]


def test_a_cover_leaves_with_its_enterprise_and_a_village_takes_everything_along(county):
    village = "990121101001"
    county.made("/v1/divisions", code=village, name="台上村", level="village", parent=TOWN_A)
    county.made("/v1/enterprises", uscc=code(1), name="甲", division=village)
    body = {"name": "甲支部", "kind": "branch", "setup_form": "sole", "division": TOWN_A}
    county.made("/v1/party-organizations", id="org-1", established_on="2021-01-01", **body)
    county.made("/v1/covers", id="cov-1", organization="org-1", enterprise=code(1))
    after = exported(county, "clerk_a")[1]
    county.patch(f"/v1/divisions/{village}", {"parent": TOWN_B})

    items = county.get(f"/v1/changes?after={after}", by="clerk_a").json()["items"]

    assert {(item["operation"], item["entity"], item["key"]) for item in items} == {
        ("leave", "division", village), ("leave", "enterprise", code(1)), ("leave", "cover", "cov-1"),
    }  # fmt: skip


@pytest.mark.parametrize("form", [PatchedCopy, FoldedCopy])
@pytest.mark.parametrize("by_merge", [True, False])
def test_a_copy_goes_over_to_what_its_unit_sees_after_the_unit_has_moved(county, form, by_merge):
    for number, town in ((1, TOWN_A), (2, TOWN_B), (3, COUNTY)):
        county.made("/v1/enterprises", uscc=code(number), name=f"企业{number}", division=town)
    copy = form(county, "clerk_a")
    follow(county, "clerk_a", copy, 3)
    county.patch(f"/v1/enterprises/{code(2)}", {"staff": 3})
    if by_merge:
        county.act(f"/v1/divisions/{TOWN_A}/merge", {"into": TOWN_B, "reason": "撤并"})
    else:
        county.patch("/v1/units/unt-a", {"division": TOWN_B})
    county.patch(f"/v1/enterprises/{code(2)}", {"staff": 4})

    follow(county, "clerk_a", copy, 3)

    check(county, "clerk_a", copy, by_merge)
    seen = {key for entity, key in copy.records() if entity == "enterprise"}
    assert seen == ({code(1), code(2)} if by_merge else {code(2)})


def test_every_kind_that_hides_records_says_through_what_it_is_seen(registry):
    resources = registry.app.state.exchange.resources.values()
    engine = make_engine(registry.settings.database_url)
    with transaction(engine, writes=False) as session:
        hidden = {
            each.kind.entity
            for each in resources
            if each.visible(session, Scope(divisions=(TOWN_A,))) and not only_for_all(each, session)
        }
    engine.dispose()

    assert {each.entity for each in SIGHTS.throughs} == hidden


def only_for_all(resource, session):
    """Say whether a kind shows nothing to whoever sees a part: then nothing of it comes or goes."""
    clauses = [str(each.clause.compile()) for each in resource.visible(session, Scope(divisions=(TOWN_A,)))]
    return clauses == ["false"]

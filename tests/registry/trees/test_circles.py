"""No day sees a circle of superiors, also not one that has passed: moves are checked on every day that they touch."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from registry.conftest import COUNTY, TOWN_A, TOWN_B

FIRST, TODAY = date(2026, 6, 1), date(2026, 7, 1)
DAYS = [FIRST + timedelta(days=number) for number in range((TODAY - FIRST).days + 1)]


def made_units(county, *keys):
    for key in keys:
        county.made("/v1/units", id=key, name=key, kind="department")


def move(county, key, parent, day, plural="units"):
    return county.patch(f"/v1/{plural}/{key}", {"parent": parent, "effective_on": str(day)})


@pytest.mark.parametrize("plural", ["units", "sectors"])
def test_a_move_dated_back_to_a_day_on_which_it_makes_a_circle_is_refused(county, plural):
    kind = {"kind": "department"} if plural == "units" else {}
    for key in ("a", "b"):
        county.made(f"/v1/{plural}", id=key, name=key, **kind)
    assert move(county, "b", "a", "2026-06-01", plural).status_code == 200
    assert move(county, "b", None, "2026-06-20", plural).status_code == 200

    early = move(county, "a", "b", "2026-06-19", plural)
    late = move(county, "a", "b", "2026-06-20", plural)

    assert (early.status_code, early.json()["errors"]) == (
        422, [{"pointer": "/parent", "detail": "形成循环（2026-06-19）"}],
    )  # fmt: skip
    assert late.status_code == 200


def test_a_move_holds_until_the_next_one_and_no_day_between_may_see_a_circle(county):
    made_units(county, "a", "b", "c")
    move(county, "b", "a", "2026-06-20")

    refused = move(county, "a", "b", "2026-06-10")
    move(county, "a", "c", "2026-06-20")
    taken = move(county, "a", "b", "2026-06-10")

    assert (refused.status_code, refused.json()["errors"][0]["detail"]) == (422, "形成循环（2026-06-20）")
    assert taken.status_code == 200  # it holds from the 10th to the 19th only, when b does not stand below a


def test_a_correction_in_the_past_that_moves_nothing_is_taken(county):
    made_units(county, "a", "b")
    move(county, "b", "a", "2026-06-01")
    move(county, "b", None, "2026-06-10")
    move(county, "a", "b", "2026-06-20")

    answer = county.patch("/v1/units/a", {"name": "甲", "effective_on": "2026-06-05"})

    assert (answer.status_code, answer.json()["parent"], answer.json()["name"]) == (200, "b", "甲")


def test_nothing_moves_below_what_is_closed_on_the_day(county):
    made_units(county, "a", "b")
    county.act("/v1/units/a/close", {"reason": "撤销", "effective_on": "2026-06-10"})

    before, after = move(county, "b", "a", "2026-06-09"), move(county, "b", "a", "2026-06-10")

    assert (before.status_code, after.status_code) == (200, 200)  # it stood below it already when the day came
    new = county.post("/v1/units", {"name": "c", "kind": "department", "parent": "a", "effective_on": "2026-06-10"})
    assert (new.status_code, new.json()["errors"][0]["detail"]) == (422, "在2026-06-10未启用")


def test_levels_stay_in_order_above_and_below(county):
    village = "990121101001"
    county.made("/v1/divisions", code=village, name="台上村", level="village", parent=TOWN_A)

    answers = [
        county.patch(f"/v1/divisions/{TOWN_B}", {"parent": TOWN_A}),
        county.patch(f"/v1/divisions/{village}", {"parent": COUNTY}),
        county.patch(f"/v1/divisions/{TOWN_B}", {"level": "county", "parent": None}),
        county.patch(f"/v1/divisions/{COUNTY}", {"level": "town"}),
    ]

    assert [answer.status_code for answer in answers] == [422, 200, 200, 422]
    assert answers[3].json()["errors"][0]["pointer"] == "/level"


def test_superiors_of_organisations_make_no_circle_on_any_day(county):
    for key in ("org-1", "org-2"):
        body = {"name": f"{key}支部", "kind": "branch", "setup_form": "sole", "division": TOWN_A}
        county.made("/v1/party-organizations", id=key, **body, established_on="2020-01-01")
    link = {"organization": "org-2", "superior": "org-1", "effective_on": "2026-06-01"}
    county.made("/v1/affiliations", id="aff-1", **link)
    county.act("/v1/affiliations/aff-1/close", {"reason": "转接", "effective_on": "2026-06-20"})
    back = {"organization": "org-1", "superior": "org-2"}

    early = county.post("/v1/affiliations", {**back, "effective_on": "2026-06-19"})
    late = county.post("/v1/affiliations", {**back, "effective_on": "2026-06-20"})
    again = county.act("/v1/affiliations/aff-1/reopen", {"effective_on": "2026-06-25"})

    assert (early.status_code, early.json()["errors"][0]["detail"]) == (422, "形成循环隶属（2026-06-19）")
    assert (late.status_code, again.status_code) == (201, 422)


def test_two_moves_at_once_make_no_circle(county):
    made_units(county, "a", "b")
    etags = {key: county.get(f"/v1/units/{key}").headers["etag"] for key in ("a", "b")}

    def put(pair):
        key, parent = pair
        return county.call("PATCH", f"/v1/units/{key}", json={"parent": parent}, headers={"If-Match": etags[key]})

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(put, (("a", "b"), ("b", "a"))))

    assert statuses == [200, 422]


class NaiveForest:
    """Writes down for every day who stands above whom, and looks each day over for circles."""

    def __init__(self, keys):
        self.above = {key: dict.fromkeys(DAYS) for key in keys}
        self.said = {key: {FIRST} for key in keys}

    def after(self, key, parent, day):
        until = min((each for each in self.said[key] if each > day), default=date.max)
        return {each: parent if day <= each < until else above for each, above in self.above[key].items()}

    def has_circle(self, key, changed):
        for day in DAYS:
            node, steps = key, 0
            while node is not None and steps <= len(self.above):
                node, steps = (changed if node == key else self.above[node])[day], steps + 1
            if node is not None:
                return True
        return False


@pytest.mark.parametrize("seed", range(2))
def test_random_moves_are_refused_exactly_when_a_day_would_see_a_circle(county, seed):
    chance, keys = random.Random(seed), [f"u{number}" for number in range(5)]
    for key in keys:
        county.made("/v1/units", id=key, name=key, kind="department", effective_on=str(FIRST))
    naive, seen = NaiveForest(keys), set()
    for _ in range(40):
        key, day = chance.choice(keys), chance.choice(DAYS)
        parent = chance.choice([None, *(each for each in keys if each != key)])
        changed = naive.after(key, parent, day)
        circle = naive.above[key][day] != parent and naive.has_circle(key, changed)

        answer = move(county, key, parent, day)

        assert answer.status_code == (422 if circle else 200), (seed, key, parent, day, answer.text)
        seen.add(circle)
        if not circle and naive.above[key][day] != parent:
            naive.above[key] = changed
            naive.said[key].add(day)
    assert seen == {True, False}
    for day in DAYS[::6]:
        items = county.get("/v1/units", params={"on": str(day), "limit": 200}).json()["items"]
        assert {each["id"]: each["parent"] for each in items if each["id"] in keys} == {
            key: above[day] for key, above in naive.above.items()
        }


@pytest.mark.parametrize("plural", ["units", "sectors"])
def test_a_split_dated_back_makes_no_circle_of_what_moved_since(county, plural):
    kind = {"kind": "department"} if plural == "units" else {}
    for key in ("top", "old", "child"):
        county.made(f"/v1/{plural}", id=key, name=key, **kind)
    move(county, "old", "top", "2026-06-01", plural)
    move(county, "child", "old", "2026-06-01", plural)
    move(county, "old", None, "2026-06-20", plural)
    move(county, "top", "child", "2026-06-20", plural)
    parts = [{"key": "new-1", "name": "甲", "takes_rest": True}, {"key": "new-2", "name": "乙"}]

    early, late = (
        county.act(f"/v1/{plural}/old/split", {"parts": parts, "reason": "析置", "effective_on": day})
        for day in ("2026-06-10", "2026-06-20")
    )

    assert (early.status_code, early.json()["errors"][0]) == (
        422, {"pointer": "/parts/0", "detail": "形成循环（2026-06-20）"},
    )  # fmt: skip
    assert late.status_code == 200, late.text

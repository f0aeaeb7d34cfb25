"""Shapes that need a whole run: ranks, quotas, windows, draws, several scorers, other schemes' scores, looks back."""

import hashlib
import json
from decimal import Decimal

import pytest
import yaml

from assessment.engine_support import one_item_book
from assessment.world import FINANCE, TAX, TOWN_B, World

ON = "2026-06-30"
VISITS = {"kind": "proportional", "measure": "visits", "target": 10}
OTHERS = ("unt-c", "unt-d")


def stored(world, document, key="one"):
    document = document | {"id": key}
    response = world.upload(key, json.dumps(document, ensure_ascii=False), kind="application/json")
    assert response.status_code in {200, 201}, response.text


def visited(world, unit, days):
    for day in days:
        world.made("/v1/activities", kind="visit", unit=unit, held_on=day, title="走访")


def marked(world, item, value, on="2026-06-01", subject=FINANCE):
    body = {"subject": subject, "rulebook": "one", "item": item, "value": value, "evidence": "记录"}
    return world.made("/v1/marks", effective_on=on, **body)


def scores(world, run):
    return {each["subject"]: each for each in world.get(f"/v1/runs/{run['id']}/scores").json()["items"]}


def item_of(world, run, subject=FINANCE):
    return world.explained(run, subject)["items"][0]


@pytest.fixture
def four(world: World):
    for key in OTHERS:
        world.has("unit", key, name=key, kind="department")
    for unit, times in ((FINANCE, 8), (TAX, 5), ("unt-c", 5), ("unt-d", 1)):
        visited(world, unit, [f"2026-03-{day:02d}" for day in range(1, times + 1)])
    return world


def test_ranked_points_and_the_advice_that_overtakes(four):
    rule = {"kind": "ranked", "measure": "visits", "ties": "worse", "share": 0.05}
    stored(four, one_item_book(rule))
    run = four.run(rulebook="one", on=ON)
    found = scores(four, run)
    assert [found[unit]["score"] for unit in (FINANCE, TAX, "unt-c", "unt-d")] == ["10.00", "9.00", "9.00", "8.50"]
    tax = item_of(four, run, TAX)
    assert tax["why_not_full"] == "“走访企业”为 5 次，在已知的 4 个中列第 3 名，得 9 分"
    advice = {each["set"]["visits"]: each["gain"] for each in tax["to_gain"]}
    assert advice == {"8": "0.50", "9": "1.00"}  # level with the first both are second
    visited(four, TAX, [f"2026-04-{day:02d}" for day in range(1, 5)])
    after = scores(four, four.run(rulebook="one", on=ON))
    assert Decimal(after[TAX]["score"]) - Decimal(found[TAX]["score"]) == Decimal(advice["9"])


def test_who_reports_nothing_opens_the_ranges_of_those_who_did(four):
    four.has("unit", "unt-e", name="没有报的单位", kind="department")
    stored(
        four, one_item_book({"kind": "ranked", "measure": "visits", "ties": "better", "table": [10, 8, 6], "rest": 1})
    )
    run = four.run(rulebook="one", on=ON)
    found = scores(four, run)
    assert found[FINANCE]["range"] == {"low": "8.00", "high": "10.00"}
    assert found["unt-e"]["range"] == {"low": "0.00", "high": "10.00"}
    assert found[FINANCE]["rank_range"]["worst"] == 2
    assert "另有 1 个未报" in item_of(four, run)["why_not_full"]


@pytest.mark.parametrize(("ties", "best"), [("keep", 3), ("lose", 1)])
def test_a_quota_says_how_it_was_used_and_what_becomes_of_ties(four, ties, best):
    quota = {"share": 0.5, "ties": ties}
    grades = [{"title": "合格", "below": 5}, {"title": "优秀", "at_least": 5, "quota": quota}]
    stored(four, one_item_book(VISITS) | {"grades": grades})
    run = four.run(rulebook="one", on=ON)
    found = scores(four, run)
    assert sum(each["grade"] == "优秀" for each in found.values()) == best
    (cut,) = run["quotas"]
    assert (cut["places"], cut["given"]) == (2, best)
    assert (cut["last_in"], cut["first_out"], cut["margin"]) == (
        ("5.00", None, None) if ties == "keep" else ("8.00", "5.00", "3.00")
    )
    assert all(each["grade_range"] == {"lowest": each["grade"], "highest": each["grade"]} for each in found.values())


def quarters():
    items = [
        {
            "id": f"visits-{quarter}",
            "title": f"{quarter}走访",
            "maximum": 55,
            "basis": {"document": "试"},
            "rule": {"kind": "missing_count", "measure": "visits", "target": 4, "points": 10},
            "missing": "range",
            "window": quarter,
        }
        for quarter in ("q1", "q2", "q3", "q4")
    ]
    windows = [{"window": each["window"], "maximum": 13.75} for each in items]
    part = {"id": "p", "title": "统战", "kind": "common", "maximum": 55, "scaled_from": 55, "windows": windows}
    return one_item_book(VISITS, maximum="55") | {"parts": [part | {"items": items}]}


def test_each_quarter_is_read_for_itself_and_worth_its_share_of_the_year(world):
    stored(world, quarters())
    visited(world, FINANCE, ["2026-01-05", "2026-02-05", "2026-03-05", "2026-03-31", "2026-04-01", "2026-05-01"])
    told = world.explained(world.run(rulebook="one", on=ON))
    points = {item["id"]: (item["points"], item["unscaled"]["points"], item["state"]) for item in told["items"]}
    assert points == {
        "visits-q1": ("13.75", "55.00", "value"),
        "visits-q2": ("8.75", "35.00", "value"),
        "visits-q3": ("0.00", "0.00", "missing"),  # has not begun
        "visits-q4": ("0.00", "0.00", "missing"),
    }
    assert (told["score"], told["range"]) == ("22.50", {"low": "22.50", "high": "50.00"})
    assert told["items"][1]["why_not_full"] == "“第二季度走访企业”为 2 次，比要求少 2 次，扣 20 分"
    assert told["items"][1]["to_gain"][0]["gain"] == "2.50"


def test_one_quarter_alone_is_worth_everything(world):
    stored(world, quarters())
    visited(world, FINANCE, ["2026-04-01", "2026-05-01"])
    run = world.run(rulebook="one", on=ON, window="q2")
    told = world.explained(run)
    assert (run["window"], told["score"], [item["id"] for item in told["items"]]) == ("q2", "35.00", ["visits-q2"])
    assert run["period_from"] == "2026-04-01"


def test_several_score_one_item_and_who_has_not_yet_opens_the_range(world):
    panel = [{"id": "org", "title": "组织科", "maximum": 4}, {"id": "rural", "title": "农村科", "maximum": 3}]
    panel += [{"id": "staff", "title": "组织员办", "maximum": 2.5}, {"id": "tech", "title": "电教科", "maximum": 1.5}]
    stored(world, one_item_book({"kind": "scorers", "combine": "sum", "scorers": panel}, maximum="11"))
    marked(world, "x.org", "3.5")
    marked(world, "x.rural", "9")  # more than its points counts as its points
    marked(world, "x.tech", "1")
    assert (
        world.post("/v1/marks", {"subject": FINANCE, "rulebook": "one", "item": "x", "value": "1"}).status_code == 422
    )
    told = item_of(world, world.run(rulebook="one", on=ON))
    assert (told["points"], told["range"]) == ("7.50", {"low": "7.50", "high": "10.00"})
    assert told["why_not_full"] == "缺少组织员办的评分：本项可能得 7.5 至 10 分，暂按最低计"
    gains = {each["change"]: each["gain"] for each in told["to_gain"]}
    assert gains["把“组织科：评分”由 3.5 分提高到 4 分"] == "0.50"
    assert gains["补报“组织员办：评分”并达到 2.5 分"] == "2.50"


def sampled():
    return one_item_book({"kind": "sampled", "population": "townships", "draw": 3, "scale": 100})


def drawn(world, seed="双色球2026-06-01"):
    response = world.post("/v1/samples", {"rulebook": "one", "seed": seed, "on": "2026-06-01"})
    assert response.status_code in {200, 201}, response.text
    return response.json()


def test_a_draw_follows_from_the_seed_and_the_list_and_anybody_can_repeat_it(world):
    for n in range(5):
        world.has("unit", f"unt-t{n}", name=f"乡镇{n}", kind="township")
    stored(world, sampled())
    sample = drawn(world)
    listed = sorted(["unt-a", "unt-b", *(f"unt-t{n}" for n in range(5))])
    for subject in (FINANCE, TAX):
        told = sample["draws"]["x"][subject]
        by_hash = sorted(
            listed, key=lambda id_: hashlib.sha256(f"{sample['seed']}\nx/{subject}\n{id_}".encode()).hexdigest()
        )
        assert told["drawn"] == by_hash[:3]
        assert told["population"] == 7
        assert told["list_digest"] == hashlib.sha256("".join(f"{each}\n" for each in listed).encode()).hexdigest()
    assert world.get(f"/v1/samples/{sample['id']}").json() == sample
    again = world.post("/v1/samples", {"rulebook": "one", "seed": sample["seed"], "on": "2026-06-01"})
    assert (again.status_code, again.json()) == (200, sample)
    assert drawn(world, seed="另一个")["draws"] != sample["draws"]


def test_marks_on_what_was_drawn_count_and_missing_places_are_left_out(world):
    stored(world, sampled())
    sample = drawn(world)
    assert sample["draws"]["x"][FINANCE]["population"] == 2
    marked(world, "x.1", "90")
    before = item_of(world, world.run(rulebook="one", on=ON, samples=[sample["id"]]))
    assert (before["points"], before["range"]["high"]) == ("4.50", "9.50")
    marked(world, "x.2", "70")
    run = world.run(rulebook="one", on=ON, samples=[sample["id"]])
    told = item_of(world, run)
    assert (told["points"], told["state"]) == ("8.00", "value")
    assert told["drawn"] == sample["draws"]["x"][FINANCE]["drawn"]
    assert run["samples"] == [sample["id"]]
    pinned = world.post(
        "/v1/runs", {"rulebook": "one", "on": ON, "samples": [sample["id"]], "known_at": run["known_at"]}
    )
    assert (pinned.status_code, pinned.json()) == (200, run)
    assert world.post("/v1/runs", {"rulebook": "one", "samples": ["smp-none"]}).status_code == 404
    world.example()
    assert world.post("/v1/runs", {"rulebook": "department", "samples": [sample["id"]]}).status_code == 422
    assert world.post("/v1/samples", {"rulebook": "department", "seed": "s"}).status_code == 409


def test_another_schemes_score_is_converted_and_pinned(world):
    stored(world, one_item_book(VISITS, maximum="120") | {"maximum": "120"}, key="superior")
    visited(world, FINANCE, [f"2026-03-{day:02d}" for day in range(1, 6)])
    knots = [{"value": 0, "points": 0}, {"value": 120, "points": 10}]
    stored(world, one_item_book({"kind": "conversion", "measure": "score:superior", "knots": knots}))
    unknown = item_of(world, world.run(rulebook="one", on=ON))
    assert (unknown["state"], unknown["range"]) == ("missing", {"low": "0.00", "high": "10.00"})
    tried = world.run(rulebook="superior", on=ON)
    assert (tried["published"], world.run(rulebook="one", on=ON)["scores"]) == (False, [])
    assert world.run(rulebook="one", on=ON, scores=[tried["id"]])["scores"] == [tried["id"]]
    world.publish("superior")
    source = world.run(rulebook="superior", on=ON)
    run = world.run(rulebook="one", on=ON)
    told = item_of(world, run)
    assert (told["points"], told["values"][0]["value"], run["scores"]) == ("5.00", "60", [source["id"]])
    assert told["why_not_full"] == "“《superior》得分”为 60 分，折算得 5 分，最多 10 分"
    assert item_of(world, run, TAX)["state"] == "missing"
    assert world.run(rulebook="one", on=ON, scores=[source["id"]])["id"] == run["id"]
    assert world.post("/v1/runs", {"rulebook": "superior", "scores": [source["id"]]}).status_code == 422


def test_of_runs_made_in_one_instant_the_one_that_knew_most_is_converted(world):
    stored(world, one_item_book(VISITS, maximum="120") | {"maximum": "120"}, key="superior")
    knots = [{"value": 0, "points": 0}, {"value": 120, "points": 10}]
    stored(world, one_item_book({"kind": "conversion", "measure": "score:superior", "knots": knots}))
    world.publish("superior")
    for day in range(1, 7):  # Ids are hashes: by chance alone the right one would be first in one of 2^6 cases.
        visited(world, FINANCE, [f"2026-03-{day:02d}"])
        source = world.run(rulebook="superior", on=ON)
        assert world.run(rulebook="one", on=ON)["scores"] == [source["id"]]


def test_rulebooks_that_convert_one_another_in_a_circle_are_refused(small_world):
    def converting(key, other):
        knots = [{"value": 0, "points": 0}, {"value": 10, "points": 10}]
        return one_item_book({"kind": "conversion", "measure": f"score:{other}", "knots": knots}) | {"id": key}

    stored(small_world, converting("a", "b"), key="a")
    text = yaml.safe_dump(converting("b", "a"), allow_unicode=True)
    answer = small_world.upload("b", text)
    assert (answer.status_code, "循环" in answer.json()["detail"]) == (422, True)
    assert small_world.upload("c", yaml.safe_dump(converting("c", "c"))).status_code == 422


@pytest.mark.parametrize(("day", "months", "grade"), [("2025-01-10", 24, None), ("2025-01-10", 12, "通过")])
def test_a_veto_looks_back_beyond_the_period(world, day, months, grade):
    veto = {"id": "accident", "title": "重大事故", "basis": {"document": "试"}, "measure": "mark", "at_least": 1}
    stored(world, one_item_book(VISITS) | {"vetoes": [veto | {"look_back": months}]})
    marked(world, "accident", "1", on=day)
    told = world.explained(world.run(rulebook="one", on=ON))
    assert told["grade"] == grade
    assert told["vetoes"][0]["verdict"] == ("triggered" if grade is None else "unknown")


def test_stars_count_the_items_that_pass(world):
    document = one_item_book(VISITS, maximum="10")
    first = document["parts"][0]["items"][0]
    more = first | {"id": "y", "rule": VISITS | {"target": 7}}
    document["parts"][0] |= {"items": [first, more], "maximum": "20"}
    document |= {"maximum": "20", "stars": {"passed": 0.85, "of": ["x", "y"]}}
    document["grades"] = [{"title": "未评星", "below": 1}, {"title": "一星", "at_least": 1, "below": 2}]
    document["grades"] += [{"title": "二星", "at_least": 2}]
    stored(world, document)
    visited(world, FINANCE, [f"2026-03-{day:02d}" for day in range(1, 7)])
    told = world.explained(world.run(rulebook="one", on=ON))
    assert (told["score"], told["stars"], told["grade"]) == ("14.57", 1, "一星")
    tax = world.explained(world.run(rulebook="one", on=ON), TAX)
    assert tax["grade_range"] == {"lowest": "未评星", "highest": "二星"}


def test_other_kinds_of_subjects_are_scored(world):
    world.has("unit", "unt-shut", name="撤并乡", kind="township")
    world.registry.append(
        "unit", "unt-shut", changes={"state": "closed"}, operation="close", effective_on=world.clock.today()
    )
    for kind, expected in (
        ("township", {"unt-a", "unt-b", "unt-shut"}),
        ("organization", {"org-1"}),
        ("enterprise", {f"91990101MA000000{n:02d}" for n in range(5)}),
        ("instructor", {"per-1"}),
    ):
        stored(world, one_item_book(VISITS) | {"subject_kind": kind}, key=kind)
        assert set(scores(world, world.run(rulebook=kind, on=ON))) == expected
    stored(world, one_item_book(VISITS) | {"subject_kind": "secretary"}, key="secretary")
    answer = world.post("/v1/runs", {"rulebook": "secretary", "on": ON})
    assert (answer.status_code, "在任书记" in answer.json()["detail"]) == (409, True)


def test_enterprises_are_seen_by_whoever_sees_the_unit_that_answers_for_them(world):
    stored(world, one_item_book(VISITS) | {"subject_kind": "enterprise"})
    run = world.run(rulebook="one", on=ON)
    world.has("unit", FINANCE, name="县财政局", kind="department", division=TOWN_B)  # its enterprises lie elsewhere
    world.enrol("town", "leader", unit="unt-b", divisions=(TOWN_B,))
    page = world.get(f"/v1/runs/{run['id']}/scores", by="town").json()
    assert page["total"] == 4

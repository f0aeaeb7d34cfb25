"""What-if over HTTP: everybody scored before and after, now and a year ago; publishing needs the digest; real is
what was simulated.
"""

import random
from collections import Counter
from decimal import Decimal

import pytest
import sqlalchemy as sa
import yaml

from assessment.engine_support import one_item_book
from assessment.world import EXAMPLE, FINANCE, TAX, TOWN_A
from heli_shared.kernel.clock import FixedClock

VISITS = {"kind": "proportional", "measure": "visits", "target": 10}
GRADES = [{"title": "不合格", "below": 5}, {"title": "合格", "at_least": 5}]


def book(target=10, **changes):
    return one_item_book(VISITS | {"target": target}) | {"grades": GRADES} | changes


def text_of(document):
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


def visited(world, unit, times, year=2026):
    for n in range(times):
        world.made("/v1/activities", kind="visit", unit=unit, held_on=f"{year}-02-{n + 1:02d}", title="走访")


def simulated(world, **body):
    response = world.post("/v1/simulations", {"rulebook": "one", "on": "2026-06-30", **body})
    assert response.status_code in {200, 201}, response.text
    return response.json()


def stored(world, document):
    response = world.upload("one", text_of(document))
    assert response.status_code in {200, 201}, response.text
    return response.json()["version"]


def published(world, version, tried, **changes):
    body = {"version": version, "simulation": tried["id"], "digest": tried["digest"]} | changes
    return world.post("/v1/rulebooks/one/publications", body)


def test_a_draft_is_tried_on_everybody_now_and_a_year_ago(world):
    visited(world, FINANCE, 6)
    visited(world, TAX, 2)
    visited(world, TAX, 9, year=2025)
    stored(world, book(target=10))
    tried = simulated(world, draft=text_of(book(target=4)))
    now, then = tried["now"], tried["last_year"]
    assert (now["subjects"], now["winners"], now["losers"], now["unchanged"]) == (2, 2, 0, 0)
    assert (now["points_before"], now["points_after"]) == ("8.00", "15.00")
    assert now["grade_moves"] == [{"before": "不合格", "after": "合格", "subjects": 1}]
    # A year ago tax visited nine times of the first half of the year; finance has no record: nothing is known of it.
    assert (then["winners"], then["unchanged"], then["points_before"], then["points_after"]) == (1, 1, "9.00", "10.00")
    assert (tried["against"], tried["draft_version"]) == (1, None)
    assert {each["key"]: each["winners"] for each in now["by_unit"]} == {FINANCE: 1, TAX: 1}
    lines = world.get(f"/v1/simulations/{tried['id']}/lines").json()["items"]
    assert [(line["subject"], line["change"], line["before"]["grade"], line["after"]["grade"]) for line in lines] == [
        (TAX, "3.00", "不合格", "合格"),
        (FINANCE, "4.00", "合格", "合格"),
    ]
    past = world.get(f"/v1/simulations/{tried['id']}/lines?year=last_year&limit=1").json()
    assert (past["total"], past["next"] is not None) == (2, True)
    rest = world.get(f"/v1/simulations/{tried['id']}/lines?year=last_year&cursor={past['next']}").json()
    assert {line["subject"] for line in past["items"] + rest["items"]} == {FINANCE, TAX}


def test_real_equals_simulated(world):
    visited(world, FINANCE, 6)
    visited(world, TAX, 3)
    stored(world, book(target=10))
    draft = book(target=4, tie_break=["x"])
    tried = simulated(world, draft=text_of(draft))
    version = stored(world, draft)
    answer = published(world, version, tried)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["published"], answer.json()["simulation"]) == (version, tried["id"])
    run = world.run(rulebook="one", on="2026-06-30", version=version, known_at=tried["known_at"])
    real = {each["subject"]: each for each in world.get(f"/v1/runs/{run['id']}/scores").json()["items"]}
    lines = world.get(f"/v1/simulations/{tried['id']}/lines").json()["items"]
    assert len(lines) == len(real) == 2
    for line in lines:
        after = line["after"]
        assert {name: real[line["subject"]][name] for name in after} == after


def test_the_example_is_tried_with_real_equal_to_simulated(world):
    world.example()
    visited(world, FINANCE, 3)
    changed = yaml.safe_load(
        EXAMPLE.read_text(encoding="utf-8").replace("target: 12, points: 0.5", "target: 8, points: 0.5")
    )
    changed["cases"] = []
    changed["effective_from"] = "2026-01-01"
    tried = simulated(world, rulebook="department", draft=text_of(changed))
    assert tried["now"]["winners"] == 1
    assert {each["key"] for each in tried["now"]["by_group"]} == {"finance", "tax"}
    world.upload("department", text_of(changed))
    run = world.run(on="2026-06-30", known_at=tried["known_at"])
    real = {each["subject"]: each["score"] for each in world.get(f"/v1/runs/{run['id']}/scores").json()["items"]}
    lines = world.get(f"/v1/simulations/{tried['id']}/lines").json()["items"]
    assert {line["subject"]: line["after"]["score"] for line in lines} == real
    assert sum(Decimal(line["change"]) for line in lines) > 0


def test_publishing_needs_the_simulation_of_the_same_content(world):
    visited(world, FINANCE, 6)
    first = stored(world, book(target=10))
    tried = simulated(world, version=first)
    assert tried["against"] is None
    second = stored(world, book(target=4))
    assert published(world, first, tried, digest="0" * 64).status_code == 422
    assert published(world, second, tried).status_code == 422
    assert published(world, first, tried, simulation="sim-" + "a" * 26).status_code == 404
    assert published(world, 9, tried).status_code == 404
    assert world.get("/v1/rulebooks/one").json()["published_at"] is None
    assert published(world, first, tried).status_code == 200
    again = published(world, first, tried)
    assert again.status_code == 200
    versions = world.get("/v1/rulebooks/one/versions").json()["items"]
    assert [(v["version"], v["published"]) for v in versions] == [(1, 1), (2, None)]
    assert world.get("/v1/rulebooks").json()["items"][0]["published"] == 1


def test_a_simulation_against_what_is_no_longer_in_force_publishes_nothing(world):
    visited(world, FINANCE, 6)
    one = stored(world, book(target=10))
    assert published(world, one, simulated(world, version=one)).status_code == 200
    two, three = stored(world, book(target=4)), stored(world, book(target=3))
    on_two, on_three = simulated(world, version=two), simulated(world, version=three)
    assert (on_two["against"], on_three["against"]) == (1, 1)
    assert published(world, two, on_two).status_code == 200
    late = published(world, three, on_three)
    assert late.status_code == 409
    assert "第 2 版" in late.json()["detail"]
    assert published(world, three, simulated(world, version=three)).status_code == 200


def test_the_same_trial_is_the_same_simulation_and_never_changes(world):
    visited(world, FINANCE, 6)
    stored(world, book(target=10))
    body = {"rulebook": "one", "on": "2026-06-30", "draft": text_of(book(target=4))}
    first, again = world.post("/v1/simulations", body), world.post("/v1/simulations", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content == world.get(first.headers["location"]).content
    assert world.get("/v1/simulations").json()["total"] == 1
    for statement in ("UPDATE simulations SET digest = ''", "DELETE FROM simulation_lines"):
        with pytest.raises(sa.exc.DBAPIError), world.engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_what_makes_no_sense_is_refused_and_nothing_is_stored(small_world):
    stored(small_world, book())
    for body, status in (
        ({"rulebook": "none"}, 404),
        ({"rulebook": "one", "version": 9}, 404),
        ({"rulebook": "one", "against": 9}, 404),
        ({"rulebook": "one", "draft": text_of(book()), "version": 1}, 422),
        ({"rulebook": "one", "draft": "parts: ["}, 422),
        ({"rulebook": "two", "draft": text_of(book())}, 422),
        ({"rulebook": "one", "on": "2030-01-01"}, 422),
        ({"rulebook": "one", "known_at": {"records": 10**9}}, 422),
    ):
        answer = small_world.post("/v1/simulations", body)
        assert answer.status_code == status, answer.text
    small_world.registry.is_down = True
    assert small_world.post("/v1/simulations", {"rulebook": "one"}).status_code == 503
    assert small_world.get("/v1/simulations").json()["total"] == 0


def test_only_who_stores_rulebooks_tries_and_publishes_them(small_world):
    stored(small_world, book())
    tried = simulated(small_world)
    small_world.enrol("liaison", "department_liaison", unit=FINANCE, divisions=(TOWN_A,))
    assert small_world.post("/v1/simulations", {"rulebook": "one"}, by="liaison").status_code == 403
    assert small_world.get(f"/v1/simulations/{tried['id']}/lines", by="liaison").status_code == 403
    body = {"version": 1, "simulation": tried["id"], "digest": tried["digest"]}
    assert small_world.post("/v1/rulebooks/one/publications", body, by="liaison").status_code == 403


def test_a_new_veto_and_a_new_grade_show_as_moves(world, clock: FixedClock):
    del clock
    visited(world, FINANCE, 6)
    visited(world, TAX, 6)
    stored(world, book())
    veto = {"id": "v", "title": "否", "basis": {"document": "试"}, "measure": "visits", "at_least": 6}
    draft = book(vetoes=[veto | {"look_back": 24}])
    tried = simulated(world, draft=text_of(draft), last_year=False)
    assert tried["last_year"] is None
    assert sorted(tried["now"]["newly_disqualified"]) == [FINANCE, TAX]
    assert tried["now"]["grade_moves"] == [{"before": "合格", "after": None, "subjects": 2}]


def tallied(lines):
    """Count winners, losers, ranks and moves of grades again, from the lines alone."""
    changes = [Decimal(line["after"]["score"]) - Decimal(line["before"]["score"]) for line in lines]
    ranks = [line["after"]["rank"] - line["before"]["rank"] for line in lines]
    moves = Counter((line["before"]["grade"], line["after"]["grade"]) for line in lines)
    return {
        "subjects": len(lines),
        "winners": len([each for each in changes if each > 0]),
        "losers": len([each for each in changes if each < 0]),
        "unchanged": changes.count(0),
        "points_before": str(sum(Decimal(line["before"]["score"]) for line in lines)),
        "points_after": str(sum(Decimal(line["after"]["score"]) for line in lines)),
        "ranks_up": len([each for each in ranks if each < 0]),
        "ranks_down": len([each for each in ranks if each > 0]),
        "grades_changed": sum(count for (before, after), count in moves.items() if before != after),
        "grade_moves": {move: count for move, count in moves.items() if move[0] != move[1]},
    }


def told(tally):
    moves = {(move["before"], move["after"]): move["subjects"] for move in tally["grade_moves"]}
    return {name: tally[name] for name in tallied([])} | {"grade_moves": moves}


@pytest.mark.parametrize("seed", range(3))
def test_every_tally_is_what_the_lines_count_by_department_and_by_township(small_world, seed):
    chance, world = random.Random(seed), small_world
    for number in range(7):
        division = f"99010100{1 + number % 3}00{number % 2}"
        world.has("unit", f"unt-t{number}", name=f"第{number}镇", kind="township", division=division)
    for unit in ("unt-a", "unt-b", *(f"unt-t{number}" for number in range(7))):
        for year in (2025, 2026):
            for day in range(chance.randint(1, 8)):
                kind = chance.choice(["visit", "meeting"])
                world.made("/v1/activities", kind=kind, unit=unit, held_on=f"{year}-02-{day + 1:02d}", title="工作")
    meetings = {"kind": "missing_count", "measure": "meetings", "target": 4, "points": 2}
    stored(world, book(subject_kind="township"))
    draft = one_item_book(meetings) | {"grades": GRADES, "subject_kind": "township"}
    tried = simulated(world, draft=text_of(draft))
    for year in ("now", "last_year"):
        lines = world.get(f"/v1/simulations/{tried['id']}/lines?year={year}&limit=100").json()["items"]
        assert len(lines) == 9
        assert [Decimal(line["change"]) for line in lines] == sorted(Decimal(line["change"]) for line in lines)
        assert told(tried[year]) == tallied(lines)
        for name, key in (("by_group", "group"), ("by_unit", "unit"), ("by_township", "township")):
            assert {each["key"]: told(each) for each in tried[year][name]} == {
                value: tallied([line for line in lines if line[key] == value]) for value in {x[key] for x in lines}
            }
        assert len(tried[year]["by_township"]) == 3

"""What must have held years running is read from the records of each year and from published runs of earlier years."""

from decimal import Decimal

import yaml

from assessment.engine_support import one_item_book
from assessment.world import FINANCE, TAX

VISITS = {"kind": "proportional", "measure": "visits", "target": 10}
BELOW = {"id": "low", "title": "连续两年低", "basis": {"document": "试"}, "below": 6, "running": 2}
EFFECT = {"effect": "通报并限期整改"}


def stored(world, **more):
    answer = world.upload("one", yaml.safe_dump(one_item_book(VISITS) | more, allow_unicode=True))
    assert answer.is_success, answer.text
    return answer.json()["version"]


def visited(world, unit, times, year):
    for day in range(1, times + 1):
        world.made("/v1/activities", kind="visit", unit=unit, held_on=f"{year}-02-{day:02d}", title="走访")


def told(world, unit=FINANCE, **body):
    return world.explained(world.run(rulebook="one", on="2026-06-30", **body), unit)


def test_a_score_is_held_against_the_published_run_of_the_year_before(world):
    visited(world, FINANCE, 5, 2025)
    visited(world, TAX, 7, 2025)
    for unit in (FINANCE, TAX):
        visited(world, unit, 5, 2026)
    stored(world, effective_from="2025-01-01", consequences=[BELOW | EFFECT | {"item": "one"}])
    tried = world.run(rulebook="one", on="2025-06-30")
    unknown = told(world)["consequences"][0]
    assert (unknown["verdict"], unknown["earlier"][0]["state"]) == ("unknown", "missing")  # only a draft was tried
    assert told(world, scores=[tried["id"]])["consequences"][0]["verdict"] == "triggered"
    world.publish("one")
    last_year = world.run(rulebook="one", on="2025-06-30")
    run = world.run(rulebook="one", on="2026-06-30")
    assert run["scores"] == [last_year["id"]]
    found = {unit: world.explained(run, unit)["consequences"][0] for unit in (FINANCE, TAX)}
    assert {unit: each["verdict"] for unit, each in found.items()} == {FINANCE: "triggered", TAX: "not_triggered"}
    assert found[FINANCE]["effect"] == "通报并限期整改"
    assert found[FINANCE]["condition"] == "连续 2 年“总分”低于 6 分"
    earlier = {name: found[TAX]["earlier"][0][name] for name in ("measure", "value", "source", "on")}
    assert earlier == {"measure": "score:one@1y", "value": "7", "source": "assessment:runs", "on": "2025-06-30"}
    again = world.post("/v1/runs", {"rulebook": "one", "on": "2026-06-30", "known_at": run["known_at"]})
    assert (again.status_code, again.json()) == (200, run)
    assert world.post("/v1/runs", {"rulebook": "one", "on": "2025-06-30", "scores": [run["id"]]}).status_code == 422


def test_points_of_an_item_of_the_year_before_hold_the_score_down(world):
    visited(world, FINANCE, 5, 2025)
    visited(world, FINANCE, 5, 2026)
    stored(world, effective_from="2025-01-01", caps=[BELOW | {"item": "x", "most": 3}])
    world.publish("one")
    world.run(rulebook="one", on="2025-06-30")
    whole = told(world)
    assert (whole["score"], whole["held"], whole["items"][0]["points"]) == ("3.00", "2.00", "5.00")
    held = whole["items"][-1]
    assert (held["id"], held["state"], held["points"], held["maximum"]) == (
        whole["caps"][0]["id"],
        "held",
        "-2.00",
        "0.00",
    )
    assert sum(Decimal(each["points"]) for each in whole["items"]) == Decimal(whole["score"])
    assert whole["caps"][0]["earlier"][0]["measure"] == "points:x@1y"


def test_a_measure_is_read_anew_for_the_same_period_of_the_year_before(world):
    visited(world, FINANCE, 3, 2025)
    visited(world, FINANCE, 5, 2026)
    visited(world, TAX, 5, 2026)
    stored(world, vetoes=[BELOW | {"measure": "visits"}])
    run = world.run(rulebook="one", on="2026-06-30")
    found = {unit: world.explained(run, unit)["vetoes"][0] for unit in (FINANCE, TAX)}
    assert {unit: each["verdict"] for unit, each in found.items()} == {FINANCE: "triggered", TAX: "unknown"}
    values = [(each["measure"], each["value"]) for each in (found[FINANCE]["value"], *found[FINANCE]["earlier"])]
    assert values == [("visits", "5"), ("visits@1y", "3")]
    assert world.explained(run, FINANCE)["grade"] is None


def test_what_the_registry_knew_a_year_before_is_asked_for_that_day(world):
    limit = BELOW | {"measure": "organization_coverage", "below": "0.5"}
    stored(world, consequences=[limit | EFFECT])
    whole = told(world)["consequences"][0]
    assert (whole["value"]["on"], whole["earlier"][0]["on"]) == ("2026-06-30", "2025-06-30")


def test_a_trial_reads_the_runs_of_the_year_before_as_the_real_run_does(world):
    visited(world, FINANCE, 5, 2025)
    visited(world, FINANCE, 5, 2026)
    cap = BELOW | {"item": "x", "most": 3}
    first = stored(world, effective_from="2025-01-01")
    world.publish("one", first)
    world.run(rulebook="one", on="2025-06-30")
    second = stored(world, effective_from="2026-01-01", caps=[cap])
    tried = world.post("/v1/simulations", {"rulebook": "one", "version": second, "on": "2026-06-30"}).json()
    lines = world.get(f"/v1/simulations/{tried['id']}/lines").json()["items"]
    assert {line["subject"]: (line["before"]["score"], line["after"]["score"]) for line in lines} == {
        FINANCE: ("5.00", "3.00"), TAX: ("0.00", "0.00"),
    }  # fmt: skip
    world.publish("one", second)
    real = world.run(rulebook="one", on="2026-06-30", known_at=tried["known_at"])
    assert world.explained(real)["score"] == "3.00"

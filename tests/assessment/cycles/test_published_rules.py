"""A cycle is scored by published rules; a run may try a draft, and says so."""

import yaml

from assessment.cycles.office import ON, Cycle
from assessment.engine_support import one_item_book
from assessment.world import FINANCE

VISITS = {"kind": "proportional", "measure": "visits", "target": 10}


def stored(world, target, key="one", **more):
    document = one_item_book(VISITS | {"target": target}) | {"id": key} | more
    answer = world.upload(key, yaml.safe_dump(document, allow_unicode=True))
    assert answer.is_success, answer.text
    return answer.json()["version"]


def test_a_cycle_is_published_with_the_version_in_force_and_with_no_other(small_office):
    office = small_office
    stored(office, 10)
    cycle = Cycle(office, rulebook="one")
    refused = cycle.step("publish", expected=409)
    assert "没有发布" in refused["detail"]
    assert cycle.now["stage"] == "draft"
    office.publish("one", 1)
    stored(office, 4)
    cycle.step("publish")
    assert cycle.now["rulebook_version"] == 1
    later = Cycle(office, rulebook="one", version=2)
    assert "第 2 版" in later.step("publish", expected=409)["detail"]
    office.publish("one", 2)
    later.step("publish")
    assert later.now["rulebook_version"] == 2


def test_rules_that_do_not_hold_yet_on_the_last_day_are_not_in_force(small_office):
    office = small_office
    stored(office, 10, effective_from="2026-07-01")
    office.publish("one")
    Cycle(office, rulebook="one").step("publish", expected=409)


def test_a_run_of_a_draft_says_so_and_no_cycle_takes_it(office):
    stored(office, 10)
    tried = office.run(rulebook="one", on=ON)
    assert (tried["published"], tried["rulebook"]["version"]) == (False, 1)
    office.publish("one")
    real = office.run(rulebook="one", on=ON)
    assert (real["published"], real["rulebook"]["version"]) == (True, 1)
    assert real["id"] != tried["id"]
    assert office.get(f"/v1/runs/{tried['id']}").json() == tried
    stored(office, 4)
    again = office.run(rulebook="one", on=ON, known_at=real["known_at"])
    assert again == real  # The newest version is a draft: the one in force is taken.
    assert office.run(rulebook="one", on=ON, version=2)["published"] is False
    cycle = Cycle(office, rulebook="one").open()
    cycle.step("submit", {"subject": FINANCE, "statement": "已完成"}, by="finance")
    cycle.step("submit", {"subject": "unt-tax", "statement": "已完成"}, by="tax")
    refused = cycle.step("score", run=tried["id"], expected=422)
    assert "草案" in refused["errors"][0]["detail"]
    cycle.step("score", run=real["id"])

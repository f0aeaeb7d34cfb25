"""Targets: values of statistics to be reached by a day, with the document; refused where they can never be."""

import pytest

from assessment.world import FINANCE

GOOD = {
    "unit": FINANCE,
    "measure": "organization_coverage",
    "value": "0.9",
    "due_on": "2026-12-31",
    "document": "合两新〔2026〕1号",
}


def test_a_target_is_written_found_by_measure_and_told_in_the_feed(world):
    made = world.post("/v1/targets", GOOD)
    assert made.status_code == 201, made.text
    found = world.get("/v1/targets?measure=organization_coverage").json()["items"]

    assert [(each["unit"], each["value"], each["due_on"]) for each in found] == [(FINANCE, "0.9", "2026-12-31")]
    assert world.get("/v1/targets?measure=enterprise_count").json()["total"] == 0
    assert world.get("/v1/changes").json()["items"][-1]["entity"] == "target"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"value": "1.01"}, "/value"),
        ({"value": "-0.1"}, "/value"),
        ({"measure": "enterprise_count", "value": "9.5"}, "/value"),
        ({"measure": "enterprise_count", "value": "1000000001"}, "/value"),
        ({"measure": "magic"}, "/measure"),
        ({"unit": "unt-none"}, "/unit"),
        ({"document": ""}, "/document"),
        ({"due_on": "2026-02-30"}, "/due_on"),
    ],
)
def test_targets_that_cannot_be_are_refused_and_leave_nothing(small_world, change, pointer):
    answer = small_world.post("/v1/targets", GOOD | change)

    assert 400 <= answer.status_code < 500, answer.text
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert small_world.get("/v1/targets").json()["total"] == 0

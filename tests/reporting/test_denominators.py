"""The ledger of a denominator through HTTP: adds up, in scope, with passport, permalink and the entry that decided."""

import pytest

from reporting.world import TOWN_A, TOWN_B, World, uscc


def ledger(world: World, who=None, **params):
    answer = world.get("/v1/statistics/ledger", who, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_enterprise_is_in_or_out_for_one_reason(world: World):
    answer = ledger(world, measure="due_established_rate", by="division:town")

    assert answer["total"] == {
        "records": 9,
        "denominator": 2,
        "numerator": 0,
        "gap": 2,
        "excluded": 7,
        "reasons": [
            {"code": "below_min_full_members", "name": "正式党员未达应建人数", "is_in": False, "records": 6},
            {"code": "min_full_members", "name": "正式党员达到应建人数", "is_in": True, "records": 2},
            {"code": "state_owned", "name": "国有", "is_in": False, "records": 1},
        ],
    }
    accounts = {row["division"]["code"]: row["account"] for row in answer["rows"]}
    assert {town: (each["records"], each["excluded"]) for town, each in accounts.items()} == {
        TOWN_A: (6, 5),
        TOWN_B: (3, 2),
    }


def test_the_ledger_stays_inside_the_scope_and_agrees_with_the_statistic_and_its_rows(world: World):
    clerk = world.person("prn-b", divisions=(TOWN_B,))
    for measure in ("organization_coverage", "work_coverage_strict", "enterprise_count", "organization_count"):
        account = ledger(world, clerk, measure=measure)["total"]
        cell = world.statistics(clerk, measure=measure)["total"][measure]
        parts = {
            part: world.get("/v1/statistics/rows", clerk, measure=measure, part=part).json()["total"]
            for part in ("numerator", "denominator", "gap", "excluded", "all")
        }
        assert parts == {name: account[name] for name in parts if name != "all"} | {"all": account["records"]}
        assert account["numerator"] == cell.get("numerator", cell["value"])
        assert account["records"] == (1 if measure == "organization_count" else 3)


def test_the_ledger_has_a_permalink(world: World):
    answer = world.get("/v1/statistics/ledger", measure="organization_coverage")
    assert world.get(answer.json()["passport"]["permalink"]).content == answer.content


def test_a_row_names_its_reason_and_the_entry_that_decided(world: World):
    page = world.get("/v1/statistics/rows", measure="due_established_rate", part="all").json()
    rows = {row["uscc"]: row for row in page["items"]}

    assert rows[uscc(9)]["because"] == {"code": "state_owned", "name": "国有"}
    assert rows[uscc(9)]["decided"]["field"] == "ownership"
    assert rows[uscc(6)]["because"]["code"] == "min_full_members"
    assert rows[uscc(6)]["decided"]["effective_on"] == "2020-01-01"
    assert rows[uscc(6)]["decided"]["recorded_at"].endswith("Z")


@pytest.mark.parametrize("params", [{}, {"by": "size"}, {"measure": "x"}])
def test_questions_that_cannot_be_accounted_for_are_refused(world: World, params):
    asked = {"measure": "organization_count", **params} if "by" in params else params
    assert world.get("/v1/statistics/ledger", **asked).status_code == 400


def test_strict_refuses_a_stale_ledger(world: World):
    world.assessment.is_down = True
    world.sync()

    assert ledger(world, measure="enterprise_count")["passport"]["stale"] is True
    assert world.get("/v1/statistics/ledger", measure="enterprise_count", strict=1).status_code == 503

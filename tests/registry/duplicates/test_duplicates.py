"""The list of duplicates: in scope, with evidence, without what somebody held apart."""

import random

import pytest

from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B, Registry
from registry.duplicates.naive import equal_names

NAME = "合力县示例机械有限公司"


@pytest.fixture
def twins(county: Registry) -> Registry:
    """A county with a pair in the first township, and a third namesake in the second."""
    county.made(
        "/v1/enterprises", uscc=code(1), name=NAME, division=TOWN_A, address="解放路１号", registered_on="2020-01-01"
    )
    county.made(
        "/v1/enterprises", uscc=code(2), name="示例机械有限责任公司", division=TOWN_A, address="合力县解放路1号",
        registered_on="2020-01-01", staff=4,
    )  # fmt: skip
    county.made("/v1/enterprises", uscc=code(3), name=NAME, division=TOWN_B)
    county.made("/v1/enterprises", uscc=code(4), name="合力县另一家商贸有限公司", division=TOWN_A)
    return county


def listed(registry: Registry, by: str = "admin", **params) -> list[tuple[str, str, int, list[str]]]:
    answer = registry.get("/v1/duplicates", params=params, by=by)
    assert answer.status_code == 200, answer.text
    return [
        (item["one"]["uscc"], item["other"]["uscc"], item["score"], item["reasons"]) for item in answer.json()["items"]
    ]


def test_pairs_are_told_with_reasons_the_surest_first(twins):
    assert listed(twins) == [
        (code(1), code(2), 94, ["name", "address"]),
        (code(1), code(3), 84, ["name"]),
        (code(2), code(3), 78, ["name"]),
    ]


def test_the_evidence_says_what_is_equal_and_what_differs(twins):
    item = twins.get("/v1/duplicates?min_score=90").json()["items"][0]
    assert item["equal"] == {"division": TOWN_A, "registered_on": "2020-01-01"}
    assert item["differs"] == {
        "name": [NAME, "示例机械有限责任公司"],
        "uscc": [code(1), code(2)],
        "address": ["解放路１号", "合力县解放路1号"],
        "staff": [None, 4],
    }
    assert item["name_likeness"] == 96
    assert (item["one"]["name"], item["one"]["division"]) == (NAME, TOWN_A)


def test_pairs_are_chosen_by_reason_score_and_enterprise(twins):
    assert [pair[:2] for pair in listed(twins, reason="address")] == [(code(1), code(2))]
    assert [pair[2] for pair in listed(twins, min_score=80)] == [94, 84]
    assert [pair[:2] for pair in listed(twins, enterprise=code(3))] == [(code(1), code(3)), (code(2), code(3))]
    assert twins.get("/v1/duplicates?reason=smell").status_code == 400


def test_pages_hold_every_pair_once(twins):
    walked, cursor = [], None
    while True:
        page = twins.get("/v1/duplicates", params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        walked += [(item["one"]["uscc"], item["other"]["uscc"]) for item in page["items"]]
        assert page["total"] == 3
        cursor = page["next"]
        if cursor is None:
            break
    assert walked == [pair[:2] for pair in listed(twins)]


def test_a_township_sees_only_pairs_of_which_both_are_its_own(twins):
    assert [pair[:2] for pair in listed(twins, by="clerk_a")] == [(code(1), code(2))]


def test_closed_enterprises_are_no_duplicates_any_more(twins):
    twins.act(f"/v1/enterprises/{code(2)}/close", {"reason": "注销"})
    assert [pair[:2] for pair in listed(twins)] == [(code(1), code(3))]


def test_a_decision_hides_a_pair_until_a_compared_value_changes(twins):
    body = {"enterprises": [code(3), code(1)], "reason": "实地核实为两家"}
    made = twins.post("/v1/duplicates/decisions", body)
    assert made.status_code == 201
    record = made.json()
    assert (record["one"], record["other"], record["reason"]) == (code(1), code(3), "实地核实为两家")
    assert (code(1), code(3)) not in [pair[:2] for pair in listed(twins)]

    twins.patch(f"/v1/enterprises/{code(3)}", {"staff": 9})
    assert (code(1), code(3)) not in [pair[:2] for pair in listed(twins)]
    twins.patch(f"/v1/enterprises/{code(3)}", {"address": "解放路1号"})
    assert (code(1), code(3)) in [pair[:2] for pair in listed(twins)]


def test_a_decision_is_made_once_can_be_taken_back_and_keeps_its_history(twins):
    body = {"enterprises": [code(1), code(3)], "reason": "实地核实为两家"}
    key = twins.post("/v1/duplicates/decisions", body).json()["id"]
    assert twins.post("/v1/duplicates/decisions", body).status_code == 409

    etag = twins.get(f"/v1/duplicate-decisions/{key}").headers["etag"]
    path = f"/v1/duplicates/decisions/{key}/withdraw"
    assert twins.post(path, {"reason": "复核"}).status_code == 428
    taken_back = twins.post(path, {"reason": "复核确为同一家"}, headers={"If-Match": etag})
    assert (taken_back.status_code, taken_back.json()["state"]) == (200, "closed")
    assert (code(1), code(3)) in [pair[:2] for pair in listed(twins)]
    again = twins.get(f"/v1/duplicate-decisions/{key}").headers["etag"]
    assert twins.post(path, {"reason": "复核"}, headers={"If-Match": again}).status_code == 409
    history = twins.get(f"/v1/duplicate-decisions/{key}/history").json()["items"]
    assert [line["operation"] for line in history] == ["create", "close"]


@pytest.mark.parametrize(
    ("enterprises", "status"),
    [([code(1)], 422), ([code(1), code(1)], 422), ([code(1), code(9)], 404), ([code(1), "x"], 422)],
)
def test_decisions_about_anything_but_two_enterprises_are_refused(twins, enterprises, status):
    answer = twins.post("/v1/duplicates/decisions", {"enterprises": enterprises, "reason": "试"})
    assert answer.status_code == status


def test_a_township_decides_about_its_own_alone(twins):
    foreign = {"enterprises": [code(1), code(3)], "reason": "试"}
    own = {"enterprises": [code(1), code(2)], "reason": "试"}
    assert twins.post("/v1/duplicates/decisions", foreign, by="clerk_a").status_code == 404
    assert twins.post("/v1/duplicates/decisions", own, by="clerk_a").status_code == 201


def test_names_that_a_naive_reading_finds_equal_are_all_found(county):
    chance = random.Random(31)
    forms = ("有限公司", "有限责任公司", " 有限公司", "（集团）有限公司", "(集团)有限公司", "厂")
    rows = []
    for number in range(1, 41):
        name = (
            chance.choice(("甲乙", "丙丁", "戊己")) + chance.choice(("商贸", "机械", "机　械")) + chance.choice(forms)
        )
        rows.append((code(number), name.strip()))
        county.made("/v1/enterprises", uscc=code(number), name=name, division=TOWN_A)
    found = {pair[:2] for pair in listed(county, reason="name", limit=1_000, min_score=0)}
    assert equal_names(rows) <= found
    assert len(found) < 40 * 39 / 2

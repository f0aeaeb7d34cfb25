"""A census and its checks as records: what is refused, and that a census that is over stands still."""

from registry.codes import code
from registry.conftest import COUNTY, TOWN_B


def refused(response, status: int) -> str:
    assert response.status_code == status, response.text
    return response.json()["detail"]


def answer(place, uscc: str, **more):
    body = {"census": place.id, "enterprise": uscc, "item": "staff", "answer": "clear", **more}
    return place.registry.post("/v1/census-checks", body)


def test_a_census_keeps_its_stages_and_its_document(county):
    stages = {
        "registration_from": "2026-07-01", "registration_until": "2026-08-31", "review_from": "2026-09-01",
        "review_until": "2026-09-30", "analysis_from": "2026-10-01", "analysis_until": "2026-10-31",
    }  # fmt: skip
    made = county.made(
        "/v1/censuses", name="甲", cut_off_on="2026-06-30", division=COUNTY, unit="unt-a", document="合组通〔2026〕9号",
        optional_steps=["individual_business"], **stages,
    )  # fmt: skip

    assert {name: made[name] for name in stages} == stages
    assert (made["document"], made["optional_steps"], made["state"]) == (
        "合组通〔2026〕9号",
        ["individual_business"],
        "open",
    )


def test_a_stage_cannot_end_before_it_begins(county):
    body = {"name": "甲", "cut_off_on": "2026-06-30", "review_from": "2026-09-02", "review_until": "2026-09-01"}
    response = county.post("/v1/censuses", body)

    assert refused(response, 422) == "阶段日期有误。"
    assert response.json()["errors"] == [{"pointer": "/review_until", "detail": "结束日期早于开始日期"}]


def test_a_step_that_is_mandatory_or_unknown_cannot_be_chosen(county):
    for step in ("closed", "nonsense"):
        body = {"name": "甲", "cut_off_on": "2026-06-30", "optional_steps": [step]}
        assert county.post("/v1/censuses", body).status_code == 422


def test_a_census_cannot_be_closed_before_its_cut_off_day_is_over(county):
    county.made("/v1/censuses", id="cen-2", name="甲", cut_off_on="2026-07-01")

    assert refused(county.act("/v1/censuses/cen-2/close", {"reason": "完成"}), 409).startswith(
        "截止日期 2026-07-01 尚未过去"
    )


def test_a_closed_census_takes_no_change_and_no_answer_until_it_is_opened_again(census):
    uscc = census.add(code(1))
    census.close()

    assert refused(census.registry.patch("/v1/censuses/cen-1", {"name": "乙"}), 409).startswith("普查已结束")
    assert refused(answer(census, uscc), 409) == "普查已结束，不再接受核查结论。"
    assert census.registry.act("/v1/censuses/cen-1/reopen", {}).status_code == 200
    assert answer(census, uscc).status_code == 201


def test_an_answer_cannot_be_taken_back_once_the_census_is_over(census):
    made = answer(census, census.add(code(1))).json()
    census.close()

    path = f"/v1/census-checks/{made['id']}"
    assert refused(census.registry.act(f"{path}/close", {"reason": "误填"}), 409) == "普查已结束，不再接受核查结论。"
    assert refused(census.registry.patch(path, {"answer": "unclear"}), 409) == "普查已结束，不再接受核查结论。"


def test_an_item_of_an_enterprise_is_answered_once_and_then_changed(census):
    uscc = census.add(code(1))
    first = answer(census, uscc, answer="not_reachable", checked_on="2026-06-20").json()

    second = answer(census, uscc)
    assert refused(second, 409) == "该企业的这一项已有核查结论，请修改原结论。"
    assert second.json()["check"] == first["id"]
    assert answer(census, uscc, item="members").status_code == 201
    assert census.registry.patch(f"/v1/census-checks/{first['id']}", {"answer": "clear"}).status_code == 200


def test_an_answer_names_a_census_an_enterprise_and_a_day_that_has_come(census):
    uscc = census.add(code(1))

    assert answer(census, code(2)).json()["errors"] == [{"pointer": "/enterprise", "detail": "没有这个企业，请先登记"}]
    assert answer(census, uscc, census="cen-9").json()["errors"][0]["pointer"] == "/census"
    assert answer(census, uscc, checked_on="2026-07-02").json()["errors"] == [
        {"pointer": "/checked_on", "detail": "日期晚于今天"}
    ]


def test_a_township_answers_for_its_own_enterprises_only(census):
    own, other = census.add(code(1)), census.add(code(2), division=TOWN_B)
    body = {"census": "cen-1", "item": "staff", "answer": "clear"}

    assert census.registry.post("/v1/census-checks", {**body, "enterprise": own}, by="clerk_a").status_code == 201
    assert census.registry.post("/v1/census-checks", {**body, "enterprise": other}, by="clerk_a").status_code == 422
    answer(census, other)
    listed = census.registry.get("/v1/census-checks", by="clerk_a").json()
    assert [each["enterprise"] for each in listed["items"]] == [own]


def test_a_township_sees_the_census_but_cannot_change_it(census):
    assert census.registry.get("/v1/censuses/cen-1", by="clerk_a").json()["name"] == "2026年普查"
    assert (
        census.registry.post("/v1/censuses", {"name": "甲", "cut_off_on": "2026-06-30"}, by="clerk_a").status_code
        == 403
    )

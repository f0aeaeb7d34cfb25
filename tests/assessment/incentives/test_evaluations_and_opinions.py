"""Evaluations of representatives and linkage opinions: what is advised, what a person decides, and for how long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from assessment.cycles.office import FINANCE, TAX, Cycle, pass_until, staff
from heli_assessment.evaluations.domain import Voice, months_after, suggested, years_after
from heli_assessment.objections.models import OBJECTION
from heli_assessment.opinions.domain import advice_of, reasons_of_results
from heli_shared.contracts.registry.dto import EnterpriseDto

USCC = "91990101MA0000000X"


@pytest.fixture
def office(world):
    staff(world)
    world.registry.enterprises[USCC] = EnterpriseDto(
        uscc=USCC, name="甲公司", state="open", full_members=5, staff=60, covers=1
    )
    return world


def asked(world, *units, by="clerk", expected=201, **more):
    body = {
        "person": "per-1",
        "enterprise": USCC,
        "purpose_of": "honour",
        "asked_units": units or (FINANCE, TAX),
        **more,
    }
    answer = world.post("/v1/representative-evaluations", body, by=by)
    assert answer.status_code == expected, answer.text
    return f"/v1/representative-evaluations/{answer.json().get('id')}"


def spoken(world, path, by, voice="positive", *, expected=200, **more):
    answer = world.post(f"{path}/opinions", {"voice": voice, **more}, by=by)
    assert answer.status_code == expected, answer.text
    return answer.json()


def test_departments_speak_a_grade_is_suggested_and_a_person_decides(office):
    path = asked(office)
    assert "尚缺部门意见" in spoken(office, path, "finance")["suggested_because"]
    assert spoken(office, path, "tax")["suggested"] == "A"
    spoken(office, path, "tax", "concern", expected=422)
    assert spoken(office, path, "tax", "concern", reason="补税一次")["suggested"] == "B"
    spoken(office, path, "first", expected=403)
    assert office.post(f"{path}/confirm", {"grade": "B"}, by="clerk").status_code == 403
    assert office.post(f"{path}/confirm", {"grade": "A"}, by="leader").status_code == 422
    told = office.post(f"{path}/confirm", {"grade": "B"}, by="leader").json()
    assert (told["grade"], told["valid_until"], told["standing"], told["may_be_recommended"]) == (
        "B", "2029-07-01", "valid", True,
    )  # fmt: skip
    spoken(office, path, "tax", expected=409)


def test_within_three_years_it_is_checked_again_every_twelve_months(office):
    path = asked(office)
    assert office.post(f"{path}/confirm", {"grade": "A", "reason": "急"}, by="leader").is_success
    for day, standing in ((date(2027, 7, 1), "valid"), (date(2027, 7, 2), "recheck_due")):
        pass_until(office, day)
        assert office.get(path).json()["standing"] == standing
    passed = {"passed": True, "reason": "守法经营"}
    assert office.post(f"{path}/recheck", passed, by="clerk").json()["standing"] == "valid"
    told = office.post(f"{path}/recheck", {"passed": False, "reason": "重大事故"}, by="clerk").json()
    assert (told["standing"], told["may_be_recommended"]) == ("recheck_failed", False)
    pass_until(office, date(2029, 7, 2))
    assert office.get(path).json()["standing"] == "expired"
    assert office.post(f"{path}/recheck", passed, by="clerk").status_code == 409


def test_grades_of_people_are_for_those_who_need_them(office):
    path = asked(office)
    statuses = {by: office.get(path, by=by).status_code for by in office.headers}
    assert {by for by, status in statuses.items() if status == 200} == {"admin", "clerk", "leader"}
    asked(office, by="finance", expected=403)
    asked(office, "unt-none", expected=422)
    asked(office, expected=422, enterprise="x")


def test_an_upheld_objection_opens_an_evaluation_again(office):
    path = asked(office)
    office.post(f"{path}/confirm", {"grade": "C", "reason": "试"}, by="leader")
    body = {"target": "representative_evaluation", "target_id": path.rsplit("/", 1)[1], "reason": "已整改"}
    filed = office.post("/v1/objections", body, by="finance").json()
    office.post(f"/v1/objections/{filed['id']}/answer", {"outcome": "upheld", "reason": "属实"}, by="leader")
    told = office.get(path).json()
    assert (told["status"], told["grade"], told["standing"]) == ("reopened", None, "unconfirmed")


def test_a_unit_objects_once_at_a_time(office):
    path = asked(office)
    office.post(f"{path}/confirm", {"grade": "C", "reason": "试"}, by="leader")
    body = {"target": "representative_evaluation", "target_id": path.rsplit("/", 1)[1], "reason": "已整改"}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: office.post("/v1/objections", body, by="finance"), range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    filed = next(answer.json() for answer in answers if answer.status_code == 201)
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["objection"] == filed["id"]
    assert office.get("/v1/objections").json()["total"] == 1
    assert office.post("/v1/objections", body, by="tax").status_code == 201, "another unit may object as well"
    office.post(f"/v1/objections/{filed['id']}/answer", {"outcome": "rejected", "reason": "不实"}, by="leader")
    assert office.post("/v1/objections", body, by="finance").status_code == 201, "after the answer, anew"


def test_the_database_holds_no_two_pending_objections_of_a_unit(office):
    """Whatever the service does: the second wall is the database's own."""
    row = {
        "target": "incentive", "target_id": "inc-1", "unit": FINANCE, "reason": "x", "filed_by": "p",
        "due_on": date(2026, 7, 1), "state": "open", "version": 1, "last_effective_on": date(2026, 7, 1),
    }  # fmt: skip
    with office.engine.begin() as connection:
        connection.execute(sa.insert(OBJECTION.table), [{**row, "id": "obj-1", "status": "pending"}])
        connection.execute(sa.insert(OBJECTION.table), [{**row, "id": "obj-2", "status": "rejected"}])
    with pytest.raises(IntegrityError), office.engine.begin() as connection:
        connection.execute(sa.insert(OBJECTION.table), [{**row, "id": "obj-3", "status": "pending"}])


def test_opinions_say_what_they_rest_on(office):
    told = office.get(f"/v1/opinions/{USCC}").json()
    assert (told["advice"], told["name"], [each["code"] for each in told["reasons"]]) == (
        "support", "甲公司", ["covered"],
    )  # fmt: skip
    path = asked(office)
    office.post(f"{path}/confirm", {"grade": "C", "reason": "不宜"}, by="leader")
    told = office.get(f"/v1/opinions/{USCC}").json()
    assert (told["advice"], told["reasons"][-1]["source"]) == ("caution", path)
    assert office.get(f"/v1/opinions/{USCC}", by="finance").json()["advice"] == "support", "grades are not for all"


def test_faults_that_are_not_mended_speak_against_an_enterprise(office):
    """An open order is told, one past its day speaks against; accepted ones and other enterprises' say nothing."""
    inspected = office.made(
        "/v1/activities", kind="inspection", unit=TAX, held_on="2026-06-01", title="检查", enterprise=USCC
    )
    order = {"unit": FINANCE, "issuer": TAX, "problem": "活动阵地被占用", "issued_on": "2026-06-02"}

    def issued(**more):
        answer = office.post("/v1/rectification-orders", {**order, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def reasons(by="admin"):
        told = office.get(f"/v1/opinions/{USCC}", by=by).json()
        return told["advice"], {each["source"].rsplit("/", 1)[1]: each["code"] for each in told["reasons"][1:]}

    issued(enterprise="91990101MA0000000Y", due_on="2026-06-10")
    soon = issued(enterprise=USCC, due_on="2026-07-10")["id"]
    assert reasons() == ("support", {soon: "order_open"})
    late = issued(activity=inspected["id"], due_on="2026-06-30")
    assert late["enterprise"] == USCC, "the enterprise that was inspected"
    assert reasons() == ("caution", {late["id"]: "order_overdue", soon: "order_open"})
    assert reasons("town") == ("support", {}), "neither unit lies in the township's part of the county"
    path = f"/v1/rectification-orders/{late['id']}"
    for step, body, code in (
        ("answer", {"answer": "已腾退"}, "order_open"),
        ("return", {"decision": "未腾退"}, "order_open"),
    ):
        office.post(f"{path}/{step}", body, headers={"If-Match": office.get(path).headers["etag"]})
        assert reasons()[1][late["id"]] == code
    other = {**order, "activity": inspected["id"], "enterprise": "91990101MA0000000Y"}
    refused = office.post("/v1/rectification-orders", other)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/enterprise")
    office.post(f"{path}/cancel", {"decision": "撤销"}, headers={"If-Match": office.get(path).headers["etag"]})
    assert reasons() == ("support", {soon: "order_open"})


@pytest.mark.parametrize(
    ("more", "advice", "code"),
    [
        ({"covers": 0}, "caution", "due"),
        ({"covers": 0, "full_members": 2, "staff": 99}, "neutral", "not_due"),
        ({"covers": 0, "full_members": None, "staff": 100}, "caution", "due"),
        ({"covers": 0, "full_members": None, "staff": None}, "neutral", "not_due"),
        ({"state": "closed"}, "caution", "closed"),
    ],
)
def test_facts_of_the_registry_speak_for_or_against(office, more, advice, code):
    held = office.registry.enterprises[USCC]
    office.registry.enterprises[USCC] = held.model_copy(update=more)
    told = office.get(f"/v1/opinions/{USCC}").json()
    assert (told["advice"], told["reasons"][0]["code"]) == (advice, code)


def test_an_opinion_is_given_by_a_person_and_keeps_its_reasons(office):
    path, body = f"/v1/opinions/{USCC}", {"occasion": "申报守合同重信用企业", "advice": "neutral"}
    assert office.post(path, body, by="clerk").status_code == 422
    assert office.post(path, body, by="finance").status_code == 403
    given = office.post(path, {**body, "reason": "另有核查"}, by="clerk").json()["given"][0]
    assert (given["advice"], given["computed"], given["confirmed_by"]) == ("neutral", "support", "prn-clerk")
    held = office.registry.enterprises[USCC]
    office.registry.enterprises[USCC] = held.model_copy(update={"covers": 0})
    told = office.get(path).json()
    assert (told["advice"], told["given"][0]["reasons"][0]["code"]) == ("caution", "covered")
    body = {"target": "linkage_opinion", "target_id": given["id"], "reason": "不实"}
    filed = office.post("/v1/objections", body, by="finance").json()
    office.post(f"/v1/objections/{filed['id']}/answer", {"outcome": "upheld", "reason": "收回"}, by="leader")
    assert office.get(path).json()["given"][0]["status"] == "reopened"


def test_results_of_approved_cycles_speak_too(office):
    subject = {"subject": USCC, "name": "甲公司", "unit": FINANCE}
    assert office.get("/v1/opinions/91990101MA00000000").status_code == 404
    office.registry.is_down = True
    assert office.get(f"/v1/opinions/{USCC}").status_code == 503
    office.registry.is_down = False
    cycle = Cycle(office, subjects=[FINANCE, TAX]).approved()
    assert cycle.now["stage"] == "approved"
    assert Cycle(office, subjects=[subject]).entry(USCC)["unit"] == FINANCE
    assert [each["code"] for each in office.get(f"/v1/opinions/{USCC}").json()["reasons"]] == ["covered"]


@pytest.mark.parametrize(
    ("voices", "grade"),
    [
        ({}, None),
        ({"a": "positive"}, None),
        ({"a": "positive", "b": "positive"}, "A"),
        ({"a": "positive", "b": "concern"}, "B"),
        ({"a": "negative"}, "C"),
        ({"a": "concern", "b": "negative"}, "C"),
        ({"a": "positive", "b": "positive", "c": "negative"}, "A"),
    ],
)
def test_what_opinions_suggest(voices, grade):
    assert suggested(["a", "b"], {unit: Voice(voice) for unit, voice in voices.items()}).grade == grade


def test_days_later_are_days_of_the_calendar():
    assert years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert years_after(date(2026, 7, 1), 3) == date(2029, 7, 1)
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 12, 31), 6) == date(2027, 6, 30)
    assert months_after(date(2027, 7, 1), 12) == date(2028, 7, 1)


def test_the_best_grade_speaks_for_a_veto_against_and_others_are_told():
    results = [
        {"cycle": "cyc-1", "subject": USCC, "grade": "五星", "score": "96.00", "vetoed": False},
        {"cycle": "cyc-2", "subject": USCC, "grade": "三星", "score": "86.00", "vetoed": False},
        {"cycle": "cyc-3", "subject": USCC, "grade": None, "score": "99.00", "vetoed": True},
    ]
    told = reasons_of_results(results, {"cyc-1": "五星", "cyc-2": "五星", "cyc-3": "五星"})
    assert [(each.code, each.weight) for each in told] == [("graded", 1), ("graded", 0), ("vetoed", -1)]
    assert [advice_of(told[:count]) for count in (0, 1, 2, 3)] == ["neutral", "support", "support", "caution"]
    assert advice_of(told[1:2]) == "neutral"

"""Correction requests: filed with evidence, due on a working day, accepted into the record with their source named."""

from datetime import timedelta

import pytest

from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B, Registry

ASKED = {"kind": "enterprises", "key": code(1), "field": "staff", "proposed": 62, "reason": "社保缴费人数为62人"}
BASE = "/v1/correction-requests"


@pytest.fixture
def asking(county: Registry) -> Registry:
    """A county with one enterprise in each township, the social security office's client and liaison."""
    county.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A, staff=12, effective_on="2026-01-05")
    county.made("/v1/enterprises", uscc=code(2), name="乙", division=TOWN_B, staff=12)
    county.made("/v1/units", id="unt-ss", name="人社局", kind="department")
    county.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    county.enrol("ss", "exchange", unit="unt-ss")
    county.enrol("liaison", "department_liaison", unit="unt-ss")
    county.enrol("clerk_b", "township_clerk", unit="unt-b")
    return county


def test_a_request_is_filed_and_due_in_ten_working_days(asking: Registry):
    made = asking.post(BASE, {**ASKED, "evidence": "6月缴费清单"}, by="ss")
    assert made.status_code == 201
    request = made.json()
    assert made.headers["location"] == f"{BASE}/{request['id']}"
    told = ("kind", "key", "field", "value_now", "proposed", "unit", "status", "state", "due_on")
    assert [request[name] for name in told] == [
        "enterprises", code(1), "staff", "12", "62", "unt-ss", "pending", "open", "2026-07-15",
    ]  # fmt: skip
    assert asking.get(f"/v1/enterprises/{code(1)}").json()["staff"] == 12


def test_accepting_writes_the_value_with_the_asking_unit_as_its_source(asking: Registry):
    request = asking.post(BASE, ASKED, by="ss").json()
    done = asking.post(f"{BASE}/{request['id']}/accept", {"effective_on": "2026-06-01"}, by="clerk_a")

    assert done.status_code == 200, done.text
    assert (done.json()["status"], done.json()["state"], done.json()["decided_by"]) == (
        "accepted",
        "closed",
        "prn-clerk_a",
    )
    assert asking.get(f"/v1/enterprises/{code(1)}").json()["staff"] == 62
    assert asking.get(f"/v1/enterprises/{code(1)}?on=2026-05-31").json()["staff"] == 12
    line = asking.get(f"/v1/enterprises/{code(1)}/history").json()["items"][-1]
    assert (line["unit"], line["actor"], line["changes"]) == (
        "unt-ss", "prn-clerk_a", [{"field": "staff", "before": 12, "after": 62}],
    )  # fmt: skip
    own = asking.get(f"{BASE}/{request['id']}/history").json()["items"][-1]
    assert own["unit"] == "unt-a"
    assert asking.post(f"{BASE}/{request['id']}/reject", {"reason": "晚了"}).status_code == 409


def test_a_request_is_rejected_with_a_reason_or_withdrawn_by_who_filed_it(asking: Registry):
    first = asking.post(BASE, ASKED, by="ss").json()["id"]
    second = asking.post(BASE, {**ASKED, "field": "address", "proposed": "甲路1号"}, by="liaison").json()["id"]

    assert asking.post(f"{BASE}/{first}/reject", {}, by="clerk_a").status_code == 422
    rejected = asking.post(f"{BASE}/{first}/reject", {"reason": "花名册无误"}, by="clerk_a").json()
    assert (rejected["status"], rejected["decision_reason"]) == ("rejected", "花名册无误")
    assert asking.post(f"{BASE}/{second}/withdraw", {"reason": "误报"}, by="clerk_a").status_code == 403
    assert asking.post(f"{BASE}/{second}/withdraw", {"reason": "误报"}, by="ss").json()["status"] == "withdrawn"
    assert asking.get(f"/v1/enterprises/{code(1)}").json()["staff"] == 12


def test_a_value_that_others_changed_meanwhile_is_not_overwritten(asking: Registry):
    request = asking.post(BASE, ASKED, by="ss").json()["id"]
    asking.patch(f"/v1/enterprises/{code(1)}", {"staff": 30})
    answer = asking.post(f"{BASE}/{request}/accept", {})
    assert (answer.status_code, answer.json()["value"], answer.json()["value_then"]) == (409, 30, 12)

    asking.patch(f"/v1/enterprises/{code(1)}", {"staff": 62})
    assert asking.post(f"{BASE}/{request}/accept", {}).json()["status"] == "accepted"


def test_what_is_overdue_is_listed(asking: Registry):
    late = asking.post(BASE, ASKED, by="ss").json()["id"]
    asking.clock.instant += timedelta(days=14)  # the morning of the day on which it is due
    assert asking.get(f"{BASE}?overdue=true").json()["total"] == 0
    asking.clock.instant += timedelta(days=1)
    on_time = asking.post(BASE, {**ASKED, "key": code(2)}, by="ss").json()["id"]

    assert [each["id"] for each in asking.get(f"{BASE}?overdue=true").json()["items"]] == [late]
    assert [each["id"] for each in asking.get(f"{BASE}?overdue=false").json()["items"]] == [on_time]
    asking.post(f"{BASE}/{late}/reject", {"reason": "无误"})
    assert asking.get(f"{BASE}?overdue=true").json()["total"] == 0


def test_a_township_decides_about_its_own_records_only(asking: Registry):
    first = asking.post(BASE, ASKED, by="ss").json()["id"]
    second = asking.post(BASE, {**ASKED, "key": code(2)}, by="ss").json()["id"]

    assert [each["id"] for each in asking.get(BASE, by="clerk_a").json()["items"]] == [first]
    assert asking.get(f"{BASE}/{second}", by="clerk_a").status_code == 404
    assert asking.post(f"{BASE}/{second}/accept", {}, by="clerk_a").status_code == 404
    assert asking.post(f"{BASE}/{second}/accept", {}, by="clerk_b").status_code == 200
    assert asking.post(BASE, {**ASKED, "key": code(2), "proposed": 5}, by="clerk_a").status_code == 404
    assert asking.post(f"{BASE}/{first}/accept", {}, by="ss").status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "nothing"}, "/kind"),
        ({"kind": "people", "key": "per-1"}, "/kind"),
        ({"field": "nothing"}, "/field"),
        ({"field": "state", "proposed": "closed"}, "/field"),
        ({"proposed": "many"}, "/proposed"),
        ({"proposed": -1}, "/proposed"),
        ({"proposed": 12}, "/proposed"),
        ({"field": "name", "proposed": None}, "/proposed"),
        ({"field": "registered_on", "proposed": "2026-13-01"}, "/proposed"),
        ({"field": "ownership", "proposed": "royal"}, "/proposed"),
    ],
)
def test_a_request_that_could_never_be_accepted_is_refused(asking: Registry, body, pointer):
    answer = asking.post(BASE, {**ASKED, **body}, by="ss")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize(
    ("field", "value"),
    [("has_premises", True), ("registered_on", "2012-05-18"), ("annual_revenue", "12.5"), ("former_names", ["旧"]),
     ("staff", None), ("ownership", "private")],
)  # fmt: skip
def test_values_of_every_type_are_written_as_they_are(asking: Registry, field, value):
    request = asking.post(BASE, {**ASKED, "field": field, "proposed": value}, by="ss")
    assert request.status_code == 201, request.text
    assert asking.post(f"{BASE}/{request.json()['id']}/accept", {}).status_code == 200
    assert asking.get(f"/v1/enterprises/{code(1)}").json()[field] == value


def test_the_same_request_is_not_filed_twice(asking: Registry):
    first = asking.post(BASE, ASKED, by="ss").json()["id"]
    answer = asking.post(BASE, ASKED, by="liaison")
    assert (answer.status_code, answer.json()["request"]) == (409, first)
    asking.post(f"{BASE}/{first}/reject", {"reason": "无误"})
    assert asking.post(BASE, ASKED, by="liaison").status_code == 201


def test_a_value_that_the_records_own_rules_refuse_leaves_everything_as_it_was(asking: Registry):
    body = {**ASKED, "field": "registered_on", "proposed": "2099-01-01"}
    request = asking.post(BASE, body, by="ss").json()["id"]
    before = asking.get("/v1/changes").json()["head"]
    assert asking.post(f"{BASE}/{request}/accept", {}).status_code == 422
    assert asking.get("/v1/changes").json()["head"] == before
    assert asking.get(f"{BASE}/{request}").json()["status"] == "pending"

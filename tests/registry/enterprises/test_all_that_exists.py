"""Every field of the real forms is kept, dated and given back; what cannot be is refused."""

from datetime import date

import pytest

from heli_registry.resources import PLAIN_RESOURCES
from heli_shared.records.kinds import BEGINNING
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B

# What the standard forms ask about an enterprise and an organisation (reports A, C and H, platform E, field app G).
ENTERPRISE = {
    "former_names": ["合力县甲厂"], "registration_authority": "合力县市场监督管理局", "main_business": "电机",
    "premises": "rented", "staff": 120, "staff_local": 70, "staff_outside": 50, "staff_women": 40, "staff_laid_off": 3,
    "annual_revenue": "30000000.00", "total_assets": "20000000.00", "annual_output": "31000000.00",
    "annual_wages": "6000000.00", "listed_above_scale": True, "full_members": 9, "probationary_members": 1,
    "members_management": 2, "members_technical": 3, "members_front_line": 4, "members_investors": 1,
    "members_elsewhere": 2, "league_members": 12, "investors": 2, "owner_posts": ["npc_delegate", "federation_post"],
    "legal_representative_is_secretary": False, "unestablished_reason": "正在筹备", "planned_setup_on": "2026-12-01",
    "annual_report_year": 2025, "refreshed_on": "2026-06-30",
}  # fmt: skip
ORGANIZATION = {
    "approved_on": "2020-05-01", "is_combined": False, "committee_seats": 3, "committee_members": 3,
    "deputy_secretaries": 1, "full_members": 9, "probationary_members": 1, "has_secretary": True,
    "secretary_kind": "middle_manager", "secretary_is_full_time": False, "has_full_time_deputy": False,
    "secretary_chairs_union": True, "committee_in_management": 2, "management_in_committee": 1, "party_workers": 2,
    "full_time_party_workers": 1, "premises": "office_shared", "premises_area": 40, "star": 3, "star_on": "2025-12-20",
    "applicants": 5, "activists": 3, "prospects": 1, "developed_this_year": 1, "members_on_committee": 3,
    "members_among_staff": 7, "members_retired": 0, "members_to_35": 4, "members_36_50": 4, "members_51_60": 2,
    "members_over_60": 0, "members_secondary": 2, "members_college": 7, "members_postgraduate": 1,
    "relations_here": 8, "relations_supervisor": 0, "relations_attached": 0, "relations_territory": 1,
    "relations_former": 1, "relations_other": 0,
}  # fmt: skip


def enterprise(county, number=1, **more):
    return county.made("/v1/enterprises", uscc=code(number), name=f"企业{number}", division=TOWN_A, **more)


def test_every_field_of_the_enterprises_forms_is_kept(county):
    shown = enterprise(county, **ENTERPRISE)

    assert {name: shown[name] for name in ENTERPRISE} == ENTERPRISE
    assert county.get(f"/v1/enterprises/{code(1)}").json() == shown


def test_every_field_of_the_organisations_forms_is_kept(county):
    shown = county.made(
        "/v1/party-organizations", id="org-1", name="甲支部", kind="branch", setup_form="leading_enterprise",
        division=TOWN_A, **ORGANIZATION,
    )  # fmt: skip

    assert {name: shown[name] for name in ORGANIZATION} == ORGANIZATION


@pytest.mark.parametrize(
    ("field", "value"),
    [("star", 6), ("star", 0), ("premises", "tent"), ("secretary_kind", "king"), ("premises_area", "40")],
)
def test_what_the_forms_do_not_allow_is_refused(county, field, value):
    body = {"name": "甲支部", "kind": "branch", "setup_form": "sole", "division": TOWN_A, field: value}

    answer = county.post("/v1/party-organizations", body)

    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, [f"/{field}"])


def test_a_dissolution_keeps_reason_document_and_who_approved_it(county):
    county.made("/v1/party-organizations", id="org-1", name="甲支部", kind="branch", setup_form="sole", division=TOWN_A)
    body = {"reason": "企业停产", "dissolution_document": "合工委〔2026〕12号", "dissolution_body": "城关镇党委"}

    county.act("/v1/party-organizations/org-1/close", body)

    shown = county.get("/v1/party-organizations/org-1").json()
    assert (shown["state"], shown["closed_reason"], shown["dissolution_document"], shown["dissolution_body"]) == (
        "closed", "企业停产", "合工委〔2026〕12号", "城关镇党委",
    )  # fmt: skip
    lines = county.get("/v1/party-organizations/org-1/history").json()["items"]
    assert {each["field"] for each in lines[-1]["changes"]} == {
        "state", "closed_on", "closed_reason", "dissolution_document", "dissolution_body",
    }  # fmt: skip


def test_other_kinds_take_no_closing_fields_of_organisations(county):
    enterprise(county)

    answer = county.act(f"/v1/enterprises/{code(1)}/close", {"reason": "注销", "dissolution_document": "x"})

    assert answer.status_code == 422


def test_a_pairing_is_held_to_the_plan_in_force_unless_it_says_more(county):
    enterprise(county)
    plain = county.made("/v1/pairings", unit="unt-a", enterprise=code(1), agreed_on="2026-03-01")
    more = county.made("/v1/pairings", unit="unt-a", enterprise=code(1), activities_per_year=4)

    assert [plain[name] for name in ("activities_per_year", "meetings_per_year", "practical_matters_per_year")] == [
        2,
        1,
        1,
    ]
    assert more["activities_per_year"] == 4
    as_of = county.get(f"/v1/pairings/{plain['id']}", params={"on": "2026-02-28"})
    assert as_of.status_code == 404  # it holds from its agreement on


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"unit": "unt-a"}, "/organization"),
        ({"unit": "unt-z", "enterprise": "@"}, "/unit"),
        ({"unit": "unt-a", "enterprise": "@", "agreed_on": "2026-03-01", "ends_on": "2026-02-01"}, "/ends_on"),
    ],
)
def test_a_pairing_with_nobody_or_that_ends_before_it_begins_is_refused(county, body, pointer):
    enterprise(county)
    given = {name: code(1) if value == "@" else value for name, value in body.items()}

    answer = county.post("/v1/pairings", given)

    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, [pointer])


def test_a_candidate_is_in_the_pool_once_and_placed_only_somewhere(county):
    county.made("/v1/people", id="per-1", unit="unt-a", name="王小明")
    first = {"person": "per-1", "source": "retired_cadre", "stage": "found", "division": TOWN_A}
    kept = county.made("/v1/secretary-candidates", **first)

    twice = county.post("/v1/secretary-candidates", first)
    nowhere = county.patch(f"/v1/secretary-candidates/{kept['id']}", {"stage": "placed"})

    assert (twice.status_code, twice.json()["secretary_candidate"]) == (409, kept["id"])
    assert (nowhere.status_code, nowhere.json()["errors"][0]["pointer"]) == (422, "/organization")


def test_an_instructor_is_known_before_guiding_anybody_and_only_once(county):
    county.made("/v1/people", id="per-1", unit="unt-a", name="王小明")
    first = {"person": "per-1", "unit": "unt-a", "division": TOWN_A, "max_enterprises": 2, "term_ends_on": "2028-02-29"}
    kept = county.made("/v1/instructors", **first)

    twice = county.post("/v1/instructors", first)
    nowhere = county.post("/v1/instructors", {**first, "person": "per-9"})
    nobodys = county.post("/v1/instructors", {"person": "per-1"})
    county.act(f"/v1/instructors/{kept['id']}/close", {"reason": "届满"})
    again = county.post("/v1/instructors", first)

    assert (twice.status_code, twice.json()["instructor"]) == (409, kept["id"])
    assert (nowhere.status_code, nowhere.json()["errors"][0]["pointer"]) == (422, "/person")
    assert nobodys.json()["errors"][0]["pointer"] == "/unit"
    assert again.status_code == 201
    entries = county.get("/v1/changes", params={"after": 0}).json()["items"]
    assert set(next(e for e in entries if e["entity"] == "instructor")["changes"]) == {*first, "state"}


def test_a_township_sees_the_instructors_meant_for_it_and_those_it_sends(county):
    county.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    for key, unit, division in (("1", "unt-a", TOWN_B), ("2", "unt-b", TOWN_A), ("3", "unt-b", TOWN_B)):
        county.made("/v1/people", id=f"per-{key}", unit=unit, name="王小明")
        county.made("/v1/instructors", id=f"ins-{key}", person=f"per-{key}", unit=unit, division=division)

    assert [each["id"] for each in county.get("/v1/instructors", by="clerk_a").json()["items"]] == ["ins-1", "ins-2"]


def test_a_project_is_guided_from_its_approval_to_its_organisation(county):
    project = county.made(
        "/v1/guidance-projects", name="年产五万台电机项目", division=TOWN_A, stage="listed", approved_on="2026-02-10",
        planned_members=5, starts_on="2026-09-01", completes_on="2027-09-01", planned_setup_on="2027-09-01",
        unit="unt-a",
    )  # fmt: skip
    path = f"/v1/guidance-projects/{project['id']}"

    assert county.patch(path, {"stage": "established"}).status_code == 422
    county.made("/v1/party-organizations", id="org-1", name="甲支部", kind="branch", setup_form="sole", division=TOWN_A)
    done = county.patch(path, {"stage": "established", "organization": "org-1"})
    assert (done.status_code, done.json()["stage"]) == (200, "established")
    assert county.get(path, params={"on": "2026-03-01"}).json()["stage"] == "listed"
    assert county.get("/v1/guidance-projects", params={"stage": "established", "division": TOWN_B}).json()["total"] == 0


@pytest.mark.parametrize("resource", PLAIN_RESOURCES, ids=lambda each: each.kind.plural)
def test_every_reference_names_a_kind_that_is_there(resource):
    entities = {each.kind.entity for each in PLAIN_RESOURCES} | {"person", "sector"}

    assert {each.references for each in resource.kind.fields if each.references} <= entities
    assert isinstance(BEGINNING, date)


def test_people_named_on_records_must_exist(county):
    answer = county.post(
        "/v1/enterprises",
        {"uscc": code(1), "name": "甲", "division": TOWN_A, "owner": "per-0", "contact_person": "per-0"},
    )

    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (
        422, ["/owner", "/contact_person"],
    )  # fmt: skip


def test_the_classification_tells_size_scale_and_what_is_due_with_their_basis(county):
    enterprise(county, **{**ENTERPRISE, "industry": "C3499"})

    found = county.get(f"/v1/enterprises/{code(1)}/classification").json()

    assert found["size"] == {
        "size_class": "small",
        "values": {"staff": 120, "annual_revenue": "30000000.00"},
        "bounds": {"staff": [1000, 300, 20], "annual_revenue": [400000000, 20000000, 3000000]},
        "missing": [],
        "basis": "国统字〔2017〕213号 统计上大中小微型企业划分办法（2017）",
    }
    assert (found["above_scale"], found["listed_above_scale"]) == (True, True)
    assert {each["name"]: each["reached"] for each in found["thresholds"]} == dict.fromkeys(
        ["branch_due", "member_due", "organization_due", "above_scale_by_revenue", "above_scale_by_staff"],
        True,
    )


def test_the_classification_is_of_the_day_asked_about(county):
    enterprise(county, registered_on="2020-01-01", staff=120, industry="E4710")
    county.patch(f"/v1/enterprises/{code(1)}", {"staff": 20, "effective_on": "2026-06-01"})
    path = f"/v1/enterprises/{code(1)}/classification"

    then, now = (county.get(path, params=query).json() for query in ({"on": "2026-05-31"}, {}))

    assert [each["above_scale"] for each in (then, now)] == [True, False]
    assert then["size"]["missing"] == ["annual_revenue", "total_assets"]  # construction goes by these two
    assert county.get(path, params={"on": "2019-12-31"}).status_code == 404


def test_a_clerk_learns_nothing_of_an_enterprise_elsewhere(county):
    county.made("/v1/enterprises", uscc=code(2), name="企业2", division=TOWN_B)

    assert county.get(f"/v1/enterprises/{code(2)}/classification", by="clerk_a").status_code == 404

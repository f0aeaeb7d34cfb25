"""Principals over HTTP: who I am, who may make whom, and rights that change at once."""

import pytest
from fastapi.routing import APIRoute

from heli_registry.identity.roles import ROLES
from heli_shared.web.routes import iterate_routes, permission_of

TOWN_A, TOWN_B = "990121101000", "990121102000"


def new_principal(registry, login="wang.clerk", **body):
    return registry.made("/v1/principals", login=login, kind="person", roles=["township_clerk"], **body)


def test_everybody_may_ask_who_they_are(county):
    answer = county.get("/v1/principals/me", by="clerk_a")
    assert answer.status_code == 200
    assert answer.json() == {
        "id": "prn-clerk_a",
        "name": "clerk_a",
        "kind": "person",
        "unit": {"id": "unt-a", "name": "城关镇党委", "kind": "township"},
        "roles": ["township_clerk"],
        "permissions": sorted(ROLES["township_clerk"].permissions),
        "scope": {"everything": False, "divisions": [TOWN_A], "zones": []},
    }


def test_an_administrator_without_a_unit_sees_everything(registry):
    found = registry.get("/v1/principals/me").json()
    assert (found["unit"], found["scope"]) == (None, {"everything": True, "divisions": [], "zones": []})


@pytest.mark.parametrize("path", ["/v1/principals/me", "/v1/keys", "/v1/principals", "/v1/people", "/v1/findings"])
def test_nothing_is_open_without_a_token(registry, path):
    refused = registry.client.get(path)
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"] == "Bearer"


def test_the_public_keys_verify_and_hold_no_private_half(county):
    keys = county.get("/v1/keys", by="clerk_a").json()["keys"]
    assert [(key["kty"], key["crv"], "d" in key) for key in keys] == [("OKP", "Ed25519", False)]


def test_an_administrator_makes_changes_and_closes_a_principal(county):
    made = new_principal(county, unit="unt-a")
    assert (made["login"], made["has_secret"], made["state"]) == ("wang.clerk", False, "open")
    path = f"/v1/principals/{made['id']}"
    changed = county.patch(path, {"roles": ["leader"]})
    assert (changed.status_code, changed.json()["roles"]) == (200, ["leader"])
    closed = county.act(f"{path}/close", {"reason": "调离"})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    listed = county.get("/v1/principals?state=closed").json()
    assert [each["login"] for each in listed["items"]] == ["wang.clerk"]


def test_a_login_is_given_once_whatever_its_case(county):
    new_principal(county)
    refused = county.post("/v1/principals", {"login": "WANG.Clerk", "kind": "person", "roles": []})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/login"


@pytest.mark.parametrize(
    "body",
    [
        {"login": "x", "kind": "person", "roles": []},
        {"login": "两字", "kind": "person", "roles": []},
        {"login": "a b", "kind": "person", "roles": []},
        {"login": "good.name", "kind": "robot", "roles": []},
        {"login": "good.name", "kind": "person", "roles": ["emperor"]},
        {"login": "good.name", "kind": "person", "roles": [], "secret_hash": "x"},
        {"login": "good.name", "kind": "person", "roles": [], "unit": "unt-nowhere"},
        {"kind": "person", "roles": []},
    ],
)
def test_a_bad_principal_is_refused(registry, body):
    assert registry.post("/v1/principals", body).status_code == 422
    assert registry.get("/v1/principals").json()["total"] == 1


def test_login_and_secret_stay_out_of_the_ledger(county):
    made = new_principal(county, unit="unt-a")
    secret = county.post(f"/v1/principals/{made['id']}/secret").json()["secret"]
    county.patch(f"/v1/principals/{made['id']}", {"roles": ["leader"]})
    told = " ".join(row.changes for row in county.rows("SELECT changes FROM ledger_entries"))
    assert "wang.clerk" not in told
    assert secret not in told
    assert "argon2" not in told
    history = county.get(f"/v1/principals/{made['id']}/history").json()["items"]
    assert [line["operation"] for line in history] == ["create", "change", "change"]


def test_a_closed_principal_is_refused_from_the_next_request_on(county):
    headers = county.headers("clerk_a")
    assert county.client.get("/v1/principals/me", headers=headers).status_code == 200
    county.act("/v1/principals/prn-clerk_a/close", {"reason": "离岗"})
    assert county.client.get("/v1/principals/me", headers=headers).status_code == 401
    county.act("/v1/principals/prn-clerk_a/reopen", {})
    assert county.client.get("/v1/principals/me", headers=headers).status_code == 200


def test_a_change_of_roles_and_unit_bites_on_the_next_request(county):
    headers = county.headers("clerk_a")
    county.patch("/v1/principals/prn-clerk_a", {"roles": ["leader"], "unit": None})
    found = county.client.get("/v1/principals/me", headers=headers).json()
    assert (found["roles"], found["unit"], found["scope"]["everything"]) == (["leader"], None, True)


def test_moving_a_unit_moves_the_scope_of_its_people(county):
    county.patch("/v1/units/unt-a", {"division": TOWN_B})
    assert county.get("/v1/principals/me", by="clerk_a").json()["scope"]["divisions"] == [TOWN_B]


def test_a_closed_unit_leaves_its_people_nothing_to_see(county):
    county.act("/v1/units/unt-a/close", {"reason": "撤并"})
    scope = county.get("/v1/principals/me", by="clerk_a").json()["scope"]
    assert scope == {"everything": False, "divisions": [], "zones": []}


def test_only_administrators_make_principals(county):
    county.enrol("county_clerk", "county_clerk")
    for by in ("clerk_a", "county_clerk"):
        refused = county.post("/v1/principals", {"login": "mine", "kind": "person", "roles": []}, by=by)
        assert refused.status_code == 403
        assert county.get("/v1/principals", by=by).status_code == 403


@pytest.fixture
def township_admin(county):
    county.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    county.enrol("admin_a", "administrator", unit="unt-a")
    county.enrol("clerk_b", "township_clerk", unit="unt-b")
    return county


@pytest.mark.parametrize(
    ("unit", "status"),
    [("unt-a", 201), ("unt-b", 422), (None, 422)],
)
def test_a_townships_administrator_makes_principals_of_its_township_only(township_admin, unit, status):
    body = {"login": "new.one", "kind": "person", "roles": ["township_clerk"], "unit": unit}
    assert township_admin.post("/v1/principals", body, by="admin_a").status_code == status


def test_a_townships_administrator_sees_and_touches_its_own_principals_only(township_admin):
    seen = township_admin.get("/v1/principals", by="admin_a").json()
    assert {each["login"] for each in seen["items"]} == {"clerk_a", "admin_a"}
    assert seen["total"] == 2
    for key in ("prn-clerk_b", "prn-admin"):
        assert township_admin.get(f"/v1/principals/{key}", by="admin_a").status_code == 404
        assert township_admin.post(f"/v1/principals/{key}/secret", by="admin_a").status_code == 404
    moved = township_admin.patch("/v1/principals/prn-clerk_a", {"unit": None}, by="admin_a")
    assert moved.status_code in {403, 422}


def test_the_last_administrator_of_the_whole_stays(township_admin):
    closed = township_admin.act("/v1/principals/prn-admin/close", {"reason": "试"})
    assert closed.status_code == 409
    for change in ({"roles": ["leader"]}, {"unit": "unt-a"}):
        assert township_admin.patch("/v1/principals/prn-admin", change).status_code == 409
    township_admin.enrol("second", "administrator")
    assert township_admin.act("/v1/principals/prn-admin/close", {"reason": "轮换"}).status_code == 200


def test_every_route_of_identity_people_and_findings_declares_who_may_use_it(registry):
    declared = {
        (method, route.path): permission_of(route)
        for route in iterate_routes(registry.app)
        if isinstance(route, APIRoute) and route.path.startswith(("/v1/principals", "/v1/people", "/v1/keys"))
        for method in route.methods
    }
    assert declared[("GET", "/v1/people/{key}/unmasked")] == "people:unmask"
    assert declared[("POST", "/v1/principals/{key}/secret")] == "principals:write"
    assert [place for place, permission in declared.items() if permission == "public"] == []

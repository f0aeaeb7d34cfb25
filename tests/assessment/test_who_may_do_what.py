"""Who may use which route of cycles, funds and incentives: declared here, held against every route and role."""

import pytest

from heli_registry.identity.roles import ROLES
from heli_shared.web.calls import PUBLIC
from heli_shared.web.routes import iterate_routes, permission_of

ADMIN, COUNTY, TOWN, LIAISON, LEADER, EXCHANGE, SERVICE = (
    "administrator", "county_clerk", "township_clerk", "department_liaison", "leader", "exchange", "service",
)  # fmt: skip
_OFFICE = {ADMIN, COUNTY, TOWN, LIAISON, LEADER}
_COUNTY = {ADMIN, COUNTY}
_LEADERS = {ADMIN, LEADER}
_STAFF = {ADMIN, COUNTY, TOWN, LIAISON}
_GRADES = {ADMIN, COUNTY, LEADER}


def record(plural, writers, readers=_OFFICE):
    one = f"/v1/{plural}/{{key}}"
    reads = {("GET", path): readers for path in (f"/v1/{plural}", one, f"{one}/history")}
    writes = {("POST", f"/v1/{plural}"): writers, ("PATCH", one): writers}
    return {**reads, **writes, ("POST", f"{one}/close"): writers, ("POST", f"{one}/reopen"): writers}


ALLOWED = {
    ("POST", "/v1/cycles"): _COUNTY,
    ("POST", "/v1/cycles/{key}/steps"): _OFFICE,
    ("GET", "/v1/cycles"): _OFFICE,
    ("GET", "/v1/cycles/{key}"): _OFFICE,
    ("GET", "/v1/cycles/{key}/history"): _OFFICE,
    ("GET", "/v1/cycles/{key}/entries"): _OFFICE,
    ("GET", "/v1/cycles/{key}/entries/{subject}"): _OFFICE,
    ("GET", "/v1/cycles/{key}/entries/{subject}/history"): _OFFICE,
    ("GET", "/v1/cycles/{key}/archive"): _GRADES,
    ("POST", "/v1/delegations"): _OFFICE,
    ("POST", "/v1/delegations/{key}/revoke"): _OFFICE,
    ("GET", "/v1/delegations"): _OFFICE,
    ("GET", "/v1/delegations/{key}"): _OFFICE,
    ("GET", "/v1/delegations/{key}/history"): _OFFICE,
    ("POST", "/v1/spot-checks"): _COUNTY,
    ("GET", "/v1/spot-checks"): _OFFICE,
    ("GET", "/v1/spot-checks/{key}"): _OFFICE,
    ("POST", "/v1/appeals"): _OFFICE,
    ("POST", "/v1/appeals/{key}/decide"): _OFFICE,
    ("POST", "/v1/appeals/{key}/withdraw"): _OFFICE,
    ("GET", "/v1/appeals"): _OFFICE,
    ("GET", "/v1/appeals/{key}"): _OFFICE,
    ("GET", "/v1/appeals/{key}/history"): _OFFICE,
    ("GET", "/v1/funds"): _OFFICE,
    **record("fund-budgets", _COUNTY),
    **record("fund-movements", _STAFF),
    **record("party-expenses", _STAFF),
    ("POST", "/v1/incentives"): _COUNTY,
    ("POST", "/v1/incentives/{key}/confirm"): _LEADERS,
    ("POST", "/v1/incentives/{key}/withdraw"): _COUNTY,
    ("GET", "/v1/incentives"): _OFFICE,
    ("GET", "/v1/incentives/{key}"): _OFFICE,
    ("GET", "/v1/incentives/{key}/history"): _OFFICE,
    ("POST", "/v1/representative-evaluations"): _COUNTY,
    ("POST", "/v1/representative-evaluations/{key}/opinions"): _STAFF,
    ("POST", "/v1/representative-evaluations/{key}/confirm"): _LEADERS,
    ("POST", "/v1/representative-evaluations/{key}/recheck"): _COUNTY,
    ("GET", "/v1/representative-evaluations"): _GRADES,
    ("GET", "/v1/representative-evaluations/{key}"): _GRADES,
    ("GET", "/v1/representative-evaluations/{key}/history"): _GRADES,
    ("GET", "/v1/opinions/{uscc}"): _OFFICE | {EXCHANGE},
    ("POST", "/v1/opinions/{uscc}"): _COUNTY,
    ("POST", "/v1/objections"): _STAFF,
    ("POST", "/v1/objections/{key}/answer"): _LEADERS,
    ("GET", "/v1/objections"): _OFFICE,
    ("GET", "/v1/objections/{key}"): _OFFICE,
    ("GET", "/v1/objections/{key}/history"): _OFFICE,
}
OURS = {path.split("/")[2] for _, path in ALLOWED}


def routes(world):
    return {
        (method, route.path): permission_of(route)
        for route in iterate_routes(world.app)
        for method in route.methods - {"HEAD"}
        if route.path.count("/") > 1 and route.path.split("/")[2] in OURS
    }


def test_every_route_is_declared_and_its_permission_is_held_by_the_declared_roles(small_world):
    held = {
        route: {name for name, role in ROLES.items() if permission in role.permissions}
        for route, permission in routes(small_world).items()
    }
    assert held == ALLOWED


@pytest.mark.parametrize("role", sorted(ROLES))
def test_lists_open_to_the_declared_roles_and_to_nobody_else(small_world, role):
    small_world.enrol("somebody", role, unit="unt-finance")
    lists = {path: roles for (method, path), roles in ALLOWED.items() if method == "GET" and "{" not in path}
    answered = {path: small_world.get(path, by="somebody").status_code for path in lists}
    assert answered == {path: 200 if role in roles else 403 for path, roles in lists.items()}


def test_nothing_is_open_to_anybody_but_notices(small_world):
    opened = {route.path for route in iterate_routes(small_world.app) if permission_of(route) == PUBLIC}
    assert {path for path in opened if not path.startswith("/health")} == {
        "/v1/public-notices", "/v1/public-notices/{key}", "/v1/public-notices/{key}/page",
    }  # fmt: skip
    for path in ("/v1/cycles", "/v1/funds", "/v1/incentives", "/v1/opinions/91990101MA0000000X"):
        assert small_world.client.get(path).status_code == 401

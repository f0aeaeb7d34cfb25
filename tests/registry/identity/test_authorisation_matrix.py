"""Every route against every role: expectations are declared here, not read from the product; each cell is tried."""

from itertools import product

from heli_shared.web.routes import iterate_routes
from registry.codes import code
from registry.conftest import TOWN_A, Registry

ADMIN, COUNTY, TOWN, LIAISON, LEADER, EXCHANGE, SERVICE = (
    "administrator",
    "county_clerk",
    "township_clerk",
    "department_liaison",
    "leader",
    "exchange",
    "service",
)
ROLES = (ADMIN, COUNTY, TOWN, LIAISON, LEADER, EXCHANGE, SERVICE)
NOBODY = "nobody"
"""Signed in, without any role."""

_OFFICE = {ADMIN, COUNTY, TOWN, LIAISON, LEADER}
_CLERKS = {ADMIN, COUNTY, TOWN}
_WORK = ("enterprises", "party-organizations", "covers", "affiliations", "mass-organizations", "assignments")
_PLACES = ("units", "zones", "divisions")
_COUNTY = {ADMIN, COUNTY}
_READERS = {
    **dict.fromkeys((*_WORK, *_PLACES), _OFFICE | {EXCHANGE}),
    "people": _OFFICE,
    "principals": {ADMIN},
}
_WRITERS = {
    **dict.fromkeys((*_WORK, "people"), _CLERKS),
    **dict.fromkeys(_PLACES, _COUNTY),
    "principals": {ADMIN},
}
_EVERYBODY = {*ROLES, NOBODY}

ALLOWED: dict[tuple[str, str], set[str]] = {
    ("GET", "/v1/keys"): _EVERYBODY,
    ("GET", "/v1/principals/me"): _EVERYBODY,
    ("GET", "/v1/openapi.json"): _EVERYBODY,
    ("POST", "/v1/principals/{key}/secret"): {ADMIN},
    ("POST", "/v1/people/search"): _OFFICE,
    ("GET", "/v1/people/{key}/unmasked"): _CLERKS,
    ("GET", "/v1/people/{key}/unmasked-reads"): _CLERKS,
    ("POST", "/v1/people/{key}/erase"): _CLERKS,
    ("GET", "/v1/findings"): _OFFICE,
    ("GET", "/v1/party-organizations/{key}/findings"): _OFFICE,
    ("GET", "/v1/changes"): {ADMIN, COUNTY, TOWN, EXCHANGE, SERVICE},
    ("GET", "/v1/exports/{kind}"): _CLERKS | {LIAISON, EXCHANGE, SERVICE},
    ("POST", "/v1/imports"): _CLERKS,
    ("GET", "/v1/imports"): _CLERKS,
    ("GET", "/v1/imports/{import_id}"): _CLERKS,
    ("GET", "/v1/imports/{import_id}/refusals"): _CLERKS,
    ("POST", "/v1/imports/{import_id}/cancel"): _CLERKS,
    ("GET", "/metrics"): {ADMIN, SERVICE},
}
for _plural, _readers in _READERS.items():
    _one = f"/v1/{_plural}/{{key}}"
    _reads = [("GET", path) for path in (f"/v1/{_plural}", _one, f"{_one}/history")]
    _writes = [("PATCH", _one), *(("POST", path) for path in (f"/v1/{_plural}", f"{_one}/close", f"{_one}/reopen"))]
    ALLOWED |= {**dict.fromkeys(_reads, _readers), **dict.fromkeys(_writes, _WRITERS[_plural])}
OPEN = {("POST", "/v1/tokens"), ("GET", "/health/live"), ("GET", "/health/ready")}

# Requests of the right shape, so that the answer is about rights: keys that are nobody's, bodies that fit.
NEW = {
    "enterprises": {"uscc": code(1), "name": "甲", "division": TOWN_A},
    "party-organizations": {"name": "甲党支部", "kind": "branch", "setup_form": "sole", "division": TOWN_A},
    "covers": {"organization": "org-0", "enterprise": code(9)},
    "affiliations": {"organization": "org-0", "superior": "unt-0", "kind": "territory"},
    "mass-organizations": {"kind": "union", "name": "工会", "enterprise": code(9)},
    "assignments": {"person": "per-0", "role": "liaison", "enterprise": code(9)},
    "units": {"name": "甲", "kind": "department"},
    "zones": {"name": "甲", "kind": "park", "division": TOWN_A},
    "divisions": {"code": "990121109000", "name": "甲", "level": "town"},
    "people": {"unit": "unt-0", "name": "王小明"},
    "principals": {"login": "some.one", "kind": "person", "roles": []},
}


def shaped(method: str, path: str) -> tuple[str, dict]:
    """Return a path and arguments of a request that only rights can keep from going on."""
    keys = {"enterprises": code(9), "divisions": "990121999000"}
    plural, _, rest = path.removeprefix("/v1/").partition("/")
    filled = path.replace("{key}", keys.get(plural, "xyz-0")).replace("{kind}", "enterprises")
    filled = filled.replace("{import_id}", "imp-0")
    arguments: dict = {}
    if path.endswith("/unmasked"):
        arguments["params"] = {"purpose": "通知开会"}
    if path == "/v1/imports" and method == "POST":
        arguments = {"files": {"file": ("a.csv", b"x")}, "params": {"kind": "enterprises"}}
    elif method == "POST" and not rest and plural in NEW:
        arguments["json"] = NEW[plural]
    elif path == "/v1/people/search":
        arguments["json"] = {"phone": "13800005678"}
    elif path.endswith("/close"):
        arguments["json"] = {"reason": "试"}
    elif method == "PATCH" or path.endswith("/reopen"):
        arguments["json"] = {}
    return filled, arguments


def routes_of(registry: Registry) -> set[tuple[str, str]]:
    return {
        (method, route.path) for route in iterate_routes(registry.app) for method in (route.methods or set()) - {"HEAD"}
    }


def test_every_route_has_a_declared_expectation_and_the_reverse(registry):
    assert routes_of(registry) == {*ALLOWED, *OPEN}


def test_every_cell_of_the_matrix_is_as_declared(county):
    for role in ROLES:
        county.enrol(role, role, unit="unt-a" if role == TOWN else None)
    county.enrol(NOBODY)
    wrong, tried = [], 0
    for (method, path), who in product(sorted(ALLOWED), (*ROLES, NOBODY)):
        filled, arguments = shaped(method, path)
        status = county.call(method, filled, by=who, **arguments).status_code
        tried += 1
        is_allowed = who in ALLOWED[(method, path)]
        fits = status not in {401, 403} and status < 500 if is_allowed else status == 403
        if not fits:
            wrong.append(f"{who}: {method} {path} -> {status}, allowed: {is_allowed}")
    assert wrong == []
    assert tried == len(ALLOWED) * (len(ROLES) + 1)


def test_without_a_token_or_with_a_bad_one_every_route_is_closed(county):
    wrong = []
    for (method, path), headers in product(sorted(ALLOWED), ({}, {"Authorization": "Bearer a.b.c"})):
        filled, arguments = shaped(method, path)
        answer = county.client.request(method, filled, headers=headers, **arguments)
        if answer.status_code != 401:
            wrong.append(f"{method} {path} with {headers} -> {answer.status_code}")
    assert wrong == []


def test_without_a_token_a_malformed_request_learns_nothing(county):
    told = {
        county.client.request(method, shaped(method, path)[0], content=b"{", params={"odd": "1"}).status_code
        for method, path in sorted(ALLOWED)
    }
    assert told == {401}


def test_the_open_routes_are_open(county):
    assert county.client.get("/health/live").status_code == 200
    assert county.client.get("/health/ready").status_code in {200, 503}
    assert county.client.post("/v1/tokens", data={}).status_code == 422

"""Every route of the year's work against every role: expectations are declared here; each cell is tried."""

from itertools import product

from assessment.test_who_may_do_what import OURS as DECLARED
from heli_shared.web.routes import iterate_routes

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
READERS = {ADMIN, COUNTY, TOWN, LIAISON, LEADER, EXCHANGE}
OFFICE = READERS - {EXCHANGE}
WRITERS = {ADMIN, COUNTY, TOWN, LIAISON}
COUNTY_ONLY = {ADMIN, COUNTY}
RECORDS = ("progress-reports", "attachments", "rectification-orders", "letters", "duty-sessions", "duty-reports")
ALLOWED: dict[tuple[str, str], set[str]] = {
    ("GET", "/v1/plans/{key}/progress"): READERS,
    ("POST", "/v1/tasks/{key}/split"): WRITERS,
    ("POST", "/v1/progress-reports"): WRITERS,
    ("POST", "/v1/progress-reports/{key}/withdraw"): WRITERS,
    ("POST", "/v1/attachments"): WRITERS,
    ("GET", "/v1/attachments/{key}/content"): READERS,
    ("POST", "/v1/attachments/{key}/withdraw"): WRITERS,
    ("POST", "/v1/rectification-orders"): WRITERS,
    **{
        ("POST", f"/v1/rectification-orders/{{key}}/{step}"): WRITERS
        for step in ("answer", "accept", "return", "reopen", "cancel")
    },
    ("GET", "/v1/letters/missing"): READERS,
    ("POST", "/v1/letters"): WRITERS,
    ("GET", "/v1/letters/{key}/document"): READERS,
    **{("POST", f"/v1/letters/{{key}}/{step}"): WRITERS for step in ("sign", "check", "revoke")},
    ("GET", "/v1/duty-sessions/{key}/results"): READERS,
    ("POST", "/v1/duty-marks"): WRITERS,
    ("POST", "/v1/duty-marks/{key}/withdraw"): WRITERS,
    **dict.fromkeys(
        [("GET", f"/v1/duty-marks{rest}") for rest in ("", "/{key}", "/{key}/history")], COUNTY_ONLY
    ),
    ("GET", "/v1/alarms"): OFFICE,
    ("POST", "/v1/imports"): WRITERS,
    ("GET", "/v1/imports"): WRITERS,
    ("POST", "/v1/imports/{import_id}/apply"): WRITERS,
    ("POST", "/v1/imports/{import_id}/undo"): WRITERS,
    **{
        ("GET", f"/v1/imports/{path}"): WRITERS
        for path in (
            "{import_id}", "{import_id}/preview", "{import_id}/refusals", "{import_id}/workbook",
            "templates/{kind}.xlsx",
        )
    },
}  # fmt: skip
for _plural in RECORDS:
    ALLOWED |= {("GET", f"/v1/{_plural}{rest}"): READERS for rest in ("", "/{key}", "/{key}/history")}
for _plural in ("plans", "targets", "tasks", "activities", "duty-sessions", "duty-reports"):
    _one = f"/v1/{_plural}/{{key}}"
    _writers = COUNTY_ONLY if _plural in {"plans", "targets"} else WRITERS
    ALLOWED |= {("GET", f"/v1/{_plural}{rest}"): READERS for rest in ("", "/{key}", "/{key}/history")}
    ALLOWED |= {("POST", path): _writers for path in (f"/v1/{_plural}", f"{_one}/close", f"{_one}/reopen")}
    ALLOWED[("PATCH", _one)] = _writers

KEY = "xyz-0"
BODIES = {
    "/v1/tasks/{key}/split": {"parts": [{"unit": "unt-0"}]},
    "/v1/progress-reports": {"task": KEY, "progress": "1", "reported_on": "2026-06-30"},
    "/v1/rectification-orders": {"unit": "unt-0", "problem": "甲"},
    "/v1/letters": {"plan": KEY},
    "/v1/letters/{key}/check": {"result": "on_track"},
    "/v1/letters/{key}/sign": {},
    "/v1/duty-marks": {"report": KEY, "judges": "peers", "points": "1"},
    "/v1/plans": {"title": "甲", "year": 2026},
    "/v1/targets": {"unit": "unt-0", "measure": "enterprise_count", "value": "9", "due_on": "2026-12-31",
                    "document": "甲"},
    "/v1/tasks": {"plan": KEY, "title": "甲", "unit": "unt-0", "due_on": "2026-06-30"},
    "/v1/activities": {"kind": "visit", "unit": "unt-0", "held_on": "2026-06-30", "title": "甲"},
    "/v1/duty-sessions": {"title": "甲", "year": 2026, "unit": "unt-0", "held_on": "2026-06-30",
                          "leaders_weight": 100, "peers_weight": 0, "representatives_weight": 0},
    "/v1/duty-reports": {"session": KEY, "unit": "unt-0", "summary": "甲"},
}  # fmt: skip
STEPS = {
    "answer": {"answer": "甲"}, "accept": {"decision": "甲"}, "return": {"decision": "甲"},
    "reopen": {"decision": "甲"}, "cancel": {"decision": "甲"}, "withdraw": {"reason": "甲"},
    "revoke": {"reason": "甲"}, "close": {"reason": "甲"},
}  # fmt: skip
QUERIES = {"/v1/letters/missing": {"plan": KEY}, "/v1/imports": {"kind": "activities"}}


def shaped(method, path):
    """Return a path and arguments of a request that only rights can keep from going on."""
    filled = path.replace("{key}", KEY).replace("{import_id}", KEY).replace("{kind}", "tasks")
    if method == "POST" and path in ("/v1/imports", "/v1/attachments"):
        return filled, {"files": {"file": ("a.csv", b"x")}, "params": QUERIES.get(path, {})}
    arguments = {"params": QUERIES[path]} if path in QUERIES and path != "/v1/imports" else {}
    if method == "PATCH":
        return filled, {"json": {}}
    if method == "POST":
        step = path.rpartition("/")[2]
        plain = {} if step == "reopen" and "rectification" not in path else STEPS.get(step)
        arguments["json"] = BODIES.get(path, plain)
    return filled, arguments


def test_every_cell_is_as_declared(small_world):
    world = small_world
    for role in ROLES:
        world.enrol(role, role, unit="unt-finance")
    wrong = []
    for (method, path), role in product(ALLOWED, ROLES):
        filled, arguments = shaped(method, path)
        answer = world.call(method, filled, by=role, **arguments)
        is_refused = answer.status_code == 403 and answer.json()["detail"].startswith("您没有“")
        if is_refused == (role in ALLOWED[method, path]):
            wrong.append((method, path, role, answer.status_code))
    assert wrong == []


def test_no_route_of_the_years_work_is_forgotten(small_world):
    served = {
        (method, route.path)
        for route in iterate_routes(small_world.app)
        for method in (route.methods or set()) - {"HEAD"}
    }
    others = ("/v1/rulebooks", "/v1/rulebook-schema", "/v1/samples", "/v1/runs", "/v1/marks", "/v1/measures",
              "/v1/exports", "/v1/changes",
              "/v1/openapi.json", "/v1/simulations", "/v1/public-notices", "/health", "/metrics")  # fmt: skip
    left = {each for each in served if not each[1].startswith(others) and each[1].split("/")[2] not in DECLARED}
    assert left == set(ALLOWED)
    assert set(ALLOWED) <= served


def test_without_a_token_nothing_is_served(small_world):
    for method, path in ALLOWED:
        filled, arguments = shaped(method, path)
        assert small_world.client.request(method, filled, **arguments).status_code == 401, path

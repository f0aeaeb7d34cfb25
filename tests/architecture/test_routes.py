"""What the three services serve: every route says who may use it, every operation has its name and its errors."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from heli_shared.web.calls import ANYBODY, PUBLIC
from heli_shared.web.routes import permission_of

ROOT = Path(__file__).resolve().parents[2]
METHODS = {"get", "post", "put", "patch", "delete"}
OPEN = {
    "registry": {"/health/live", "/health/ready", "/v1/tokens"},
    "assessment": {
        "/health/live",
        "/health/ready",
        "/v1/public-notices",
        "/v1/public-notices/{key}",
        "/v1/public-notices/{key}/page",
    },
    "reporting": {
        "/health/live",
        "/health/ready",
        "/",
        "/board/{digest}/{name:path}",
        "/v1/calendars/{access_key}.ics",
    },
}
FOR_ANYBODY = {"/v1/openapi.json", "/v1/principals/me", "/v1/keys", "/v1/worklists/me"}
PERMISSION = re.compile(r"^[a-z]+(-[a-z]+)*:[a-z]+$")
HEAVY = ("pandas", "pyarrow", "ibis", "python_calamine", "xlsxwriter", "openpyxl", "pytest")


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (path, method, operation) of every operation of an OpenAPI document."""
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_only_health_the_token_endpoint_public_notices_the_empty_board_and_calendars_by_their_links_are_open(service):
    name, app = service

    assert {route.path for route in app.routes if permission_of(route) == PUBLIC} == OPEN[name]


def test_every_other_route_declares_a_permission(service):
    name, app = service
    declared = {route.path: permission_of(route) for route in app.routes if route.path not in OPEN[name]}
    odd = {
        path: permission
        for path, permission in declared.items()
        if not (PERMISSION.match(str(permission)) or (permission == ANYBODY and path in FOR_ANYBODY))
    }

    assert odd == {}


def test_the_document_tells_the_permission_that_the_route_checks(service):
    _, app = service
    checked = {
        (route.path_format, method.lower()): permission_of(route)
        for route in app.routes
        for method in route.methods
        if method.lower() in METHODS
    }

    assert {(path, method): each["x-permission"] for path, method, each in operations(app.openapi())} == checked


def test_operation_ids_are_unique_and_said_in_words(service):
    _, app = service
    ids = Counter(each["operationId"] for _, _, each in operations(app.openapi()))

    assert [name for name, count in ids.items() if count > 1] == []
    assert [name for name in ids if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name)] == []


def test_every_operation_declares_its_errors(service):
    _, app = service
    silent = []
    for path, method, operation in operations(app.openapi()):
        errors = {code for code in operation["responses"] if code[0] in "45"}
        wanted = set() if operation["x-permission"] == PUBLIC else {"400", "401", "403", "503"}
        wanted |= {"404"} if "{" in path and method != "put" else set()  # what is put may be new
        wanted |= {"422"} if "requestBody" in operation else set()
        if path != "/health/live" and not wanted <= errors:
            silent.append(f"{method.upper()} {path} lacks {sorted(wanted - errors)}")

    assert silent == []


def test_every_error_is_a_problem_document(service):
    _, app = service
    other = [
        f"{method.upper()} {path} {code}"
        for path, method, operation in operations(app.openapi())
        for code, response in operation["responses"].items()
        if code[0] in "45"
        and path != "/health/ready"
        and set(response.get("content", {})) != {"application/problem+json"}
    ]

    assert other == []


def test_every_operation_is_described_for_the_caller(service):
    _, app = service

    assert [path for path, _, operation in operations(app.openapi()) if not operation.get("description")] == []


def test_the_committed_document_is_what_the_service_produces(service):
    name, app = service
    committed = json.loads((ROOT / f"contracts/openapi/{name}.json").read_text(encoding="utf-8"))

    assert committed == json.loads(json.dumps(app.openapi())), "run ./dev contracts"


@pytest.mark.parametrize("name", ["registry", "assessment", "reporting"])
def test_a_service_starts_without_the_heavy_libraries(name):
    program = f"import sys, heli_{name}.main; print(' '.join(sorted({{m.split('.')[0] for m in sys.modules}})))"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert set(loaded) & set(HEAVY) == set()

"""No input gives a 5xx, and every answer is what the OpenAPI document says: a bounded run of schemathesis."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from reporting.world import World

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
OPERATIONS = [
    "GET /v1/statistics",
    "GET /v1/statistics/rows",
    "GET /v1/permalinks/{code}",
    "GET /v1/measures",
    "GET /v1/dimensions",
    "GET /v1/gaps",
    "GET /v1/worklists",
    "GET /v1/worklists/{unit}",
    "GET /v1/sources",
    "POST /v1/syncs",
    "GET /v1/openapi.json",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
]


def test_every_operation_is_tried(world: World):
    document = world.app.openapi()
    found = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}

    assert found == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_input_breaks_an_operation(world: World, operation):
    method, path = operation.split()
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", world.app, headers=world.admin)
    strategy = schema[path][method].as_strategy()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=strategy)
    def tried(case):
        case.call_and_validate(headers=world.admin, checks=CHECKS)

    tried()

"""No input gives a 5xx, and every answer is what the OpenAPI document says."""

import pytest

from fuzzing import operations_of, try_operation
from reporting.world import World

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
    assert set(operations_of(world.app)) == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_input_breaks_an_operation(world: World, operation):
    try_operation(world.app, operation, world.admin, examples=40)

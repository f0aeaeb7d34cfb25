"""No input gives a 5xx, and every answer is what the OpenAPI document says."""

import pytest

from fuzzing import document_of, operations_of, try_operation
from reporting.world import World

OPERATIONS = [
    "GET /v1/statistics",
    "GET /v1/statistics/change",
    "GET /v1/statistics/change/rows",
    "GET /v1/statistics/ledger",
    "GET /v1/statistics/rows",
    "GET /v1/statistics/series",
    "GET /v1/statistics/targets",
    "GET /v1/permalinks/{code}",
    "GET /v1/measures",
    "GET /v1/dimensions",
    "GET /v1/external-series",
    "GET /v1/external-series/{id}",
    "GET /v1/gaps",
    "GET /v1/gaps/simulations",
    "GET /v1/bulletins/{period}",
    "GET /v1/bulletins/{period}/{code}",
    "GET /v1/worklists",
    "GET /v1/worklists/{unit}",
    "POST /v1/worklists/{unit}/calendar-links",
    "GET /v1/calendar-links",
    "POST /v1/calendar-links/{key}/revoke",
    "GET /v1/calendars/{access_key}.ics",
    "GET /v1/board",
    "GET /",
    "GET /board/{digest}/{name}",
    "GET /v1/events",
    "GET /v1/forms",
    "GET /v1/forms/{form}",
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
    for end in world.app.state.leaving:
        end()  # streams without an end would keep their reader for ever
    try_operation(document_of(world.app, world.admin), operation, world.admin, examples=40)

"""The fuzzing of the three apps can fail: an app that breaks on an empty name is found out."""

from typing import Annotated, Any

import pytest
from fastapi import Query
from starlette.responses import Response

from fuzzing import try_all
from heli_shared.kernel.access import Principal, Scope
from heli_shared.kernel.clock import SystemClock
from heli_shared.web.app import create_app
from heli_shared.web.calls import ANYBODY, Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

HEADERS = {"Authorization": "Bearer anything"}


class OpenCalls:
    """Calls for anybody."""

    def open(self, request, *, permission, writes):
        del permission, writes
        return Opened(Call(request, Principal("p", "p", "person", None, (), frozenset(), Scope()), SystemClock()))


class Opened:
    """A context that does nothing."""

    def __init__(self, call):
        self.call = call

    def __enter__(self):
        return self.call

    def __exit__(self, *_error):
        return None


def app_with(fault):
    router = new_router()

    @router.get("/v1/names", response_model=dict[str, Any], responses=problems(422))
    @endpoint(ANYBODY)
    def get_name(call: Call, name: Annotated[str, Query(max_length=20)] = "a") -> Response:
        """Return a name."""
        del call
        return fault(name)

    return create_app(title="t", description="t", calls=OpenCalls(), routers=[router], checks={})


def test_a_sound_app_passes():
    try_all(
        app_with(lambda name: json_reply({"name": name})), HEADERS, examples=30, leave_out=frozenset({"GET /metrics"})
    )


@pytest.mark.parametrize(
    "fault",
    [
        lambda name: json_reply({"name": 1 / len(name)}),
        lambda name: json_reply({"name": name}, 207 if len(name) > 3 else 200),
        lambda name: json_reply(["name"] if len(name) > 3 else {}),
    ],
)
def test_an_app_that_breaks_is_found_out(fault):
    with pytest.raises(AssertionError, match="GET /v1/names"):
        try_all(app_with(fault), HEADERS, examples=200, leave_out=frozenset({"GET /metrics"}), is_fixed=True)

"""The guards at start-up refuse what they are there to refuse."""

from contextlib import nullcontext

import pytest
from fastapi import APIRouter

from heli_shared.web.app import create_app
from heli_shared.web.calls import endpoint
from heli_shared.web.routes import new_router


class NoCalls:
    """A call source for apps that are built and never called."""

    def open(self, request, *, permission, writes):
        del permission, writes
        return nullcontext(request)


def app_with(*routers: APIRouter):
    return create_app(title="Guarded", description="", calls=NoCalls(), routers=routers, checks={})


def undeclared(router: APIRouter) -> APIRouter:
    @router.get("/v1/secrets")
    def list_secrets() -> dict[str, str]:
        return {}

    return router


def test_a_route_without_a_declared_permission_keeps_the_service_from_starting():
    with pytest.raises(RuntimeError, match="/v1/secrets"):
        app_with(undeclared(new_router()))


def test_an_undeclared_route_of_fastapis_own_kind_is_refused_too():
    with pytest.raises(RuntimeError, match="/v1/secrets"):
        app_with(undeclared(APIRouter()))


def test_routers_within_routers_are_refused_because_their_routes_cannot_be_seen():
    outer = new_router()
    outer.include_router(undeclared(new_router()))

    with pytest.raises(RuntimeError, match="IncludedRouter"):
        app_with(outer)


def test_a_service_whose_routes_all_declare_a_permission_starts():
    router = new_router()

    @router.get("/v1/things")
    @endpoint("things:read")
    def list_things(call) -> dict[str, str]:
        del call
        return {}

    assert "/v1/things" in app_with(router).openapi()["paths"]

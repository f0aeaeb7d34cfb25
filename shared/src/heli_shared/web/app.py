"""The application factory: every service is made here, so that all of them keep the same habits."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from heli_shared.web.calls import CallSource
from heli_shared.web.health import Check, health_router
from heli_shared.web.middleware import BodyLimit, HeadAsGet, Measures, RequestFrame
from heli_shared.web.openapi import install_openapi
from heli_shared.web.problems import install_problem_handlers
from heli_shared.web.routes import check_permissions_declared

JSON_LIMIT = 1_048_576

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    *,
    title: str,
    description: str,
    calls: CallSource,
    routers: Sequence[APIRouter],
    checks: dict[str, Check],
    lifespan: Lifespan | None = None,
    middleware: Sequence[Middleware] = (),
    upload_limits: dict[str, int] | None = None,
) -> FastAPI:
    """Return a service: its routers under the house's middleware, problems, health, metrics and OpenAPI.

    `title` is ASCII; `checks` are what /health/ready asks; `upload_limits` maps paths to more bytes than a JSON body
    may have; `middleware` is what one service wraps around its requests beside the house's. RuntimeError when a route
    declares no permission.
    """
    measures = Measures()
    limits = upload_limits or {}
    app = FastAPI(
        title=title,
        version="1",
        description=description,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # counted by our own middleware
        middleware=[
            Middleware(_as_middleware(HeadAsGet)),
            Middleware(_as_middleware(RequestFrame), measures=measures),
            *middleware,
            Middleware(_as_middleware(BodyLimit), limits=lambda path: limits.get(path, JSON_LIMIT)),
        ],
    )
    app.state.calls = calls
    install_problem_handlers(app)
    for router in (*routers, health_router(checks, measures)):
        # One flat list of routes instead of nested routers: matching stays one loop, and guards see every route.
        app.router.routes.extend(router.routes)
    install_openapi(app)
    check_permissions_declared(app)
    return app


def _as_middleware(factory: Any) -> Any:
    return factory

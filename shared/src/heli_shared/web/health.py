"""Health and metrics: alive without asking anybody, ready when the own parts are, counted for those who may see."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from heli_shared.web.calls import PERMISSION_MARK, PUBLIC, Call, endpoint
from heli_shared.web.middleware import Measures
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

Check = Callable[[], str | None]
"""A readiness check: returns None when all is well, otherwise what is missing."""


def health_router(checks: dict[str, Check], measures: Measures) -> APIRouter:
    """Return the routes /health/live, /health/ready and /metrics."""
    router = new_router()

    @router.get("/health/live", tags=["health"], response_model=dict[str, str])
    async def get_liveness() -> Response:
        """Say that the process runs; asks nothing of anybody."""
        return json_reply({"status": "live"})

    @router.get("/health/ready", tags=["health"], response_model=dict[str, Any], responses=problems(503))
    def get_readiness(request: Request) -> Response:
        """Say whether the service can do its work: its own database, migrations and keys; 503 names what is missing."""
        del request
        found = {name: check() for name, check in checks.items()}
        ready = all(missing is None for missing in found.values())
        parts = {name: missing or "ok" for name, missing in found.items()}
        return json_reply({"status": "ready" if ready else "not_ready", "checks": parts}, 200 if ready else 503)

    setattr(get_liveness, PERMISSION_MARK, PUBLIC)
    setattr(get_readiness, PERMISSION_MARK, PUBLIC)

    @router.get("/metrics", tags=["health"], responses=problems(), response_class=Response)
    @endpoint("metrics:read")
    def get_metrics(call: Call) -> Response:
        """Return the service's counters as Prometheus text."""
        del call
        return Response(generate_latest(measures.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return router

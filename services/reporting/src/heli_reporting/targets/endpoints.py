"""GET /v1/statistics/targets."""

from fastapi import APIRouter
from starlette.responses import Response

from heli_reporting.parameters import GivenWhen
from heli_reporting.statistics.endpoints import headers_in, language_of
from heli_reporting.targets.schemas import TargetsShown
from heli_reporting.targets.service import TargetService
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router


def target_router(targets: TargetService) -> APIRouter:
    """Return the route of targets."""
    router = new_router()

    @router.get("/v1/statistics/targets", tags=["statistics"], response_model=TargetsShown, responses=problems(422))
    @endpoint("statistics:read")
    def get_targets(call: Call, when: GivenWhen) -> Response:
        """Hold each unit's targets against its figures of a day: what is missing, whether it is reached, days left.

        Targets are kept by assessment (/v1/targets). Those whose place the caller sees in part only are left out.
        """
        language = language_of(call)
        body = targets.answer(
            on=when.day(call.clock.today()),
            known_at=when.known_at,
            scope=call.principal.scope,
            language=language,
            strict=when.is_strict,
        )
        return Response(body, 200, headers_in(language), "application/json")

    return router

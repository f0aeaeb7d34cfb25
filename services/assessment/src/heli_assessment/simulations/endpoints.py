"""POST and GET of simulations, and publishing on one."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from heli_assessment.rulebooks.shown import RulebookVersion, version_json
from heli_assessment.simulations.service import (
    SimulationRequest,
    SimulationService,
    get_simulation,
    page_of_simulations,
)
from heli_assessment.simulations.shown import (
    LinePage,
    NewSimulation,
    Publication,
    SimulationPage,
    SimulationShown,
    simulation_json,
)
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, Limit
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router

Id = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="Id of the simulation")]
Book = Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="Id of the rulebook")]
YearAsked = Annotated[Literal["now", "last_year"], Query(description="On which year's data")]


def simulation_router(simulations: SimulationService) -> APIRouter:
    """Return the routes of simulations."""
    router = new_router()
    _add_simulations(router, simulations)
    _add_lines(router, simulations)
    _add_publishing(router, simulations)
    return router


def _add_simulations(router: APIRouter, simulations: SimulationService) -> None:
    @router.post(
        "/v1/simulations",
        tags=["rulebooks"],
        status_code=201,
        response_model=SimulationShown,
        responses={**problems(404, 409, 413, 422), 200: {"model": SimulationShown}},
    )
    @endpoint("rulebooks:write")
    def create_simulation(call: RecordCall, body: NewSimulation) -> Response:
        """Try a draft rulebook on every subject, now and on last year's data, and compare it with the rules before.

        Answers with winners, losers, moves of ranks and grades, new vetoes, by group, unit and township. Nothing but
        the simulation is stored; its digest is what publishing asks for. The same again is answered with 200.
        """
        known_at = body.known_at
        request = SimulationRequest(
            rulebook=body.rulebook,
            draft=body.draft,
            version=body.version,
            against=body.against,
            on=body.on,
            period_from=body.period_from,
            registry_known_at=known_at.registry if known_at else None,
            records_known_at=known_at.records if known_at else None,
            last_year=body.last_year,
        )
        found, is_new = simulations.create(call, request)
        return json_reply(simulation_json(found), 201 if is_new else 200, {"Location": f"/v1/simulations/{found.id}"})

    @router.get("/v1/simulations", tags=["rulebooks"], response_model=SimulationPage, responses=problems(422))
    @endpoint("rulebooks:write")
    def list_simulations(call: RecordCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
        """List simulations, the newest first."""
        page = page_of_simulations(call, cursor=cursor, limit=limit)
        return page_reply(call.request, Page([simulation_json(each) for each in page.items], page.next, page.total))

    @router.get(
        "/v1/simulations/{simulation}",
        tags=["rulebooks"],
        response_model=SimulationShown,
        responses=problems(404, 422),
    )
    @endpoint("rulebooks:write")
    def get_one_simulation(call: RecordCall, simulation: Id) -> Response:
        """Get one simulation: what it was made on, and what the draft does to everybody."""
        return json_reply(simulation_json(get_simulation(call, simulation)))


def _add_lines(router: APIRouter, simulations: SimulationService) -> None:
    @router.get(
        "/v1/simulations/{simulation}/lines",
        tags=["rulebooks"],
        response_model=LinePage,
        responses=problems(404, 422),
    )
    @endpoint("rulebooks:write")
    def list_simulation_lines(
        call: RecordCall,
        simulation: Id,
        year: YearAsked = "now",
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List the subjects of a simulation before and after, the greatest loss first."""
        return page_reply(call.request, simulations.lines(call, simulation, year, cursor=cursor, limit=limit))


def _add_publishing(router: APIRouter, simulations: SimulationService) -> None:
    @router.post(
        "/v1/rulebooks/{key}/publications",
        tags=["rulebooks"],
        status_code=200,
        response_model=RulebookVersion,
        responses=problems(404, 409, 413, 422),
    )
    @endpoint("rulebooks:write", writes=True)
    def publish_rulebook(call: RecordCall, key: Book, body: Publication) -> Response:
        """Publish a version of a rulebook, on the simulation that tried exactly its content.

        Refused (422) with another digest or another content, and (409) when another version was published since the
        simulation was made. Publishing the version that is published already changes nothing.
        """
        published = simulations.publish(call, key, body.version, simulation=body.simulation, digest=body.digest)
        return json_reply(version_json(published))

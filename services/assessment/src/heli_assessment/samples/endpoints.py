"""POST and GET of samples."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from heli_assessment.access import Units
from heli_assessment.samples.service import SampleService, get_sample, page_of_samples
from heli_assessment.samples.shown import NewSample, SamplePage, SampleShown, sample_json
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, Limit
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router

Id = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="Id of the sample")]


def sample_router(samples: SampleService, units: Units) -> APIRouter:
    """Return the routes of samples."""
    router = new_router()

    def seen(call: RecordCall) -> frozenset[str] | None:
        scope = call.principal.scope
        return None if scope.everything else units.units_in(scope)

    @router.post(
        "/v1/samples",
        tags=["runs"],
        status_code=201,
        response_model=SampleShown,
        responses={**problems(404, 409, 413, 422), 200: {"model": SampleShown}},
    )
    @endpoint("runs:write")
    def create_sample(call: RecordCall, body: NewSample) -> Response:
        """Draw what each subject is inspected on, for every sampled item of a rulebook.

        The draw follows from the seed and the registry's lists on that day, so that anybody can repeat it; the same
        again is answered with 200. Name the sample in a run to have its places counted.
        """
        sample, is_new = samples.create(
            call,
            rulebook=body.rulebook,
            version=body.version,
            seed=body.seed,
            on=body.on,
            known_at=body.known_at,
        )
        headers = {"Location": f"/v1/samples/{sample.id}"}
        return json_reply(sample_json(sample, seen(call)), 201 if is_new else 200, headers)

    @router.get("/v1/samples", tags=["runs"], response_model=SamplePage, responses=problems(422))
    @endpoint("runs:read")
    def list_samples(call: RecordCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
        """List samples, the newest first."""
        page = page_of_samples(call, cursor=cursor, limit=limit)
        shown = [sample_json(each, seen(call)) for each in page.items]
        return page_reply(call.request, Page(shown, page.next, page.total))

    @router.get("/v1/samples/{sample}", tags=["runs"], response_model=SampleShown, responses=problems(404, 422))
    @endpoint("runs:read")
    def get_one_sample(call: RecordCall, sample: Id) -> Response:
        """Get one sample: what was drawn, from which lists and seed."""
        return json_reply(sample_json(get_sample(call, sample), seen(call)))

    return router

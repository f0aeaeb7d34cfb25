"""POST and GET of runs, their scores and explanations."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from heli_assessment.runs.service import RunRequest, RunService
from heli_assessment.runs.shown import ExplanationShown, NewRun, RowPage, RunPage, RunShown, ScorePage, run_json
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, Limit
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router

Id = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="Id of the run")]
SubjectId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="Id of the subject")]


MeasureKey = Annotated[
    str, Query(max_length=140, pattern=r"^[a-z0-9_]+(@[a-z0-9]+)?$", description="As the explanation names it")
]


def run_router(runs: RunService) -> APIRouter:
    """Return the routes of runs."""
    router = new_router()
    _add_runs(router, runs)
    _add_scores(router, runs)
    return router


def _add_runs(router: APIRouter, runs: RunService) -> None:
    @router.post(
        "/v1/runs",
        tags=["runs"],
        status_code=201,
        response_model=RunShown,
        responses={**problems(404, 409, 413, 422), 200: {"model": RunShown}},
    )
    @endpoint("runs:write")
    def create_run(call: RecordCall, body: NewRun) -> Response:
        """Score all subjects of a rulebook, from registry facts and records.

        A run is pinned to the rulebook's version, the registry's seq and this service's seq; the same pins name the
        same run, which is then answered with 200. While the registry does not answer nothing is stored (503).
        """
        known_at = body.known_at
        request = RunRequest(
            rulebook=body.rulebook,
            version=body.version,
            on=body.on,
            period_from=body.period_from,
            registry_known_at=known_at.registry if known_at else None,
            records_known_at=known_at.records if known_at else None,
            window=body.window,
            scores=None if body.scores is None else tuple(body.scores),
            samples=tuple(body.samples),
        )
        run, is_new = runs.create(call, request)
        return json_reply(run_json(run), 201 if is_new else 200, {"Location": f"/v1/runs/{run.id}"})

    @router.get("/v1/runs", tags=["runs"], response_model=RunPage, responses=problems(422))
    @endpoint("runs:read")
    def list_runs(call: RecordCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
        """List runs, the newest first."""
        page = runs.list(call, cursor=cursor, limit=limit)
        return page_reply(call.request, Page([run_json(run) for run in page.items], page.next, page.total))

    @router.get("/v1/runs/{run}", tags=["runs"], response_model=RunShown, responses=problems(404, 422))
    @endpoint("runs:read")
    def get_run(call: RecordCall, run: Id) -> Response:
        """Get one run: what it was pinned to."""
        return json_reply(run_json(runs.get(call, run)))


def _add_scores(router: APIRouter, runs: RunService) -> None:
    @router.get("/v1/runs/{run}/scores", tags=["runs"], response_model=ScorePage, responses=problems(404, 422))
    @endpoint("runs:read")
    def list_scores(call: RecordCall, run: Id, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
        """List the scores of a run, best rank first; disqualified subjects come last."""
        from heli_assessment.runs.domain import result_json

        page = runs.scores(call, run, cursor=cursor, limit=limit)
        return page_reply(call.request, Page([result_json(each) for each in page.items], page.next, page.total))

    @router.get(
        "/v1/runs/{run}/scores/{subject}",
        tags=["runs"],
        response_model=ExplanationShown,
        responses=problems(404, 422),
    )
    @endpoint("runs:read")
    def get_score(call: RecordCall, run: Id, subject: SubjectId) -> Response:
        """Get one subject's score told item by item: points, rule, basis, values, why not full, what would raise it."""
        return json_reply(runs.explanation(call, run, subject))

    @router.get(
        "/v1/runs/{run}/scores/{subject}/rows", tags=["runs"], response_model=RowPage, responses=problems(404, 409, 422)
    )
    @endpoint("runs:read")
    def list_score_rows(
        call: RecordCall,
        run: Id,
        subject: SubjectId,
        measure: MeasureKey,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List the records behind one value of a score, read again as of the run's day and seqs.

        A count is the sum of `part`; a share is the sum of `part` ÷ the sum of `whole`; a measure of days takes the
        most. Records outside the caller's scope are counted in `outside` and not shown.
        """
        from heli_assessment.runs.domain import row_json

        page, outside = runs.rows(call, run, subject, measure=measure, cursor=cursor, limit=limit)
        shown = Page([row_json(each) for each in page.items], page.next, page.total)
        return page_reply(call.request, shown, {"outside": outside})

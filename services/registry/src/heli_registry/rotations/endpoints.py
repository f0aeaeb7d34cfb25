"""The routes of rotations: the proposals, and the change from a mature contact point to the next."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from heli_registry.assignments.models import ASSIGNMENT
from heli_registry.assignments.service import ASSIGNMENTS
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.rotations.domain import REASONS
from heli_registry.rotations.service import Rotation, list_rotations, rotate
from heli_shared.kernel.pages import Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch, locked_record
from heli_shared.records.models import Day, Strict, models_of
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import page_reply, record_reply
from heli_shared.web.routes import new_router

AssignmentKey = Annotated[str, Path(max_length=64, pattern=ASSIGNMENT.key_pattern, description="派驻联系 id")]
_SHOWN = models_of(ASSIGNMENTS.kind).shown


class Proposed(BaseModel):
    """An enterprise that could follow, and why it is proposed."""

    enterprise: str
    name: str
    division: str
    reason: Literal["due", "has_members", "large", "no_member", "uncovered"]
    zh: str
    en: str
    near: bool = Field(description="In the same division as the mature one")
    staff: int | None
    full_members: int | None


class RotationShown(BaseModel):
    """A mature contact point, and what could follow it, the most pressing first."""

    assignment: str
    person: str
    name: str | None
    enterprise: str | None
    organization: str | None
    matured_on: date
    proposals: list[Proposed]


class RotationPage(BaseModel):
    """All mature contact points in the caller's scope."""

    items: list[RotationShown]
    next: str | None
    total: int


class NextPoint(Strict):
    """The enterprise or the organisation that the leader takes up next."""

    enterprise: Annotated[str, StringConstraints(pattern=ENTERPRISE.key_pattern)] | None = None
    organization: Annotated[str, StringConstraints(pattern=PARTY_ORGANIZATION.key_pattern)] | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=900)] | None = None
    effective_on: Day | None = Field(default=None, description="From which day; today when not given, never later")


def rotations_router() -> APIRouter:
    """Return the routes of rotations."""
    router = new_router()

    @router.get("/v1/rotation-proposals", tags=["assignments"], response_model=RotationPage, responses=problems(422))
    @endpoint("assignments:read")
    def list_rotation_proposals(
        call: RecordCall,
        most: Annotated[int, Query(ge=1, le=20, description="Most proposals for each contact point")] = 3,
    ) -> Response:
        """List mature contact points and the enterprises that need a leader most."""
        items = [_shown(each) for each in list_rotations(call, most=most)]
        return page_reply(call.request, Page(items, None, len(items)))

    @router.post(
        "/v1/assignments/{key}/rotate",
        status_code=201,
        tags=["assignments"],
        response_model=_SHOWN,
        responses=problems(404, 409, 412, 413, 422, 428),
    )
    @endpoint("assignments:write", writes=True)
    def rotate_contact_point(
        call: RecordCall, key: AssignmentKey, body: NextPoint, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Close a mature contact point and open the leader's next one; both or neither."""
        del if_match, idempotency_key  # read where they are checked; named here for the document
        record = locked_record(call, ASSIGNMENTS, key)
        target = body.model_dump(include={"enterprise", "organization"}, exclude_none=True)
        made = rotate(call, record, target=target, reason=body.reason, effective_on=body.effective_on)
        return record_reply(call.request, made, 201, f"/v1/assignments/{made['id']}")

    return router


def _shown(rotation: Rotation) -> dict[str, Any]:
    point = rotation.point
    return {
        "assignment": point.id,
        "person": point.person,
        "name": point.name,
        "enterprise": point.enterprise,
        "organization": point.organization,
        "matured_on": point.matured_on,
        "proposals": [
            {
                "enterprise": each.candidate.uscc, "name": each.candidate.name, "division": each.candidate.division,
                "reason": each.reason, "zh": REASONS[each.reason][0], "en": REASONS[each.reason][1],
                "near": each.is_near, "staff": each.candidate.staff, "full_members": each.candidate.full_members,
            }
            for each in rotation.proposals
        ],
    }  # fmt: skip

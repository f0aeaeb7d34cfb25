"""The routes of what units hand in: who is in, handing in, waiving, taking back."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_registry.periods.bodies import Id, Key, Sentence
from heli_registry.periods.domain import HandedIn, UnitStand, not_in
from heli_registry.periods.figures import figures
from heli_registry.periods.models import PERIOD_SUBMISSION
from heli_registry.periods.submitting import Said, hand_in, take_back, units_of, waive
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch
from heli_shared.records.models import Strict, models_of
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import check_if_match, json_reply, record_reply

SubmissionKey = Annotated[str, Path(max_length=64, pattern=PERIOD_SUBMISSION.key_pattern, description="报送确认 id")]
_SHOWN = models_of(PERIOD_SUBMISSION).shown


class HandingIn(Strict):
    """Which unit hands in, and who answers for its figures."""

    unit: Id = Field(examples=["unt-a"])
    person: Id = Field(description="The named person, a record of people", examples=["per-1"])


class Waiver(Strict):
    """Which unit a period does not wait for, who answers for that, and why."""

    unit: Id = Field(examples=["unt-a"])
    person: Id = Field(description="The named person, a record of people", examples=["per-1"])
    reason: Sentence = Field(examples=["机构撤并交接中，数字由县级核定"])


class TakingBack(Strict):
    """Why a unit has to hand in again."""

    reason: Sentence = Field(examples=["漏报一家企业"])


class ChangeShown(BaseModel):
    """A figure that is not what was handed in."""

    figure: str
    zh: str
    en: str
    handed_in: int
    now: int


class SaidShown(BaseModel):
    """What was said for a unit."""

    id: str
    form: Literal["handed_in", "waived"]
    person: str
    principal: str
    on: str
    known_at: int
    reason: str | None


class UnitShown(BaseModel):
    """How a unit stands: `changed` when its figures are not what it handed in, `unexplained` its open questions."""

    unit: str
    unit_name: str | None
    state: Literal["missing", "handed_in", "changed", "waived"]
    unexplained: int
    submission: SaidShown | None
    changes: list[ChangeShown]


class UnitsShown(BaseModel):
    """The units that report in a period; `waiting` counts those that keep it from closing."""

    period: str
    code: str
    counted_on: str
    known_at: int
    items: list[UnitShown]
    total: int
    waiting: int


def add_submissions(router: APIRouter) -> None:
    """Add the routes to those of periods."""
    known: dict[str, Any] = {"tags": ["periods"], "response_model": _SHOWN}
    made = problems(404, 409, 413, 422)

    @router.get(
        "/v1/periods/{key}/submissions", tags=["periods"], response_model=UnitsShown, responses=problems(404, 422)
    )
    @endpoint("period-submissions:read")
    def list_period_units(call: RecordCall, key: Key) -> Response:
        """List the units of your part of the county that report in a period: who is in, and what is missing."""
        stand, units = units_of(call, key)
        about = {"period": stand.period["id"], "code": stand.period["code"], "counted_on": stand.period["counted_on"]}
        items = [_unit_json(each) for each in units]
        counts = {"known_at": stand.known_at, "total": len(items), "waiting": len(not_in(units))}
        return json_reply({**about, **counts, "items": items})

    @router.post("/v1/periods/{key}/submissions", status_code=201, responses=made, **known)
    @endpoint("period-submissions:write", writes=True)
    def hand_in_period(call: RecordCall, key: Key, body: HandingIn, idempotency_key: IdempotencyKey = None) -> Response:
        """Hand in a unit's figures in the name of a person; refused while something of the unit is unexplained."""
        del idempotency_key
        record = hand_in(call, key, Said(body.unit, body.person))
        return record_reply(call.request, record, 201, f"/v1/period-submissions/{record['id']}")

    @router.post("/v1/periods/{key}/waivers", status_code=201, responses=made, **known)
    @endpoint("periods:write", writes=True)
    def waive_period_unit(call: RecordCall, key: Key, body: Waiver, idempotency_key: IdempotencyKey = None) -> Response:
        """Let a period close without a unit's word, in the name of a person and with a reason."""
        del idempotency_key
        record = waive(call, key, Said(body.unit, body.person, body.reason))
        return record_reply(call.request, record, 201, f"/v1/period-submissions/{record['id']}")

    @router.post("/v1/period-submissions/{key}/close", responses=problems(404, 409, 412, 413, 422, 428), **known)
    @endpoint("period-submissions:write", writes=True)
    def take_back_submission(
        call: RecordCall, key: SubmissionKey, body: TakingBack, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Return what a unit handed in, or take it back, while the period is open; the unit has to hand in again."""
        del if_match, idempotency_key
        record = take_back(call, key, reason=body.reason, met=partial(check_if_match, call.request))
        return record_reply(call.request, record)


def _unit_json(unit: UnitStand) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "unit_name": unit.name,
        "state": unit.state,
        "unexplained": unit.unexplained,
        "submission": None if unit.given is None else _said_json(unit.given),
        "changes": [
            {"figure": id_, "zh": figures()[id_].zh, "en": figures()[id_].en, "handed_in": then, "now": now}
            for id_, (then, now) in unit.changed.items()
        ],
    }


def _said_json(said: HandedIn) -> dict[str, Any]:
    return {
        "id": said.id, "form": said.form, "person": said.person, "principal": said.principal,
        "on": said.on.isoformat(), "known_at": said.known_at, "reason": said.reason,
    }  # fmt: skip

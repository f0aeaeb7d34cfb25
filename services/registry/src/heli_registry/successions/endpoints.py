"""The routes of merges and splits: two for each kind of node, each with a dry run."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from heli_registry.successions.domain import Part
from heli_registry.successions.service import NODE_RESOURCES, Change, Outcome, reorganise
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch, locked_record
from heli_shared.records.models import SINGLE_LINE, Day, Strict
from heli_shared.records.service import Resource
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=900, pattern=SINGLE_LINE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=SINGLE_LINE)]
_MOST_PARTS = 50
_MOST_NAMED = 10_000


class Merging(Strict):
    """Into what a node is merged, why, by which document and from which day."""

    into: Key = Field(examples=["990121102000"])
    reason: Reason = Field(examples=["乡镇撤并"])
    document: Text | None = None
    effective_on: Day | None = Field(default=None, description="From which day; today when not given, never later")
    dry_run: bool = Field(default=False, description="Only tell what would move")


class SplitPart(Strict):
    """One node that takes over: an old one by its key, or a new one with its name."""

    key: Key
    name: Text | None = Field(default=None, description="Of a node that is made; an old one is named by its key alone")
    takes: dict[Key, Annotated[list[Key], Field(max_length=_MOST_NAMED)]] = Field(
        default_factory=dict,
        description="Records it takes, by plural",
        examples=[{"enterprises": ["91990121MA0000001R"]}],
    )
    industries: Annotated[list[Text], Field(max_length=100)] = Field(
        default_factory=list, description="Of a sector: the industry codes it takes over", examples=[["I64"]]
    )
    takes_rest: bool = Field(default=False, description="Takes what is named for no part")


class Splitting(Strict):
    """Into what a node is split, what goes where, why, by which document and from which day."""

    parts: Annotated[list[SplitPart], Field(min_length=2, max_length=_MOST_PARTS)]
    reason: Reason = Field(examples=["园区调整"])
    document: Text | None = None
    effective_on: Day | None = Field(default=None, description="From which day; today when not given, never later")
    dry_run: bool = Field(default=False, description="Only tell what would move")


class Moved(BaseModel):
    """How many records' field was changed to which node."""

    kind: str
    field: str
    successor: str
    records: int


class OutcomeShown(BaseModel):
    """What a merge or split did, or would do."""

    key: str
    effective_on: date
    dry_run: bool
    moves: list[Moved]


def successions_router() -> APIRouter:
    """Return the routes of merges and splits."""
    router = new_router()
    for resource in NODE_RESOURCES.values():
        _add(router, resource)
    return router


def _add(router: APIRouter, resource: Resource) -> None:
    kind = resource.kind
    key_type = Annotated[str, Path(max_length=64, pattern=kind.key_pattern, description=f"{kind.zh} {kind.key}")]

    def merge(
        call: RecordCall, key: Any, body: Merging, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
    ) -> Response:
        del if_match, idempotency_key  # read where they are checked; named here for the document
        record = locked_record(call, resource, key)
        parts = [Part(body.into, takes_rest=True)]
        change = Change("merge", parts, {}, body.reason, body.document, body.effective_on, body.dry_run)
        return _reply(key, reorganise(call, resource, record, change), dry_run=body.dry_run)

    def split(
        call: RecordCall, key: Any, body: Splitting, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
    ) -> Response:
        del if_match, idempotency_key
        record = locked_record(call, resource, key)
        parts = [
            Part(
                each.key,
                {plural: frozenset(keys) for plural, keys in each.takes.items()},
                each.takes_rest,
                tuple(each.industries),
            )
            for each in body.parts
        ]
        made = {each.key: each.name for each in body.parts if each.name is not None}
        change = Change("split", parts, made, body.reason, body.document, body.effective_on, body.dry_run)
        return _reply(key, reorganise(call, resource, record, change), dry_run=body.dry_run)

    write = endpoint(f"{kind.plural}:write", writes=True)
    for function, doc in (
        (merge, f"Merge one {kind.zh} into another: what named it names the other, and it stays, closed."),
        (split, f"Split one {kind.zh}: each record that named it gets its new one, and it stays, closed."),
    ):
        name = function.__name__
        function.__annotations__["key"] = key_type
        _named(function, f"{name}_{kind.entity}", doc)
        router.post(
            f"/v1/{kind.plural}/{{key}}/{name}",
            tags=[kind.plural],
            response_model=OutcomeShown,
            responses=problems(404, 409, 412, 413, 422, 428),
        )(write(function))


def _named(function: Callable[..., Any], name: str, doc: str) -> None:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc


def _reply(key: str, outcome: Outcome, *, dry_run: bool) -> Response:
    return json_reply({"key": key, "effective_on": outcome.effective_on, "dry_run": dry_run, "moves": outcome.moves})

"""The routes that every kind of record has, made from its declaration: three to read it, four to change it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query
from pydantic import BaseModel
from starlette.responses import Response

from heli_shared.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import Field, RecordKind
from heli_shared.records.models import (
    SINGLE_LINE,
    Day,
    History,
    PrivateFields,
    RecordModels,
    Reopening,
    models_of,
    output_type,
    shown_fields,
)
from heli_shared.records.reading import Moment, Record, find_row
from heli_shared.records.service import (
    Question,
    Resource,
    applied_filters,
    change_record,
    close_record,
    create_record,
    get_record,
    history_of,
    list_records,
    not_found,
    reopen_record,
)
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import check_if_match, json_reply, page_reply, record_reply
from heli_shared.web.routes import new_router

MOST_KEPT = 128
"""Routers kept, more than there are kinds: some resources are made anew with every service; tests make thousands."""

IfMatch = Annotated[
    str | None, Header(description="The ETag that was read; without it the change is refused with 428", max_length=200)
]
IdempotencyKey = Annotated[
    str | None, Header(description="Repeating the request under the same key has one effect and one reply")
]
On = Annotated[Day | None, Query(description="As things stood on this day", examples=["2026-06-30"])]
KnownAt = Annotated[
    int | None, Query(ge=0, le=10**15, description="As was known when the ledger ended with this seq", examples=[1200])
]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most items on the page")]
Cursor = Annotated[str | None, Query(max_length=1_000, description="`next` of the page before")]


@lru_cache(maxsize=MOST_KEPT)
def record_router(resource: Resource, *, private: PrivateFields | None = None) -> APIRouter:
    """Return the routes of a kind: create, list, get, change, close, re-open, history.

    They hold nothing of a running service, so they are made once per process.
    """
    router = new_router()
    models = shown_models(resource) if private is None else models_of(resource.kind, private)
    _add_reads(router, resource, models.shown, models.page)
    _add_writes(router, resource, models)
    return router


@lru_cache(maxsize=MOST_KEPT)
def shown_models(resource: Resource) -> RecordModels:
    """Return the models of a resource with the fields that it derives."""
    derived = PrivateFields(shown=shown_fields(resource.derived)) if resource.derived else None
    return models_of(resource.kind, derived)


@lru_cache(maxsize=MOST_KEPT)
def read_router(resource: Resource) -> APIRouter:
    """Return the routes that read a kind (list, get, history); its changes are made by the steps of a procedure."""
    router = new_router()
    models = shown_models(resource)
    _add_reads(router, resource, models.shown, models.page)
    return router


def _named(function: Callable[..., Any], name: str, doc: str) -> Callable[..., Any]:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


def _key_type(kind: RecordKind) -> Any:
    return Annotated[str, Path(max_length=64, pattern=kind.key_pattern, description=f"{kind.zh} {kind.key}")]


def _shown(call: RecordCall, resource: Resource, record: Record, status: int = 200, location: str = "") -> Response:
    return record_reply(call.request, resource.shown(call, [record])[0], status, location)


def locked_record(call: RecordCall, resource: Resource, key: str) -> Record:
    """Return a record that the caller may change, locked against other writers; it was read under If-Match."""
    row = find_row(call.session, resource.kind, key, lock=True)
    if row is None:
        raise not_found(resource.kind, key)
    record = get_record(call, resource, key)
    check_if_match(call.request, record["version"])
    return record


def _add_reads(router: APIRouter, resource: Resource, shown: type[BaseModel], page: type[BaseModel]) -> None:
    kind = resource.kind
    tags: list[str | Enum] = [kind.plural]
    singular, key_type = kind.entity, _key_type(kind)

    def get_one(call: RecordCall, key: Any, on: On = None, known_at: KnownAt = None) -> Response:
        return _shown(call, resource, get_record(call, resource, key, Moment(on, known_at)))

    def get_history(call: RecordCall, key: Any) -> Response:
        lines = history_of(call, resource, key)
        return json_reply({"items": [line.model_dump(mode="json") for line in lines]})

    def get_page(
        call: RecordCall, on: On = None, known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None, **given: Any,
    ) -> Response:  # fmt: skip
        found = list_records(call, resource, given, moment=Moment(on, known_at), cursor=cursor, limit=limit)
        found = replace(found, items=resource.shown(call, found.items))
        applied = applied_filters(given)
        return page_reply(call.request, found, {"filters": applied} if applied else None)

    take_filters(get_page, resource, resource.questions)
    for function in (get_one, get_history):
        function.__annotations__["key"] = key_type
    read = endpoint(f"{kind.plural}:read")
    one = f"/v1/{kind.plural}/{{key}}"
    router.get(f"/v1/{kind.plural}", tags=tags, response_model=page, responses=problems(422))(
        read(_named(get_page, f"list_{kind.noun}", f"List {kind.zh}: those the caller may see, in order of keys."))
    )
    router.get(one, tags=tags, response_model=shown, responses=problems(404, 422))(
        read(_named(get_one, f"get_{singular}", f"Get one {kind.zh}, now or as of a day and a point of the ledger."))
    )
    router.get(f"{one}/history", tags=tags, response_model=History, responses=problems(404, 422))(
        read(_named(get_history, f"get_{singular}_history", f"Get every change of one {kind.zh}: who, what, when."))
    )


def take_filters(
    function: Callable[..., Any], resource: Resource, questions: Mapping[str, Question] | None = None
) -> None:
    """Give a function one optional parameter for each filter of the resource, and for each of the questions."""
    signature = inspect.signature(function)
    kept = [each for each in signature.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
    fields = {name: resource.kind.by_name.get(name) for name in resource.filters}
    fields |= {name: question.field for name, question in (questions or {}).items()}
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_filter_type(each))
        for name, each in fields.items()
    ]
    function.__signature__ = signature.replace(parameters=[*kept, *more])  # type: ignore[attr-defined]


def _filter_type(field: Field | None) -> Any:
    if field is not None and (field.choices or field.type == "boolean"):
        return Annotated[output_type(field) | None, Query(description=field.zh)]
    if field is not None and field.type == "integer":
        return Annotated[int | None, Query(ge=field.minimum, le=field.maximum, description=field.zh)]
    label = field.zh if field else "Filter"
    return Annotated[str | None, Query(max_length=200, pattern=SINGLE_LINE, description=label)]


def _add_writes(router: APIRouter, resource: Resource, models: Any) -> None:
    kind = resource.kind
    tags: list[str | Enum] = [kind.plural]
    singular, key_type = kind.entity, _key_type(kind)

    def create(call: RecordCall, body: Any, idempotency_key: IdempotencyKey = None) -> Response:
        del idempotency_key  # read by the call; named here for the document
        record = create_record(call, resource, body.model_dump(exclude_unset=True))
        return _shown(call, resource, record, 201, f"/v1/{kind.plural}/{record[kind.key]}")

    def change(call: RecordCall, key: Any, body: Any, if_match: IfMatch = None) -> Response:
        del if_match  # read where it is checked; named here for the document
        record = locked_record(call, resource, key)
        return _shown(call, resource, change_record(call, resource, record, body.model_dump(exclude_unset=True)))

    def close(
        call: RecordCall, key: Any, body: Any, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
    ) -> Response:
        del if_match, idempotency_key
        record = locked_record(call, resource, key)
        details = body.model_dump(exclude={"reason", "effective_on"}, exclude_none=True)
        closed = close_record(
            call, resource, record, reason=body.reason, effective_on=body.effective_on, details=details
        )
        return _shown(call, resource, closed)

    def reopen(
        call: RecordCall, key: Any, body: Reopening, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
    ) -> Response:
        del if_match, idempotency_key
        record = locked_record(call, resource, key)
        return _shown(call, resource, reopen_record(call, resource, record, effective_on=body.effective_on))

    create.__annotations__["body"] = models.new
    change.__annotations__["body"] = models.change
    close.__annotations__["body"] = models.closing
    for function in (change, close, reopen):
        function.__annotations__["key"] = key_type
    write = endpoint(f"{kind.plural}:write", writes=True)
    one = f"/v1/{kind.plural}/{{key}}"
    known: dict[str, Any] = {
        "tags": tags,
        "response_model": models.shown,
        "responses": problems(404, 409, 412, 413, 422, 428),
    }
    router.post(
        f"/v1/{kind.plural}",
        status_code=201,
        **{**known, "responses": problems(409, 413, 422)},
    )(write(_named(create, f"create_{singular}", f"Create one {kind.zh}; it holds from `effective_on`.")))
    router.patch(one, **known)(
        write(_named(change, f"change_{singular}", f"Change fields of one {kind.zh}: null clears, left out stays."))
    )
    router.post(f"{one}/close", **known)(
        write(_named(close, f"close_{singular}", f"Close one {kind.zh} with a reason; nothing is deleted."))
    )
    router.post(f"{one}/reopen", **known)(
        write(_named(reopen, f"reopen_{singular}", f"Open a closed {kind.zh} again."))
    )

"""What clients of the protocol send: batches of version 0.2 and of the draft of 1.0, and extension queries."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, TypeAdapter, ValidationError

from heli_registry.reconciliation.domain import Query
from heli_shared.kernel.errors import BadRequest, DomainError, TooLarge
from heli_shared.kernel.text import cut
from heli_shared.web.bodies import decoded
from heli_shared.web.validation import field_problem

BATCH_SIZE = 50
MOST_CANDIDATES = 50
MOST_IDS = 1_000
_FEWEST, _USUAL = 1, 5
_LEAST_NAMES = 1

Text = Annotated[str, Field(max_length=500)]


class _Tolerant(BaseModel):
    """Clients add members of their own; what is not understood is left aside."""

    model_config = ConfigDict(extra="ignore")


class _Entity(_Tolerant):
    id: Text
    name: Text | None = None


_Value = Text | StrictBool | StrictInt | StrictFloat | _Entity
_Values = _Value | Annotated[list[_Value], Field(max_length=50)]


class _Property(_Tolerant):
    pid: Text
    v: _Values


class _OldQuery(_Tolerant):
    query: Text | None = None
    type: Text | Annotated[list[Text], Field(max_length=50)] | None = None
    limit: Annotated[StrictInt, Field(ge=_FEWEST)] | None = None
    properties: Annotated[list[_Property], Field(max_length=50)] = []
    type_strict: Literal["any", "should", "all"] | None = None


class _Condition(_Tolerant):
    matchType: Literal["name", "property"]  # noqa: N815 - the protocol's own spelling
    v: _Values
    pid: Text | None = None


class _NewQuery(_Tolerant):
    conditions: Annotated[list[_Condition], Field(min_length=1, max_length=50)]
    type: Text | None = None
    limit: Annotated[StrictInt, Field(ge=_FEWEST)] | None = None


class _NewBatch(_Tolerant):
    queries: list[_NewQuery]


class _Wanted(_Tolerant):
    id: Text


class Extension(_Tolerant):
    """Of which records which properties are fetched."""

    ids: Annotated[list[Text], Field(max_length=MOST_IDS)]
    properties: Annotated[list[_Wanted], Field(max_length=100)]


_OLD_BATCH: TypeAdapter[dict[str, _OldQuery]] = TypeAdapter(dict[Annotated[str, Field(max_length=200)], _OldQuery])
_NEW_BATCH: TypeAdapter[_NewBatch] = TypeAdapter(_NewBatch)
_EXTENSION: TypeAdapter[Extension] = TypeAdapter(Extension)


class Sent(_Tolerant):
    """What a request carries: one of the three, as JSON text of a form or a parameter, or as a body of the draft."""

    queries: str | None = None
    extend: str | None = None
    body: Any = None


async def read_sent(request: Request) -> Sent:
    """Read a form or a JSON body; a dependency of the route, because only here may it wait for the network."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Sent(body=decoded(await request.body()))
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data", ""):
        return Sent()
    form = await request.form()
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    return Sent(queries=texts.get("queries"), extend=texts.get("extend"))


def read_batch(text: str) -> dict[str, Query]:
    """Return the queries of a batch of version 0.2 by their names; BadRequest says what is wrong with it."""
    batch = _validated(_OLD_BATCH.validate_python, _json(text))
    _check_size(len(batch))
    return {name: _of_old(name, query) for name, query in batch.items()}


def read_draft_batch(body: Any) -> list[Query]:
    """Return the queries of a batch of the draft of 1.0, in order."""
    batch = _validated(_NEW_BATCH.validate_python, body)
    _check_size(len(batch.queries))
    return [_of_new(query) for query in batch.queries]


def read_extension(text: str) -> tuple[list[str], list[str]]:
    """Return the keys and the names of properties that an extension query asks for."""
    wanted = _validated(_EXTENSION.validate_python, _json(text))
    return list(dict.fromkeys(wanted.ids)), list(dict.fromkeys(each.id for each in wanted.properties))


def _json(text: str) -> Any:
    return decoded(text.encode("utf-8", "surrogatepass"))


def _validated(validate: Callable[[Any], Any], value: Any) -> Any:
    try:
        return validate(value)
    except ValidationError as error:
        problems = [field_problem({**each, "loc": ("body", *each["loc"])}) for each in error.errors()][:20]
        raise _malformed(problems) from error


def _malformed(problems: Any = ()) -> DomainError:
    return BadRequest(
        "对账请求不符合协议，请按 errors 改正。", "The request does not follow the protocol; see `errors`.",
        errors=problems,
    )  # fmt: skip


def _check_size(count: int) -> None:
    if count > BATCH_SIZE:
        raise TooLarge(
            f"每批最多{BATCH_SIZE}个查询（清单中的 batchSize）。",
            f"A batch has at most {BATCH_SIZE} queries (batchSize in the manifest).",
        )


def _of_old(name: str, query: _OldQuery) -> Query:
    if not (query.query or query.properties):
        raise BadRequest(
            f"查询 {cut(name)} 既没有 query 也没有 properties。",
            f"Query {cut(name)} has neither a query nor properties.",
        )
    types = (query.type,) if isinstance(query.type, str) else tuple(query.type or ())
    properties = tuple((each.pid, _texts(each.v)) for each in query.properties)
    return Query(query.query or "", properties, _limit(query.limit), types)


def _of_new(query: _NewQuery) -> Query:
    names = [text for each in query.conditions if each.matchType == "name" for text in _texts(each.v)]
    properties = tuple((each.pid or "", _texts(each.v)) for each in query.conditions if each.matchType == "property")
    return Query(names[0] if names else "", properties, _limit(query.limit), (query.type,) if query.type else ())


def _limit(given: int | None) -> int:
    return min(MOST_CANDIDATES, given or _USUAL)


def _texts(values: Any) -> tuple[str, ...]:
    listed = values if isinstance(values, list) else [values]
    return tuple(each.id if isinstance(each, _Entity) else str(each) for each in listed)

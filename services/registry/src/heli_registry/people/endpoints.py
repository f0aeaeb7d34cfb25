"""The routes of people: the usual ones, and search by number, unmasked reads, erasing."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from heli_registry.people.cipher import PersonalCipher
from heli_registry.people.models import PERSON
from heli_registry.people.service import (
    erase_person,
    list_unmasked_reads,
    people_resource,
    read_unmasked,
    search_by_phone,
)
from heli_shared.kernel.pages import DEFAULT_LIMIT
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, IfMatch, Limit, record_router
from heli_shared.records.models import SINGLE_LINE, PrivateFields, Strict, models_of
from heli_shared.records.reading import find_row
from heli_shared.records.service import Resource, get_record, not_found
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import check_if_match, json_reply, page_reply, record_reply
from heli_shared.web.routes import new_router

PersonKey = Annotated[str, Path(max_length=64, pattern=PERSON.key_pattern, description="人员 id")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=SINGLE_LINE)]
Phone = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=SINGLE_LINE)]
Purpose = Annotated[
    str,
    Query(
        min_length=2, max_length=400, pattern=SINGLE_LINE, description="What for; it is recorded", examples=["通知开会"]
    ),
]

_NAME = Field(description="姓名; kept encrypted, shown masked", examples=["王小明"])
PRIVATE = PrivateFields(
    new={
        "name": (Name, _NAME),
        "phone": (Phone | None, Field(default=None, description="电话; kept encrypted, shown masked")),
    },
    change={
        "name": (Name, Field(default=None, description="姓名; kept encrypted, shown masked")),
        "phone": (Phone | None, Field(default=None, description="电话; null clears it")),
    },
    shown={
        "name": (str | None, Field(description="姓名, masked; null when erased", examples=["王**"])),
        "phone": (str | None, Field(description="电话, masked", examples=["138****5678"])),
        "erased": (bool, Field(description="Whether the personal values were erased")),
    },
)


class PhoneSearch(Strict):
    """A telephone number to look for; it travels in the body so that it stays out of addresses and logs."""

    phone: Phone = Field(examples=["13800005678"])


class UnmaskedPerson(BaseModel):
    """A person's name and phone as they are."""

    person: str
    name: str | None
    phone: str | None


class UnmaskedRead(BaseModel):
    """Who read a person's values unmasked, when, and what for."""

    id: str
    person: str
    principal: str
    unit: str | None
    purpose: str
    read_at: str


class UnmaskedReadPage(BaseModel):
    """A page of unmasked reads."""

    items: list[UnmaskedRead]
    next: str | None
    total: int


def people_router(cipher: PersonalCipher) -> APIRouter:
    """Return the routes of people, sealed and opened with this cipher."""
    people = people_resource(cipher)
    router = new_router()
    models = models_of(people.kind, PRIVATE)
    router.routes.extend(record_router(people, private=PRIVATE).routes)
    _add_search(router, people, cipher, models.page)
    _add_unmasked(router, people, cipher)
    _add_erase(router, people, models.shown)
    return router


def _add_search(router: APIRouter, people: Resource, cipher: PersonalCipher, page: Any) -> None:
    @router.post("/v1/people/search", tags=["people"], response_model=page, responses=problems(413, 422))
    @endpoint("people:read")
    def search_people(call: RecordCall, body: PhoneSearch) -> Response:
        """Find people by their exact telephone number, however it is written; answers are masked."""
        found = search_by_phone(call, people, cipher, body.phone)
        return json_reply({"items": found, "next": None, "total": len(found)})


def _add_unmasked(router: APIRouter, people: Resource, cipher: PersonalCipher) -> None:
    @router.get(
        "/v1/people/{key}/unmasked", tags=["people"], response_model=UnmaskedPerson, responses=problems(404, 422)
    )
    @endpoint("people:unmask", writes=True)
    def get_person_unmasked(call: RecordCall, key: PersonKey, purpose: Purpose) -> Response:
        """Read a person's name and phone unmasked; who reads, and what for, is recorded."""
        found = read_unmasked(call, people, cipher, key=key, purpose=purpose)
        content = {"person": found.person, "name": found.name, "phone": found.phone}
        return json_reply(content, headers={"Cache-Control": "no-store"})

    @router.get(
        "/v1/people/{key}/unmasked-reads",
        tags=["people"],
        response_model=UnmaskedReadPage,
        responses=problems(404, 422),
    )
    @endpoint("people:unmask")
    def list_person_unmasked_reads(
        call: RecordCall, key: PersonKey, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """List who read this person's values unmasked, when, and what for."""
        return page_reply(call.request, list_unmasked_reads(call, people, key, cursor=cursor, limit=limit))


def _add_erase(router: APIRouter, people: Resource, shown: Any) -> None:
    @router.post(
        "/v1/people/{key}/erase", tags=["people"], response_model=shown, responses=problems(404, 412, 422, 428)
    )
    @endpoint("people:write", writes=True)
    def erase_person_data(
        call: RecordCall, key: PersonKey, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Erase a person's name and phone for good and close the record; the ledger's chain stays valid."""
        del if_match, idempotency_key  # read where they are checked; named here for the document
        record = _locked(call, people, key)
        return record_reply(call.request, erase_person(call, people, record))


def _locked(call: RecordCall, people: Resource, key: str) -> dict[str, Any]:
    if find_row(call.session, PERSON, key, lock=True) is None:
        raise not_found(PERSON, key)
    record = get_record(call, people, key)
    check_if_match(call.request, record["version"])
    return record

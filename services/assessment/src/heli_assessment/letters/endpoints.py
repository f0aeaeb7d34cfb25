"""The routes of letters: reading, making them for the tree, signing, checking, revoking, and the documents."""

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi import Path as InPath
from pydantic import BaseModel, Field, StringConstraints, create_model
from starlette.responses import Response

from heli_assessment.access import Units, check_own_unit
from heli_assessment.letters.documents import DOCX, letter_pdf, written_docx
from heli_assessment.letters.models import LETTER
from heli_assessment.letters.service import Signing, check_half_year, generate_letters, missing_of, sign, text_of
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch, locked_record, read_router, shown_models
from heli_shared.records.models import SINGLE_LINE, Day, Strict, input_type
from heli_shared.records.service import Resource, close_record, get_record
from heli_shared.typesetting import PDF
from heli_shared.web.calls import endpoint
from heli_shared.web.downloads import bytes_reply
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, record_reply
from heli_shared.web.routes import new_router

LetterKey = Annotated[str, InPath(max_length=64, pattern=LETTER.key_pattern, description="责任书 id")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=800, pattern=SINGLE_LINE)]
_Key: Any = input_type(LETTER.by_name["unit"])
_Result: Any = input_type(LETTER.by_name["check_result"])
_DOCUMENT: dict[int | str, dict[str, Any]] = {200: {"description": "The letter", "content": {DOCX: {}, PDF: {}}}}


class LettersWanted(Strict):
    """Of which plan letters are made, and for whom."""

    plan: _Key = Field(examples=["pln-1"])
    sign_by: Day | None = Field(default=None, description="By default 20 working days from today")
    units: Annotated[list[_Key], Field(max_length=500)] | None = Field(default=None, description="All when not given")


class LetterSigned(Strict):
    """When a letter was signed, by whom, with a scan."""

    signed_on: Day | None = Field(default=None, description="Today when not given")
    signer: _Key | None = Field(default=None, description="Id of a person of the registry")
    scan: _Key | None = Field(default=None, description="Id of an attachment")


class LetterChecked(Strict):
    """How far a unit is at half-year."""

    result: _Result = Field(description="on_track, behind or not_begun", examples=["on_track"])
    note: Words | None = Field(default=None, description="Needed unless all is on track")
    checked_on: Day | None = Field(default=None, description="Today when not given")


class LetterRevoked(Strict):
    """Why a letter does not hold."""

    reason: Words = Field(examples=["机构撤销"])


class MissingLetter(BaseModel):
    """A unit without a signed letter."""

    unit: str
    name: str
    issuer: str
    missing: Literal["none", "unsigned", "overdue"]
    sign_by: str | None


class MissingLetters(BaseModel):
    """All units in the caller's scope without a signed letter, from the top down."""

    items: list[MissingLetter]
    total: int


def letters_router(letters: Resource, units: Units, template: Path | None = None) -> APIRouter:
    """Return the routes of letters; `template` is where an office may put a DOCX template of its own."""
    router = new_router()
    _add_list_of_missing(router, units)
    router.routes.extend(read_router(letters).routes)
    _add_making(router, letters, units)
    _add_steps(router, letters, units)

    @router.get(
        "/v1/letters/{key}/document",
        tags=["letters"],
        response_class=Response,
        responses={**problems(404, 422), **_DOCUMENT},
    )
    @endpoint("letters:read")
    def get_letter_document(
        call: RecordCall,
        key: LetterKey,
        format_: Annotated[Literal["docx", "pdf"], Query(alias="format", description="Form of the document")] = "docx",
    ) -> Response:
        """Get a letter to be signed: its tasks are those known when it was made."""
        text = text_of(call, units, get_record(call, letters, key))
        name = f"{text.year}年度责任书-{text.unit}.{format_}"
        if format_ == "pdf":
            return bytes_reply(letter_pdf(text), name, PDF)
        return bytes_reply(written_docx(text, template), name, DOCX)

    return router


def _add_list_of_missing(router: APIRouter, units: Units) -> None:
    @router.get("/v1/letters/missing", tags=["letters"], response_model=MissingLetters, responses=problems(404, 422))
    @endpoint("letters:read")
    def list_missing_letters(
        call: RecordCall,
        plan: Annotated[str, Query(max_length=64, pattern=LETTER.key_pattern, description="实施意见 id")],
    ) -> Response:
        """List the units without a signed letter of a plan: none made, not signed yet, or after its day."""
        found = missing_of(call, units, plan)
        return json_reply({"items": found, "total": len(found)})


def _add_making(router: APIRouter, letters: Resource, units: Units) -> None:
    shown: Any = list[shown_models(letters).shown]  # type: ignore[misc]
    made_model = create_model("LettersMade", items=(shown, ...), there_before=(int, ...))

    @router.post(
        "/v1/letters",
        status_code=201,
        tags=["letters"],
        response_model=made_model,
        responses=problems(404, 409, 413, 422),
    )
    @endpoint("letters:write", writes=True)
    def generate_all_letters(call: RecordCall, body: LettersWanted, idempotency_key: IdempotencyKey = None) -> Response:
        """Make the letters of a plan from the tree of units; those that are there already stay as they are."""
        del idempotency_key  # read by the call; named here for the document
        made, there = generate_letters(call, letters, units, plan=body.plan, sign_by=body.sign_by, only=body.units)
        return json_reply({"items": made, "there_before": there}, 201)


def _add_steps(router: APIRouter, letters: Resource, units: Units) -> None:
    step: dict[str, Any] = {
        "tags": ["letters"],
        "response_model": shown_models(letters).shown,
        "responses": problems(404, 409, 412, 413, 422, 428),
    }
    write = endpoint("letters:write", writes=True)

    @router.post("/v1/letters/{key}/sign", **step)
    @write
    def sign_letter(
        call: RecordCall, key: LetterKey, body: LetterSigned, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Take note that a letter was signed."""
        del if_match, idempotency_key  # read where they are checked; named here for the document
        signing = Signing(body.signed_on, body.signer, body.scan)
        return record_reply(call.request, sign(call, units, locked_record(call, letters, key), signing))

    @router.post("/v1/letters/{key}/check", **step)
    @write
    def check_letter_at_half_year(
        call: RecordCall, key: LetterKey, body: LetterChecked, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Take the half-year check of a signed letter."""
        del if_match, idempotency_key
        letter = locked_record(call, letters, key)
        checked = check_half_year(call, letter, result=body.result, note=body.note, on=body.checked_on)
        return record_reply(call.request, checked)

    @router.post("/v1/letters/{key}/revoke", **step)
    @write
    def revoke_letter(
        call: RecordCall, key: LetterKey, body: LetterRevoked, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Revoke a letter with a reason; the unit is without one from then on."""
        del if_match, idempotency_key
        letter = locked_record(call, letters, key)
        check_own_unit(call, letter, {**letter, "unit": letter["issuer"]})
        return record_reply(call.request, close_record(call, letters, letter, reason=body.reason, effective_on=None))

"""The routes of attachments: sending one in, reading about it, its content as a download, withdrawing it."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Path, Query, Request, UploadFile
from pydantic import Field, StringConstraints
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from heli_assessment.attachments.models import ATTACHMENT, MEDIA_TYPES
from heli_assessment.attachments.service import content_of, take_attachment, withdraw
from heli_assessment.attachments.storage import Kept, Shelf
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch, locked_record, read_router, shown_models
from heli_shared.records.models import SINGLE_LINE, Strict
from heli_shared.records.service import Resource
from heli_shared.web.calls import PERMISSION_MARK, endpoint
from heli_shared.web.downloads import file_reply
from heli_shared.web.problems import problems
from heli_shared.web.replies import record_reply
from heli_shared.web.routes import new_router

AttachmentKey = Annotated[str, Path(max_length=64, pattern=ATTACHMENT.key_pattern, description="附件 id")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=800, pattern=SINGLE_LINE)]
_WRITE = "attachments:write"
FORM_BYTES = 100_000
"""What a form puts around a file, at most."""


class AttachmentWithdrawal(Strict):
    """Why an attachment is withdrawn."""

    reason: Reason = Field(examples=["上传错误"])


def attachments_router(attachments: Resource, shelf: Shelf) -> APIRouter:
    """Return the routes of attachments whose contents lie on a shelf."""
    router = new_router()
    router.routes.extend(read_router(attachments).routes)
    _add_sending(router, attachments, shelf)
    _add_content(router, attachments, shelf)
    return router


def _add_sending(router: APIRouter, attachments: Resource, shelf: Shelf) -> None:
    @endpoint(_WRITE)
    def check(call: RecordCall) -> None:
        """Look at nothing but the permission, before anything is kept."""
        del call

    @endpoint(_WRITE, writes=True)
    def store(call: RecordCall, kept: Kept, unit: str | None, name: str | None) -> Response:
        record, is_new = take_attachment(call, attachments, kept, unit=unit, name=name)
        shown = attachments.shown(call, [record])[0]
        return record_reply(call.request, shown, 201 if is_new else 200, f"/v1/attachments/{record['id']}")

    async def send_attachment(
        request: Request,
        file: Annotated[UploadFile, File(description="PDF, OFD, DOCX, XLSX, PPTX, PNG or JPEG")],
        unit: Annotated[
            str | None, Query(max_length=64, description="Whose it is; one's own unit if not given")
        ] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Send in a file as evidence: what it is is told by its content, and it is kept under its digest.

        Scripts, macros, web pages and archives of any other kind are refused. A content that the unit has sent in
        before is answered with 200 and the attachment that there is.
        """
        del idempotency_key  # read by the call; named here for the document
        await run_in_threadpool(check, request)
        kept = await run_in_threadpool(shelf.keep, file.file)
        await file.seek(0)  # the digest of the request is taken from the file
        return await run_in_threadpool(store, request, kept=kept, unit=unit, name=file.filename)

    setattr(send_attachment, PERMISSION_MARK, _WRITE)
    shown = shown_models(attachments).shown
    router.post(
        "/v1/attachments",
        status_code=201,
        tags=["attachments"],
        response_model=shown,
        responses={**problems(409, 413, 415, 422), 200: {"model": shown, "description": "It was there already"}},
    )(send_attachment)


def _add_content(router: APIRouter, attachments: Resource, shelf: Shelf) -> None:
    content: dict[int | str, dict[str, Any]] = {
        200: {"description": "The file as it was sent in", "content": {each: {} for each in MEDIA_TYPES}}
    }

    @router.get(
        "/v1/attachments/{key}/content",
        tags=["attachments"],
        response_class=Response,
        responses={**problems(404, 410, 422), **content},
    )
    @endpoint("attachments:read")
    def get_attachment_content(call: RecordCall, key: AttachmentKey) -> Response:
        """Get the file as it was sent in, as a download; its digest was compared the moment before."""
        record, name = content_of(call, attachments, shelf, key)
        return file_reply(shelf.path_of(record["digest"]), name, record["media_type"])

    @router.post(
        "/v1/attachments/{key}/withdraw",
        tags=["attachments"],
        response_model=shown_models(attachments).shown,
        responses=problems(404, 409, 412, 413, 422, 428),
    )
    @endpoint(_WRITE, writes=True)
    def withdraw_attachment(
        call: RecordCall, key: AttachmentKey, body: AttachmentWithdrawal, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Withdraw an attachment with a reason; a content that nobody holds any more is deleted."""
        del if_match, idempotency_key  # read where they are checked; named here for the document
        record = locked_record(call, attachments, key)
        closed, is_free = withdraw(call, attachments, record, reason=body.reason)
        reply = record_reply(call.request, attachments.shown(call, [closed])[0])
        if is_free:
            reply.background = BackgroundTask(shelf.forget, record["digest"])
        return reply

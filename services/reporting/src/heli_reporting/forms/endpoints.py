"""GET /v1/forms and GET /v1/forms/{id}: as JSON, as a workbook, as PDF."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from heli_reporting.forms.catalogue import ID_PATTERN
from heli_reporting.forms.pages import pdf_of
from heli_reporting.forms.periods import due_for
from heli_reporting.forms.schemas import FilledShown, FormsShown
from heli_reporting.forms.service import FormService
from heli_reporting.forms.sheets import workbook_of
from heli_reporting.forms.shown import filled_json, form_json
from heli_reporting.parameters import Known, Strict, parsed_known_at
from heli_reporting.periods import PATTERN
from heli_reporting.statistics.endpoints import language_of
from heli_shared.records.sheets import XLSX
from heli_shared.typesetting import PDF
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

FormId = Annotated[str, Path(pattern=ID_PATTERN, description="A form of the catalogue")]
PeriodCode = Annotated[
    str | None,
    Query(
        json_schema_extra={"pattern": PATTERN},  # looked at by `period_of`, which tells how one is written
        description="2026, 2026H1, 2026Q2 or 2026-06; this year by default",
        examples=["2026H1"],
    ),
]
Format = Annotated[Literal["json", "xlsx", "pdf"], Query(alias="format", description="A workbook or a page to print")]
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {"schema": {"type": "string"}}, PDF: {"schema": {"type": "string"}}}}
}


def form_router(forms: FormService) -> APIRouter:
    """Return the routes of forms."""
    router = new_router()

    @router.get("/v1/forms", tags=["forms"], response_model=FormsShown, responses=problems())
    @endpoint("statistics:read")
    def list_forms(call: Call) -> Response:
        """List the forms there are, with their columns; a county adds its own as YAML files in its data folder.

        A file that cannot be read as a form is named in `unsound` with the reason; all others go on working.
        """
        language = language_of(call)
        headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "private, no-cache"}
        sound, unsound = forms.list_forms()
        content = {
            "items": [form_json(each, language) for each in sound],
            "unsound": [
                {"id": key, "reason": each.en if language == "en" else each.zh} for key, each in unsound.items()
            ],
        }
        return json_reply(content, headers=headers)

    @router.get(
        "/v1/forms/{form}",
        tags=["forms"],
        response_model=FilledShown,
        responses={**problems(404, 409, 422), **_FILES},
    )
    @endpoint("statistics:read")
    def get_form(
        call: Call,
        form: FormId,
        period: PeriodCode = None,
        known_at: Known = None,
        strict: Strict = "0",
        format_: Format = "json",
    ) -> Response:
        """Fill a form for a period, checked: every number with its rows and permalink, failing checks with both sides.

        Figures are those of the period's last day, or of today while it runs.
        """
        language = language_of(call)
        filled = forms.fill(
            form,
            due_for(period, today=call.clock.today()),
            call.principal,
            language,
            known_at=parsed_known_at(known_at or []),
            strict=strict in {"1", "true"},
        )
        content = filled_json(filled, language)
        headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "private, no-cache"}
        if format_ == "json":
            return json_reply(content, headers=headers)
        headers["Content-Disposition"] = f'attachment; filename="{form}-{filled.due.period.code}.{format_}"'
        if format_ == "xlsx":
            return Response(workbook_of(content, language), 200, headers, XLSX)
        return Response(pdf_of(content, language), 200, headers, PDF)

    return router

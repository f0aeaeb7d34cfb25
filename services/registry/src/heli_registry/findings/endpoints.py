"""The routes of findings: all in the caller's scope, and those of one organisation."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_registry.findings.flags import RULES, Finding
from heli_registry.findings.service import RECORD_KINDS, findings_of, list_findings
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, Limit
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import page_reply
from heli_shared.web.routes import new_router

RuleId = Literal[RULES]  # type: ignore[valid-type]
RecordKindName = Literal[RECORD_KINDS]  # type: ignore[valid-type]
OrganizationKey = Annotated[str, Path(max_length=64, pattern=PARTY_ORGANIZATION.key_pattern, description="党组织 id")]


class ParameterShown(BaseModel):
    """The dated number that the rule held the facts against."""

    name: str = Field(examples=["joint_branch.max_units"])
    value: Any = Field(examples=[5])
    unit: str = Field(examples=["enterprises"])
    since: date
    basis: str


class FindingShown(BaseModel):
    """One thing that a Party rule flags about one record."""

    rule: RuleId = Field(examples=["R-3"])
    problem: str = Field(examples=["joint-branch-too-wide"])
    severity: Literal["violation", "warning", "reminder"]
    record_kind: RecordKindName
    record: str = Field(description="The record's key")
    name: str = Field(description="The record's name")
    zh: str
    en: str
    basis: str = Field(description="The document")
    fact: dict[str, Any] = Field(description="The values that were looked at")
    parameter: ParameterShown | None
    since: date | None = Field(description="From which day it has been so; null when that is not known")


class FindingPage(BaseModel):
    """A page of findings."""

    items: list[FindingShown]
    next: str | None
    total: int


def findings_router() -> APIRouter:
    """Return the routes of findings."""
    router = new_router()

    @router.get("/v1/findings", tags=["findings"], response_model=FindingPage, responses=problems(422))
    @endpoint("findings:read")
    def list_rule_findings(
        call: RecordCall,
        rule: Annotated[RuleId | None, Query(description="Of this rule only")] = None,
        record_kind: Annotated[RecordKindName | None, Query(description="About records of this kind only")] = None,
        record: Annotated[
            str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="About this record only")
        ] = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List what the Party rules flag in your part of the county today, with basis, facts and since when."""
        found = list_findings(call, rule=rule, record_kind=record_kind, record=record, cursor=cursor, limit=limit)
        given = {"rule": rule, "record_kind": record_kind, "record": record}
        applied = {name: value for name, value in given.items() if value is not None}
        items = [_shown(each) for each in found.items]
        return page_reply(call.request, Page(items, found.next, found.total), {"filters": applied} if applied else None)

    @router.get(
        "/v1/party-organizations/{key}/findings",
        tags=["findings"],
        response_model=FindingPage,
        responses=problems(404, 422),
    )
    @endpoint("findings:read")
    def list_organization_findings(call: RecordCall, key: OrganizationKey) -> Response:
        """List what the Party rules flag about one organisation today."""
        items = [_shown(each) for each in findings_of(call, key)]
        return page_reply(call.request, Page(items, None, len(items)))

    return router


def _shown(finding: Finding) -> dict[str, Any]:
    return asdict(finding)

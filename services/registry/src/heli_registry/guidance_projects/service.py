"""Guidance projects as the registry serves them: seen by their place, established only with an organisation."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.access import in_territory
from heli_registry.filters import division_filter
from heli_registry.guidance_projects.models import GUIDANCE_PROJECT
from heli_registry.references import check_references
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource

_KIND = GUIDANCE_PROJECT


def visible_projects(session: Session, scope: Scope) -> list[Condition]:
    """Show the projects of the scope's territory and zones."""
    if scope.everything:
        return []
    return [in_territory(_KIND, session, scope, code_field="division", zone_field="zone")]


def check_project(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse references that point nowhere, an organisation not named, and a project that ends before it starts."""
    check_references(call, _KIND, before=before, after=after)
    faults = []
    if after["stage"] == "established" and after["organization"] is None:
        faults.append(FieldProblem("/organization", "已建的，请填写党组织", "name the organisation that was set up"))
    if after["starts_on"] and after["completes_on"] and str(after["completes_on"]) < str(after["starts_on"]):
        faults.append(FieldProblem("/completes_on", "早于计划开工日期", "lies before the start"))
    if after["approved_on"] and str(after["approved_on"]) > call.clock.today().isoformat():
        faults.append(FieldProblem("/approved_on", "日期晚于今天", "lies after today"))
    if faults:
        raise InvalidInput("项目信息有误。", "The project is not right; see `errors`.", errors=faults)


GUIDANCE_PROJECTS = Resource(
    _KIND,
    visible_projects,
    check=check_project,
    filters={
        **equality_filters(_KIND),
        "name": contains_filter(_KIND, "name"),
        "division": division_filter(_KIND),
    },
)

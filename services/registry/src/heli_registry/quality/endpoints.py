"""The routes of data quality: the catalogue of checks, results by check and unit, and the records that fail."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_registry.quality.domain import Check, Severity
from heli_registry.quality.examining import Asked, FailingRecord, Results, View, reason_of
from heli_registry.quality.placing import CHECKED
from heli_registry.quality.reading import catalogue
from heli_registry.quality.series import Line
from heli_registry.quality.service import count_day, examine, keep_day, list_history
from heli_registry.quality.tallies import NOTHING, Counts
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, KnownAt, Limit, On
from heli_shared.records.models import SINGLE_LINE, Day, Strict
from heli_shared.records.reading import Moment
from heli_shared.statistics.measures import share
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router

KindName: Any = Literal[tuple(CHECKED)]
Reason = Literal["nothing_looked_at", "not_in_force"]
OneCheck = Annotated[str | None, Query(max_length=100, pattern=SINGLE_LINE, description="Of this check only")]
OneSeverity = Annotated[Severity | None, Query(description="Of checks of this severity only")]
OneKind = Annotated[KindName | None, Query(description="About records of this kind only")]
OneUnit = Annotated[
    str | None, Query(max_length=64, pattern=SINGLE_LINE, description="Of this unit and those below it")
]
OneDivision = Annotated[
    str | None, Query(max_length=12, pattern=SINGLE_LINE, description="In this division or below it; 2 to 12 digits")
]
OneView = Annotated[
    View,
    Query(description="A record counts for the unit whose territory it lies in, or for the unit responsible for it"),
]


def _asked(  # noqa: PLR0913, PLR0917 - the parameters of the address
    check: OneCheck = None,
    severity: OneSeverity = None,
    kind: OneKind = None,
    unit: OneUnit = None,
    division: OneDivision = None,
    view: OneView = "territory",
    on: On = None,
    known_at: KnownAt = None,
    alone: Annotated[bool, Query(description="Of the named unit itself, without those below it")] = False,  # noqa: FBT002 - a parameter of the address
) -> Asked:
    return Asked(check, severity, kind, unit, division, view, Moment(on, known_at), alone=alone)


Given = Annotated[Asked, Depends(_asked)]


class CheckShown(BaseModel):
    """A check of the catalogue."""

    id: str = Field(examples=["enterprise.members-over-staff"])
    kind: str = Field(description="The kind of record that it looks at")
    severity: Severity
    blocks: bool = Field(description="A period does not close while a failure is unexplained")
    since: date = Field(description="The first day it applies to")
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    basis: str
    fix_zh: str = Field(description="What the clerk does about it")
    fix_en: str
    fields: list[str] = Field(description="The fields that it reads")
    parameters: list[str] = Field(description="The dated parameters that it reads")


class ChecksShown(BaseModel):
    """The catalogue of checks."""

    items: list[CheckShown]


class TallyShown(BaseModel):
    """How many records a check looked at and how many fail it; `share` is failing ÷ looked at as decimal text."""

    looked_at: int
    failing: int
    share: str | None = Field(examples=["0.0625"])
    reason: Reason | None = Field(description="Why there is no share")


class CheckResult(TallyShown):
    """What one check found."""

    check: str
    kind: str
    severity: Severity


class RecordsShown(BaseModel):
    """Open records, those of them that fail a check of severity error, and the share without errors."""

    records: int
    with_errors: int
    share_without_errors: str | None = Field(examples=["0.9375"])
    reason: Reason | None


class UnitResult(RecordsShown):
    """What the checks found among the records of one unit; `unit` null gathers those that no unit answers for."""

    unit: str | None
    name: str | None
    checks: dict[str, TallyShown] = Field(description="By check, where it looked at anything")


class ResultsShown(BaseModel):
    """Results of a day, as known at a seq of the ledger."""

    on: date
    known_at: int
    view: View
    total: RecordsShown
    checks: list[CheckResult]
    units: list[UnitResult]
    filters: dict[str, str]


class FailureShown(BaseModel):
    """One check that a record fails, with the values that were looked at."""

    check: str
    severity: Severity
    zh: str
    en: str
    fix_zh: str
    fix_en: str
    facts: dict[str, Any]


class FailingRecordShown(BaseModel):
    """A record that fails; `version` is its ETag, so that it can be corrected straight away."""

    kind: str
    record: str
    name: str | None
    link: str
    version: int
    unit: str | None
    unit_name: str | None
    failures: list[FailureShown]


class FailingPage(BaseModel):
    """A page of records that fail; `total` counts records."""

    items: list[FailingRecordShown]
    next: str | None
    total: int
    on: date
    known_at: int
    view: View
    filters: dict[str, str]


class LineShown(TallyShown):
    """The counts of one day, as they were known at a seq."""

    day: date
    known_at: int


class HistoryShown(BaseModel):
    """A kept series; `looked_at` and `failing` are records and those with errors when no check is named."""

    check: str | None
    unit: str | None
    view: View
    items: list[LineShown]


class SnapshotBody(Strict):
    """Which day to count."""

    on: Day | None = Field(default=None, description="Today when not given; a past day is folded from the ledger")


class KeptShown(BaseModel):
    """What was kept."""

    day: date
    lines: int
    known_at: int


def quality_router() -> APIRouter:
    """Return the routes of data quality."""
    router = new_router()

    @router.get("/v1/quality/checks", tags=["quality"], response_model=ChecksShown, responses=problems(422))
    @endpoint("quality:read")
    def list_quality_checks(call: RecordCall, severity: OneSeverity = None, kind: OneKind = None) -> Response:  # noqa: ARG001 - the catalogue is the same for everybody
        """List the checks of data quality, each with its definition, its basis and what to do about a failure."""
        asked = (
            each for each in catalogue().values() if severity in (None, each.severity) and kind in (None, each.kind)
        )
        return json_reply({"items": [check_json(each) for each in asked]})

    @router.get("/v1/quality/results", tags=["quality"], response_model=ResultsShown, responses=problems(404, 422))
    @endpoint("quality:read")
    def get_quality_results(call: RecordCall, asked: Given) -> Response:
        """Count the open records that fail, by check and by unit, in your part of the county, now or on a past day."""
        return json_reply(results_json(examine(call, asked).results(), asked))

    @router.get("/v1/quality/results/rows", tags=["quality"], response_model=FailingPage, responses=problems(404, 422))
    @endpoint("quality:read")
    def list_quality_rows(
        call: RecordCall, asked: Given, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """List exactly the records behind the counts, each with the checks it fails and the values they looked at."""
        examination = examine(call, asked)
        found = examination.rows(cursor=cursor, limit=limit)
        page = Page([row_json(each) for each in found.items], found.next, found.total)
        about = {"on": examination.on.isoformat(), "known_at": examination.known_at, "view": asked.view}
        return page_reply(call.request, page, {**about, "filters": asked.applied})

    _add_series(router)
    return router


def _add_series(router: APIRouter) -> None:
    @router.get("/v1/quality/history", tags=["quality"], response_model=HistoryShown, responses=problems(404, 422))
    @endpoint("quality:read")
    def get_quality_history(
        call: RecordCall, check: OneCheck = None, unit: OneUnit = None, view: OneView = "territory",
        first: Annotated[Day | None, Query(alias="from", description="From this day on")] = None,
        last: Annotated[Day | None, Query(alias="to", description="Up to this day")] = None,
    ) -> Response:  # fmt: skip
        """List the kept counts of a check, or of all records and those with errors, day by day for one unit."""
        found = list_history(call, check=check, unit=unit, view=view, days=(first, last))
        return json_reply({"check": check, "unit": unit, "view": view, "items": [line_json(each) for each in found]})

    @router.post(
        "/v1/quality/snapshots",
        status_code=201,
        tags=["quality"],
        response_model=KeptShown,
        responses=problems(413, 422),
    )
    @endpoint("quality:write", writes=True)
    def keep_quality_snapshot(call: RecordCall, body: SnapshotBody, idempotency_key: IdempotencyKey = None) -> Response:
        """Count a day for every unit and keep it; counting it again puts the new counts in the place of the old."""
        del idempotency_key
        today = call.clock.today()
        counts = count_day(call.session, call.ledger, today=today, on=body.on or today)
        kept = keep_day(call.session, counts, today=today)
        return json_reply({"day": kept.day.isoformat(), "lines": kept.lines, "known_at": kept.known_at}, 201)


def check_json(check: Check) -> dict[str, Any]:
    """Return a check as JSON values."""
    texts = ("id", "kind", "severity", "blocks", "zh", "en", "definition_zh", "definition_en", "basis", "fix_zh",
             "fix_en")  # fmt: skip
    shown = {name: getattr(check, name) for name in texts}
    return shown | {
        "since": check.since.isoformat(), "fields": list(check.facts), "parameters": list(check.parameters),
    }  # fmt: skip


def results_json(results: Results, asked: Asked) -> dict[str, Any]:
    """Return results as JSON values: checks in the catalogue's order, units by id, nobody's last."""
    counted = results.counted
    units = sorted(counted.units.items(), key=lambda item: (item[0] is None, item[0] or ""))
    return {
        "on": results.on.isoformat(),
        "known_at": results.known_at,
        "view": asked.view,
        "total": _records_json(counted.total),
        "checks": [
            {"check": each.id, "kind": each.kind, "severity": each.severity}
            | _tally_json(each, counted.total, results.idle)
            for each in results.checks
        ],
        "units": [_unit_json(results, unit, counts) for unit, counts in units],
        "filters": asked.applied,
    }


def _unit_json(results: Results, unit: str | None, counts: Counts) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": None if unit is None else results.names.get(unit),
        **_records_json(counts),
        "checks": {
            each.id: _tally_json(each, counts, results.idle) for each in results.checks if each.id in counts.tallies
        },
    }


def _records_json(counts: Counts) -> dict[str, Any]:
    good = share(counts.records - counts.with_errors, counts.records)
    return {
        "records": counts.records,
        "with_errors": counts.with_errors,
        "share_without_errors": None if good is None else str(good),
        "reason": None if counts.records else "nothing_looked_at",
    }


def _tally_json(check: Check, counts: Counts, idle: frozenset[str]) -> dict[str, Any]:
    tally = counts.tallies.get(check.id, NOTHING)
    failing = share(tally.failing, tally.looked_at)
    return {
        "looked_at": tally.looked_at,
        "failing": tally.failing,
        "share": None if failing is None else str(failing),
        "reason": reason_of(check, tally, idle),
    }


def line_json(line: Line) -> dict[str, Any]:
    """Return a kept line as JSON values."""
    failing = share(line.failing, line.looked_at)
    return {
        "day": line.day.isoformat(),
        "known_at": line.known_at,
        "looked_at": line.looked_at,
        "failing": line.failing,
        "share": None if failing is None else str(failing),
        "reason": None if line.looked_at else "nothing_looked_at",
    }


def row_json(row: FailingRecord) -> dict[str, Any]:
    """Return a failing record as JSON values."""
    kind = CHECKED[row.kind].kind
    return {
        "kind": row.kind,
        "record": row.key,
        "name": row.name,
        "link": f"/v1/{kind.plural}/{row.key}",
        "version": row.version,
        "unit": row.unit,
        "unit_name": row.unit_name,
        "failures": [
            {
                "check": check.id,
                "severity": check.severity,
                "zh": check.zh,
                "en": check.en,
                "fix_zh": check.fix_zh,
                "fix_en": check.fix_en,
                "facts": dict(facts),
            }
            for check, facts in row.failures
        ],
    }

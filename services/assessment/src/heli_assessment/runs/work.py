"""The records of work that a run reads, all as of its day and its seq: letters, orders, progress, reports on duty."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from heli_assessment.duty.domain import result_of
from heli_assessment.duty.models import DUTY_MARK, DUTY_REPORT, DUTY_SESSION, GROUPS
from heli_assessment.inspections.models import RECTIFICATION_ORDER
from heli_assessment.letters.models import LETTER
from heli_assessment.measures.values import Period
from heli_assessment.measures.work import WorkRecords, records_by_unit
from heli_assessment.progress.models import PROGRESS_REPORT
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Moment, Record, iterate_as_of


def work_records(call: RecordCall, period: Period, *, on: date, known_at: int) -> dict[str, WorkRecords]:
    """Return the records of a period by unit, as they were on a day and at a seq."""

    def read(kind: RecordKind) -> Iterable[Record]:
        return iterate_as_of(call.session, call.ledger, kind, Moment(on, known_at))

    first, last = period.first.isoformat(), period.last.isoformat()
    totals = _duty_totals(first, last, sessions=read(DUTY_SESSION), reports=read(DUTY_REPORT), marks=read(DUTY_MARK))
    return records_by_unit(
        first=first,
        last=last,
        letters=read(LETTER),
        orders=read(RECTIFICATION_ORDER),
        reports=read(PROGRESS_REPORT),
        duty_totals=totals,
    )


def _duty_totals(
    first: str, last: str, *, sessions: Iterable[Record], reports: Iterable[Record], marks: Iterable[Record]
) -> dict[str, list[Decimal]]:
    """Return the complete totals of each unit in the period's sessions, the latest last."""
    held = {each["id"]: each for each in sessions if first <= each["held_on"] <= last}
    given: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for mark in marks:
        if mark["state"] == "open":
            given[mark["report"]].append((mark["judges"], Decimal(mark["points"])))
    totals: dict[str, list[tuple[str, str, Decimal]]] = defaultdict(list)
    for report in reports:
        session = held.get(report["session"])
        if session is None or report["state"] != "open":
            continue
        weights = {group: int(session[f"{group}_weight"]) for group in GROUPS}
        found = result_of(given[report["id"]], weights, {})
        if found.total is not None:
            totals[report["unit"]].append((session["held_on"], report["id"], found.total))
    return {unit: [total for _, _, total in sorted(lines)] for unit, lines in totals.items()}

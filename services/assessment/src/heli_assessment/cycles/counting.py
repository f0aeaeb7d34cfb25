"""For whom and when each kind of record counts: what the lock on a period asks, by the same days as the measures."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli_assessment.activities.models import ACTIVITY
from heli_assessment.duty.models import DUTY_MARK, DUTY_REPORT, DUTY_SESSION
from heli_assessment.duty.service import units_reporting
from heli_assessment.inspections.models import RECTIFICATION_ORDER
from heli_assessment.letters.models import LETTER
from heli_assessment.marks.models import MARK
from heli_assessment.progress.models import PROGRESS_REPORT
from heli_assessment.tasks.models import TASK
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """That a record counts for a unit in every period that has a day of `first` to `last`.

    A period counts what had taken effect by its last day. Where that is later than the day a record is about, `first`
    is the later one and `last` the earlier one: periods that ended in between do not count it.
    """

    unit: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Known:
    """What claims may look up: the row of a record by kind and key, read once in a call, and the call."""

    call: RecordCall
    row: Callable[[RecordKind, str], Any]


Claims = Callable[[Values, date, Known], Iterator[Claim]]


def _activity(values: Values, _effective_on: date, _known: Known) -> Iterator[Claim]:
    held_on = _day(values["held_on"])
    yield Claim(values["unit"], held_on, held_on)


def _task(values: Values, _effective_on: date, _known: Known) -> Iterator[Claim]:
    """From the beginning of its year: its progress is scored before it is due."""
    due_on = _day(values["due_on"])
    yield Claim(values["unit"], date(due_on.year, 1, 1), due_on)


def _progress_report(values: Values, _effective_on: date, _known: Known) -> Iterator[Claim]:
    reported_on = _day(values["reported_on"])
    yield Claim(values["unit"], reported_on, reported_on)


def _mark(values: Values, effective_on: date, _known: Known) -> Iterator[Claim]:
    yield Claim(values["subject"], effective_on, effective_on)


def _letter(values: Values, effective_on: date, _known: Known) -> Iterator[Claim]:
    """In its year, as it stood on a period's last day: what is signed or checked later does not reach back."""
    year = int(values["year"])
    yield Claim(values["unit"], max(effective_on, date(year, 1, 1)), date(year, 12, 31))


def _order(values: Values, effective_on: date, _known: Known) -> Iterator[Claim]:
    """On the day it was issued, as it stood on a period's last day: it is answered and accepted during a review, too.

    Faults are not left as they are because somebody reviews what came before.
    """
    issued_on = _day(values["issued_on"])
    yield Claim(values["unit"], max(effective_on, issued_on), issued_on)


def _duty_session(values: Values, _effective_on: date, known: Known) -> Iterator[Claim]:
    """On its day, for every unit that reported in it: its weights make their totals."""
    held_on = _day(values["held_on"])
    for unit in units_reporting(known.call, values["id"]):
        yield Claim(unit, held_on, held_on)


def _duty_report(values: Values, _effective_on: date, known: Known) -> Iterator[Claim]:
    held_on = known.row(DUTY_SESSION, values["session"]).held_on
    yield Claim(values["unit"], held_on, held_on)


def _duty_mark(values: Values, _effective_on: date, known: Known) -> Iterator[Claim]:
    report = known.row(DUTY_REPORT, values["report"])
    held_on = known.row(DUTY_SESSION, report.session).held_on
    yield Claim(report.unit, held_on, held_on)


def _day(value: Any) -> date:
    return date.fromisoformat(str(value))


COUNTED: Mapping[str, Claims] = {
    ACTIVITY.entity: _activity,
    TASK.entity: _task,
    PROGRESS_REPORT.entity: _progress_report,
    MARK.entity: _mark,
    LETTER.entity: _letter,
    RECTIFICATION_ORDER.entity: _order,
    DUTY_SESSION.entity: _duty_session,
    DUTY_REPORT.entity: _duty_report,
    DUTY_MARK.entity: _duty_mark,
}

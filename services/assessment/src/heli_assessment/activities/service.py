"""Activities as assessment serves them: of a unit that exists, on a day that has come, the own unit's for a liaison."""

from datetime import date
from functools import partial

from heli_assessment.access import Units, Values, Visibility, check_own_unit, check_unit_known
from heli_assessment.activities.models import ACTIVITY
from heli_assessment.attachments.referring import check_attachments
from heli_assessment.filters import year_filter
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters
from heli_shared.records.service import Resource


def activities_resource(units: Units) -> Resource:
    """Return activities, seen and written within the units that somebody may see and write for."""
    return Resource(
        ACTIVITY,
        Visibility(ACTIVITY, units),
        check=partial(check_activity, units),
        check_closing=check_activity_closing,
        filters={
            **equality_filters(ACTIVITY),
            "year": year_filter(ACTIVITY, "held_on"),
            "title": contains_filter(ACTIVITY, "title"),
        },
    )


def check_activity(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse another unit's record, a unit that is not there, and a day to come."""
    check_own_unit(call, before, after)
    check_unit_known(units, before, after)
    check_attachments(units, call, before, after)
    _check_links(after)
    if str(after["held_on"]) > call.clock.today().isoformat():
        late = FieldProblem("/held_on", "日期晚于今天", "lies after today")
        raise InvalidInput("只能登记已经开展的工作。", "Only what has been done can be recorded.", errors=[late])


def _check_links(after: Values) -> None:
    """Refuse what belongs to another kind of activity: a pairing to pairings' activities, an audience to trainings."""
    problems = []
    if after["kind"] == "pairing_activity" and after["pairing"] is None:
        problems.append(FieldProblem("/pairing", "结对活动须指明结对共建编号", "must name the pairing"))
    if after["audience"] is not None and after["kind"] != "training":
        problems.append(FieldProblem("/audience", "只有培训才有培训对象", "is for trainings only"))
    if problems:
        raise InvalidInput("工作记录内容有误。", "The activity is not valid.", errors=problems)


def check_activity_closing(call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse the closing of another unit's record."""
    check_own_unit(call, before, after)

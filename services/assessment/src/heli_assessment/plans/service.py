"""Plans as assessment serves them: seen by everybody who may read plans, found by year."""

from datetime import date
from functools import partial

from heli_assessment.access import Units, Values, check_unit_known
from heli_assessment.plans.models import PLAN
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filter, equality_filters, no_conditions
from heli_shared.records.service import Resource


def plans_resource(units: Units) -> Resource:
    """Return plans, which everybody sees who may read any."""
    return Resource(
        PLAN,
        no_conditions,
        check=partial(check_plan, units),
        filters={
            **equality_filters(PLAN),
            "year": equality_filter(PLAN, "year"),
            "title": contains_filter(PLAN, "title"),
        },
    )


def check_plan(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse a unit that is not there and a day of issue that lies ahead."""
    check_unit_known(units, before, after)
    if after["issued_on"] is not None and str(after["issued_on"]) > call.clock.today().isoformat():
        late = FieldProblem("/issued_on", "日期晚于今天", "lies after today")
        raise InvalidInput("实施意见内容有误。", "The plan is not valid.", errors=[late])

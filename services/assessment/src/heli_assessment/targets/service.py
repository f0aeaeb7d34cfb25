"""Targets as assessment serves them: seen by everybody who may read any, like the plans they belong to."""

from datetime import date
from decimal import Decimal
from functools import partial

from heli_assessment.access import Units, Values, check_unit_known
from heli_assessment.targets.models import TARGET
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.service import Resource
from heli_shared.statistics.measures import MEASURES

MOST = Decimal(1_000_000_000)


def targets_resource(units: Units) -> Resource:
    """Return targets, which everybody sees who may read any."""
    return Resource(TARGET, no_conditions, check=partial(check_target, units), filters=equality_filters(TARGET))


def check_target(units: Units, _call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse a unit that is not there and a value that the measure can never have."""
    check_unit_known(units, before, after)
    value, is_share = Decimal(after["value"]), MEASURES[after["measure"]].denominator is not None
    most = Decimal(1) if is_share else MOST
    if not 0 <= value <= most or (not is_share and value != value.to_integral_value()):
        zh = "比率目标应在 0 与 1 之间，如 0.9" if is_share else "数量目标应为不大于 10 亿的整数"
        en = "a share must be from 0 to 1, such as 0.9" if is_share else "a count must be a whole number up to 10^9"
        raise InvalidInput("目标内容有误。", "The target is not valid.", errors=[FieldProblem("/value", zh, en)])

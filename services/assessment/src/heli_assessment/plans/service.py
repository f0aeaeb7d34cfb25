"""Plans as assessment serves them: seen by everybody who may read plans, found by year."""

from heli_assessment.filters import number_filter
from heli_assessment.plans.models import PLAN
from heli_shared.records.filters import contains_filter, equality_filters, no_conditions
from heli_shared.records.service import Resource

PLANS = Resource(
    PLAN,
    no_conditions,
    filters={
        **equality_filters(PLAN),
        "year": number_filter(PLAN, "year"),
        "title": contains_filter(PLAN, "title"),
    },
)

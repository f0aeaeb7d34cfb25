"""Statistics through HTTP: figures, passports, filters, refusals."""

from datetime import date

import orjson
from reporting.world import PARK, TOWN_A, TOWN_B, World


def test_coverage_by_town_counts_enterprises_not_organisations(world: World):
    answer = world.statistics(measure="organization_coverage", by="division:town")

    assert answer["rows"] == [
        {
            "division": {"code": TOWN_A, "name": "甲镇"},
            "organization_coverage": {"value": "0.6000", "numerator": 3, "denominator": 5},
        },
        {
            "division": {"code": TOWN_B, "name": "乙镇"},
            "organization_coverage": {"value": "0.3333", "numerator": 1, "denominator": 3},
        },
    ]
    assert answer["total"] == {"organization_coverage": {"value": "0.5000", "numerator": 4, "denominator": 8}}

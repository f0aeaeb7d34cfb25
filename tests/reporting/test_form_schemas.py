"""The forms of answers that are JSON themselves are what the document says they are."""

from datetime import date

import pytest
from pydantic import TypeAdapter

from heli_reporting.statistics.form_schemas import EchartsForm, JsonStatForm, RowsForm
from reporting.world import VILLAGE_A, World, uscc

FORMS = {"rows": RowsForm, "echarts": EchartsForm, "jsonstat": JsonStatForm}
STATISTICS = "/v1/statistics?measure=organization_coverage&measure=enterprise_count"
ASKED = {
    "total": (STATISTICS, FORMS),
    "groups": (f"{STATISTICS}&by=division:town&by=size", FORMS),
    "compared": (f"{STATISTICS}&by=division:town&compare=a_year_before&breaks=show", FORMS),
    "ranked": (f"{STATISTICS}&by=division:town&rank=organization_coverage", FORMS),
    "organisations": ("/v1/statistics?measure=organization_count&by=premises", FORMS),
    "series": (
        "/v1/statistics/series?measure=organization_coverage&by=division:town&from=2011-01-01&every=year&breaks=show",
        FORMS,
    ),
    "change": (
        "/v1/statistics/change?measure=organization_coverage&by=division:town&from=2025-12-31&to=2026-06-30",
        ("rows", "echarts"),
    ),
    "change in total": ("/v1/statistics/change?measure=enterprise_count&from=2025-12-31&to=2026-06-30", ("rows",)),
    "parts": (
        "/v1/statistics/change/rows?measure=organization_coverage&cause=entered&from=2025-12-31&to=2026-06-30",
        ("rows",),
    ),
    "ledger": ("/v1/statistics/ledger?measure=due_established_rate&by=division:town", ("rows", "echarts")),
    "ledger in total": ("/v1/statistics/ledger?measure=enterprise_count", ("rows", "echarts")),
}


@pytest.mark.parametrize(("name", "form"), [(name, form) for name, (_, forms) in ASKED.items() for form in forms])
def test_an_answer_has_the_shape_the_document_gives_it(world: World, name: str, form: str):
    world.change("enterprise", uscc(5), date(2026, 3, 1), division=VILLAGE_A, ownership="foreign")
    world.enterprise(60, VILLAGE_A, date(2026, 2, 1))
    world.sync()
    address, _ = ASKED[name]

    answer = world.get(f"{address}&format={form}")

    assert answer.status_code == 200, answer.text
    TypeAdapter(FORMS[form]).validate_json(answer.content)

"""An import that was undone counts nowhere: coverage on every day is what it was without it."""

from pathlib import Path
from typing import Any

import pytest

from contracts.test_reporting_on_real_sources import COUNTY, TOWN_A, TOWN_B, Three, code, three
from heli_registry.database import LEDGER
from heli_registry.imports.worker import ImportWorker
from heli_shared.kernel.clock import FixedClock

__all__ = ["three"]
DAYS = ("2020-01-31", "2020-12-31", "2021-06-30", "2023-01-01", "2026-06-30", "2026-07-01")


def imported(three: Three, folder: Path, clock: FixedClock, content: str) -> dict[str, Any]:
    """Import a list of enterprises: the service's own worker is not running here, so it is run once."""
    sent = three.registry.post(
        "/v1/imports",
        params={"kind": "enterprises"},
        files={"file": ("list.csv", content.encode())},
        headers=three.headers,
    )
    assert sent.status_code == 202, sent.text
    engine = three.registry._transport._client.app.state.calls.engine
    ImportWorker(engine, LEDGER, folder=folder / "imports", clock=clock).run_pending()
    found: dict[str, Any] = three.registry.get(f"/v1/imports/{sent.json()['id']}", headers=three.headers).json()
    assert found["status"] == "done", found
    return found


@pytest.mark.parametrize("when", ["before reporting saw it", "after reporting saw it"])
def test_coverage_is_as_if_the_list_had_never_come(three: Three, tmp_path: Path, clock: FixedClock, when: str):
    three.made("/v1/divisions", code=COUNTY, name="示例县", level="county", effective_on="2020-01-01")
    for town, name in ((TOWN_A, "甲镇"), (TOWN_B, "乙镇")):
        three.made("/v1/divisions", code=town, name=name, level="town", parent=COUNTY, effective_on="2020-01-01")
    for number in range(3):
        three.made(
            "/v1/enterprises", uscc=code(number), name=f"示例{number}", division=TOWN_A, registered_on="2020-02-01"
        )
    branch = three.made(
        "/v1/party-organizations", name="示例支部", kind="branch", setup_form="sole", division=TOWN_A, full_members=4,
        established_on="2021-01-01",
    )  # fmt: skip
    three.made("/v1/covers", organization=branch["id"], enterprise=code(0), form="sole", effective_on="2021-01-01")
    three.sync()
    before = {day: three.coverage(on=day) for day in DAYS}

    lines = [f"新厂{number},{code(number)},{TOWN_B},2020-03-01" for number in range(10, 14)]
    lines.append(f"示例1,{code(1)},{TOWN_B},")
    job = imported(
        three, tmp_path, clock, "企业名称,统一社会信用代码,行政区划代码,注册日期\n" + "\n".join(lines) + "\n"
    )
    assert (job["rows"]["created"], job["rows"]["updated"]) == (4, 1)
    if when == "after reporting saw it":
        three.sync()
        assert three.coverage(on="2026-07-01")["total"]["organization_coverage"]["denominator"] == 7
    undone = three.registry.post(f"/v1/imports/{job['id']}/undo", headers=three.headers)
    assert undone.json()["closed"] == 4, undone.text
    three.sync()

    for day in DAYS:
        now = three.coverage(on=day)
        assert (now["rows"], now["total"]) == (before[day]["rows"], before[day]["total"]), day

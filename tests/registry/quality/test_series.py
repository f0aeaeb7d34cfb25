"""The kept series: one line a day, unit and check; it says what that day's results say. Today is 2026-07-01."""

from datetime import date

import pytest

from heli_registry.database import LEDGER
from heli_registry.quality.keeper import QualityKeeper
from heli_shared.db.engine import make_engine
from registry.codes import code
from registry.conftest import TOWN_A, Registry

CHECK = "enterprise.members-over-staff"


@pytest.fixture
def kept(county: Registry) -> Registry:
    """A fault of May that was put right in June, kept on three days."""
    county.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A, registered_on="2020-01-01", staff=3,
                full_members=1)  # fmt: skip
    path = f"/v1/enterprises/{code(1)}"
    county.patch(path, {"full_members": 9, "effective_on": "2026-05-10"})
    county.patch(path, {"full_members": 2, "effective_on": "2026-06-10"})
    for day in ("2026-05-01", "2026-05-31", "2026-06-30"):
        assert county.post("/v1/quality/snapshots", {"on": day}).status_code == 201
    return county


def history(registry: Registry, query: str = "", **more):
    found = registry.get(f"/v1/quality/history?{query}", **more).json()
    return [(each["day"], each["looked_at"], each["failing"], each["share"]) for each in found["items"]]


def test_a_series_tells_how_a_fault_came_and_went(kept):
    assert history(kept, f"check={CHECK}") == [
        ("2026-05-01", 1, 0, "0.0000"),
        ("2026-05-31", 1, 1, "1.0000"),
        ("2026-06-30", 1, 0, "0.0000"),
    ]
    assert history(kept, f"check={CHECK}&from=2026-05-02&to=2026-06-29") == [("2026-05-31", 1, 1, "1.0000")]


def test_the_series_says_what_the_results_of_the_day_say(kept):
    for unit in ("", "&unit=unt-a"):
        told = kept.get(f"/v1/quality/results?on=2026-05-31{unit}").json()
        whole = history(kept, f"from=2026-05-31&to=2026-05-31{unit}")
        assert whole[0][1:3] == (told["total"]["records"], told["total"]["with_errors"])
        for check in told["checks"]:
            if check["looked_at"]:
                line = history(kept, f"check={check['check']}&from=2026-05-31&to=2026-05-31{unit}")
                assert line == [("2026-05-31", check["looked_at"], check["failing"], check["share"])]


def test_counting_a_day_again_puts_the_new_counts_in_its_place(kept):
    kept.patch(f"/v1/enterprises/{code(1)}", {"staff": 20, "effective_on": "2020-01-01"})
    kept.post("/v1/quality/snapshots", {"on": "2026-05-31"})
    assert [line[1:3] for line in history(kept, f"check={CHECK}")] == [(1, 0), (1, 0), (1, 0)]


def test_days_long_past_are_thinned_to_one_a_month(kept):
    for day in ("2026-01-05", "2026-01-20", "2026-02-10", "2026-07-01"):
        kept.post("/v1/quality/snapshots", {"on": day})
    days = [line[0] for line in history(kept)]
    assert days == ["2026-01-20", "2026-02-10", "2026-05-01", "2026-05-31", "2026-06-30", "2026-07-01"]


def test_the_keeper_keeps_today_once(kept):
    engine = make_engine(kept.settings.database_url)
    keeper = QualityKeeper(engine, LEDGER, clock=kept.clock)
    assert (keeper.keep_today(), keeper.keep_today()) == (True, False)
    engine.dispose()
    assert history(kept, f"check={CHECK}")[-1] == (date(2026, 7, 1).isoformat(), 1, 0, "0.0000")


def test_a_clerk_sees_the_series_of_the_own_unit(kept):
    assert history(kept, f"check={CHECK}&unit=unt-a", by="clerk_a")[1] == ("2026-05-31", 1, 1, "1.0000")
    assert kept.get("/v1/quality/history", by="clerk_a").status_code == 400
    assert kept.get("/v1/quality/history?unit=unt-b", by="clerk_a").status_code == 404


@pytest.mark.parametrize("query", ["check=enterprise.smell", "view=moon", "from=yesterday"])
def test_what_no_series_is_kept_of_is_refused(kept, query):
    assert kept.get(f"/v1/quality/history?{query}").status_code == 400

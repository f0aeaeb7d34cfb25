from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli_shared.kernel.workdays import working_day_after, working_days_between
from heli_shared.statistics import statutory

# The State Council's notice for 2026: days off beyond Saturdays and Sundays, and the weekends worked instead.
OFF_2026 = {
    "2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23",
    "2026-04-06", "2026-05-01", "2026-05-04", "2026-05-05", "2026-06-19", "2026-09-25", "2026-10-01", "2026-10-02",
    "2026-10-05", "2026-10-06", "2026-10-07",
}  # fmt: skip
WORKED_2026 = {"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"}
DAYS_2026 = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


def test_the_year_2026_has_its_shifted_days():
    wrong = [
        day.isoformat()
        for day in DAYS_2026
        if statutory.is_working(day)
        != (day.isoformat() in WORKED_2026 or (day.weekday() < 5 and day.isoformat() not in OFF_2026))
    ]

    assert wrong == []


def test_a_year_that_is_not_announced_has_the_holidays_of_the_law():
    assert not statutory.is_announced(2031)
    assert [statutory.is_working(date(2031, 10, day)) for day in (1, 2, 3)] == [False, False, False]


@given(st.dates(date(2026, 1, 1), date(2026, 9, 1)), st.integers(0, 60))
def test_a_deadline_is_as_many_working_days_later_as_it_says(start, days):
    due = working_day_after(start, days, statutory.is_working)
    naive = [day for day in DAYS_2026 if start < day <= due and statutory.is_working(day)]

    assert len(naive) == days
    assert due == (naive[-1] if naive else start)
    assert working_days_between(start, due, statutory.is_working) == days
    assert working_days_between(due, start, statutory.is_working) == -days


def test_a_stretch_names_its_holidays_and_counts_its_working_days(county):
    found = county.get("/v1/working-days", params={"from": "2026-09-30", "to": "2026-10-10"}).json()

    assert found["working"] == 4
    assert [each["day"] for each in found["items"] if each["is_working"]] == [
        "2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10",
    ]  # fmt: skip
    assert found["items"][1] == {
        "day": "2026-10-01", "is_working": False, "name": "国庆节", "source": "announced",
    }  # fmt: skip


def test_the_offices_own_day_goes_before_the_librarys_and_moves_deadlines(county):
    deadline = {"start": "2026-09-30", "days": 2}
    before = county.get("/v1/working-days/deadline", params=deadline).json()
    county.made("/v1/calendar-days", day="2026-10-09", is_working=False, name="机关运动会", document="合办〔2026〕9号")
    after = county.get("/v1/working-days/deadline", params=deadline).json()
    shown = county.get("/v1/working-days", params={"from": "2026-10-09", "to": "2026-10-09"}).json()

    assert (before["due_on"], after["due_on"]) == ("2026-10-09", "2026-10-10")
    assert shown["items"] == [{"day": "2026-10-09", "is_working": False, "name": "机关运动会", "source": "office"}]

    county.act("/v1/calendar-days/2026-10-09/close", {"reason": "误登"})
    assert county.get("/v1/working-days/deadline", params=deadline).json()["due_on"] == "2026-10-09"


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-10-10", "to": "2026-10-01"},
        {"from": "2026-01-01", "to": "2027-06-01"},
        {"from": "2190-01-01", "to": "2190-01-02"},
    ],
)
def test_a_stretch_out_of_order_or_too_long_is_refused(county, query):
    answer = county.get("/v1/working-days", params=query)

    assert (answer.status_code, answer.json()["status"]) == (400, 400)


def test_a_day_that_is_not_in_the_calendar_is_refused(county):
    answer = county.post("/v1/calendar-days", {"day": "2026-02-30", "is_working": True})

    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, ["/day"])


def test_only_the_county_changes_the_calendar(county):
    answer = county.post("/v1/calendar-days", {"day": "2026-10-09", "is_working": False}, by="clerk_a")

    assert answer.status_code == 403

"""Values of days as stretches, and days as places in a list, beside counting day by day."""

import random
from datetime import date, timedelta
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as some

from heli_reporting.history.domain import FOREVER
from heli_reporting.history.runs import days_before, runs

FIRST = date(2024, 1, 1)
DAYS = some.lists(some.integers(0, 400), min_size=1, max_size=40, unique=True).map(
    lambda numbers: [FIRST + timedelta(days=n) for n in sorted(numbers)]
)


@given(DAYS, some.data())
def test_stretches_tell_the_value_of_each_day_and_leave_no_day_out(days, data):
    values = data.draw(some.lists(some.sampled_from("abc"), min_size=len(days), max_size=len(days)))

    found = runs(days, values)

    told = [[value for begin, end, value in found if begin <= day < end] for day in days]
    assert told == [[value] for value in values]
    assert (found[0][0], found[-1][1]) == (date.min, FOREVER)
    assert all(one[1] == other[0] and one[2] != other[2] for one, other in pairwise(found))


@pytest.mark.parametrize("count", [2, 3, 24, 120, 500])
def test_days_before_a_day_are_counted_by_the_database_as_by_hand(count):
    days = sorted(random.Random(count).sample([FIRST + timedelta(days=n) for n in range(9 * count)], count))
    asked = [days[0] + timedelta(days=n) for n in range(1, (days[-1] - days[0]).days + 1)]

    before = days_before("day", days)
    told_by = f"SELECT {before.text} FROM (SELECT unnest(?) AS day)"  # noqa: S608 - made of days
    found = duckdb.execute(told_by, [*before.values, asked]).fetchall()

    assert [told for (told,) in found] == [sum(1 for day in days if day < each) for each in asked]

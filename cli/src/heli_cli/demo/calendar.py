"""The days of the demo: everything lies between the county's beginning and the day it is looked at, never after."""

import random
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    """`on` is the day the county is looked at; what was always there takes effect on the baseline."""

    on: date

    @property
    def baseline(self) -> date:
        """Return the county's first day, before its oldest enterprise."""
        return date(self.on.year - 26, 1, 1)

    @property
    def new_year(self) -> date:
        """Return the first day of the year under way."""
        return date(self.on.year, 1, 1)

    def past(self, chance: random.Random, most_years: float, *, curve: float = 1.0) -> date:
        """Return a day of the last years up to `on`; a curve above 1 prefers the recent ones."""
        return self.on - timedelta(days=int(chance.random() ** curve * most_years * 365.25))

    def this_year(self, chance: random.Random) -> date:
        """Return a day of the year under way, up to `on`."""
        return self.new_year + timedelta(days=chance.randint(0, (self.on - self.new_year).days))

    def effective(self, *days: date) -> date:
        """Return the day a record takes effect that needs all these days to have come."""
        return min(max(self.baseline, *days), self.on)


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)

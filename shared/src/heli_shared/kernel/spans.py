"""Spans of the civil calendar: so many months on, and so many times a year spread evenly."""

import calendar
from datetime import date, timedelta

_MONTHS = 12


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_of_year(start: date, planned: int, *, on: date) -> int:
    """Return how many of a kind were due before a day, `planned` a year spread evenly from `start` (`next_of_year`)."""
    made = 0
    while (due := next_of_year(start, planned, made)) is not None and due < on:
        made += 1
    return made


def next_of_year(start: date, planned: int, made: int) -> date | None:
    """Return by when the next of a kind is due, `planned` a year spread evenly from `start`; None when all are made."""
    length = 366 if calendar.isleap(start.year) else 365
    days = -(-(made + 1) * length // planned) if planned else 0
    due = start + timedelta(days=days - 1)
    return due if planned and due.year == start.year else None

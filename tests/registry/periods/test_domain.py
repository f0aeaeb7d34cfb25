"""What a period's code means, with which others it is compared, and when a change is a jump."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli_registry.periods.domain import is_jump, parse_span


@pytest.mark.parametrize(
    ("code", "first", "last", "compared"),
    [
        ("2026", (2026, 1, 1), (2026, 12, 31), ("2025",)),
        ("2026H1", (2026, 1, 1), (2026, 6, 30), ("2025H2", "2025H1")),
        ("2026H2", (2026, 7, 1), (2026, 12, 31), ("2026H1", "2025H2")),
        ("2026Q1", (2026, 1, 1), (2026, 3, 31), ("2025Q4", "2025Q1")),
        ("2024M02", (2024, 2, 1), (2024, 2, 29), ("2024M01", "2023M02")),
        ("2026M12", (2026, 12, 1), (2026, 12, 31), ("2026M11", "2025M12")),
    ],
)
def test_a_code_names_its_days_and_the_periods_it_is_compared_with(code, first, last, compared):
    span = parse_span(code)
    assert span is not None
    assert (span.code, span.first, span.last, span.compared_with()) == (code, date(*first), date(*last), compared)


@pytest.mark.parametrize(
    "code", ["", "26H1", "2026H3", "2026Q0", "2026M5", "2026M13", "2026X1", "2026H", "20261", "２０２６", "2026H01"]
)
def test_what_is_no_code_is_none(code):
    assert parse_span(code) is None


@given(st.integers(1990, 2100), st.sampled_from([("H", 2), ("Q", 4), ("M", 12)]), st.data())
def test_the_period_before_ends_on_the_day_before(year, kind, data):
    letter, most = kind
    number = data.draw(st.integers(1, most))
    span = parse_span(f"{year}{letter}{number:02d}" if letter == "M" else f"{year}{letter}{number}")
    assert span is not None
    assert (span.first - span.before().last).days == 1
    assert span.year_before().first == span.first.replace(year=year - 1)


@pytest.mark.parametrize(
    ("now", "before", "jumps"),
    [
        (110, 100, False),
        (111, 100, True),
        (89, 100, True),
        (90, 100, False),
        (4, 0, False),
        (5, 0, True),
        (0, 5, True),
        (0, 4, False),
        (0, 0, False),
    ],
)
def test_a_jump_is_more_than_the_share_and_no_noise(now, before, jumps):
    assert is_jump(now, before, percent=10, least=5) is jumps

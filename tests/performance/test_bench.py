"""The bench program itself: its table, its ratios, and a small run of the part that needs no server."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.performance.bench_tools import number, quantile, rate, seconds, table  # noqa: E402 - the path comes first


def test_a_rate_is_held_against_a_greater_floor():
    line = rate("import", 10_000, "rows/s", floor_name="plain", floor=30_000, limit="≤ 4×")

    assert line.cells() == ("import", "10,000 rows/s", "30,000 (plain)", "3.0×", "≤ 4×")


def test_a_time_is_held_against_a_smaller_floor():
    line = seconds("statistics", 0.012, floor_name="raw SQL", floor=0.010, limit="≤ 2×")

    assert line.cells() == ("statistics", "12.0 ms", "10.0 (raw SQL)", "1.2×", "≤ 2×")


def test_a_line_without_a_floor_has_no_ratio():
    assert table([seconds("start", 1.5)]).splitlines()[-1] == "| start | 1,500 ms |  |  |  |"


@pytest.mark.parametrize(("value", "text"), [(1234.5, "1,234"), (12.34, "12.3"), (1.234, "1.23")])
def test_numbers_keep_the_figures_that_mean_something(value, text):
    assert number(value) == text


def test_quantiles_are_values_that_were_measured():
    assert [quantile([3.0, 1.0, 2.0, 4.0], share) for share in (0, 0.5, 0.95, 1)] == [1.0, 3.0, 4.0, 4.0]


def test_a_small_run_prints_one_table():
    command = [sys.executable, "-m", "tests.performance.bench", "--only", "scoring", "--subjects", "500"]

    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()

    assert printed[0] == "| what | Heli | floor, same run | ratio | to reach |"
    assert [line.split(" | ")[0] for line in printed[2:]] == [
        "| scoring with verdicts, 40 items",
        "| explanation of one subject",
    ]

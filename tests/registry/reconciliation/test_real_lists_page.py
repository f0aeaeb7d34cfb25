"""The page of the real lists: its sums hold, it names no enterprise, and a plain recount finds the same."""

import re
from pathlib import Path

import pytest

from registry.imports.test_real_files import expected_of, plain_rows
from registry.reconciliation.noise import NOISE

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "real-lists.md"
CODE = re.compile(r"[0-9A-Z]{9,}")
HAN_NAME = re.compile(r"公司|合作社|厂\b")


def tables() -> dict[str, list[list[str]]]:
    """Return heading → the rows of its table, without the titles."""
    found: dict[str, list[list[str]]] = {}
    for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("|")]
        found[heading] = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    return found


def lists() -> dict[str, list[int]]:
    """Return list → read, created, updated, unchanged, refused."""
    return {
        row[0].strip("`"): [int(cell.replace(",", "")) for cell in row[1:]] for row in tables()["How each list ended"]
    }


def test_every_row_of_every_list_ended_somewhere_and_the_sums_are_sums():
    rows = lists()
    total = rows.pop("all")
    assert len(rows) == 39
    assert all(read == sum(ends) for read, *ends in rows.values())
    assert total == [sum(column) for column in zip(*rows.values(), strict=True)]
    refused = sum(int(row[0].replace(",", "")) for row in tables()["Why rows were refused"])
    assert refused == total[-1]


def test_no_enterprise_is_named():
    text = PAGE.read_text(encoding="utf-8")
    assert CODE.findall(text) == []
    assert HAN_NAME.findall(text) == []


def test_dirty_names_are_found_as_often_as_the_tests_demand():
    told = {row[0].replace(" ", "_"): [float(cell) for cell in row[1:]] for row in tables()[
        "Which dirty names are found again"
    ]}  # fmt: skip
    assert told.keys() == NOISE.keys()
    for kind, (first, five, wrong) in told.items():
        # The page draws another sample than the tests: the bounds are theirs, less what a sample of 200 may swing.
        assert first >= NOISE[kind][1] - 0.03, kind
        assert five >= NOISE[kind][2] - 0.03, kind
        assert wrong <= 0.01, kind


@pytest.mark.real_data
def test_a_plain_recount_of_the_provinces_finds_what_the_page_says(real_data):
    rows, known = lists(), set()
    for path in sorted((real_data / "enterprises").glob("*.csv")):
        expected = expected_of(plain_rows(path))
        read, created, _, _, refused = rows[path.name]
        assert (read, created) == (expected.read, len(expected.codes - known)), path.name
        assert refused == expected.invalid + expected.repeated_different, path.name
        known |= expected.codes
    assert sum(rows[path.name][0] for path in (real_data / "enterprises").glob("*.csv")) == 111_661

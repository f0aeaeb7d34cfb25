"""The real lists go in as they are: every row ends somewhere, the ends agree with a count of our own."""

import csv
import json
from pathlib import Path
from typing import NamedTuple

import pytest
from stdnum.cn import uscc

pytestmark = pytest.mark.real_data


class Expected(NamedTuple):
    """What a plain reading of a file with csv and stdnum expects of its import into an empty registry."""

    read: int
    codes: int
    invalid: int
    repeated_same: int
    repeated_different: int


def plain_rows(path: Path) -> list[list[str]]:
    """Read a list with nothing but the standard library."""
    if path.suffix == ".json":
        whole = json.loads(path.read_text("utf-8"))
        return [[str(value) for value in row.values()] for row in whole["erDataList"]]
    data = path.read_bytes().replace(b"\0", b"")
    encoding = "gb18030" if "gb18030" in path.name else "utf-8-sig"
    return list(csv.reader(data.decode(encoding).splitlines()))[1:]


def expected_of(rows: list[list[str]], column: int = 1) -> Expected:
    seen: dict[str, list[str]] = {}
    invalid = same = different = 0
    for row in rows:
        code = row[column].strip().upper()
        if not uscc.is_valid(code):
            invalid += 1
        elif code in seen:
            cells = [cell.strip() for cell in row]
            same += cells == seen[code]
            different += cells != seen[code]
        else:
            seen[code] = [cell.strip() for cell in row]
    return Expected(len(rows), len(seen), invalid, same, different)


def check(job: dict, expected: Expected, *, refused_places: int = 0) -> None:
    rows = job["rows"]
    assert job["status"] == "done", job
    assert rows["read"] == expected.read
    assert rows["read"] == rows["created"] + rows["updated"] + rows["unchanged"] + rows["refused"]
    assert rows["created"] == expected.codes - refused_places
    assert rows["unchanged"] == expected.repeated_same
    assert rows["refused"] == expected.invalid + expected.repeated_different + refused_places


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_provincial_list_goes_in_and_a_second_run_changes_nothing(desk, real_data):
    for path in sorted((real_data / "enterprises").glob("*.csv")):
        expected = expected_of(plain_rows(path))
        job = desk.run_file("enterprises", path)
        print(path.name, job["rows"], expected)
        check(job, expected)

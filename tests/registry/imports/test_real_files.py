"""The real lists go in as they are: every row ends somewhere, the ends agree with a count of our own."""

import csv
import json
from pathlib import Path
from typing import NamedTuple

import pytest
from stdnum.cn import uscc

pytestmark = pytest.mark.real_data


HINTS = (6, 7)  # province and region help to find the division and are not stored


class Expected(NamedTuple):
    """What a plain reading of a file with csv and stdnum expects of its import into an empty registry."""

    read: int
    codes: frozenset[str]
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
        cells = [cell.strip() for place, cell in enumerate(row) if place not in HINTS]
        if not uscc.is_valid(code):
            invalid += 1
        elif code in seen:
            same += cells == seen[code]
            different += cells != seen[code]
        else:
            seen[code] = cells
    return Expected(len(rows), frozenset(seen), invalid, same, different)


def check(job: dict, expected: Expected, known: set[str]) -> None:
    """Hold the end of an import against the plain count, given the codes that were in the registry before."""
    rows = job["rows"]
    assert job["status"] == "done", job
    assert rows["read"] == expected.read == sum(rows.values()) - rows["read"]
    assert rows["created"] == len(expected.codes - known)
    assert rows["updated"] + rows["unchanged"] == len(expected.codes & known) + expected.repeated_same
    assert rows["refused"] == expected.invalid + expected.repeated_different


def check_nothing_changes(desk, path: Path, first: dict) -> None:
    """Send the file again and see that the ledger stays as long as it was."""
    before = desk.registry.rows("SELECT seq, hash FROM ledger_head")
    again = desk.run_file("enterprises", path)["rows"]
    assert (again["created"], again["updated"], again["refused"]) == (0, 0, first["rows"]["refused"])
    assert desk.registry.rows("SELECT seq, hash FROM ledger_head") == before


def codes_in_registry(desk) -> set[str]:
    return {row[0] for row in desk.registry.rows("SELECT uscc FROM enterprises")}


def import_twice_and_check(desk, path: Path) -> dict:
    expected = expected_of(plain_rows(path))
    known = codes_in_registry(desk)
    job = desk.run_file("enterprises", path)
    check(job, expected, known)
    assert codes_in_registry(desk) == known | expected.codes
    assert len(desk.refusals(job["id"])) == job["rows"]["refused"]
    check_nothing_changes(desk, path, job)
    return job


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_provincial_list_goes_in_and_a_second_run_changes_nothing(desk, real_data):
    total = 0
    for path in sorted((real_data / "enterprises").glob("*.csv")):
        total += import_twice_and_check(desk, path)["rows"]["read"]
    assert total == 111_661

    job = import_twice_and_check(desk, real_data / "enterprises_odd_rows.csv")
    assert job["rows"]["created"] == 0


def test_one_provincial_list_goes_in_on_either_database(desk, real_data):
    import_twice_and_check(desk, real_data / "enterprises" / "西藏.csv")


@pytest.mark.parametrize("name", ["浙江.json", "浙江.xlsx", "浙江_text_cells.xls", "浙江_gb18030_crlf.csv"])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_same_rows_come_out_of_every_container(desk, real_data, name):
    expected = expected_of(plain_rows(real_data / "formats" / "浙江.json"))
    job = desk.run_file("enterprises", real_data / "formats" / name)
    check(job, expected, set())

    for twin in ("浙江.json", "浙江.xlsx"):
        again = desk.run_file("enterprises", real_data / "formats" / twin)["rows"]
        assert (again["created"], again["updated"]) == (0, 0)


def test_runs_of_nul_characters_and_windows_line_ends_do_no_harm(desk, real_data):
    import_twice_and_check(desk, real_data / "formats" / "湖北_nul_run_crlf.csv")


def test_codes_that_a_spreadsheet_destroyed_are_refused_and_never_guessed(desk, real_data):
    path = real_data / "formats" / "浙江_excel_mangled_DERIVED.csv"
    job = import_twice_and_check(desk, path)
    mangled = sum("E+" in row[1] for row in plain_rows(path))
    told = [message for message in desk.refusals(job["id"]).values() if "当作数字保存" in message]
    assert mangled == len(told) > 0


def test_a_newer_snapshot_adds_its_new_rows_and_changes_nothing_else(desk, real_data):
    folder = real_data / "reimport_2002"
    older = expected_of(plain_rows(folder / "snapshot_2019-06.csv"))
    newer = expected_of(plain_rows(folder / "snapshot_2020-02.csv"))
    desk.run_file("enterprises", folder / "snapshot_2019-06.csv")

    job = desk.run_file("enterprises", folder / "snapshot_2020-02.csv")

    check(job, newer, set(older.codes))
    assert job["rows"]["updated"] == 0
    assert codes_in_registry(desk) == set(older.codes | newer.codes)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_tail_of_broken_characters_damages_nothing(desk, real_data):
    folder = real_data / "reimport_2002"
    desk.run_file("enterprises", folder / "snapshot_2020-02.csv")
    before = desk.registry.rows("SELECT seq FROM ledger_head")

    job = desk.run_file("enterprises", folder / "snapshot_2019-06_mojibake_tail.csv")

    assert job["status"] == "done"
    assert job["rows"] == {"read": 428, "created": 0, "updated": 0, "unchanged": 0, "refused": 428}
    assert all("文字已损坏" in message for message in desk.refusals(job["id"]).values())
    assert desk.registry.rows("SELECT seq FROM ledger_head") == before


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_shifted_columns_are_left_aside_and_the_sure_ones_taken(desk, real_data):
    path = real_data / "enterprises_misaligned_rows.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    job = desk.run_file("enterprises", path)

    check(job, expected_of(rows, column=4), set())
    assert [each["field"] for each in job["columns"]["recognised"]] == ["name", "uscc", "registered_on"]
    assert "第4列(企业类型)" in job["columns"]["unknown"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_divisions_are_made_with_all_above_them(desk, real_data):
    desk.run_file("enterprises", real_data / "enterprises" / "浙江.csv")
    orphans = desk.registry.rows(
        "SELECT code FROM divisions d WHERE parent IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM divisions p WHERE p.code = d.parent)"
    )
    tops = desk.registry.rows("SELECT level FROM divisions WHERE parent IS NULL")
    levels = desk.registry.rows(
        "SELECT level, count(*) FROM enterprises e JOIN divisions d ON d.code = e.division GROUP BY level"
    )
    shares = {row[0]: row[1] for row in levels}
    assert orphans == []
    assert {row[0] for row in tops} == {"province"}
    assert shares["town"] > 0.3 * sum(shares.values())
    assert shares["county"] + shares["town"] > 0.75 * sum(shares.values())

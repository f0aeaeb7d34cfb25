"""The same answer in the forms that other programs read: each is read by a reader of its own, cell by cell."""

import csv
import io
import itertools
import json
import random
import subprocess
import sys
from decimal import Decimal

import duckdb
import openpyxl
import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from reporting.world import TOWN_A, TOWN_B, World

SHARES = ("organization_coverage", "staff100_with_organization_rate")
COUNT = "enterprise_count"
MEASURES = [*SHARES, COUNT]


@pytest.fixture
def grown(world: World) -> World:
    """Let fifty enterprises more, with names that a spreadsheet would run, come in."""
    chance = random.Random(11)
    for number in range(100, 150):
        key = world.enterprise(
            number, chance.choice((TOWN_A, TOWN_B)), staff=chance.choice((5, 60, 200)),
            responsible_unit=chance.choice(("unt-a", "unt-b", None)),
        )  # fmt: skip
        if chance.random() < 0.4:
            world.branch(f"pty-{number}", [key])
    world.record("unit", "unt-a", name="=1+1甲镇", kind="township", parent="unt-county", division=TOWN_A)
    world.sync()
    return world


def ask(world: World, form: str, by=(), **headers):
    answer = world.client.get(
        "/v1/statistics",
        params={"measure": MEASURES, "by": list(by), "format": form},
        headers={**world.admin, **headers},
    )
    assert answer.status_code == 200, answer.text
    screen = world.client.get(answer.headers["heli-permalink"], headers=world.admin).json()
    return answer, screen


def cells(by, row):
    """Return the cells of a line of the screen, in the flat form that programs are given."""
    flat = {f"{name}_{part}": row[name][part] for name in by for part in ("code", "name")} if by else {}
    for measure in SHARES:
        value = row[measure]["value"]
        flat[measure] = None if value is None else Decimal(value)
        flat |= {f"{measure}_{part}": row[measure][part] for part in ("numerator", "denominator")}
    return flat | {COUNT: row[COUNT]["value"]}


def of_screen(screen, by):
    names = [each.split(":")[0] for each in by]
    total = cells([], screen["total"])
    return [cells(names, row) for row in screen["rows"]] if by else [total], total


def exact(value):
    return Decimal(str(value)) if isinstance(value, float) else value


CASES = [(), ("division:town",), ("unit",), ("division:town", "unit")]


@pytest.mark.parametrize("by", CASES)
def test_rows_are_the_screens_with_numbers_as_numbers(grown: World, by):
    answer, screen = ask(grown, "rows", by)
    lines, total = of_screen(screen, by)
    found = answer.json()

    assert [{name: exact(value) for name, value in row.items()} for row in found["rows"]] == lines
    assert {name: exact(value) for name, value in found["total"].items()} == total
    assert [each["name"] for each in found["columns"]] == list(lines[0])
    assert found["passport"] == screen["passport"]
    assert all(isinstance(row[COUNT], int) for row in found["rows"])


@pytest.mark.parametrize("by", CASES)
def test_a_dataset_goes_into_a_chart_as_it_is(grown: World, by):
    answer, screen = ask(grown, "echarts", by)
    dataset = answer.json()["dataset"]
    names = [each["name"] for each in dataset["dimensions"]]

    assert [{n: exact(v) for n, v in zip(names, row, strict=True)} for row in dataset["source"]] == of_screen(
        screen, by
    )[0]
    assert {each["type"] for each in dataset["dimensions"]} >= {"float", "int"}


@pytest.mark.parametrize("by", CASES[1:])
def test_a_workbook_holds_the_screens_figures_and_no_formula(grown: World, by):
    answer, screen = ask(grown, "xlsx", by)
    lines, total = of_screen(screen, by)
    head, *rows, last = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("统计").to_python()

    def read(row):
        return ["" if value == "" else value for value in row]

    wanted = [
        [("" if v is None else float(v) if isinstance(v, Decimal | int) else v) for v in each.values()]
        for each in lines
    ]
    assert [read(row) for row in rows] == wanted
    assert last[2 * len(by) :] == ["" if v is None else float(v) for v in total.values()]
    assert (last[1], head[2 * len(by)]) == ("合计", "组织覆盖率")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [c.coordinate for sheet in book for row in sheet for c in row if c.data_type == "f"] == []
    notes = dict(row[:2] for row in book["说明"].values)
    assert (notes["数字指纹"], notes["统计截至"]) == (screen["passport"]["digest"], screen["passport"]["on"])
    known = screen["passport"]["known_at"]
    assert notes["依据的台账序号"] == f"登记服务 {known['registry']}, 考核服务 {known['assessment']}"
    assert notes["数据是否过时"] == "否"
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize("by", CASES)
def test_parquet_is_read_by_another_engine(grown: World, by, tmp_path):
    answer, screen = ask(grown, "parquet", by)
    (tmp_path / "a.parquet").write_bytes(answer.content)
    found = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "a.parquet")])
    names = [each[0] for each in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    lines, total = of_screen(screen, by)

    assert rows == lines
    for measure in SHARES:
        for part in ("numerator", "denominator"):
            assert sum(row[f"{measure}_{part}"] for row in rows) == total[f"{measure}_{part}"]


def test_arrow_carries_types_total_and_passport(grown: World):
    by = ("division:town", "unit")
    answer, screen = ask(grown, "arrow", by)
    table = pa.ipc.open_stream(answer.content).read_all()
    lines, total = of_screen(screen, by)

    assert table.to_pylist() == lines
    assert table.schema.field("organization_coverage").type == pa.decimal128(7, 4)
    told = {name.decode(): json.loads(text) for name, text in table.schema.metadata.items()}
    assert {name: exact(value) for name, value in told["heli.total"].items()} == total
    assert told["heli.passport"] == screen["passport"]


@pytest.mark.parametrize("by", CASES)
def test_json_stat_places_every_value_where_its_categories_say(grown: World, by):
    answer, screen = ask(grown, "jsonstat", by)
    found = answer.json()
    ids, sizes = found["id"], found["size"]

    assert (found["version"], found["class"]) == ("2.0", "dataset")
    assert [len(found["dimension"][name]["category"]["index"]) for name in ids] == sizes
    # As the standard says it: the position is counted with the last dimension moving fastest.
    read = {}
    for codes in itertools.product(*(found["dimension"][name]["category"]["index"] for name in ids)):
        place = 0
        for name, size, code in zip(ids, sizes, codes, strict=True):
            place = place * size + found["dimension"][name]["category"]["index"].index(code)
        if str(place) in found["value"]:
            read[codes[:-1]] = exact(found["value"][str(place)])
    names = [each.split(":")[0] for each in by]
    wanted = {}
    for row in screen["rows"] if by else [screen["total"]]:
        codes = tuple(row[name]["code"] or "_U" for name in names)
        for name, value in cells([], row).items():
            metric = name.replace("_numerator", ".numerator").replace("_denominator", ".denominator")
            if value is not None:
                wanted[(*codes, metric)] = value
    assert read == wanted
    assert found["role"].get("geo", []) == (["division"] if "division" in names else [])
    assert found["extension"]["total"] == screen["total"]


@pytest.mark.parametrize("by", CASES)
def test_sdmx_has_one_line_an_observation_and_the_totals_under_their_code(grown: World, by):
    answer, screen = ask(grown, "sdmx-csv", by)
    assert answer.headers["content-type"] == "application/vnd.sdmx.data+csv; version=2.0.0"
    found = list(csv.DictReader(io.StringIO(answer.content.decode())))
    names = [each.split(":")[0] for each in by]

    wanted = []
    lines = [([row[name]["code"] or "_U" for name in names], row) for row in screen["rows"]]
    for codes, row in [*lines, (["_T"] * len(names), screen["total"])]:
        for measure in MEASURES:
            cell = row[measure]
            wanted.append(
                {
                    "STRUCTURE": "dataflow", "STRUCTURE_ID": "HELI:STATISTICS(1.0)", "ACTION": "I", "MEASURE": measure,
                    **{name.upper(): code for name, code in zip(names, codes, strict=True)},
                    "TIME_PERIOD": "2026-07-01",
                    "OBS_VALUE": "" if cell["value"] is None else str(cell["value"]),
                    "NUMERATOR": str(cell.get("numerator", "")), "DENOMINATOR": str(cell.get("denominator", "")),
                    "OBS_STATUS": "M" if cell["value"] is None else "A",
                }
            )  # fmt: skip
    assert found == wanted


def test_a_missing_share_is_missing_in_every_form_and_never_zero(world: World):
    def answer(form):
        params = {"measure": "staff100_with_organization_rate", "division": TOWN_A, "format": form}
        return world.client.get("/v1/statistics", params=params, headers=world.admin)

    assert answer("rows").json()["total"]["staff100_with_organization_rate"] is None
    assert answer("jsonstat").json()["status"] == {"0": "zero_denominator"}
    assert ",,0,0,M" in answer("sdmx-csv").text
    table = pa.ipc.open_stream(answer("arrow").content).read_all()
    assert json.loads(table.schema.metadata[b"heli.total"])["staff100_with_organization_rate"] is None


def test_no_form_shows_more_than_the_caller_may_see(world: World):
    who = world.person("prn-a", divisions=(TOWN_A,))
    for form in ("rows", "echarts", "jsonstat", "sdmx-csv", "csv"):
        params = {"measure": COUNT, "by": "division:town", "format": form}
        told = world.client.get("/v1/statistics", params=params, headers=who).text
        assert TOWN_A in told
        assert TOWN_B not in told


def test_an_answer_as_json_loads_none_of_the_writers():
    program = (
        "import sys, heli_reporting.main;"
        "own = 'heli_reporting.statistics.formats.';"
        "print([n for n in sys.modules if n.startswith(own) and not n.endswith(('flat', 'cube'))])"
    )

    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_jsonstat_labels_are_in_the_readers_words(grown: World):
    asked = {"measure": "organization_coverage", "by": "division:town", "compare": "2026-06-30", "format": "jsonstat"}
    for language, words in (
        ("zh", {"": "组织覆盖率", ".denominator": "组织覆盖率 分母", ".change.numerator": "组织覆盖率 变化 分子"}),
        ("en", {".denominator": "Organisation coverage denominator"}),
    ):
        answer = grown.get("/v1/statistics", {**grown.admin, "Accept-Language": language}, **asked).json()
        labels = answer["dimension"]["measure"]["category"]["label"]
        assert {part: labels[f"organization_coverage{part}"] for part in words} == words

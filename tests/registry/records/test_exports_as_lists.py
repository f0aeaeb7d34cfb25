"""Exports of lists: the same rows as the list, the filters and the cursor stated, and an XLSX that goes in again."""

import csv
import io
import json
from datetime import datetime
from itertools import pairwise
from urllib.parse import parse_qsl

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from heli_registry.imports.columns import recognised_columns
from heli_registry.imports.kinds import KINDS
from heli_registry.imports.labels import field_labels
from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B, Registry
from registry.imports.conftest import Desk

NASTY = ["=1+1", "+86", "-2", "@SUM(A1)", "\u3000=3", "http://example.org", "007"]


@pytest.fixture
def busy(county: Registry) -> Registry:
    """A county with something of every kind that a list may hold."""
    county.made("/v1/zones", id="zon-1", name="城东园区", kind="park", division=TOWN_A)
    county.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    for number, name in enumerate(NASTY):
        county.made(
            "/v1/enterprises", uscc=code(number), name=name, division=TOWN_B if number % 3 else TOWN_A, staff=number,
            ownership="private" if number % 2 else "foreign", registered_on="2012-05-18", annual_revenue="21000000.50",
            has_premises=number % 2 == 0, business_scope=f"{name}、零售", zone="zon-1" if number == 3 else None,
            former_names=["甲", "乙"], owner_posts=["npc_delegate", "other"], total_assets="123456789012345.6789",
            responsible_unit="unt-b",
        )  # fmt: skip
    organization = {"kind": "branch", "setup_form": "sole", "division": TOWN_A, "acts": []}
    county.made("/v1/party-organizations", id="org-1", name="甲支部", established_on="2019-07-01", **organization)
    county.made("/v1/covers", organization="org-1", enterprise=code(3))
    county.made("/v1/mass-organizations", kind="union", name="甲工会", enterprise=code(3), members=3)
    county.made("/v1/people", id="per-1", unit="unt-a", name="王小明")
    county.made("/v1/assignments", person="per-1", role="instructor", enterprise=code(3), term_ends_on="2027-01-01")
    county.act(f"/v1/enterprises/{code(2)}/close", {"reason": "注销"})
    return county


def exported(registry: Registry, kind: str, *, by: str = "admin", **params):
    answer = registry.get(f"/v1/exports/{kind}", by=by, params=params)
    assert answer.status_code == 200, answer.text
    return answer


def sheets(answer) -> tuple[list[dict], dict[str, str]]:
    """Return the rows of an XLSX under its headers, and its notes."""
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    notes = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    return [dict(zip(head, row, strict=True)) for row in rows], notes


def listed(registry: Registry, kind: str, **params) -> dict:
    return registry.get(f"/v1/{kind}", params={"limit": 1000, **params}).json()


QUESTIONS = [
    {},
    {"ownership": "private"},
    {"ownership": "private", "on": "2026-07-01"},
    {"state": "closed"},
    {"division": TOWN_B},
    {"division": COUNTY, "state": "open", "ownership": "foreign"},
    {"q": "1"},
    {"on": "2012-05-17"},
]


@pytest.mark.parametrize("asked", QUESTIONS, ids=str)
def test_every_form_of_an_export_has_the_rows_of_the_list(busy, asked):
    known = set(busy.get("/v1/enterprises", params=asked).json())
    if "items" not in known:
        asked = {name: value for name, value in asked.items() if name not in ("q", "division")}
    page = listed(busy, "enterprises", **asked)
    keys = [each["uscc"] for each in page["items"]]
    lines = exported(busy, "enterprises", format="ndjson", **asked)
    text = exported(busy, "enterprises", format="csv", **asked).content.decode("utf-8-sig")
    arrow = pa.ipc.open_stream(exported(busy, "enterprises", format="arrow", **asked).content).read_all()
    parquet = pq.read_table(io.BytesIO(exported(busy, "enterprises", format="parquet", **asked).content))
    rows, notes = sheets(exported(busy, "enterprises", format="xlsx", **asked))

    assert [json.loads(line) for line in lines.text.splitlines()] == page["items"]
    assert [row["uscc"] for row in csv.DictReader(io.StringIO(text))] == keys
    assert arrow.column("uscc").to_pylist() == parquet.column("uscc").to_pylist() == keys
    assert [row["统一社会信用代码"] for row in rows] == keys
    assert (notes["行数"], len(keys)) == (str(page["total"]), page["total"])
    filters = {name: value for name, value in asked.items() if name != "on"}
    assert dict(parse_qsl(lines.headers.get("heli-filters", ""))) == filters
    assert dict(parse_qsl(arrow.schema.metadata[b"heli.filters"].decode())) == filters
    assert parquet.schema.metadata[b"heli.known_at"].decode() == lines.headers["heli-known-at"] == notes["台账序号"]
    assert arrow.schema.metadata.get(b"heli.on", b"").decode() == asked.get("on", "")


def test_an_xlsx_says_what_it_is(busy):
    answer = exported(busy, "enterprises", format="xlsx", ownership="private", on="2026-06-30")
    rows, notes = sheets(answer)
    assert notes == {
        "内容": "企业（enterprises）",
        "导出时间": "2026-07-01 10:30:00（北京时间）",
        "截至日期": "2026-06-30",
        "台账序号": answer.headers["heli-known-at"],
        "台账期次": answer.headers["heli-epoch"],
        "筛选条件": "所有制 = private",
        "口径": "导出人管辖范围内、符合筛选条件的全部记录；未筛选“记录状态”时包括已关闭的记录。",
        "再导入": "本表可以原样导入：只更新有改动的单元格；留空不改动，填“清空”则清除。",
        "不导入的列": "记录状态、关闭日期、关闭原因、版本。",
        "行数": str(len(rows)),
    }
    assert answer.headers["heli-on"] == "2026-06-30"
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_cells_are_what_they_are_and_never_a_formula(busy):
    book = openpyxl.load_workbook(io.BytesIO(exported(busy, "enterprises", format="xlsx").content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    rows, _ = sheets(exported(busy, "enterprises", format="xlsx"))
    row = next(each for each in rows if each["统一社会信用代码"] == code(3))
    told = {
        name: row[name] for name in ("企业名称", "所属乡镇", "从业人数", "所有制", "注册日期", "有固定场所", "曾用名")
    }
    assert told == {
        "企业名称": "@SUM(A1)", "所属乡镇": TOWN_A, "从业人数": 3, "所有制": "私营", "有固定场所": "否",
        "注册日期": datetime.fromisoformat("2012-05-18T00:00:00"), "曾用名": "甲、乙",
    }  # fmt: skip
    assert (row["年营业收入（元）"], row["资产总额（元）"]) == (21000000.5, "123456789012345.6789")
    assert row["记录状态"] == "在册"


@pytest.mark.parametrize("plural", sorted(KINDS))
def test_headers_of_an_export_are_columns_of_an_import(plural):
    labels = field_labels(plural)
    kind = KINDS[plural]
    header = [labels[kind.key], *(label for name, label in labels.items() if name != kind.key)]
    found = recognised_columns(kind, header)
    for name, place in found.places.items():
        assert labels.get(name) == header[place], name
    mine = {each.name for each in kind.fields}
    assert set(found.places) == mine
    assert all(first != second for first, second in pairwise(sorted(labels.values())))


@pytest.mark.parametrize(
    "plural",
    [
        "divisions",
        "zones",
        "units",
        "enterprises",
        "party-organizations",
        "covers",
        "mass-organizations",
        "assignments",
    ],
)
def test_an_exported_list_goes_in_again_and_changes_nothing(busy, plural):
    before = busy.rows("SELECT seq FROM ledger_head")
    answer = exported(busy, plural, format="xlsx")
    desk = Desk(busy)
    job = desk.run(plural, answer.content, f"{plural}.xlsx")
    total = listed(busy, plural)["total"]
    assert (job["rows"]["read"], job["rows"]["unchanged"]) == (total, total), desk.refusals(job["id"])
    assert total
    assert busy.rows("SELECT seq FROM ledger_head") == before


def test_exports_are_cut_to_the_scope_and_refuse_unknown_filters(busy):
    rows, _ = sheets(exported(busy, "enterprises", format="xlsx", by="clerk_a"))
    assert {row["所属乡镇"] for row in rows} == {TOWN_A}
    assert busy.get("/v1/exports/enterprises", params={"colour": "red"}).status_code == 400
    assert busy.get("/v1/exports/enterprises", params={"ownership": "red"}).status_code in {400, 422}
    assert busy.get("/v1/exports/ledger", params={"format": "xlsx"}).status_code in {400, 422}
    assert busy.get("/v1/exports/nothing").status_code == 404


def test_another_filter_is_another_etag(busy):
    tags = {
        exported(busy, "enterprises", **asked).headers["etag"] for asked in ({}, {"state": "open"}, {"state": "closed"})
    }
    assert len(tags) == 3

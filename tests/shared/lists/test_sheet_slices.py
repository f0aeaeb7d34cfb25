"""A large workbook read in slices gives the cells that the reader of whole sheets gives."""

import io
import random
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from heli_shared.lists import sheet_slices
from heli_shared.lists.sheet_slices import NotSliceableError, SlicedWorkbook
from heli_shared.lists.workbook_worker import rows_of_slices

MORNING = datetime.fromisoformat("2012-05-18T07:08:09")


def bare(rows) -> list[list]:
    """Return rows without empty cells at their ends, and without empty rows at the end."""
    found = []
    for row in rows:
        kept = list(row)
        while kept and kept[-1] == "":
            kept.pop()
        found.append(kept)
    while found and not found[-1]:
        found.pop()
    return found


def whole(content: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: bare(book.get_sheet_by_name(name).iter_rows()) for name in book.sheet_names}


def sliced(content: bytes) -> dict[str, list[list]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: bare(rows_of_slices(slices)) for name, slices in SlicedWorkbook(archive).sheets()}


def random_cell(chance: random.Random):
    return chance.choice(
        [
            None, "", "甲", "私营", "=x", " 留 白 ", "a&b<c>\"'", "_x000D_", "行\n列", chance.random(), 10**6,
            str(chance.randrange(10**6)), True, False, date(2012, 5, 18), MORNING, time(3, 4, 5),
            timedelta(hours=30), -1.5e-7, 10**14, "91990121MA0000001R", "文" * chance.randrange(40),
        ]
    )  # fmt: skip


def made_by_openpyxl(chance: random.Random, rows: int) -> bytes:
    book = openpyxl.Workbook()
    for number in range(2):
        sheet = book.active if number == 0 else book.create_sheet("二")
        for row in range(1, rows):
            for column in range(1 + chance.randrange(2), chance.randrange(2, 9)):
                if chance.random() < 0.8 and row % 7:
                    sheet.cell(row, column, random_cell(chance))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def made_by_xlsxwriter(chance: random.Random, rows: int) -> bytes:
    target = io.BytesIO()
    options = {"date_1904": chance.random() < 0.5, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    options |= {"in_memory": True, "constant_memory": chance.random() < 0.5, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("名单")
        for row in range(chance.randrange(3), rows):
            for column in range(chance.randrange(3), 8):
                value = random_cell(chance)
                if value is not None:
                    sheet.write(row, column, value)
        book.add_worksheet("空表")
    return target.getvalue()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("make", [made_by_openpyxl, made_by_xlsxwriter])
def test_slices_hold_what_the_whole_sheet_holds(monkeypatch, seed, make):
    monkeypatch.setattr(sheet_slices, "_SLICE", 3_000)
    monkeypatch.setattr(sheet_slices, "_HEAD", 2_000)
    monkeypatch.setattr(sheet_slices, "_BLOCK", 700)
    content = make(random.Random(seed), 60)
    assert sliced(content) == whole(content)


def shared_texts() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        for row in range(30):
            sheet.write_row(row, 0, [f"甲{row % 5}", row, "乙"])
    return target.getvalue()


def edited(content: bytes, **parts) -> bytes:
    """Return a workbook with some of its parts passed through a function."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            change = parts.get(name.rsplit("/", 1)[-1].split(".")[0], lambda data: data)
            made.writestr(name, change(source.read(name)))
    return target.getvalue()


def test_single_quotes_and_odd_order_of_attributes_are_read():
    content = shared_texts()
    odd = edited(content, sheet1=lambda data: data.replace(b' t="s"', b" t='s' cm=\"0\""))
    assert b" t='s'" in zipfile.ZipFile(io.BytesIO(odd)).read("xl/worksheets/sheet1.xml")
    assert sliced(odd) == whole(content)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"<sheetData>", b"<sheetdata>"),
        lambda data: data.replace(b"</row>", b"</ROW>").replace(b"</sheetData>", b""),
        lambda data: data.replace(b' t="s"', b'  t="s"  s="0" ').replace(b"<v>", b"<v >"),
    ],
)
def test_what_is_laid_out_in_another_way_is_left_to_the_other_reader(change):
    content = edited(shared_texts(), sheet1=change)
    with pytest.raises(NotSliceableError):
        sliced(content)


def test_the_real_workbooks_read_the_same_in_slices(real_data, monkeypatch):
    monkeypatch.setattr(sheet_slices, "_SLICE", 200_000)
    files = sorted(real_data.rglob("*.xlsx"))[:8]
    for file in files:
        content = file.read_bytes()
        assert sliced(content) == whole(content), file.name

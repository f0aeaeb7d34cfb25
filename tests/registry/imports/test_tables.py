"""Files of every make: each data row comes out with the number a spreadsheet shows, or the file is refused."""

import io
import random
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from heli_registry.imports.columns import folded_header, recognised_columns
from heli_registry.imports.kinds import DAY, KINDS, choice_words, column_names
from heli_registry.imports.tables import open_table
from heli_registry.resources import PLAIN_RESOURCES
from heli_shared.kernel.errors import DomainError, InvalidInput, TooLarge
from heli_shared.lists.limits import Limits

ENTERPRISES = KINDS["enterprises"]
HEADER = ["企业名称", "统一社会信用代码", "注册地址"]
CODE = "91330482146644917F"
RESOURCES = {each.kind.plural: each.kind for each in PLAIN_RESOURCES}


def read(tmp_path, content, *, name="list", kind=ENTERPRISES, limits=None):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    table = open_table(path, kind, limits=limits or Limits(), chunk_rows=3)
    numbers, rows, misfits = [], [], []
    for chunk in table.chunks:
        numbers += chunk.numbers
        rows += chunk.rows
        misfits += chunk.misfits
    return table.columns, numbers, rows, misfits


def workbook(rows, *, before=()):
    book = openpyxl.Workbook()
    for other in before:
        book.create_sheet(other)["A1"] = "填表说明"
    page = book.create_sheet("名单")
    for row in rows:
        page.append(row)
    del book["Sheet"]
    return saved(book)


def saved(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "企业名称,统一社会信用代码,注册地址\n甲厂,1,路\n",
        "\ufeff企业名称,统一社会信用代码,注册地址\r\n甲厂,1,路\r\n",
        "企业名称;统一社会信用代码;注册地址\n甲厂;1;路",
        '"企业名称"\t"统一社会信用代码"\t"注册地址"\n"甲厂"\t"1"\t"路"\n',
        "企业名称,统一社会信用代码,注册地址\n\x00\x00\x00甲厂,1,路\n".encode(),
        "企业名称,统一社会信用代码,注册地址\n甲厂,1,路\n".encode("gb18030"),
        "企业名称\t统一社会信用代码\t注册地址\n甲厂\t1\t路\n".encode("utf-16"),
        "企业名称,统一社会信用代码,注册地址\n甲厂,1,路,,\n",
    ],
)
def test_text_tables_of_every_make_are_one_table(tmp_path, content):
    columns, numbers, rows, misfits = read(tmp_path, content)
    assert columns.places == {"name": 0, "uscc": 1, "address": 2}
    assert (numbers, rows, misfits) == ([2], [["甲厂", "1", "路"]], [])


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path):
    content = '某县企业名单,,\n企业名称,统一社会信用代码,注册地址\n\n甲厂,1,"上海\n北路"\n,,\n乙厂,2,路\n'
    _, numbers, rows, _ = read(tmp_path, content)
    assert list(zip(numbers, rows, strict=True)) == [(4, ["甲厂", "1", "上海\n北路"]), (6, ["乙厂", "2", "路"])]


def test_a_row_with_the_wrong_number_of_cells_is_a_refused_row(tmp_path):
    _, numbers, _, misfits = read(tmp_path, "企业名称,统一社会信用代码,注册地址\n甲厂,1,路\n乙,厂,2,路\n丙厂,3\n")
    assert numbers == [2]
    assert [(number, why.zh[:8]) for number, why in misfits] == [(3, "本行有4个单元格"), (4, "本行有2个单元格")]


def test_a_stray_quote_swallows_no_rows(tmp_path):
    rows = "".join(f"厂{number},{number},路\n" for number in range(3, 12))
    _, numbers, good, misfits = read(tmp_path, f'企业名称,统一社会信用代码,注册地址\n"甲厂,2,路\n{rows}')
    assert len(numbers) + len(misfits) == 10
    assert [row[0] for row in good][-1] == "厂11"


def test_workbooks_are_read_by_their_first_sheet_that_is_such_a_list(tmp_path):
    content = workbook(
        [["名单", "", ""], HEADER, ["甲厂", CODE, "路1号"], ["乙厂", 913304821466449170, "路"]], before=["说明"]
    )
    columns, numbers, rows, _ = read(tmp_path, content)
    assert columns.places == {"name": 0, "uscc": 1, "address": 2}
    assert numbers == [3, 4]
    assert rows[0] == ["甲厂", CODE, "路1号"]
    assert isinstance(rows[1][1], float)


def test_json_lists_come_as_an_array_or_under_one_key(tmp_path):
    for content in (
        '[{"uscc": "1", "name": "甲"}, {"uscc": "2"}, 3]',
        '{"erDataList": [{"uscc":"1"},{"uscc":"2"},[]]}',
    ):
        columns, numbers, rows, misfits = read(tmp_path, content)
        assert numbers == [1, 2]
        assert [row[columns.places["uscc"]] for row in rows] == ["1", "2"]
        assert [number for number, _ in misfits] == [3]


def test_a_list_without_a_header_is_recognised_by_what_stands_in_it(tmp_path):
    columns, numbers, _, _ = read(tmp_path, f"甲机械有限公司,某路1号,{CODE},2002-07-24,其他\n" * 5)
    assert columns.places == {"uscc": 2, "registered_on": 3, "name": 0}
    assert numbers == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "content",
    ["a,b\n1,2\n", b"%PDF-1.7", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04....", b"\xd0\xcf\x11\xe0", "{}", "[", "[[[",
     b"\x00" * 100, "\n\n", '{"a": [1], "b": [2]}', b"\xff\xfe", b"\xff\xfea", "企业名称\n"],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_a_reason(tmp_path, content):
    with pytest.raises(DomainError) as caught:
        read(tmp_path, content)
    assert caught.value.zh
    assert caught.value.en


def test_a_missing_key_column_names_the_columns_seen(tmp_path):
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path, "序号,单位\n1,甲\n")
    assert "统一社会信用代码" in caught.value.zh
    assert "序号、单位" in caught.value.zh


def test_an_archive_that_inflates_beyond_bounds_is_refused_unread(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(TooLarge):
        read(tmp_path, target.getvalue())


def test_a_cell_in_the_far_corner_ends_the_reader_and_not_the_service(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.cell(1_048_576, 16_384, "x")
    with pytest.raises((TooLarge, InvalidInput)):
        read(tmp_path, saved(book), limits=Limits(worker_memory_bytes=400_000_000))


def test_a_sheet_in_slices_is_bounded_while_it_is_read(tmp_path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["统一社会信用代码", "企业名称"])
        text = "文" * 900
        for row in range(1, 24_000):
            sheet.write_row(row, 0, [f"{row}", text + str(row)])
    table = open_table(path, KINDS["enterprises"])
    assert sum(len(chunk.rows) for chunk in table.chunks) == 23_999
    with pytest.raises(TooLarge):
        for _ in open_table(path, KINDS["enterprises"], limits=Limits(cells=20_000)).chunks:
            pass


def test_too_many_rows_are_refused(tmp_path):
    with pytest.raises(TooLarge):
        read(tmp_path, "企业名称,统一社会信用代码\n" + "甲,1\n" * 20, limits=Limits(rows=10))


CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r\n\"'"), max_size=6).map(str.strip)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(CELL, CELL), max_size=12), st.integers(0, 2**32))
def test_every_row_of_any_table_is_accounted_for(tmp_path_factory, rows, seed):
    import csv

    target = io.StringIO()
    writer = csv.writer(target, quoting=random.Random(seed).choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer.writerow(["企业名称", "统一社会信用代码"])
    writer.writerows(("甲", *row[:1]) for row in rows)
    _, numbers, found, misfits = read(tmp_path_factory.mktemp("any"), target.getvalue())
    assert (numbers, misfits) == (list(range(2, len(rows) + 2)), [])
    assert [row[1] for row in found] == [row[0] for row in rows]


@pytest.mark.parametrize("plural", sorted(KINDS))
def test_the_fields_of_lists_are_those_of_the_records(plural):
    kind, record = KINDS[plural], RESOURCES[plural]
    hints = {each.name for each in kind.fields if each.type == "hint"}
    names = {each.name for each in kind.fields} - hints - {DAY}
    assert names == {each.name for each in record.fields} | {record.key}
    assert kind.entity == record.entity
    required = {each.name for each in record.fields if each.required}
    given = {each.name for each in kind.fields if each.needed_for_new or each.required}
    assert required - given <= {"division", "level"}  # found by the importer where the list has none
    for each in kind.fields:
        if each.choices:
            assert set(choice_words()[each.choices]) == set(record.by_name[each.name].choices), each.name


@pytest.mark.parametrize("plural", sorted(KINDS))
def test_each_name_of_a_column_stands_for_one_field(plural):
    seen: dict[str, str] = {}
    for field, labels in column_names()[plural].items():
        KINDS[plural].field(field)
        for label in (field, *labels):
            assert seen.setdefault(folded_header(label), field) == field, label


def test_headers_are_folded_and_units_kept():
    columns = recognised_columns(
        ENTERPRISES, ["统一社会\n信用代码", " 企业名称 ", "年营业收入（万元）", "fullMembers", "备注", "名称"]
    )
    assert columns.places == {"uscc": 0, "name": 1, "annual_revenue": 2, "full_members": 3}
    assert columns.units["annual_revenue"] == "万元"
    assert columns.unknown == ("备注", "名称")

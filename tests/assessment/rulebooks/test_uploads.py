"""Bad rulebooks are refused with line, column and pointer; nothing is guessed."""

import pytest

from heli_assessment.rulebooks.reading import text_of
from heli_assessment.rulebooks.uploading import check_upload
from heli_shared.kernel.errors import BadRequest, InvalidInput, TooLarge

GOOD = """\
id: small
title: 小
subject_kind: department
effective_from: 2026-01-01
basis: {document: 试}
maximum: 10
parts:
  - id: p
    title: 部
    kind: common
    maximum: 10
    items:
      - id: x
        title: 项
        maximum: 10
        basis: {document: 试, clause: 一}
        rule: {kind: missing_count, measure: meetings, target: 4, points: 2.5}
        missing: range
grades:
  - {title: 差, below: 6}
  - {title: 好, at_least: 6}
cases:
  - {title: 例, values: {meetings: 3}, expect: {items: {x: 7.5}, score: 7.5, grade: 好}}
"""


def problems_of(text, *, is_json=False):
    with pytest.raises(InvalidInput) as caught:
        check_upload(text, is_json=is_json)
    return [(each.pointer, each.zh) for each in caught.value.errors]


def test_the_small_book_is_good():
    assert check_upload(GOOD, is_json=False).warnings == ()


@pytest.mark.parametrize(
    ("old", "new", "pointer", "words"),
    [
        ("maximum: 10\nparts", "maximum: 十分\nparts", "/maximum", "第 6 行第 10 列：应为小数"),
        ("points: 2.5", "points: '2.5分'", "/parts/0/items/0/rule/points", "应为小数"),
        ("points: 2.5", "points: .nan", "/parts/0/items/0/rule/points", "普通小数"),
        ("points: 2.5", "points: .inf", "/parts/0/items/0/rule/points", "普通小数"),
        ("points: 2.5", "points: 1.0e+3", "/parts/0/items/0/rule/points", "普通小数"),
        ("points: 2.5", "points: 0x10", "/parts/0/items/0/rule/points", "普通小数"),
        ("points: 2.5", "points: 999999999999", "/parts/0/items/0/rule/points", "应在 0 与 1000 之间"),
        ("points: 2.5", "points: 2.555", "/parts/0/items/0/rule/points", "最多 2 位小数"),
        ("points: 2.5", "points: 0", "/parts/0/items/0/rule/points", "应大于 0"),
        ("points: 2.5", "points: [2.5]", "/parts/0/items/0/rule/points", "应为小数"),
        ("target: 4", "target: yes", "/parts/0/items/0/rule/target", "应为小数"),
        ("measure: meetings", "measure: meeting", "/parts/0/items/0/rule", "是否为“meetings”"),
        ("kind: missing_count", "kind: python", "/parts/0/items/0/rule", "规则种类应为以下之一"),
        ("missing: range", "mising: range", "/parts/0/items/0/mising", "没有这个字段"),
        ("2026-01-01", "2026-02-30", "/effective_from", "应为日期"),
        ("subject_kind: department", "subject_kind: planet", "/subject_kind", "'department'"),
        ("title: 小", "title: 小\ntitle: 大", "/title", "重复出现"),
        ("x: 7.5}", "x: 8}", "/cases/0/expect/items/x", "应为 8，实际为 7.50"),
        ("at_least: 6", "at_least: 7", "/grades/1", "空档：从 6 到 7"),
        ("at_least: 6", "at_least: 5", "/grades/1", "区间重叠"),
        ("basis: {document: 试}\nmax", "max", "/basis", "缺少依据"),
        ("maximum: 10\n    items", "maximum: 9\n    items", "/parts/0/maximum", "各项满分之和为 10"),
    ],
)
def test_a_fault_is_named_with_its_place(old, new, pointer, words):
    assert GOOD.count(old) == 1
    found = problems_of(GOOD.replace(old, new))
    assert any(where == pointer and words in zh for where, zh in found), found
    assert all(zh.startswith("第 ") for _, zh in found)


def test_items_must_not_be_empty():
    text = GOOD[: GOOD.index("    items:")] + "    items: []\ngrades: [{title: 好}]\n"
    assert [pointer for pointer, _ in problems_of(text)] == ["/parts/0/items"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: [1, 2", "YAML 语法错误"),
        ("id: a\n\tb: c", "YAML 语法错误"),
        ("", "内容为空"),
        ("a: &x 1\nb: *x", "锚点和别名"),
        ("a: !!python/object:os.system 1", "不允许使用标签"),
        ("[" * 40 + "]" * 40, "嵌套超过 16 层"),
        ("just text", "最外层应为对象"),
        ("id: a\x00b", "不允许的字符"),
        ('id: "a\\0b"', "不允许的字符"),
        ("? [a]\n: 1", "名称应为文字"),
    ],
)
def test_broken_yaml_is_refused(text, words):
    assert words in problems_of(text)[0][1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"id": ', "不是有效的 JSON"),
        ('{"maximum": NaN}', "普通小数"),
        ('{"maximum": 1e400}', "普通小数"),
        ('{"id": "a", "id": "b"}', "重复的名称"),
        ('{"id": "\\ud800"}', "不允许的字符"),
        ("[" * 100_000, "嵌套过深"),
        ("[" * 30 + "]" * 30, "嵌套超过 16 层"),
        ("12", "最外层应为对象"),
    ],
)
def test_broken_json_is_refused(text, words):
    assert words in problems_of(text, is_json=True)[0][1]


def test_a_body_is_bounded_and_utf8():
    with pytest.raises(TooLarge):
        text_of(b"#" * 300_000)
    with pytest.raises(BadRequest):
        text_of("标题".encode("gbk"))


def test_a_book_without_a_basis_for_an_item_is_refused():
    text = GOOD.replace("        basis: {document: 试, clause: 一}\n", "")
    assert [pointer for pointer, _ in problems_of(text)] == ["/parts/0/items/0/basis"]

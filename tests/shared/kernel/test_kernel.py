"""The pure building blocks: ids, pages, division codes, text, languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli_shared.kernel.divisions import LEVELS, ancestors, level_of, padded, significant
from heli_shared.kernel.errors import BadRequest
from heli_shared.kernel.ids import new_id
from heli_shared.kernel.pages import decode_cursor, encode_cursor
from heli_shared.kernel.text import folded, trimmed
from heli_shared.web.languages import prefers_english


def test_ids_are_readable_and_never_repeat():
    made = [new_id("org") for _ in range(2_000)]
    assert len(set(made)) == len(made)
    assert all(len(each) == 30 and each.startswith("org-") for each in made)


def test_ids_of_later_times_sort_later():
    earlier = new_id("org")
    while (later := new_id("org"))[:14] == earlier[:14]:
        continue
    assert later > earlier


@given(st.lists(st.one_of(st.integers(), st.text(alphabet="abc甲乙-_ ", min_size=1)), min_size=1, max_size=3))
def test_a_cursor_comes_back_as_it_was(parts):
    assert decode_cursor(encode_cursor(*parts), *(type(part) for part in parts)) == parts


@given(st.text(max_size=40))
def test_a_foreign_cursor_is_refused_and_breaks_nothing(text):
    with pytest.raises(BadRequest):
        decode_cursor(text, str, str, str)


@pytest.mark.parametrize(
    ("code", "level", "above"),
    [
        ("990000000000", "province", []),
        ("990100000000", "city", ["990000000000"]),
        ("990121000000", "county", ["990000000000", "990100000000"]),
        ("990121101000", "town", ["990000000000", "990100000000", "990121000000"]),
        ("990121101203", "village", ["990000000000", "990100000000", "990121000000", "990121101000"]),
    ],
)
def test_division_codes_nest_by_their_digits(code, level, above):
    assert level_of(code) == level
    assert ancestors(code) == above
    assert padded(significant(code)) == code
    assert LEVELS.index(level) == len(above)


@pytest.mark.parametrize("text", ["", "1", "123", "99012110", "99012110100０", "9901211010001", "abcdef"])
def test_what_is_no_division_code_is_refused(text):
    with pytest.raises(ValueError, match="not a division code"):
        padded(text)


def test_text_is_compared_without_width_case_and_spaces():
    assert folded("（０５）　Ａbc 公司") == folded("(05)aBC公司")
    assert trimmed("\u3000 甲 \u00a0 公司　") == "甲 公司"


@pytest.mark.parametrize(
    ("header", "english"),
    [
        (None, False), ("", False), ("zh-CN,zh;q=0.9,en;q=0.8", False), ("en", True), ("en-GB,en;q=0.9,zh;q=0.5", True),
        ("fr", False), ("en;q=x", False), ("zh;q=0.1,en;q=0.2", True),
    ],
)  # fmt: skip
def test_chinese_unless_english_is_preferred(header, english):
    assert prefers_english(header) is english

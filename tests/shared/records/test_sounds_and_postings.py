"""What a name sounds like, and which names may hold a text: nothing that holds it is ever left out."""

import random

import pytest

from heli_shared.kernel.text import searchable
from heli_shared.records.postings import postings, tokens_of, tokens_of_initials
from heli_shared.records.sounds import readings, sounds_like, spellings

CHARACTERS = "合力县示例机械有限公司重庆长安银行厦门绿色ABCｘｙ（）()０1科技责任股份党支部 　é\u0301𠮷"


def random_text(chance, longest):
    return "".join(chance.choice(CHARACTERS) for _ in range(chance.randint(1, longest)))


def test_a_part_of_a_text_stays_a_part_of_what_is_searched():
    chance = random.Random(11)
    for _ in range(3_000):
        text = random_text(chance, 14)
        start = chance.randrange(len(text))
        part = text[start : start + chance.randint(1, 6)]
        assert searchable(part) in searchable(text)


@pytest.mark.parametrize(
    ("written", "searched"),
    [("（合力）ＡＢＣ　机械", "(合力)abc机械"), ("Heli\u200b Co", "helico"), ("１２号", "12号"), ("①", "1")],
)
def test_width_case_and_spaces_make_no_difference(written, searched):
    assert searchable(written) == searched


def test_every_text_that_holds_another_has_all_its_tokens():
    chance = random.Random(12)
    texts = [searchable(random_text(chance, 14)) for _ in range(400)]
    holders: dict[int, set[int]] = {token: set(rows) for token, rows in postings(texts)}
    for _ in range(3_000):
        text = chance.choice(texts)
        if len(text) > 1:
            start = chance.randrange(len(text) - 1)
            part = text[start : start + chance.randint(2, 6)]
            naive = {place for place, other in enumerate(texts) if part in other}
            found = set(range(len(texts)))
            for token in tokens_of(part):
                found &= holders.get(token, set())
            assert naive <= found


def test_pairs_that_nearly_every_name_holds_have_no_token():
    assert tokens_of("有限公司") == []
    assert tokens_of("限公") == []
    assert len(tokens_of("合力")) == 1


def test_texts_of_one_character_or_none_have_no_tokens():
    assert list(postings(["", "园"])) == []


def test_postings_are_in_order_and_name_each_text_once():
    found = list(postings(["机械机械机械", "机械"]))
    assert [token for token, _ in found] == sorted({token for token, _ in found})
    assert all(rows == sorted(set(rows)) for _, rows in found)


@pytest.mark.parametrize(
    ("text", "typed", "place"),
    [
        ("合力县示例机械", "heli", 0),
        ("合力县示例机械", "hlx", 0),
        ("合力县示例机械", "slj", 3),
        ("合力县示例机械", "shilijixie", 3),
        ("合力县示例机械", "shilijix", 3),
        ("合力县示例机械", "shlijx", None),
        ("重庆长安", "chongqing", 0),
        ("重庆长安", "zhongqing", 0),
        ("重庆长安", "cqca", 0),
        ("工商银行", "yinhang", 2),
        ("厦门绿色", "xiamenlvse", 0),
        ("abc科技", "abckj", 0),
        ("(合力)", "hl", 1),
        ("合力", "helix", None),
    ],
)
def test_typed_letters_are_heard_where_they_sound(text, typed, place):
    assert sounds_like(text, typed) == place


def test_initials_of_every_reading_lead_to_the_name():
    for text in ("重庆长安", "厦门绿色银行", "合力县示例"):
        tokens = {token for token, _ in postings([text])}
        for place in range(len(text) - 1):
            for first in readings(text[place]):
                for second in readings(text[place + 1]):
                    assert set(tokens_of_initials(first[0] + second[0])) <= tokens


@pytest.mark.parametrize(
    ("typed", "initials"), [("heli", "hl"), ("hlx", "hlx"), ("xian", "xa"), ("lianzhuang", "lazhg")]
)
def test_letters_are_read_as_syllables_and_as_initials(typed, initials):
    assert initials[:2] in [each[:2] for each in spellings(typed)]


def test_no_letters_take_long_to_spell():
    assert spellings("a" * 24)[-1] == "a" * 24
    assert spellings("x" * 200) == []
    assert spellings("h") == []

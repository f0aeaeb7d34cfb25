"""Personal values: sealed at rest, found by exact number, masked on the way out."""

import base64
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli_registry.people.cipher import PersonalCipher, UnreadableValue, open_cipher
from heli_registry.people.domain import masked_name, masked_phone, normal_phone
from heli_shared.kernel.errors import InvalidInput

CIPHER = PersonalCipher(b"k" * 32)


@given(value=st.text(max_size=60), person=st.text(max_size=30), field=st.sampled_from(["name", "phone"]))
def test_what_is_sealed_opens_again(value, person, field):
    try:
        value.encode()
        person.encode()
    except UnicodeEncodeError:
        return
    sealed = CIPHER.seal(value, person=person, field=field)
    assert CIPHER.open(sealed, person=person, field=field) == value
    assert len(value) < 4 or value not in sealed


def test_the_same_value_is_never_sealed_alike():
    assert len({CIPHER.seal("王小明", person="per-1", field="name") for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("cipher", "person", "field"),
    [
        (CIPHER, "per-2", "name"),
        (CIPHER, "per-1", "phone"),
        (PersonalCipher(b"x" * 32), "per-1", "name"),
    ],
)
def test_a_value_opens_only_where_it_belongs(cipher, person, field):
    sealed = CIPHER.seal("王小明", person="per-1", field="name")
    with pytest.raises(UnreadableValue):
        cipher.open(sealed, person=person, field=field)


@pytest.mark.parametrize("sealed", ["", "v1:", "v1:AAAA", "v2:" + "A" * 60, "王小明", "v1:王小明"])
def test_what_was_never_sealed_does_not_open(sealed):
    with pytest.raises(UnreadableValue):
        CIPHER.open(sealed, person="per-1", field="name")


def test_one_flipped_bit_anywhere_is_noticed():
    raw = bytearray(base64.b64decode(CIPHER.seal("13800005678", person="p", field="phone")[3:]))
    for place in range(len(raw)):
        raw[place] ^= 1
        with pytest.raises(UnreadableValue):
            CIPHER.open("v1:" + base64.b64encode(bytes(raw)).decode(), person="p", field="phone")
        raw[place] ^= 1


def test_the_index_is_the_same_for_the_same_number_and_key_only():
    assert CIPHER.phone_index("13800005678") == CIPHER.phone_index("13800005678")
    assert CIPHER.phone_index("13800005678") != CIPHER.phone_index("13800005679")
    assert CIPHER.phone_index("13800005678") != PersonalCipher(b"x" * 32).phone_index("13800005678")


def test_the_key_file_is_made_once_for_the_owner_only(tmp_path):
    sealed = open_cipher(tmp_path).seal("王小明", person="p", field="name")
    assert open_cipher(tmp_path).open(sealed, person="p", field="name") == "王小明"
    assert stat.S_IMODE((tmp_path / "keys" / "people.key").stat().st_mode) == 0o600


def test_a_given_key_comes_before_the_file(tmp_path):
    given_key = base64.b64encode(b"k" * 32).decode()
    sealed = open_cipher(tmp_path, given_key=given_key).seal("王小明", person="p", field="name")
    assert CIPHER.open(sealed, person="p", field="name") == "王小明"
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("key", [b"", b"k" * 16, b"k" * 33])
def test_a_key_of_another_length_is_refused(key):
    with pytest.raises(ValueError, match="32 bytes"):
        PersonalCipher(key)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13800005678", "13800005678"),
        ("138 0000 5678", "13800005678"),
        ("138-0000-5678", "13800005678"),
        ("+86 13800005678", "13800005678"),
        ("008613800005678", "13800005678"),
        ("8613800005678", "13800005678"),
        ("１３８００００５６７８", "13800005678"),
        ("0571-88001234", "057188001234"),
        ("(0571) 88001234", "057188001234"),
        ("88001234", "88001234"),
        ("8600123", "8600123"),
    ],
)
def test_a_number_is_compared_by_its_digits(text, expected):
    assert normal_phone(text) == expected


@pytest.mark.parametrize("text", ["", "abc", "123456", "1" * 16, "138000x5678", "13800005678;drop", "١٣٨٠٠٠٠٥٦٧٨"])
def test_what_is_no_number_is_refused_without_repeating_it(text):
    with pytest.raises(InvalidInput) as refused:
        normal_phone(text)
    said = f"{refused.value.zh} {refused.value.en} {refused.value.errors} {refused.value.data}"
    assert not text or text not in said


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王小明", "王**"), ("王芳", "王**"), ("欧阳文忠", "欧**"), ("Li Wei", "L**"), ("王", "王**")],
)
def test_a_masked_name_shows_one_character_and_no_length(name, masked):
    assert masked_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13800005678", "138****5678"), ("057188001234", "057****1234"), ("88001234", "****34"), ("8800123", "****23")],
)
def test_a_masked_number_hides_its_middle(phone, masked):
    assert masked_phone(phone) == masked


@given(st.from_regex(r"\A[0-9]{7,15}\Z"))
def test_at_least_three_digits_stay_hidden(phone):
    masked = masked_phone(phone)
    assert sum(character.isdigit() for character in masked) <= len(phone) - 3
    assert phone not in masked

"""The catalogue of checks: complete, in both languages, in words that the vocabulary knows, and able to be wrong."""

from datetime import date

import pytest

import heli_registry.tables  # noqa: F401 - declares every kind
from heli_registry.database import METADATA
from heli_registry.quality.domain import SEVERITIES, links_of
from heli_registry.quality.placing import CHECKED, PLACINGS
from heli_registry.quality.reading import CatalogueError, catalogue, read_check
from heli_shared.records.kinds import kinds_of

GOOD = {
    "severity": "error", "since": date(2020, 1, 1), "zh": "甲", "en": "a", "definition_zh": "乙", "definition_en": "b",
    "basis": "丙", "fix_zh": "丁", "fix_en": "d", "fails": {"missing": "name"},
}  # fmt: skip


def test_there_are_checks_of_every_kind_that_has_facts_to_check():
    assert len(catalogue()) >= 120
    assert {check.kind for check in catalogue().values()} == set(CHECKED)


def test_ids_are_unique_and_begin_with_their_kind():
    assert [check.id for check in catalogue().values()] == list(catalogue())
    assert all(check.id.startswith(f"{check.kind}.") for check in catalogue().values())


@pytest.mark.parametrize("id_", sorted(catalogue()))
def test_every_check_says_in_both_languages_what_it_means_and_what_to_do(id_):
    check = catalogue()[id_]
    assert check.severity in SEVERITIES
    chinese, english = (
        (check.zh, check.definition_zh, check.fix_zh, check.basis),
        (check.en, check.definition_en, check.fix_en),
    )
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in chinese)
    assert all(text.isascii() or "−" in text or "≥" in text for text in english)
    assert check.facts
    assert not check.blocks or check.severity == "error"
    assert date(1921, 7, 1) <= check.since <= date(2026, 11, 25)


def test_every_sentence_stands_once():
    said = [(check.kind, check.zh) for check in catalogue().values()]
    assert sorted(set(said)) == sorted(said)


def test_every_link_leads_to_a_kind_by_fields_that_it_has():
    kinds = kinds_of(METADATA)
    for check in catalogue().values():
        for link in (*links_of(check.among), *links_of(check.fails)):
            fields = {kinds[link.kind].key, *kinds[link.kind].by_name}
            assert {theirs.name for theirs, _ in link.match} <= fields


def test_every_path_to_a_place_leads_through_fields_that_exist():
    kinds = kinds_of(METADATA)
    for entity, placing in PLACINGS.items():
        for field, *rest in (*placing.division, *placing.zone, *placing.responsible, *placing.name):
            assert field in {kinds[entity].key, *kinds[entity].by_name}
            if rest:
                assert rest[1] in {kinds[rest[0]].key, *kinds[rest[0]].by_name}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"fails": {"missing": "colour"}}, "enterprise has no field colour"),
        ({"fails": {"is": {"ownership": "royal"}}}, "ownership is never 'royal'"),
        ({"fails": {"is": {"has_premises": 1}}}, "has_premises is never 1"),
        ({"fails": {"smells": "name"}}, "no such word: smells"),
        ({"fails": {}}, "not a condition"),
        ({"fails": {"compare": ["staff", "~", 1]}}, "not a comparison"),
        ({"fails": {"compare": ["staff", "<", {"parameter": "moon.phase"}]}}, "no parameter 'moon.phase'"),
        ({"fails": {"exists": {"kind": "castle", "match": {}}}}, "no such kind: castle"),
        ({"fails": {"none_of": {"term": "industry", "values": "castles"}}}, "no such list: castles"),
        ({"severity": "fatal"}, "its severity or since is none"),
        ({"zh": " "}, "lacking: ['zh']"),
        ({"colour": "red"}, "unknown: ['colour']"),
    ],
)
def test_a_fault_of_the_catalogue_is_told_with_its_place(fault, said):
    with pytest.raises(CatalogueError, match=r"enterprise\.odd: ") as told:
        read_check("enterprise", "odd", {**GOOD, **fault}, {})
    assert said in str(told.value)


def test_the_example_of_these_faults_is_itself_without_one():
    assert read_check("enterprise", "even", GOOD, {}).facts == ("name",)

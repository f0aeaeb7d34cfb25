"""Seeded faults are all found, each by its code."""

import copy
import json
import random

import pytest

from assessment.engine_support import one_item_book
from assessment.random_books import random_book
from heli_assessment.measures.domain import catalogue
from heli_assessment.rulebooks.lint import lint
from heli_assessment.rulebooks.reading import read_json
from heli_assessment.rulebooks.schema import RulebookModel

MEETINGS = {"kind": "missing_count", "measure": "meetings", "target": "4", "points": "1"}


def findings(document):
    book = RulebookModel.model_validate(read_json(json.dumps(document)).value).built()
    return lint(book, catalogue())


def codes(document):
    return {finding.code for finding in findings(document)}


def graded(*bands):
    return one_item_book({"kind": "graded", "measure": "mark", "bands": list(bands)})


def two_parts():
    book = one_item_book(MEETINGS, maximum="40")
    own = copy.deepcopy(book["parts"][0])
    own |= {"id": "o", "kind": "own", "group": "g", "maximum": "60"}
    own["items"][0] |= {"id": "y", "maximum": "60", "rule": MEETINGS | {"measure": "trainings"}}
    book["parts"].append(own)
    return book | {"maximum": "100", "groups": [{"id": "g", "title": "甲", "otherwise": True}]}


def changed(document, **parts):
    document["parts"][1] |= parts
    return document


def test_clean_books_are_silent_but_for_shared_evidence():
    assert codes(two_parts()) == set()
    for seed in range(30):
        assert codes(random_book(random.Random(seed))) <= {"same_evidence"}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (one_item_book(MEETINGS) | {"maximum": "90"}, "book_sum"),
        (changed(two_parts(), maximum="50"), "part_sum"),
        (changed(two_parts(), group="h"), "unknown_group"),
        (changed(two_parts(), most="3"), "bound_misplaced"),
        (two_parts() | {"groups": [{"id": "g", "title": "甲", "names": ["甲"]}]}, "no_group_for_the_rest"),
        (graded({"below": "3", "points": "0"}, {"at_least": "4", "points": "10"}), "band_hole"),
        (graded({"below": "5", "points": "0"}, {"at_least": "4", "points": "10"}), "band_overlap"),
        (graded({"below": "5", "points": "0"}), "band_hole"),
        (graded({"at_least": "1", "points": "10"}), "band_hole"),
        (graded({"at_least": "4", "points": "10"}, {"below": "4", "points": "0"}), "band_order"),
        (graded({"below": "4", "points": "0"}, {"at_least": "4", "points": "9"}), "unreachable"),
        (graded({"below": "4", "points": "0"}, {"at_least": "4", "points": "11"}), "band_above_maximum"),
        (graded({"below": "4", "points": "10"}, {"at_least": "4", "below": "4", "points": "0"}), "band_empty"),
        (one_item_book({"kind": "proportional", "measure": "task_done_rate", "target": "95"}), "unreachable"),
        (one_item_book({"kind": "all_or_nothing", "measure": "meetings"}), "one_bound"),
        (one_item_book(MEETINGS, basis={"document": " "}), "missing_basis"),
        (one_item_book(MEETINGS | {"measure": "metings"}), "unknown_measure"),
        (one_item_book({"kind": "penalty", "measure": "meetings", "points": "1"}), "rule_misplaced"),
        (one_item_book(MEETINGS) | {"grades": [{"title": "甲", "below": "5"}]}, "grade_hole"),
        (
            one_item_book(MEETINGS)
            | {"caps": [{"id": "c", "title": "封", "basis": {"document": "试"}, "measure": "meetings", "below": "1"}]},
            "cap_without_grade",
        ),
        (
            one_item_book(MEETINGS) | {"cases": [{"title": "例", "values": {"visits": "1"}, "expect": {}}]},
            "unused_value",
        ),
    ],
)
def test_a_seeded_fault_is_found(document, code):
    assert code in codes(document)


def test_the_same_evidence_counted_twice_is_a_warning():
    document = two_parts()
    document["parts"][1]["items"][0]["rule"] = MEETINGS
    assert [(f.code, f.severity) for f in findings(document)] == [("same_evidence", "warning")]


def test_a_total_counts_the_same_records_as_its_levels():
    document = two_parts()
    document["parts"][0]["items"][0]["rule"] = MEETINGS | {"measure": "information_reports"}
    document["parts"][1]["items"][0]["rule"] = MEETINGS | {"measure": "information_reports_city"}
    assert codes(document) == {"same_evidence"}


def test_a_penalty_without_a_floor_cannot_have_a_range():
    document = two_parts()
    item = {"id": "z", "title": "扣", "maximum": "0", "basis": {"document": "试"}, "missing": "range"}
    item["rule"] = {"kind": "penalty", "measure": "visits", "points": "1"}
    document["parts"].append({"id": "q", "title": "扣", "kind": "penalty", "items": [item]})
    assert codes(document) == {"unbounded_range"}

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
        assert codes(random_book(random.Random(seed))) <= {"same_evidence", "cliff"}


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


RANKED = {"kind": "ranked", "measure": "visits", "ties": "better"}
SUM = {"kind": "scorers", "combine": "sum", "scorers": [{"id": "a", "title": "甲", "maximum": "10"}]}
KNOTS = [{"value": "0", "points": "0"}, {"value": "5", "points": "10"}]
CONVERSION = {"kind": "conversion", "measure": "visits", "knots": KNOTS}


def with_part(**more):
    document = one_item_book(MEETINGS)
    document["parts"][0] |= more
    return document


def with_item(**more):
    document = one_item_book(MEETINGS)
    document["parts"][0]["items"][0] |= more
    return document


def with_quota(quota, at="好"):
    grades = [{"title": "差", "below": "5"}, {"title": "好", "at_least": "5"}]
    for grade in grades:
        if grade["title"] == at:
            grade["quota"] = quota
    return one_item_book(MEETINGS) | {"grades": grades}


def penalised(rule):
    document = one_item_book(MEETINGS)
    item = {"id": "z", "title": "扣", "maximum": "0", "basis": {"document": "试"}, "missing": "zero", "rule": rule}
    document["parts"].append({"id": "q", "title": "扣", "kind": "penalty", "items": [item]})
    return document


def looking_back(measure):
    limit = {
        "id": "v",
        "title": "否",
        "basis": {"document": "试"},
        "measure": measure,
        "at_least": "1",
        "look_back": 24,
    }
    return one_item_book(MEETINGS) | {"vetoes": [limit]}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (one_item_book(RANKED), "one_form"),
        (one_item_book(RANKED | {"points": "1", "share": "0.05"}), "one_form"),
        (one_item_book(RANKED | {"points": "1", "rest": "1"}), "form_misfit"),
        (one_item_book(RANKED | {"points": "1", "from_bottom": True}), "form_misfit"),
        (one_item_book(RANKED | {"in_proportion": True, "order": "least_first"}), "form_misfit"),
        (one_item_book(RANKED | {"table": ["10", "6", "8"]}), "table_order"),
        (one_item_book(RANKED | {"table": ["10", "8"], "rest": "9"}), "table_order"),
        (one_item_book(RANKED | {"table": ["9", "8"]}), "unreachable"),
        (one_item_book(RANKED | {"table": ["11", "8"]}), "band_above_maximum"),
        (one_item_book(RANKED | {"table": ["10", "-1"]}), "wrong_sign"),
        (one_item_book(RANKED | {"points": "1", "among": "group"}), "unknown_group"),
        (penalised(RANKED | {"table": ["1"], "from_bottom": True}), "wrong_sign"),
        (penalised({"kind": "proportional", "measure": "visits", "target": "1"}), "rule_misplaced"),
        (one_item_book(CONVERSION | {"knots": KNOTS[::-1]}), "knot_order"),
        (one_item_book(CONVERSION | {"knots": [KNOTS[0], {"value": "5", "points": "9"}]}), "unreachable"),
        (one_item_book(CONVERSION | {"measure": "task_done_rate"}), "unreachable"),
        (one_item_book(CONVERSION | {"measure": "score:one"}), "own_score"),
        (one_item_book(CONVERSION | {"measure": "score"}), "own_score"),
        (one_item_book(SUM, maximum="9"), "scorer_sum"),
        (one_item_book(SUM | {"scorers": SUM["scorers"] * 2}, maximum="20"), "duplicate_id"),
        (one_item_book(SUM, id="x" * 63), "id_too_long"),
        (
            one_item_book({"kind": "scorers", "combine": "trimmed_mean", "scorers": [{"id": "a", "title": "甲"}]}),
            "trim_too_much",
        ),
        (with_part(scaled_from="12"), "part_sum"),
        (with_part(windows=[{"window": "q1", "maximum": "9"}]), "window_sum"),
        (with_part(windows=[{"window": "q1", "maximum": "5"}] * 2), "duplicate_id"),
        (with_part(windows=[{"window": "q1", "maximum": "10"}]), "unknown_window"),
        (with_part(kind="bonus", maximum=None, scaled_from="10"), "scale_misplaced"),
        (changed(two_parts(), kind="bonus", group=None, maximum=None, scaled_from="60"), "scale_misplaced"),
        (with_quota({"ties": "keep"}), "one_bound"),
        (with_quota({"share": "0.2", "ties": "keep"}, at="差"), "quota_on_lowest"),
        (with_quota({"share": "0.2", "ties": "keep", "among": "group"}), "unknown_group"),
        (one_item_book(MEETINGS) | {"tie_break": ["nothing"]}, "unknown_item"),
        (one_item_book(MEETINGS) | {"stars": {"passed": "0.85", "of": ["nothing"]}}, "unknown_item"),
        (
            one_item_book(MEETINGS)
            | {
                "stars": {"passed": "0.85", "of": ["x"]},
                "grades": [{"title": "差", "below": "0.5"}, {"title": "好", "at_least": "0.5"}],
            },
            "star_bounds",
        ),
        (
            one_item_book(MEETINGS)
            | {
                "stars": {"passed": "0.85", "of": ["x"]},
                "grades": [{"title": "差", "below": "2"}, {"title": "好", "at_least": "2"}],
            },
            "unreachable",
        ),
        (looking_back("organization_coverage"), "no_look_back"),
        (one_item_book(MEETINGS) | {"clauses": ["第九条"]}, "clause_without_rule"),
        (
            one_item_book(
                {
                    "kind": "graded",
                    "measure": "visits",
                    "bands": [{"below": "9", "points": "0"}, {"at_least": "9", "points": "10"}],
                }
            ),
            "cliff",
        ),
        (
            one_item_book(MEETINGS)
            | {"cases": [{"title": "例", "values": {}, "others": {"meetings": ["1"]}, "expect": {}}]},
            "unused_value",
        ),
    ],
)
def test_a_seeded_fault_of_the_newer_shapes_is_found(document, code):
    assert code in codes(document)


def test_an_excluded_item_belongs_inside_the_hundred():
    document = penalised({"kind": "penalty", "measure": "visits", "points": "1"})
    document["parts"][1]["items"][0]["not_applicable"] = "excluded"
    assert codes(document) == {"excluded_misplaced"}


@pytest.mark.parametrize(
    "document",
    [
        one_item_book(RANKED | {"table": ["10", "8"], "rest": "1"}),
        one_item_book(RANKED | {"in_proportion": True}),
        penalised(RANKED | {"table": ["-2", "-1.9", "-1.8"], "from_bottom": True}),
        one_item_book(CONVERSION),
        one_item_book(CONVERSION | {"measure": "score:other"}),
        one_item_book(SUM),
        one_item_book({"kind": "sampled", "population": "townships", "draw": 3}),
        with_item(window="q1"),
        with_quota({"share": "0.2", "ties": "keep"}),
        looking_back("inspections"),
        one_item_book(MEETINGS, basis={"document": "试", "clause": "第九条"}) | {"clauses": ["第九条"]},
    ],
)
def test_clean_books_of_the_newer_shapes_are_silent(document):
    assert codes(document) == set()


DEDUCTIONS = {
    "kind": "deductions",
    "of": [{"measure": "mark.a", "points": "1"}, {"measure": "mark.b", "points": "2"}],
}
LEVELS = {"kind": "bonus_per_level", "levels": [{"measure": "visits", "points": "1", "beyond": "3"}]}


def deducting(*of, **more):
    return one_item_book(DEDUCTIONS | {"of": [*of, *DEDUCTIONS["of"]]} | more)


def limited(kind="caps", **limit):
    limit = {"id": "c", "title": "封", "basis": {"document": "试"}} | limit
    grades = [{"title": "差", "below": "5"}, {"title": "好", "at_least": "5"}]
    return one_item_book(MEETINGS) | {kind: [limit], "grades": grades}


def limited_in(part, **limit):
    document = limited(**limit)
    document["parts"][0] |= part
    return document


def sub_marked(**limit):
    return limited(**limit) | {"parts": deducting()["parts"]}


BELOW = {"below": "5", "grade": "差"}
YEARS = BELOW | {"running": 2}
NOT_ANNUAL = "quarter"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (deducting(floor="10"), "unreachable"),
        (deducting(floor="-1"), "wrong_sign"),
        (deducting({"measure": "mark.a", "points": "1"}), "level_twice"),
        (deducting({"measure": "task_done_rate", "points": "1", "target": "95"}), "unreachable"),
        (deducting({"measure": "task_done_rate", "points": "1", "below": "95"}), "unreachable"),
        (deducting({"measure": "task_done_rate", "points": "6", "below": "0.95"}), "cliff"),
        (deducting({"measure": "overdue_tasks", "points": "6", "at_least": "3"}), "cliff"),
        (penalised(DEDUCTIONS | {"floor": "0"}), "unreachable"),
        (one_item_book(RANKED | {"table": ["10", "8"], "down_to": 2}), "form_misfit"),
        (one_item_book(RANKED | {"points": "4", "down_to": 2, "rest": "7"}), "table_order"),
        (one_item_book(RANKED | {"share": "0.4", "down_to": 2, "rest": "7"}), "table_order"),
        (one_item_book(RANKED | {"points": "1", "rest": "7"}), "form_misfit"),
        (one_item_book(MEETINGS, each=NOT_ANNUAL, window="q1"), "one_form"),
        (one_item_book(CONVERSION | {"measure": "score:other"}, each=NOT_ANNUAL), "each_misplaced"),
        (one_item_book({"kind": "sampled", "population": "townships", "draw": 3}, each=NOT_ANNUAL), "each_misplaced"),
        (with_part(mean_of=["q1", "q2"]), "unknown_window"),
        (with_part(mean_of=["q1", "q1"]), "duplicate_id"),
        (with_part(mean_of=["q1"], windows=[{"window": "q1", "maximum": "10"}]), "one_form"),
        (with_part(kind="bonus", maximum=None, mean_of=["q1"]), "scale_misplaced"),
        (limited(**BELOW), "nothing_looked_at"),
        (limited(**BELOW, item="nothing"), "unknown_item"),
        (limited(**BELOW, item="x", measure="visits"), "form_misfit"),
        (limited(**BELOW, item="p", measure="mark"), "form_misfit"),
        (sub_marked(**BELOW, item="x", measure="mark.c"), "form_misfit"),
        (limited(item="x", below="5"), "cap_without_grade"),
        (limited(measure="visits", below="5", most="6"), "most_needs_item"),
        (limited(item="x", below="5", most="10"), "unreachable"),
        (limited(measure="visits", below="0", grade="差"), "unreachable"),
        (limited(**YEARS, measure="visits", look_back=24), "form_misfit"),
        (limited_in({"scaled_from": "20"}, **YEARS, item="x"), "form_misfit"),
        (limited(**BELOW, item="x", look_back=24), "no_look_back"),
        (limited("vetoes", item="x", grade="优", below="3"), "unknown_grade"),
        (limited("consequences", item="x", effect="整改"), "one_bound"),
        (one_item_book({"kind": "all_or_nothing", "measure": "visits", "at_least": "9"}), "cliff"),
        (one_item_book({"kind": "all_or_nothing", "measure": "task_done_rate", "at_least": "0.95"}), "cliff"),
        (one_item_book({"kind": "all_or_nothing", "measure": "overdue_tasks", "at_most": "4"}), "cliff"),
        (
            one_item_book({"kind": "below_threshold", "measure": "task_done_rate", "threshold": "0.95", "points": "6"}),
            "cliff",
        ),
        (
            one_item_book(MEETINGS)
            | {"cases": [{"title": "例", "subjects": [{"name": "甲", "values": {"visits": "1"}, "expect": {}}]}]},
            "unused_value",
        ),
        (
            one_item_book(MEETINGS)
            | {"cases": [{"title": "例", "subjects": [{"name": "甲", "values": {}, "expect": {"items": {"y": "1"}}}]}]},
            "unknown_item",
        ),
    ],
)
def test_a_seeded_fault_of_the_shapes_that_combine_is_found(document, code):
    assert code in codes(document)


@pytest.mark.parametrize(
    "document",
    [
        deducting(),
        deducting({"measure": "task_done_rate", "points": "4", "below": "0.95"}),
        deducting({"measure": "meetings", "points": "6", "below": "1"}),
        penalised(DEDUCTIONS | {"floor": "-3"}),
        one_item_book(LEVELS),
        one_item_book(RANKED | {"points": "4", "down_to": 2, "rest": "6"}),
        one_item_book(RANKED | {"in_proportion": True, "down_to": 5}),
        one_item_book(MEETINGS, each=NOT_ANNUAL),
        one_item_book(RANKED | {"points": "4"}, each="month"),
        limited_in({"mean_of": ["q1"], "items": with_item(window="q1")["parts"][0]["items"]}, **BELOW, item="x"),
        limited(**YEARS, item="one"),
        limited(item="x", below="5", most="6"),
        sub_marked(**BELOW, item="x", measure="mark.a"),
        limited("consequences", item="x", below="5", effect="整改"),
        one_item_book({"kind": "all_or_nothing", "measure": "visits", "at_least": "1"}),
        one_item_book({"kind": "all_or_nothing", "measure": "overdue_tasks", "at_most": "0"}),
        one_item_book({"kind": "all_or_nothing", "measure": "mark", "at_least": "60"}),
        one_item_book({"kind": "all_or_nothing", "measure": "visits", "at_least": "9"}, "4"),
        one_item_book({"kind": "below_threshold", "measure": "task_done_rate", "threshold": "0.95", "points": "5"}),
    ],
)
def test_clean_books_of_the_shapes_that_combine_are_silent(document):
    assert codes(document) == set()


@pytest.mark.parametrize(
    ("kind", "measure"),
    [
        ("department", "guided_enterprises"),
        ("department", "mass_kinds"),
        ("instructor", "organization_coverage"),
        ("instructor", "committee_vacancies"),
        ("organization", "instructors_sent"),
        ("organization", "data_quality"),
        ("secretary", "task_done_rate"),
        ("enterprise", "orders_received"),
        ("enterprise", "visits_required"),
        ("township", "election_overdue_days"),
    ],
)
def test_a_measure_that_makes_no_sense_for_the_subjects_is_refused(kind, measure):
    rule = {"kind": "proportional", "measure": measure, "target": "1"}
    document = one_item_book(rule) | {"subject_kind": kind}
    found = [each for each in findings(document) if each.code == "measure_of_other_subjects"]
    assert [(each.severity, each.pointer) for each in found] == [("error", "/parts/0/items/0/rule")]
    assert measure in found[0].zh
    cap = {"id": "c", "title": "封顶", "basis": {"document": "d", "clause": "c"}, "measure": measure, "below": "1"}
    capped = one_item_book(MEETINGS) | {"subject_kind": kind, "caps": [cap]}
    assert "/caps/0/measure" in {each.pointer for each in findings(capped) if each.code == found[0].code}


@pytest.mark.parametrize("kind", ["department", "township", "organization", "enterprise", "instructor", "secretary"])
def test_the_measures_that_are_said_to_be_of_a_kind_are_let_through(kind):
    for measure in catalogue().values():
        name = {"score": "score:other"}.get(measure.id, measure.id)
        document = one_item_book({"kind": "proportional", "measure": name, "target": "1"}) | {"subject_kind": kind}
        refused = "measure_of_other_subjects" in codes(document)
        assert refused == (kind not in measure.subjects), measure.id

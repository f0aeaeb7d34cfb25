"""What differs between two versions is told in words, all of it, and nothing where nothing differs."""

import copy
import random

from assessment.engine_support import LABELS, checked, one_item_book
from assessment.random_books import random_book
from heli_assessment.rulebooks.comparing import differences

MEETINGS = {"kind": "missing_count", "measure": "meetings", "target": "4", "points": "1"}


def test_a_change_of_a_rule_is_told_by_its_sentences(world):
    world.call("PUT", "/v1/rulebooks/one", json=one_item_book(MEETINGS))
    world.call("PUT", "/v1/rulebooks/one", json=one_item_book(MEETINGS | {"target": "6"}, evidence_kinds=["minutes"]))
    answer = world.get("/v1/rulebooks/one/diff?from=1&to=2")
    assert answer.status_code == 200, answer.text
    told = answer.json()["differences"]
    assert [(each["piece"], each["id"], each["change"], each["field"]) for each in told] == [
        ("item", "x", "changed", "rule"),
        ("item", "x", "changed", "evidence_kinds"),
    ]
    assert told[0]["zh"] == (
        "考核项“项”的计分办法由“满分 10 分，“研究党建工作会议”应达 4 次，每少 1 次扣 1 分，扣完为止”"
        "改为“满分 10 分，“研究党建工作会议”应达 6 次，每少 1 次扣 1 分，扣完为止”"
    )
    assert told[1]["en"] == "The kinds of evidence of the item x changes from “none” to “minutes”"
    back = world.get("/v1/rulebooks/one/diff?from=2&to=1").json()["differences"]
    assert len(back) == 2
    assert world.get("/v1/rulebooks/one/diff?from=1&to=9").status_code == 404
    assert world.get("/v1/rulebooks/one/diff?from=1").status_code == 400
    assert world.get("/v1/rulebooks/none/diff?from=1&to=1").status_code == 404


def changes(before, after):
    return [
        (each.piece, each.id, each.change, each.field) for each in differences(checked(before), checked(after), LABELS)
    ]


def test_what_is_added_and_removed_is_told():
    before = one_item_book(MEETINGS)
    after = copy.deepcopy(before)
    second = after["parts"][0]["items"][0] | {"id": "y", "maximum": "4", "rule": MEETINGS | {"measure": "visits"}}
    after["parts"][0]["items"] = [after["parts"][0]["items"][0] | {"maximum": "6"}, second]
    veto = {"id": "v", "title": "否", "basis": {"document": "试"}, "measure": "mark", "at_least": "1", "look_back": 24}
    after["vetoes"] = [veto]
    assert changes(before, after) == [
        ("part", "p", "changed", "order"),
        ("item", "x", "changed", "maximum"),
        ("item", "x", "changed", "rule"),
        ("item", "y", "added", None),
        ("veto", "v", "added", None),
    ]
    assert ("item", "y", "removed", None) in changes(after, before)


def test_grades_quotas_stars_and_cases_are_compared():
    before = one_item_book(MEETINGS) | {"grades": [{"title": "差", "below": "6"}, {"title": "好", "at_least": "6"}]}
    after = copy.deepcopy(before)
    after["grades"] = [
        {"title": "差", "below": "7"},
        {"title": "好", "at_least": "7", "quota": {"share": "0.2", "ties": "keep"}},
    ]
    after["cases"] = [{"title": "例", "values": {"meetings": "3"}, "expect": {"score": "9"}}]
    assert changes(before, after) == [
        ("grade", "差", "changed", "below"),
        ("grade", "好", "changed", "at_least"),
        ("grade", "好", "changed", "quota"),
        ("grade", "好", "changed", "quota_ties"),
        ("case", "例", "added", None),
    ]


def test_a_book_does_not_differ_from_itself_and_any_change_is_seen():
    for seed in range(40):
        book = checked(random_book(random.Random(seed)))
        assert differences(book, book, LABELS) == []
        other = checked(random_book(random.Random(seed + 500)))
        found = differences(book, other, LABELS)
        assert found
        assert all(each.zh and each.en for each in found)

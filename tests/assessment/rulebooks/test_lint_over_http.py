"""Linting over HTTP: everything that is wrong with a text, with its place, in both languages, and nothing stored."""

import pytest

from assessment.rulebooks.test_uploads import GOOD


def linted(world, text, *, kind="application/yaml", **more):
    headers = {"Content-Type": kind}
    return world.call("POST", "/v1/rulebooks/lint", content=text.encode(), headers=headers, **more)


def test_a_clean_book_is_silent(small_world):
    answer = linted(small_world, GOOD)
    assert (answer.status_code, answer.json()) == (200, {"valid": True, "findings": []})


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "column"),
    [
        ("points: 2.5", "points: 2.5分", "shape", 17, 75),
        ("measure: meetings", "measure: meeting", "unknown_measure", 17, 15),
        ("at_least: 6", "at_least: 7", "grade_hole", 21, 5),
        ("kind: missing_count", "kind: python", "shape", 17, 15),
        ("x: 7.5}", "x: 8}", "case_failed", 23, 59),
        ("maximum: 10\n    items", "maximum: 9\n    items", "part_sum", 11, 14),
        ("parts:", "parts: [", "shape", 8, 3),
    ],
)
def test_a_fault_has_its_line_and_column(small_world, old, new, code, line, column):
    assert GOOD.count(old) == 1
    told = linted(small_world, GOOD.replace(old, new)).json()
    assert told["valid"] is False
    places = [(each["code"], each["severity"], each["line"], each["column"]) for each in told["findings"]]
    assert (code, "error", line, column) in places
    assert all(each["zh"].startswith(f"第 {each['line']} 行") and each["en"] for each in told["findings"])
    assert small_world.get("/v1/rulebooks").json()["total"] == 0


def test_a_warning_leaves_the_book_valid(small_world):
    told = linted(small_world, GOOD + "clauses: [第九条]\n").json()
    assert told["valid"] is True
    assert [(each["code"], each["severity"], each["line"]) for each in told["findings"]] == [
        ("clause_without_rule", "warning", 24)
    ]


def test_whoever_reads_rulebooks_may_lint_and_other_media_are_refused(small_world):
    small_world.enrol("liaison", "department_liaison", unit="unt-finance")
    assert linted(small_world, GOOD, by="liaison").status_code == 200
    assert linted(small_world, GOOD, kind="application/xml").status_code == 415
    assert linted(small_world, "#" * 300_000).status_code == 413
    assert small_world.client.post("/v1/rulebooks/lint").status_code == 401

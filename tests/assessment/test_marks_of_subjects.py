"""Marks and scores of every kind of subject: whom a rulebook scores, who sees it, who may mark it, and who may not."""

import pytest

from assessment.books import FILES
from assessment.world import COUNTY, FINANCE, LONG_AGO, TOWN_A, TOWN_B

FIRM = "91990101MA00000000"
BOOK_OF_FIRMS = """
id: firms
title: 企业小细则
subject_kind: enterprise
effective_from: 2026-01-01
basis: {document: 示例, clause: 一}
maximum: 2
grades: [{title: 一般, below: 1}, {title: 好, at_least: 1}]
parts:
  - id: all
    title: 全部
    kind: common
    maximum: 2
    items:
      - id: order
        title: 秩序
        maximum: 2
        basis: {document: 示例, clause: 二}
        evidence: 评分栏填0至2
        rule: {kind: proportional, measure: mark, target: 2}
        missing: range
cases:
  - title: 满分
    values: {mark:order: 2}
    expect: {score: 2}
"""
# Kind of subject: whom to mark, on which book and item, and where that belongs.
SUBJECTS = {
    "department": (FINANCE, "department", "finance-standards", (None, None, None)),
    "association": ("unt-fed", "department", "common-cooperation", (None, None, None)),
    "park": ("unt-park", "department", "common-cooperation", (None, None, None)),
    "township": ("unt-a", "township", "letter", (None, None, None)),
    "organization": ("org-1", "organization", "dues", ("unt-a", TOWN_A, None)),
    "organization in a park": ("org-2", "organization", "dues", ("unt-park", TOWN_B, "zon-1")),
    "enterprise": (FIRM, "firms", "order", (FINANCE, TOWN_A, None)),
    "instructor": ("per-1", "instructor", "talks", (FINANCE, None, None)),
    "secretary": ("per-2", "secretary", "letter", ("unt-a", TOWN_A, None)),
}


@pytest.fixture
def county(world):
    """The small county with an association, a park, a secretary, and the books in force."""
    return everybody(world)


@pytest.fixture
def small_county(small_world):
    """The same on SQLite only."""
    return everybody(small_world)


def everybody(world):
    world.has("unit", "unt-fed", name="县工商业联合会", kind="association", division=COUNTY)
    world.has("unit", "unt-park", name="县经济开发区党工委", kind="park", division=TOWN_B, zone="zon-1")
    world.has("party_organization", "org-2", name="园区支部", kind="branch", division=TOWN_B, zone="zon-1")
    world.has("assignment", "asg-9", person="per-2", role="secretary", organization="org-1")
    for name in ("department", "township", "organization", "instructor", "secretary"):
        world.upload(name, FILES[name].read_bytes())
    world.upload("firms", BOOK_OF_FIRMS)
    world.enrol("of-a", "department_liaison", unit="unt-a", divisions=(TOWN_A,))
    world.enrol("of-b", "department_liaison", unit="unt-b", divisions=(TOWN_B,))
    world.enrol("clerk-a", "county_clerk", unit="unt-a", divisions=(TOWN_A,))
    return world


def mark(subject, book, item, **more):
    return {"subject": subject, "rulebook": book, "item": item, "value": "1", **more}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_everybody_whom_a_rulebook_scores_can_be_marked_and_belongs_somewhere(county, kind):
    subject, book, item, (unit, division, zone) = SUBJECTS[kind]
    made = county.made("/v1/marks", **mark(subject, book, item))
    assert (made["unit"], made["division"], made["zone"]) == (unit, division, zone)
    run = county.run(rulebook=book)
    told = county.explained(run, subject)
    values = {value["measure"]: value["value"] for each in told["items"] for value in each["values"]}
    assert values[f"mark:{item}"] == "1"


def test_a_line_of_a_run_belongs_where_the_marks_of_its_subject_do(small_county):
    for kind in ("organization", "enterprise", "instructor", "secretary"):
        subject, book, item, _ = SUBJECTS[kind]
        made = small_county.made("/v1/marks", **mark(subject, book, item))
        with small_county.engine.connect() as connection:
            run = small_county.run(rulebook=book)["id"]
            statement = "SELECT unit, division, zone FROM run_scores WHERE run = ? AND subject = ?"
            row = connection.exec_driver_sql(statement, (run, subject)).one()
        assert tuple(row) == (made["unit"], made["division"], made["zone"]), kind


@pytest.mark.parametrize(
    ("subject", "book", "item", "said"),
    [
        ("org-1", "department", "common-cooperation", "成员单位"),
        ("unt-a", "department", "common-cooperation", "成员单位"),
        (FINANCE, "township", "letter", "乡镇街道"),
        (FINANCE, "organization", "dues", "党组织"),
        ("org-none", "organization", "dues", "党组织"),
        (FIRM, "organization", "dues", "党组织"),
        ("org-1", "firms", "order", "企业"),
        ("per-2", "instructor", "talks", "在任指导员"),
        ("per-1", "secretary", "letter", "在任书记"),
        ("per-none", "secretary", "letter", "在任书记"),
        ("../org-1", "organization", "dues", "党组织"),
    ],
)
def test_somebody_of_another_kind_is_refused_with_the_kind_that_is_wanted(small_county, subject, book, item, said):
    refused = small_county.post("/v1/marks", mark(subject, book, item))
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/subject"]
    assert said in refused.text
    assert small_county.get("/v1/marks").json()["total"] == 0


def test_a_subject_must_have_been_open_on_the_day_of_the_mark(small_county):
    closed = {"state": "closed", "closed_on": "2026-05-01", "closed_reason": "撤销"}
    for entity, key in (("party_organization", "org-1"), ("unit", "unt-fed"), ("assignment", "asg-9")):
        day = LONG_AGO.replace(year=2026, month=5)
        small_county.registry.append(entity, key, effective_on=day, changes=closed, operation="close")
    small_county.registry_seen_again()
    for kind in ("organization", "association", "secretary"):
        subject, book, item, _ = SUBJECTS[kind]
        assert small_county.post("/v1/marks", mark(subject, book, item)).status_code == 422, kind
        small_county.made("/v1/marks", **mark(subject, book, item, effective_on="2026-04-01"))


def test_marks_and_scores_are_seen_where_the_subject_belongs_and_nowhere_else(county):
    marks = {}
    for kind, (subject, book, item, _) in SUBJECTS.items():
        marks[kind] = county.made("/v1/marks", **mark(subject, book, item))["id"]
    seen = {"of-a": {"township", "organization", "enterprise", "secretary"}, "of-b": {"park", "organization in a park"}}
    for who, kinds in seen.items():
        listed = {each["id"] for each in county.get("/v1/marks?limit=100", by=who).json()["items"]}
        assert listed == {marks[kind] for kind in kinds}, who
        past = county.get("/v1/marks?limit=100&on=2026-07-01", by=who).json()
        assert {each["id"] for each in past["items"]} == listed, "as of a day by the same rule"
        for kind, (subject, book, _, _) in SUBJECTS.items():
            assert county.get(f"/v1/marks/{marks[kind]}", by=who).status_code == (200 if kind in kinds else 404)
            run = county.run(rulebook=book)["id"]
            lines = {each["subject"] for each in county.get(f"/v1/runs/{run}/scores?limit=100", by=who).json()["items"]}
            assert (subject in lines) == (kind in kinds), (who, kind)
            one = county.get(f"/v1/runs/{run}/scores/{subject}", by=who)
            assert one.status_code == (200 if kind in kinds else 404), (who, kind)


def test_a_mark_is_given_within_the_own_scope_and_by_whom_may_give_marks(county):
    ours, theirs = mark("org-1", "organization", "dues"), mark("org-2", "organization", "dues")
    assert county.post("/v1/marks", ours, by="of-a").status_code == 403
    assert county.post("/v1/marks", theirs, by="clerk-a").status_code == 422, "what one may not see is not there"
    assert county.post("/v1/marks", mark("per-1", "instructor", "talks"), by="clerk-a").status_code == 422
    assert county.post("/v1/marks", ours, by="clerk-a").status_code == 201


def test_nobody_marks_the_own_unit(small_county):
    own = small_county.post("/v1/marks", mark("unt-a", "township", "letter"), by="clerk-a")
    assert own.status_code == 403
    given = small_county.made("/v1/marks", **mark("unt-a", "township", "letter"))
    changed = small_county.patch(f"/v1/marks/{given['id']}", {"value": "0"}, by="clerk-a")
    assert changed.status_code == 403


def test_where_a_subject_belongs_is_not_for_the_caller_to_say(small_county):
    body = mark("org-1", "organization", "dues")
    assert small_county.post("/v1/marks", {**body, "division": TOWN_B}).status_code == 422
    given = small_county.made("/v1/marks", **body, division=TOWN_A)
    path = f"/v1/marks/{given['id']}"
    for changes in ({"unit": "unt-b"}, {"subject": "org-2"}, {"rulebook": "department", "item": "common-cooperation"}):
        assert small_county.patch(path, changes).status_code == 422, changes
    assert small_county.patch(path, {"value": "0"}).json()["division"] == TOWN_A


def test_without_the_registry_no_mark_of_an_organisation_is_taken(small_county):
    small_county.get("/v1/marks")
    small_county.registry.is_down = True
    refused = small_county.post("/v1/marks", mark("org-1", "organization", "dues"))
    assert refused.status_code == 503
    small_county.registry.is_down = False
    assert small_county.get("/v1/marks").json()["total"] == 0

"""The gap list: who, why, since when."""

import io
from datetime import date

import openpyxl

from reporting.world import TOWN_A, TOWN_B, World, uscc


def test_due_but_not_established_with_reason_since_and_days(world: World):
    page = world.get("/v1/gaps").json()

    assert page["total"] == 2
    first = page["items"][0]
    assert (first["uscc"], first["full_members"], first["since"]) == (uscc(5), 4, "2020-01-01")
    assert first["days_overdue"] == (date(2026, 7, 1) - date(2020, 1, 1)).days
    assert first["reason"] == "正式党员4名，已达应建人数，尚未建立党组织"
    assert first["division"]["code"] in {TOWN_A, "990101001001"}
    assert page["passport"]["definitions"][0]["measure"] == "due_established_rate"


def test_the_longest_overdue_comes_first(world: World):
    world.change("enterprise", uscc(7), date(2026, 6, 1), full_members=3)
    world.close("cover", f"cov-pty-b-{uscc(7)}", date(2026, 6, 20))
    world.sync()
    items = world.get("/v1/gaps", division=TOWN_B).json()["items"]

    assert [(row["uscc"], row["since"], row["days_overdue"]) for row in items] == [
        (uscc(6), "2020-01-01", (date(2026, 7, 1) - date(2020, 1, 1)).days),
        (uscc(7), "2026-06-20", 11),
    ]
    assert items[1]["began"] == "lost"


def test_pages_of_gaps(world: World):
    first = world.get("/v1/gaps", limit=1).json()
    second = world.get("/v1/gaps", limit=1, cursor=first["next"]).json()

    assert {row["uscc"] for row in first["items"] + second["items"]} == {uscc(5), uscc(6)}
    assert second["next"] is None


def test_other_gaps_by_measure_and_counts_have_none(world: World):
    staff = world.get("/v1/gaps", {"Accept-Language": "en"} | world.admin, measure="staff100_with_organization_rate")

    assert [row["uscc"] for row in staff.json()["items"]] == [uscc(8)]
    assert staff.json()["items"][0]["reason"].startswith("Has 120 staff")
    assert world.get("/v1/gaps", measure="enterprise_count").status_code == 400


def test_causes_say_what_stands_in_the_way_since_when_and_by_which_document(world: World):
    world.change("enterprise", uscc(5), date(2026, 3, 1), members_elsewhere=2)
    world.record(
        "assignment", "asg-1", person="psn-1", role="instructor", enterprise=uscc(5), term_ends_on="2026-06-01"
    )
    world.sync()
    item = next(each for each in world.get("/v1/gaps").json()["items"] if each["uscc"] == uscc(5))

    assert [(each["cause"], each["cause_name"], each["since"]) for each in item["causes"]] == [
        ("members_without_organization", "正式党员已达应建人数而未建", "2020-01-01"),
        ("members_elsewhere", "党员组织关系在外", "2026-03-01"),
        ("instructor_term_expired", "指导员任期已满", "2026-06-02"),
    ]
    assert all(each["basis"] for each in item["causes"])
    assert "第三十条" in item["causes"][0]["basis"]


def test_an_organisation_that_was_dissolved_is_told_from_one_that_covers_it_no_more(world: World):
    for number in (7, 1):
        world.change("enterprise", uscc(number), date(2026, 5, 1), full_members=3)
    world.close("cover", f"cov-pty-b-{uscc(7)}", date(2026, 6, 10))
    world.close("party_organization", "pty-sole", date(2026, 6, 12))
    world.sync()
    items = {each["uscc"]: each for each in world.get("/v1/gaps").json()["items"]}

    first = {key: (each["causes"][0]["cause"], each["causes"][0]["since"]) for key, each in items.items()}
    assert first[uscc(7)] == ("cover_ended", "2026-06-10")
    assert first[uscc(1)] == ("organization_dissolved", "2026-06-12")


def test_who_is_covered_by_an_organisation_past_its_term_and_has_no_member(world: World):
    world.change("enterprise", uscc(2), date(2026, 5, 1), staff=80)
    world.sync()
    items = world.get("/v1/gaps", measure="staff50_with_member_rate").json()["items"]
    causes = next(each["causes"] for each in items if each["uscc"] == uscc(2))

    assert [(each["cause"], each["since"]) for each in causes] == [
        ("no_member", "2020-01-01"),
        ("election_overdue", "2023-03-02"),
    ]


def test_the_list_the_plan_and_the_work_order_by_cause(world: World):
    world.record(
        "assignment", "asg-1", person="psn-1", role="instructor", enterprise=uscc(5), term_ends_on="2026-06-01"
    )
    world.sync()
    asked = {"cause": "instructor_term_expired"}
    page = world.get("/v1/gaps", proposals="true", **asked).json()
    plan = world.get("/v1/gaps/simulations", **asked).json()
    both = world.get("/v1/gaps", cause=["instructor_term_expired", "instructor_missing"]).json()

    assert [each["uscc"] for each in page["items"]] == [uscc(5)]
    assert page["total"] == 1
    assert page["filters"] == page["passport"]["filters"] == {"cause": ["instructor_term_expired"]}
    assert [each["uscc"] for each in plan["items"][0]["enterprises"]] == [uscc(5)]
    assert (plan["total"], plan["simulation"]["gaps"]) == (1, 1)
    assert page["items"][0]["proposals"][0]["planned"] is True
    assert {each["uscc"] for each in both["items"]} == {uscc(5), uscc(6)}
    assert world.get("/v1/gaps", cause="bad luck").status_code == 400
    assert world.get("/v1/gaps/simulations", cause="bad luck").status_code == 400


def test_nobody_lacked_an_instructor_before_one_was_asked_for(world: World):
    old = world.enterprise(40, on=date(2001, 1, 1), full_members=5)
    world.record("assignment", "asg-old", date(2001, 1, 1), person="psn-1", role="instructor", enterprise=old)
    world.close("assignment", "asg-old", date(2006, 1, 1))
    world.sync()

    def missing(on: str) -> list[str]:
        items = {each["uscc"]: each for each in world.get("/v1/gaps", on=on).json()["items"]}
        return [each["since"] for each in items[old]["causes"] if each["cause"] == "instructor_missing"]

    assert missing("2026-07-01") == ["2012-03-01"]
    assert missing("2012-02-29") == []
    assert old not in {
        each["uscc"] for each in world.get("/v1/gaps", on="2012-02-29", cause="instructor_missing").json()["items"]
    }


def test_a_branch_of_its_own_is_near_nobody_and_the_measure_asked_for_is_in_the_sums(world: World):
    page = world.get("/v1/gaps", proposals="true").json()
    alone = [each for gap in page["items"] for each in gap["proposals"] if each["kind"] == "own_branch"]
    told = world.get("/v1/gaps/simulations", measure="staff50_with_member_rate").json()["simulation"]

    assert alone
    assert {(each["distance"], each["distance_name"]) for each in alone} == {(None, None)}
    cells = told["total"]["staff50_with_member_rate"]
    now = world.statistics(measure="staff50_with_member_rate")["total"]["staff50_with_member_rate"]
    assert cells == {"before": now, "after": now}
    assert all("staff50_with_member_rate" in each for each in told["townships"])


def test_the_work_order_names_the_causes(world: World):
    body = world.get("/v1/gaps/simulations", format="xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(body))
    told = {row[3]: row[6:9:2] for sheet in book.worksheets[1:] for row in sheet.iter_rows(min_row=3, values_only=True)}

    causes = "正式党员已达应建人数而未建（2020-01-01起）；没有党建指导员（2020-01-01起）"
    assert told[uscc(5)] == ("登记入库时即符合条件", causes)

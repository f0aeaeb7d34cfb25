"""The gap list: who, why, since when."""

from datetime import date

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
    assert items[1]["cause"] == "lost"


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

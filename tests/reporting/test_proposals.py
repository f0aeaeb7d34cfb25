"""Proposals for gaps: what they say, whom they may name, and that carrying them out gains what was predicted."""

import io
from collections import Counter
from datetime import date
from random import Random
from typing import Any

import openpyxl
import pytest

from reporting.world import PARK, TOWN_A, TOWN_B, VILLAGE_A, World, uscc

TODAY = date(2026, 7, 1)
STAFF100 = {"measure": "staff100_with_organization_rate"}


def figures(world: World, who: dict[str, str] | None = None, **params: Any) -> dict[str, Any]:
    """Return what the statistics answer now: by township code (`total` for the whole) and measure."""
    measures = ["organization_coverage", "sole_setup_rate", "work_coverage_broad", "work_coverage_strict",
                "due_established_rate", "staff100_with_organization_rate", "staff50_with_member_rate",
                "organization_count"]  # fmt: skip
    answer = world.statistics(who, measure=measures, by="division:town", **params)
    found = {row["division"]["code"]: {m: row[m] for m in measures} for row in answer["rows"]}
    return found | {"total": answer["total"]}


def predicted(simulation: dict[str, Any], step: str) -> dict[str, Any]:
    def cells(line: dict[str, Any]) -> dict[str, Any]:
        return {measure: change[step] for measure, change in line.items() if measure != "division"}

    towns = {line["division"]["code"]: cells(line) for line in simulation["townships"]}
    return towns | {"total": cells(simulation["total"])}


def carry_out(world: World, proposals: list[dict[str, Any]]) -> None:
    """Write to the registry what clerks would write who follow the proposals to the letter."""
    for number, each in enumerate(proposals):
        codes = [enterprise["uscc"] for enterprise in each["enterprises"]]
        if each["kind"] == "instructor":
            fields = {"person": each["person"], "role": "instructor", "enterprise": codes[0]}
            world.record("assignment", f"asg-new-{number}", TODAY, **fields)
            continue
        organization, form = f"pty-new-{number}", "sole" if each["kind"] == "own_branch" else "joint"
        if each["kind"] == "take_in":
            organization = each["organization"]["id"]
        else:
            kind = "branch" if form == "sole" else "joint_branch"
            seat = next(e for e in world.registry.entries if e.entity == "enterprise" and e.key == codes[0]).changes
            place = {"division": seat.get("division"), "zone": seat.get("zone")}
            world.record("party_organization", organization, TODAY, name="新", kind=kind, setup_form=form, **place)
        for code in codes:
            key = f"cov-new-{number}-{code}"
            world.record("cover", key, TODAY, organization=organization, enterprise=code, form=form)
    world.sync()


def random_county(world: World, seed: int) -> None:
    """Add enterprises of all sorts, joint branches with room, and instructors with free capacity."""
    chance = Random(seed)
    for number in range(100, 170):
        place = chance.choice([TOWN_A, TOWN_B, VILLAGE_A, None])
        world.enterprise(
            number,
            place,
            zone=chance.choice([None, None, PARK]),
            full_members=chance.choice([None, 0, 1, 1, 2, 3, 7]),
            staff=chance.choice([None, 20, 60, 100, 300]),
            industry=chance.choice(["C1311", "C1312", "F5211", None]),
            ownership=chance.choice(["private", "private", "state_owned"]),
        )
    for number, members in ((90, 1), (91, 2)):
        world.enterprise(number, TOWN_B, full_members=members, staff=100)
    towns = [TOWN_A, TOWN_B] if seed % 2 == 0 else [TOWN_A]
    for number in range(3):
        members = [uscc(100 + 2 * number), uscc(101 + 2 * number)]
        world.branch(f"pty-joint-{number}", members, chance.choice(towns))
    for number in range(8):
        fields = {"person": f"psn-{number % 5}", "role": "instructor", "enterprise": uscc(chance.randrange(100, 170))}
        world.record("assignment", f"asg-{number}", **fields)
    instructor_pool(world, chance)
    world.record("mass_organization", "mas-1", kind="union", enterprise=uscc(150), name="工会")
    world.sync()


def instructor_pool(world: World, chance: Random) -> None:
    """Add instructors: some guide already, some nobody yet; with and without area, limit and term."""
    for number in range(3, 9):
        fields = {
            "person": f"psn-{number}",
            "unit": chance.choice(["unt-a", "unt-b", "unt-tax"]),
            "division": chance.choice([TOWN_A, TOWN_B, VILLAGE_A, None, None]),
            "zone": chance.choice([PARK, None, None, None]),
            "max_enterprises": chance.choice([None, 0, 1, 2, 5]),
            "term_ends_on": chance.choice([None, None, "2026-06-30", "2026-07-01", "2028-01-01"]),
        }
        world.record("instructor", f"ins-{number}", **fields)


@pytest.mark.parametrize("scope", ["county", "town", "park"])
@pytest.mark.parametrize("params", [{}, STAFF100, {"measure": "staff50_with_member_rate"}], ids=["due", "100", "50"])
def test_carrying_out_the_plan_gains_exactly_what_was_predicted(world: World, params: dict[str, str], scope: str):
    random_county(world, seed=len(scope) + len(params))
    who = {
        "county": world.admin,
        "town": world.person("prn-b", divisions=(TOWN_B,)),
        "park": world.person("prn-park", zones=(PARK,)),
    }[scope]
    answer = world.get("/v1/gaps/simulations", who, limit=1000, **params).json()
    used = Counter(each["uscc"] for proposal in answer["items"] for each in proposal["enterprises"])
    allowed = world.get("/v1/statistics/rows", who, measure="enterprise_count", limit=1000).json()["items"]

    assert answer["total"] == len(answer["items"]) > 0
    assert set(used.values()) == {1}
    assert set(used) <= {row["uscc"] for row in allowed}
    assert predicted(answer["simulation"], "before") == figures(world, who)

    carry_out(world, answer["items"])
    assert predicted(answer["simulation"], "after") == figures(world, who)
    if not params:
        assert world.get("/v1/gaps", who).json()["total"] == 0


def test_every_kind_of_proposal_comes_up_and_each_alone_gains_what_it_says(world: World):
    random_county(world, 1)
    items = world.get("/v1/gaps/simulations", limit=1000, **STAFF100).json()["items"]
    assert {each["kind"] for each in items} == {"own_branch", "take_in", "joint_branch", "instructor"}

    for kind in ("joint_branch", "take_in"):
        chosen = next(each for each in items if each["kind"] == kind)
        before = figures(world)
        expected = world.get("/v1/gaps/simulations", limit=1000, **STAFF100).json()["items"]
        gain = next(each for each in expected if each["enterprises"] == chosen["enterprises"])["gain"]
        carry_out(world, [chosen])
        after = figures(world)
        for line, place in [(gain["total"], "total"), *((t, t["division"]["code"]) for t in gain["townships"])]:
            moved = {measure: change for measure, change in line.items() if measure != "division"}
            assert moved == {
                measure: {"before": before[place][measure], "after": after[place][measure]}
                for measure in before[place]
                if before[place][measure] != after[place][measure]
            }
        for entry in [e for e in world.registry.entries if e.key.startswith(("cov-new", "pty-new"))]:
            world.close(entry.entity, entry.key, TODAY)
        world.sync()


def test_a_due_enterprise_gets_its_own_branch_by_law_and_hears_what_else_is_possible(world: World):
    world.enterprise(20, VILLAGE_A, full_members=1)
    world.sync()
    gap = world.get("/v1/gaps", proposals="true", division=TOWN_A).json()["items"][0]

    assert [(each["kind"], each["planned"]) for each in gap["proposals"]] == [
        ("own_branch", True),
        ("take_in", False),
        ("joint_branch", False),
    ]
    own, taken_in, joint = gap["proposals"]
    assert own["reasons"] == ["正式党员4名，不少于3名，应当单独成立党支部"]
    assert own["basis"] == ["中国共产党章程（1982年）第三十条：正式党员三人以上的，都应当成立党的基层组织"]
    assert own["gain"]["total"]["due_established_rate"] == {
        "before": {"value": "0.0000", "numerator": 0, "denominator": 1},
        "after": {"value": "1.0000", "numerator": 1, "denominator": 1},
    }
    assert taken_in["organization"] == {"id": "pty-joint", "name": "pty-joint支部", "room": 3}
    assert [each["uscc"] for each in joint["enterprises"]] == [uscc(5), uscc(20)]
    assert (joint["distance"], joint["distance_name"]) == (1, "同一村（社区）")


def test_without_asking_gaps_have_no_proposals(world: World):
    assert "proposals" not in world.get("/v1/gaps").json()["items"][0]


def test_an_instructor_who_guides_as_many_as_he_may_is_not_sent(world: World):
    for number in (1, 2, 3):
        world.record("assignment", f"asg-{number}", person="psn-1", role="instructor", enterprise=uscc(number))
    world.sync()
    left = world.get("/v1/gaps/simulations", **STAFF100).json()
    assert (left["items"], left["simulation"]["without_proposal"]) == ([], [uscc(8)])

    world.close("assignment", "asg-3", TODAY)
    world.sync()
    sent = world.get("/v1/gaps/simulations", **STAFF100).json()["items"]
    assert [(each["kind"], each["person"], each["distance_name"]) for each in sent] == [
        ("instructor", "psn-1", "同一县（市、区）")
    ]


def test_an_instructor_who_works_only_outside_the_scope_is_not_named(world: World):
    world.record("assignment", "asg-1", person="psn-1", role="instructor", enterprise=uscc(1))
    world.sync()
    clerk = world.person("prn-b", divisions=(TOWN_B,))

    assert world.get("/v1/gaps/simulations", **STAFF100).json()["total"] == 1
    assert world.get("/v1/gaps/simulations", clerk, **STAFF100).json()["total"] == 0


def test_a_plan_for_a_day_as_known_then_stays_what_it_was(world: World):
    random_county(world, 3)
    known = world.statistics(measure="enterprise_count")["passport"]["known_at"]["registry"]
    before = world.get("/v1/gaps/simulations", limit=1000, **STAFF100).json()
    carry_out(world, before["items"])
    params = {**STAFF100, "known_at": f"registry:{known}", "on": TODAY.isoformat()}
    again = world.get("/v1/gaps/simulations", limit=1000, **params).json()

    assert (again["items"], again["simulation"]) == (before["items"], before["simulation"])


def test_pages_of_the_plan_are_the_whole_plan(world: World):
    random_county(world, 2)
    whole = world.get("/v1/gaps/simulations", limit=1000, **STAFF100).json()["items"]
    pages, cursor = [], None
    while True:
        page = world.get("/v1/gaps/simulations", limit=3, **STAFF100, **({"cursor": cursor} if cursor else {})).json()
        pages += page["items"]
        cursor = page["next"]
        if cursor is None:
            break

    assert pages == whole


@pytest.mark.parametrize("path", ["/v1/gaps", "/v1/gaps/simulations"])
@pytest.mark.parametrize(
    "params", [{"organization_cover": "none"}, {"measure": "enterprise_count"}, {"measure": "organization_coverage"}]
)
def test_what_cannot_be_foretold_is_refused(world: World, path: str, params: dict[str, str]):
    answer = world.get(path, proposals="true", **params) if path == "/v1/gaps" else world.get(path, **params)

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_the_work_order_has_a_printable_sheet_for_each_township(world: World):
    random_county(world, 1)
    world.enterprise(95, TOWN_A, full_members=4, staff=100, name='=HYPERLINK("http://example.com")')
    world.sync()
    plan = world.get("/v1/gaps/simulations", limit=1000, **STAFF100).json()
    answer = world.get("/v1/gaps/simulations", format="xlsx", **STAFF100)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))

    assert answer.headers["content-disposition"].startswith("attachment")
    assert book.sheetnames[0] == "汇总"
    listed = Counter(
        (sheet.title, row[3])
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows(min_row=3, values_only=True)
        if str(row[3]).startswith("91")
    )
    assert sum(listed.values()) == sum(len(each["enterprises"]) for each in plan["items"])
    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert not [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    total = next(row for row in book["汇总"].iter_rows(values_only=True) if row[0] == "合计")
    rate = plan["simulation"]["total"]["organization_coverage"]
    for cell, step in zip(total[1:3], ("before", "after"), strict=True):
        assert cell.startswith(f"{rate[step]['numerator']}/{rate[step]['denominator']}（")

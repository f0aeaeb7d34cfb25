"""The board in one call: every figure is the statistics' own, tiles move only with their data, and scope holds."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from heli_reporting.history.store import MEMORY
from heli_shared.kernel.clock import FixedClock
from reporting.world import PARK, READS, TOWN_A, TOWN_B, World, uscc

ALL = ["cards", "townships", "trend", "ranking", "gaps", "worklist", "funnel"]


def board(world: World, who=None, **params):
    answer = world.get("/v1/board", who, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def tiles(found):
    return {slot["tile"]: slot["content"]["figures"] for slot in found["tiles"] if slot["content"]}


@pytest.fixture
def cycles(world: World):
    """Record two announced cycles of departments, and one whose results nobody may see yet."""
    for key, counted_on, stage in (
        ("cyc-1", "2025-12-31", "archived"),
        ("cyc-2", "2026-03-31", "notice"),
        ("cyc-3", "2026-06-30", "review"),
    ):
        world.record(
            "cycle", key, title=key, subject_kind="department", counted_on=counted_on, stage=stage, run=f"run-{key}"
        )
        for rank, unit in enumerate(("unt-tax", "unt-a", "unt-b"), 1):
            world.record(
                "cycle_entry", f"{key}-{unit}", cycle=key, subject=unit, name=unit, unit=unit,
                score=f"{100 - rank}.125", grade="A", rank=rank,
            )  # fmt: skip
    world.sync()


def test_every_tile_comes_in_one_call_with_its_passport(world: World):
    found = board(world)

    assert [slot["tile"] for slot in found["tiles"]] == ALL
    assert found["on"] == "2026-07-01"
    assert (found["stale"], found["scope"]["everything"]) == (False, True)
    for slot in found["tiles"]:
        passport = slot["content"]["passport"]
        assert passport["on"] == "2026-07-01"
        assert passport["known_at"] == found["known_at"]


def test_the_figures_are_those_of_the_statistics(world: World):
    shown = tiles(board(world))

    for card in shown["cards"]["cards"]:
        assert card["cell"] == world.statistics(measure=card["measure"])["total"][card["measure"]]
    ids = [each["measure"] for each in shown["townships"]["measures"]]
    by_town = world.statistics(measure=ids, by="division:town")
    assert (shown["townships"]["rows"], shown["townships"]["total"]) == (by_town["rows"], by_town["total"])
    for point in shown["trend"]["points"]:
        for measure in ("organization_coverage", "work_coverage_broad", "sole_setup_rate"):
            assert point[measure] == world.statistics(measure=measure, on=point["on"])["total"][measure]
    by_unit = world.statistics(measure=["organization_coverage", "due_established_rate"], by="unit")
    assert shown["ranking"]["units"]["rows"] == by_unit["rows"]


def test_the_lists_are_those_of_their_own_routes(world: World):
    shown = tiles(board(world))

    for each in shown["gaps"]["lists"]:
        page = world.get("/v1/gaps", measure=each["measure"]).json()
        assert (each["total"], each["head"]) == (page["total"], page["items"][:8])
    work = world.get("/v1/worklists").json()
    assert shown["worklist"]["total"] == work["total"] == 1
    assert shown["worklist"]["head"] == work["items"][:8]
    assert {each["kind"]: each["count"] for each in shown["worklist"]["counts"]} == work["counts"]


def test_the_trend_goes_back_eleven_month_ends(world: World):
    days = [point["on"] for point in tiles(board(world))["trend"]["points"]]

    assert days == ["2025-08-31", "2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31", "2026-01-31",
                    "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-01"]  # fmt: skip


def test_the_funnel_adds_up_and_each_step_opens_into_its_rows(world: World):
    world.enterprise(20, operation_state="suspended")
    world.enterprise(21, operation_state="suspended")
    world.close("enterprise", uscc(2), date(2026, 6, 1))
    world.sync()

    funnel = tiles(board(world))["funnel"]

    assert funnel["registered"] == funnel["base"] + sum(step["count"] for step in funnel["steps"]) == 11
    assert {step["reason"]: step["count"] for step in funnel["steps"]} == {
        "not_operating": 2, "closed": 1, "state_owned": 1,
    }  # fmt: skip
    for step in funnel["steps"]:
        rows = world.get(
            "/v1/statistics/rows", measure="enterprise_count", part="excluded", reason=step["reason"]
        ).json()
        assert rows["total"] == len(rows["items"]) == step["count"]
        assert Counter(row["reason"] for row in rows["items"]) == {step["reason"]: step["count"]}


def test_a_reason_that_there_is_not_is_refused(world: World):
    answer = world.get("/v1/statistics/rows", measure="enterprise_count", part="excluded", reason="bad_luck")

    assert answer.status_code == 400
    assert "state_owned" in answer.json()["detail"]


def test_a_target_names_its_document_and_how_many_it_still_takes(world: World):
    cards = {each["measure"]: each for each in tiles(board(world))["cards"]["cards"]}

    assert cards["organization_coverage"]["target"] is None
    due = cards["due_established_rate"]
    assert due["target"]["value"] == "1.00"
    assert "应建尽建率100%" in due["target"]["basis"]
    assert due["target"]["missing"] == due["cell"]["denominator"] - due["cell"]["numerator"] == 2


def test_the_target_of_the_unit_that_answers_for_the_figures_comes_before_the_norm(world: World):
    def target(unit, measure, value, due_on):
        key = f"tgt-{unit}-{measure}-{due_on}"
        world.record(
            "target", key, unit=unit, measure=measure, value=value, due_on=due_on, document="合两新〔2026〕1号"
        )

    target("unt-a", "organization_coverage", "0.7", "2026-03-31")
    target("unt-a", "organization_coverage", "0.8", "2026-12-31")
    target("unt-a", "organization_coverage", "0.9", "2027-12-31")
    target("unt-a", "due_established_rate", "0.5", "2026-03-31")
    target("unt-county", "organization_count", "5", "2026-12-31")
    world.sync()

    def targets(who):
        return {
            each["measure"]: each["target"] for each in tiles(board(world, who))["cards"]["cards"] if each["target"]
        }

    own = targets(world.person("prn-a", divisions=(TOWN_A,), unit="unt-a"))
    assert own["organization_coverage"] == {
        "value": "0.8", "since": None, "due_on": "2026-12-31", "basis": "合两新〔2026〕1号", "missing": 1,
    }  # fmt: skip
    assert (own["due_established_rate"]["value"], own["due_established_rate"]["due_on"]) == ("0.5", "2026-03-31")
    assert own["work_coverage_broad"]["since"] == "2012-03-01"
    county = targets(world.person("prn-c", everything=True, unit="unt-county"))
    assert county["organization_count"]["missing"] == 2
    assert targets(world.person("prn-t", divisions=(TOWN_A,), unit="unt-tax")) == own
    for other in (
        world.person("prn-w", everything=True, unit="unt-a"),
        world.person("prn-v", divisions=(TOWN_A, TOWN_B), unit="unt-a"),
    ):
        assert "organization_coverage" not in targets(other)


def test_a_tile_that_the_caller_has_comes_without_content(world: World):
    first = board(world)
    etags = {slot["tile"]: slot["etag"] for slot in first["tiles"]}
    world.enterprise(30, TOWN_A, ownership="state_owned")
    world.sync()

    second = board(world, known=list(etags.values()))
    moved = {slot["tile"] for slot in second["tiles"] if slot["content"] is not None}

    assert moved == {"funnel"}
    assert [slot["etag"] for slot in second["tiles"] if slot["tile"] != "funnel"] == [
        etag for tile, etag in etags.items() if tile != "funnel"
    ]


def test_a_whole_board_that_did_not_move_is_304_and_another_reading_does_not_move_it(world: World):
    first = world.get("/v1/board")
    world.sync()
    headers = {**world.admin, "If-None-Match": first.headers["etag"]}

    assert world.client.get("/v1/board", headers=headers).status_code == 304
    world.enterprise(31)
    world.sync()
    assert world.client.get("/v1/board", headers=headers).status_code == 200


def test_each_tile_can_be_read_again_byte_for_byte_after_the_data_moved_on(world: World):
    before = board(world, tile=["cards"])["tiles"][0]["content"]
    link = before["passport"]["permalink"]
    body = world.get(link).content
    world.enterprise(32)
    world.sync()

    assert world.get(link).json() == before
    assert world.get(link).content == body
    assert board(world, tile=["cards"])["tiles"][0]["content"]["figures"] != before["figures"]


def test_a_permalink_opens_a_tile_to_nobody_who_could_not_have_got_it(world: World):
    link = {
        slot["tile"]: slot["content"]["passport"]["permalink"]
        for slot in board(world, world.person("prn-a", divisions=(TOWN_A,), unit="unt-a"))["tiles"]
    }

    def status(tile, permissions=READS, unit="unt-a", **scope):
        return world.get(link[tile], world.person("prn-r", permissions, unit=unit, **scope)).status_code

    assert status("worklist", divisions=(TOWN_A,)) == 200
    assert status("worklist", divisions=(TOWN_A,), unit="unt-tax") == 404
    assert status("funnel", divisions=(TOWN_A,), unit="unt-tax") == 200
    assert status("worklist", everything=True, unit="unt-county") == 200
    assert status("funnel", divisions=(TOWN_B,)) == 404
    assert status("gaps", ["statistics:read"], divisions=(TOWN_A,)) == 403


def test_screens_that_ask_at_once_get_one_count(world: World):
    class Ticking(FixedClock):
        """A clock that moves with every look: what is counted twice has two permalinks."""

        def now(self):
            self.instant += timedelta(milliseconds=1)
            return self.instant

    ticking = Ticking(world.clock.instant)
    other = World(ticking, world.folder, str(world.archive.url), MEMORY)
    other.county()
    other.sync()
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: board(other), range(24)))
    other.shut()

    links = [[slot["content"]["passport"]["permalink"] for slot in each["tiles"]] for each in found]
    assert len(set(map(tuple, links))) == 1


def test_only_the_tiles_that_are_asked_for_come_in_the_order_of_the_board(world: World):
    assert [slot["tile"] for slot in board(world, tile=["funnel", "cards"])["tiles"]] == ["cards", "funnel"]
    assert world.get("/v1/board", tile="weather").status_code == 400


def test_who_may_not_read_gaps_or_worklists_gets_the_other_tiles(world: World):
    who = world.person("prn-some", ["statistics:read"], everything=True)

    assert [slot["tile"] for slot in board(world, who)["tiles"]] == [
        tile for tile in ALL if tile not in ("gaps", "worklist")
    ]
    assert world.get("/v1/board", world.person("prn-nil", ["gaps:read"])).status_code == 403


@pytest.mark.parametrize(
    ("scope", "inside", "places"),
    [
        ({"divisions": (TOWN_A,)}, {1, 2, 3, 4, 5, 9}, {TOWN_A}),
        ({"divisions": (TOWN_B,)}, {6, 7, 8}, {TOWN_B}),
        ({"zones": (PARK,)}, {8}, {TOWN_B}),
        ({}, set(), set()),
    ],
)
def test_a_narrow_scope_sees_its_own_part_on_every_tile(world: World, scope, inside, places):
    shown = tiles(board(world, world.person("prn-narrow", READS, **scope)))
    cards = {each["measure"]: each["cell"] for each in shown["cards"]["cards"]}

    assert shown["funnel"]["registered"] == len(inside)
    assert cards["enterprise_count"]["value"] == len(inside - {9})
    assert {row["division"]["code"] for row in shown["townships"]["rows"]} <= places
    for each in shown["gaps"]["lists"]:
        assert {row["uscc"] for row in each["head"]} <= {uscc(number) for number in inside}
    assert shown["worklist"]["total"] == (1 if TOWN_A in places else 0)


@pytest.mark.usefixtures("cycles")
def test_departments_are_ranked_by_the_cycle_announced_last(world: World):
    ranking = tiles(board(world))["ranking"]

    assert ranking["cycle"] == {
        "title": "cyc-2", "run": "run-cyc-2", "counted_on": "2026-03-31", "stage": "notice",
    }  # fmt: skip
    assert ranking["departments"] == [
        {
            "rank": rank,
            "unit": {"code": unit, "name": unit},
            "score": f"{100 - rank}.125",
            "grade": "A",
            "explanation": f"/v1/runs/run-cyc-2/scores/{unit}",
        }
        for rank, unit in enumerate(("unt-tax", "unt-a", "unt-b"), 1)
    ]


@pytest.mark.usefixtures("cycles")
def test_a_unit_sees_the_score_of_the_units_of_its_part_and_its_own(world: World):
    def ranked(**scope):
        shown = tiles(board(world, world.person("prn-unit", READS, **scope)))
        return [each["unit"]["code"] for each in shown["ranking"]["departments"]]

    assert ranked(divisions=(TOWN_A,), unit="unt-a") == ["unt-a"]
    assert ranked(divisions=(TOWN_B,), unit="unt-tax") == ["unt-tax", "unt-b"]
    assert ranked() == []


def test_names_come_in_the_callers_language_and_make_other_tiles(world: World):
    answer = world.client.get("/v1/board", headers={**world.admin, "Accept-Language": "en"}).json()

    assert answer["tiles"][0]["content"]["title"] == "Coverage"
    chinese, english = ({slot["etag"] for slot in found["tiles"]} for found in (board(world), answer))
    assert chinese.isdisjoint(english)


def test_a_past_day_and_an_old_knowledge_make_a_board_of_their_own(world: World):
    world.enterprise(33, on=date(2026, 6, 1))
    world.sync()

    def count(**params):
        return tiles(board(world, tile=["funnel"], **params))["funnel"]["registered"]

    assert (count(), count(on="2026-05-31"), count(known_at="28")) == (10, 9, 9)
    assert world.get("/v1/board", on="2027-01-01").status_code == 422

"""Incentives over HTTP and by the rules alone: within quotas, by the table, with reasons, confirmed by a person."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.cycles.office import FINANCE, TAX, Cycle, staff
from heli_assessment.incentives.domain import Candidate, Level, allowances, best, quota_of, stars


@pytest.fixture
def office(world):
    staff(world)
    return world


def proposed(world, cycle, *, by="clerk", expected=201, **more):
    body = {"kind": "allowance", "cycle": cycle.id, "title": "红领津贴", "basis": "示例办法", **more}
    answer = world.post("/v1/incentives", body, by=by)
    assert answer.status_code == expected, answer.text
    return answer.json()


def confirmed(world, incentive, *, by="leader", expected=200, **body):
    answer = world.post(f"/v1/incentives/{incentive['id']}/confirm", body, by=by)
    assert answer.status_code == expected, answer.text
    return answer.json()


def test_a_payment_list_is_advice_until_a_person_confirms_it(office):
    cycle = Cycle(office).announced()
    made = proposed(office, cycle, table={"不合格": "100.50", "优秀": "3600"})
    assert (made["status"], made["payment"], made["confirmed_by"]) == ("proposed", "201.00", None)
    assert {line["reason"] for line in made["lines"]} == {"等次“不合格”，标准 100.50 元"}
    assert confirmed(office, made, expected=409)["stage"] == "notice"
    approve(office, cycle)
    confirmed(office, made, by="clerk", expected=403)
    departing = {"subject": TAX, "award": None, "amount": None, "reason": "违规追责"}
    done = confirmed(office, made, overrides=[departing])
    assert (done["status"], done["payment"], done["awarded"], done["confirmed_by"]) == (
        "confirmed", "100.50", 1, "prn-leader",
    )  # fmt: skip
    lines = {line["subject"]: line for line in done["lines"]}
    assert (lines[TAX]["overridden"], lines[TAX]["reason"], lines[FINANCE]["overridden"]) == (True, "违规追责", False)
    confirmed(office, made, expected=409)
    assert office.get("/v1/incentives?kind=allowance&status=confirmed").json()["total"] == 1
    assert office.get(f"/v1/incentives/{made['id']}").json() == done


def approve(world, cycle):
    from datetime import date, timedelta

    from assessment.cycles.office import pass_until

    pass_until(world, date.fromisoformat(cycle.now["appeal_until"]) + timedelta(days=1))
    cycle.step("approve", by="leader")


def test_an_objection_that_is_upheld_has_it_decided_anew(office):
    cycle = Cycle(office).approved()
    made = proposed(office, cycle, table={"不合格": "100"})
    body = {"target": "incentive", "target_id": made["id"], "reason": "等次有误"}
    assert office.post("/v1/objections", body, by="finance").status_code == 409
    confirmed(office, made)
    filed = office.post("/v1/objections", body, by="finance").json()
    assert (filed["status"], filed["unit"]) == ("pending", FINANCE)
    answer = {"outcome": "upheld", "reason": "属实"}
    path = f"/v1/objections/{filed['id']}/answer"
    assert office.post(path, answer, by="finance").status_code == 403
    assert office.post(path, answer, by="leader").json()["status"] == "upheld"
    assert office.post(path, answer, by="leader").status_code == 409
    assert office.get(f"/v1/incentives/{made['id']}").json()["status"] == "reopened"
    assert confirmed(office, made)["status"] == "confirmed"
    again = office.post("/v1/objections", body, by="tax").json()
    rejected = {"outcome": "rejected", "reason": "无误"}
    assert office.post(f"/v1/objections/{again['id']}/answer", rejected, by="leader").json()["status"] == "rejected"
    assert office.get(f"/v1/incentives/{made['id']}").json()["status"] == "confirmed"


@pytest.mark.parametrize(
    "more",
    [
        {"table": {}}, {"kind": "stars"}, {"kind": "commendation"}, {"kind": "bonus"}, {"table": {"优秀": "-1"}},
        {"table": {"优秀": "1.234"}}, {"kind": "commendation", "count": 0}, {"basis": ""},
        {"kind": "stars", "levels": [{"title": "五星", "at_least": "95"}, {"title": "四星", "at_least": "95.0"}]},
        {"kind": "stars", "levels": [{"title": "五星", "at_least": "95", "share": "1.5"}]},
    ],
)  # fmt: skip
def test_incentives_that_make_no_sense_are_refused(small_world, more):
    staff(small_world)
    cycle = Cycle(small_world).decided()
    proposed(small_world, cycle, expected=422, **more)
    assert small_world.get("/v1/incentives").json()["total"] == 0


def test_nothing_is_proposed_from_a_cycle_without_a_result(small_world):
    staff(small_world)
    proposed(small_world, Cycle(small_world), table={"优秀": "1"}, expected=409)
    cycle = Cycle(small_world).decided()
    proposed(small_world, cycle, by="finance", table={"优秀": "1"}, expected=403)
    made = proposed(small_world, cycle, kind="secretary_recommendation", count=1)
    assert [line["award"] for line in made["lines"]] == [None, None]  # both tie beyond the quota of one
    assert small_world.post(f"/v1/incentives/{made['id']}/withdraw", {"reason": "改"}, by="clerk").is_success
    assert small_world.get(f"/v1/incentives/{made['id']}").json()["status"] == "withdrawn"


def one(number, score, grade="优秀"):
    return Candidate(f"org-{number}", f"支部{number}", Decimal(score), grade, None if grade is None else number)


def test_the_published_allowance_adds_up():
    people = [one(n, 95) for n in range(1, 11)] + [one(n, 85, "良好") for n in range(11, 29)] + [one(29, 50, "一般")]
    lines = allowances(people, {"优秀": Decimal(3600), "良好": Decimal(2400)})
    assert sum(line.amount or 0 for line in lines) == 79_200
    assert [line.subject for line in lines if line.amount is None] == ["org-29"]


def test_ties_across_the_edge_of_a_quota_fall_together():
    levels = [Level("五星", Decimal(95), 2), Level("四星", Decimal(90))]
    people = [one(1, 99), one(2, 97), one(3, 97), one(4, 90), one(5, 80), one(6, 100, None)]
    told = {line.subject: line for line in stars(people, levels)}
    assert {key: line.award for key, line in told.items()} == {
        "org-1": "五星", "org-2": "四星", "org-3": "四星", "org-4": "四星", "org-5": None, "org-6": None,
    }  # fmt: skip
    assert told["org-2"].zh == "得分 97，达到四星的 90 分（五星名额已满）"
    assert told["org-5"].zh == "得分 80，未达最低星级的 90 分"
    assert told["org-6"].zh == "一票否决，不参加评定"


def test_a_share_of_all_is_rounded_down():
    assert [quota_of(Decimal("0.3"), size) for size in (0, 3, 4, 10, 11)] == [0, 0, 1, 3, 3]


SCORES = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["优秀", "良好", None])), max_size=12)
LEVELS = st.lists(st.tuples(st.integers(0, 20), st.none() | st.integers(0, 5)), min_size=1, max_size=4,
                  unique_by=lambda level: level[0])  # fmt: skip


def naive_stars(people, levels):
    """Give stars in another way: for each level, count how many waiting ones are at least as good."""
    given = {}
    for at_least, quota in sorted(levels, reverse=True):
        waiting = {key: score for key, (score, grade) in people.items() if key not in given and grade is not None}
        reaching = {key: score for key, score in waiting.items() if score >= at_least}
        for key, score in reaching.items():
            if quota is None or sum(other >= score for other in reaching.values()) <= quota:
                given[key] = at_least
    return given


@given(SCORES, LEVELS)
def test_stars_are_what_a_second_way_of_counting_gives(scores, levels):
    people = {f"org-{number}": each for number, each in enumerate(scores)}
    asked = [Candidate(key, key, Decimal(score), grade, 1) for key, (score, grade) in people.items()]
    told = stars(asked, [Level(str(at), Decimal(at), quota) for at, quota in levels])
    assert {line.subject: int(line.award) for line in told if line.award} == naive_stars(people, levels)
    assert sorted(line.subject for line in told) == sorted(people)


@given(SCORES, st.integers(1, 6), st.sets(st.sampled_from(["优秀", "良好"])))
def test_a_list_never_exceeds_its_number_and_never_passes_over_a_better_one(scores, count, grades):
    people = [Candidate(f"org-{n}", "x", Decimal(score), grade, 1) for n, (score, grade) in enumerate(scores)]
    chosen = {line.subject for line in best(people, count, frozenset(grades), "表彰") if line.award}
    assert len(chosen) <= count
    able = [each for each in people if each.grade is not None and (not grades or each.grade in grades)]
    worst = min((each.score for each in able if each.subject in chosen), default=None)
    for each in able:
        if worst is not None and each.subject not in chosen:
            assert each.score < worst

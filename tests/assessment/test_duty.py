"""Reports on duty over HTTP: one report of a unit, one mark of a judge, exact weighted totals."""

import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from assessment.world import FINANCE, TAX
from heli_assessment.duty.domain import result_of

WEIGHTS = {"leaders": 50, "peers": 30, "representatives": 20}


def session(world, **more):
    body = {"title": "2026年度述职评议会", "year": 2026, "unit": "unt-a", "held_on": "2026-06-30",
            **{f"{group}_weight": weight for group, weight in WEIGHTS.items()}, **more}  # fmt: skip
    return world.post("/v1/duty-sessions", {"id": "dts-1", **body})


def reported(world, unit=FINANCE, by="admin"):
    return world.post("/v1/duty-reports", {"session": "dts-1", "unit": unit, "summary": "完成任务12项"}, by=by)


def mark(world, report, judges, points, by="admin", **more):
    return world.post("/v1/duty-marks", {"report": report, "judges": judges, "points": points, **more}, by=by)


def results(world):
    return world.get("/v1/duty-sessions/dts-1/results").json()["items"]


def test_a_session_has_reports_marks_and_a_result(world):
    assert session(world).status_code == 201
    finance, tax = (reported(world, unit).json()["id"] for unit in (FINANCE, TAX))
    assert reported(world).status_code == 409
    for judge, group, points in (("1", "leaders", "95"), ("2", "leaders", "90.5"), ("3", "peers", "88")):
        assert mark(world, finance, group, points, judge=f"slip-{judge}").status_code == 201
    first = next(each for each in results(world) if each["unit"] == FINANCE)
    assert (first["total"], first["grade"], first["missing"]) == (None, None, ["representatives"])
    mark(world, finance, "representatives", "91", judge="slip-4")
    # 50 % of 92.75, 30 % of 88, 20 % of 91.
    assert results(world)[0] == {
        "report": finance,
        "unit": FINANCE,
        "marks": {"leaders": 2, "peers": 1, "representatives": 1},
        "means": {"leaders": "92.75", "peers": "88.00", "representatives": "91.00"},
        "total": "90.98",
        "grade": "good",
        "missing": [],
    }
    assert results(world)[1]["report"] == tax


def test_nobody_marks_the_own_unit_or_twice_or_for_another(world):
    session(world)
    world.enrol("finance", "department_liaison", unit=FINANCE)
    world.enrol("tax", "department_liaison", unit=TAX)
    key = reported(world, by="finance").json()["id"]
    assert reported(world, TAX, by="finance").status_code == 403
    assert mark(world, key, "peers", "100", by="finance").status_code == 403
    given = mark(world, key, "peers", "80", by="tax")
    assert (given.status_code, given.json()["judge"]) == (201, "prn-tax")
    assert mark(world, key, "peers", "85", by="tax").status_code == 409
    assert mark(world, key, "peers", "85", by="tax", judge="somebody").status_code == 403
    assert world.get("/v1/duty-marks", by="tax").status_code == 403, "who gave what is for the county's clerks"
    etag = given.headers["etag"]
    path = f"/v1/duty-marks/{given.json()['id']}/withdraw"
    assert world.post(path, {"reason": "重评"}, by="finance", headers={"If-Match": etag}).status_code == 403
    assert world.post(path, {"reason": "重评"}, by="tax", headers={"If-Match": etag}).status_code == 200
    assert mark(world, key, "peers", "85", by="tax").status_code == 201


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"leaders_weight": 60}, "/leaders_weight"),
        ({"held_on": "2026-07-02"}, "/held_on"),
        ({"unit": "unt-none"}, "/unit"),
    ],
)
def test_a_session_that_is_wrong_is_refused(small_world, change, pointer):
    answer = session(small_world, **change)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_points_lie_between_0_and_100_and_a_closed_session_takes_none(small_world):
    session(small_world)
    key = reported(small_world).json()["id"]
    for points in ("-0.1", "100.1", "好"):
        assert mark(small_world, key, "leaders", points).status_code == 422
    etag = small_world.get("/v1/duty-sessions/dts-1").headers["etag"]
    small_world.post("/v1/duty-sessions/dts-1/close", {"reason": "结束"}, headers={"If-Match": etag})
    assert mark(small_world, key, "leaders", "90").status_code == 409


def test_totals_agree_with_a_naive_sum_of_fractions():
    chance = random.Random(11)
    grades = {"good": Decimal(90), "fair": Decimal(80), "average": Decimal(60)}
    for _ in range(300):
        marks = [(chance.choice(list(WEIGHTS)), Decimal(chance.randint(400, 1000)) / 10) for _ in range(12)]
        found = result_of(marks, WEIGHTS, grades)
        groups = {group: [points for name, points in marks if name == group] for group in WEIGHTS}
        if not all(groups.values()):
            assert found.total is None
            continue
        exact = sum(
            Fraction(WEIGHTS[group], 100) * Fraction(sum(given)) / len(given) for group, given in groups.items()
        )
        nearest = Decimal(exact.numerator) / Decimal(exact.denominator)
        assert found.total == nearest.quantize(Decimal("0.01"), ROUND_HALF_UP)
        total = found.total
        assert found.grade == (
            "good" if total >= 90 else "fair" if total >= 80 else "average" if total >= 60 else "poor"
        )

"""Letters, orders and reports on duty under review: what would change a score is refused, what goes on goes on."""

import random
from datetime import date

import sqlalchemy as sa

from assessment.cycles.office import FINANCE, ON, TAX, Cycle, pass_until

WEIGHTS = {"leaders_weight": 50, "peers_weight": 30, "representatives_weight": 20}
MEASURES = {
    "letters_signed_rate": 1, "letters_in_time_rate": 1, "letters_checked_rate": 1, "orders_accepted_rate": 1,
    "duty_report_score": 100, "orders_received": 100, "orders_overdue": 100, "orders_sent_back": 100,
}  # fmt: skip
BOOK = """
id: work
title: 示例·履责考核细则
subject_kind: department
effective_from: 2026-01-01
basis: {document: 示例办法}
maximum: 80
grades: [{title: 合格, below: 80}, {title: 优秀, at_least: 80}]
parts:
  - id: all
    title: 全部
    kind: common
    maximum: 80
    items:
""" + "".join(
    f"      - {{id: i{number}, title: 第{number}项, maximum: 10, basis: {{document: 示例办法, clause: 第{number}条}}, "
    f"missing: zero, rule: {{kind: proportional, measure: {measure}, target: {most}}}}}\n"
    for number, (measure, most) in enumerate(MEASURES.items())
)


def letters(world):
    """Let there be letters of the year, one signed in May, and return their keys by unit."""
    world.has("unit", "unt-county", name="县委两新工委", kind="commission")
    world.registry_seen_again()
    world.made("/v1/plans", id="pln-1", title="2026年实施意见", year=2026)
    early(world, "2026-05-04")
    world.post("/v1/letters", {"plan": "pln-1", "units": [FINANCE, TAX]})
    early(world, "2026-07-01")
    found = {each["unit"]: each["id"] for each in world.get("/v1/letters").json()["items"]}
    sign(world, found[TAX], signed_on="2026-05-20")
    return found


def early(world, day):
    """Let it be another day, for what is recorded on its own day only."""
    pass_until(world, date.fromisoformat(day))


def step(world, path, body, by="admin"):
    record = path.rpartition("/")[0]
    return world.post(path, body, by=by, headers={"If-Match": world.get(record).headers["etag"]})


def sign(world, letter, **body):
    return step(world, f"/v1/letters/{letter}/sign", body)


def order(world, unit=FINANCE, **body):
    return world.post("/v1/rectification-orders", {"unit": unit, "issuer": TAX, "problem": "未制定计划", **body})


def session(world, key, held_on="2026-06-20"):
    body = {"title": "述职", "year": 2026, "unit": "unt-a", "held_on": held_on, **WEIGHTS}
    return world.post("/v1/duty-sessions", {"id": key, **body})


def reported(world, unit, key="dts-1"):
    return world.post("/v1/duty-reports", {"session": key, "unit": unit, "summary": "完成"})


def marked(world, report, judge="s-1"):
    body = {"report": report, "judges": "leaders", "points": "90", "judge": judge}
    return world.post("/v1/duty-marks", body)


def test_letters_of_the_past_are_locked_and_those_of_today_are_signed(office):
    found = letters(office)
    Cycle(office).open().submit().score()
    refused = sign(office, found[FINANCE], signed_on="2026-06-30")
    assert (refused.status_code, refused.json()["unit"]) == (409, FINANCE)
    back = {"result": "on_track", "checked_on": "2026-06-30"}
    assert step(office, f"/v1/letters/{found[TAX]}/check", back).status_code == 409
    # What takes effect after the last day that counts is not scored: nobody waits for the review to be over.
    assert sign(office, found[FINANCE]).status_code == 200
    assert step(office, f"/v1/letters/{found[TAX]}/check", {"result": "on_track"}).status_code == 200


def test_orders_of_the_past_are_locked_and_open_ones_are_answered(office):
    held = order(office, issued_on="2026-06-10", due_on="2026-06-25").json()["id"]
    Cycle(office).open().submit().score()
    refused = order(office, issued_on="2026-06-10")
    assert (refused.status_code, refused.json()["unit"]) == (409, FINANCE)
    assert office.get("/v1/rectification-orders").json()["total"] == 1
    assert order(office, "unt-a", issued_on="2026-06-10").status_code == 201, "another unit is not assessed"
    assert order(office).status_code == 201, "a fault of today"
    assert step(office, f"/v1/rectification-orders/{held}/answer", {"answer": "已整改"}).status_code == 200


def test_reports_on_duty_stand_with_their_session_and_marks(office):
    session(office, "dts-1")
    report = reported(office, FINANCE).json()["id"]
    mark = marked(office, report).json()["id"]
    other = reported(office, "unt-a").json()["id"]
    cycle = Cycle(office).open().submit().score()
    answers = [
        reported(office, TAX),
        office.patch(f"/v1/duty-reports/{report}", {"summary": "改"}),
        marked(office, report, "s-2"),
        step(office, f"/v1/duty-marks/{mark}/withdraw", {"reason": "误"}),
        office.patch("/v1/duty-sessions/dts-1", {"leaders_weight": 60, "peers_weight": 20}),
        office.patch("/v1/duty-sessions/dts-1", {"held_on": "2026-07-01"}),
    ]
    assert [answer.status_code for answer in answers] == [409] * len(answers)
    assert [answer.json()["unit"] for answer in answers] == [TAX, *[FINANCE] * 5]
    assert marked(office, other, "s-2").status_code == 201, "another unit is not assessed"
    assert session(office, "dts-2").status_code == 201, "nobody has reported in it"
    assert session(office, "dts-3", "2026-07-01").status_code == 201
    assert reported(office, FINANCE, "dts-3").status_code == 201
    cycle.step("unlock", reason="补录", days=2)
    assert marked(office, report, "s-3").status_code == 201


def test_whatever_is_taken_under_a_lock_leaves_every_score_of_the_period(small_office):
    """Nothing that the lock lets through may change what the same period is scored with."""
    world, chance = small_office, random.Random(11)
    uploaded = world.upload("work", BOOK)
    assert uploaded.is_success, uploaded.text
    found = letters(world)
    session(world, "dts-1")
    reports = [reported(world, unit).json()["id"] for unit in (FINANCE, TAX)]
    orders = [order(world, issued_on="2026-06-10", due_on="2026-06-25").json()["id"] for _ in range(3)]
    Cycle(world).open().submit().score()

    def scores():
        run = world.post("/v1/runs", {"rulebook": "work", "on": ON}).json()
        return [
            [(each["id"], each["points"]) for each in world.explained(run, unit)["items"]] for unit in (FINANCE, TAX)
        ]

    before, taken, refused = scores(), 0, 0
    for number in range(60):
        day = chance.choice(["2026-06-15", "2026-06-30", "2026-07-01"])
        one = chance.choice(orders)
        write = chance.choice(
            [
                lambda day=day: sign(world, found[FINANCE], signed_on=day),
                lambda day=day: step(
                    world, f"/v1/letters/{found[TAX]}/check", {"result": "on_track", "checked_on": day}
                ),
                lambda day=day: order(world, chance.choice([FINANCE, TAX]), issued_on=day),
                lambda one=one: step(world, f"/v1/rectification-orders/{one}/answer", {"answer": "已整改"}),
                lambda one=one: step(world, f"/v1/rectification-orders/{one}/return", {"decision": "退"}, by="admin"),
                lambda number=number: marked(world, chance.choice(reports), f"s-{number}"),
                lambda: reported(world, chance.choice([FINANCE, TAX, "unt-b"])),
                lambda day=day, number=number: session(world, f"dts-n{number}", day),
            ]
        )
        answer = write()
        assert answer.status_code < 500, answer.text
        taken += answer.is_success
        refused += "locked by the cycle" in answer.text or "已锁定" in answer.text
    assert min(taken, refused) >= 10
    assert scores() == before


def test_one_question_for_all_rows_of_a_call(small_office):
    """The lock asks once for a whole list, however long, not once for each row of it."""
    Cycle(small_office).open().submit().score()
    asked: list[str] = []
    engine = small_office.engine

    def note(_connection, _cursor, statement, *_more):
        if "FROM cycles" in statement or "FROM cycle_entries" in statement:
            asked.append(statement)

    rows = "\n".join(f"走访,城关镇党委,2026-05-{1 + number % 28:02},走访{number}" for number in range(300))
    content = f"类别,单位,日期,事项\n{rows}\n"
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        answer = small_office.call(
            "POST", "/v1/imports", params={"kind": "activities"}, files={"file": ("记录.csv", content.encode())}
        )
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert answer.json()["rows"]["created"] == 300, answer.text
    assert len(asked) == 2

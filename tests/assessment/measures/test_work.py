"""Measures of the records of work, through a run that pins its place: values, not applicable, and as of the day."""

from datetime import date
from types import SimpleNamespace

from assessment.world import FINANCE, TAX
from heli_assessment.database import LEDGER
from heli_assessment.engine.amounts import VALUE_SCALE
from heli_assessment.intake.facts import pull_facts
from heli_assessment.measures.values import Period, gather, values_of
from heli_assessment.runs.work import work_records
from heli_shared.db.engine import transaction


def values(world, measures):
    """Return the values of measures for both departments, by a run's own evidence."""
    period = Period(date(2026, 1, 1), date(2026, 7, 1))
    with transaction(world.engine, writes=False) as session:
        call = SimpleNamespace(session=session, ledger=LEDGER)
        work = work_records(call, period, on=period.last, known_at=10**9)
    facts = pull_facts(world.registry, on=period.last, known_at=None)
    evidence = gather(period=period, rulebook="b", facts=facts, activities=[], tasks=[], marks=[], work=work)
    return {unit: values_of(unit, measures, evidence) for unit in (FINANCE, TAX)}


def step(world, path, body, of):
    headers = {"If-Match": world.get(of).headers["etag"]}
    answer = world.post(path, body, headers=headers)
    assert answer.status_code == 200, answer.text


def test_letters_orders_progress_and_duty_are_measured(world):
    world.has("unit", "unt-county", name="县委两新工委", kind="commission")
    world.registry_seen_again()
    world.made("/v1/plans", id="pln-1", title="2026年实施意见", year=2026)
    world.post("/v1/letters", {"plan": "pln-1", "units": [FINANCE, TAX]})
    letter = world.get(f"/v1/letters?unit={FINANCE}").json()["items"][0]["id"]
    step(world, f"/v1/letters/{letter}/sign", {}, f"/v1/letters/{letter}")
    order = {"unit": TAX, "issuer": FINANCE, "problem": "台账不实", "issued_on": "2026-06-01"}
    world.made("/v1/rectification-orders", **order, due_on="2026-06-30")
    other = world.made("/v1/rectification-orders", **order, due_on="2026-07-20")["id"]
    path = f"/v1/rectification-orders/{other}"
    step(world, f"{path}/answer", {"answer": "已改"}, path)
    step(world, f"{path}/return", {"decision": "不足", "due_on": "2026-07-30"}, path)
    task = {"plan": "pln-1", "title": "走访", "unit": FINANCE, "target": "4", "due_on": "2026-09-30"}
    world.made("/v1/tasks", id="tsk-1", **task)
    world.made("/v1/progress-reports", task="tsk-1", progress="2", reported_on="2026-06-30", evidence="记录")
    session = {"title": "述职", "year": 2026, "unit": "unt-county", "held_on": "2026-06-30",
               "leaders_weight": 60, "peers_weight": 40, "representatives_weight": 0}  # fmt: skip
    world.made("/v1/duty-sessions", id="dts-1", **session)
    report = world.made("/v1/duty-reports", session="dts-1", unit=FINANCE, summary="完成")["id"]
    for judges, points in (("leaders", "90"), ("peers", "80.5")):
        world.made("/v1/duty-marks", report=report, judges=judges, points=points, judge=judges)
    names = ["letters_signed_rate", "letters_checked_rate", "orders_received", "orders_overdue",
             "orders_accepted_rate", "orders_sent_back", "progress_reports", "duty_report_score"]  # fmt: skip
    found = values(world, names)

    def shown(unit):
        return {name: (each.input.state.name, each.input.value) for name, each in found[unit].items()}

    scale = VALUE_SCALE
    value = "VALUE"
    finance, tax = shown(FINANCE), shown(TAX)
    assert finance["letters_signed_rate"] == (value, scale)
    assert finance["letters_checked_rate"] == (value, 0)
    assert finance["orders_received"] == (value, 0)
    assert finance["orders_accepted_rate"][0] == "NOT_APPLICABLE"
    assert finance["progress_reports"] == (value, 1 * scale)
    assert finance["duty_report_score"] == (value, 862 * scale // 10)
    assert tax["letters_signed_rate"][0] == "NOT_APPLICABLE", "its day has not come"
    assert (tax["orders_received"], tax["orders_overdue"]) == ((value, 2 * scale), (value, 1 * scale))
    assert tax["orders_accepted_rate"] == (value, 0)
    assert tax["orders_sent_back"] == (value, 1 * scale)
    assert tax["duty_report_score"][0] == "NOT_APPLICABLE"


def test_every_measure_is_in_the_catalogue(small_world):
    listed = {each["id"] for each in small_world.get("/v1/measures").json()["items"]}
    assert {
        "letters_signed_rate",
        "orders_overdue",
        "duty_report_score",
        "pairing_activities",
        "training_days",
    } <= listed

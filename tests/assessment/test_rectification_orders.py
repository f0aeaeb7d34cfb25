"""Rectification orders over HTTP: whose turn it is, deadlines in working days, and the stages against a naive model."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from assessment.world import FINANCE, TAX, TOWN_A

ORDERS = "/v1/rectification-orders"
WORDS = {"answer": "answer", "accept": "decision", "return": "decision", "reopen": "decision", "cancel": "decision"}


def issued(world, unit=TAX, by="admin", **more):
    body = {"unit": unit, "issuer": FINANCE, "problem": "3家应建未建企业未制定组建计划", **more}
    return world.post(ORDERS, body, by=by)


def step(world, key, name, by="admin", text="已核", **more):
    etag = world.get(f"{ORDERS}/{key}").headers["etag"]
    return world.post(f"{ORDERS}/{key}/{name}", {WORDS[name]: text, **more}, by=by, headers={"If-Match": etag})


def people(world):
    world.enrol("tax", "department_liaison", unit=TAX)
    world.enrol("finance", "department_liaison", unit=FINANCE)
    world.enrol("town", "township_clerk", unit="unt-a", divisions=(TOWN_A,))


def test_an_order_goes_its_way_and_comes_back_when_it_recurs(world):
    people(world)
    inspection = world.made("/v1/activities", kind="inspection", unit=FINANCE, held_on="2026-06-29", title="半年督查")
    order = issued(world, by="finance", activity=inspection["id"], number="合两新督〔2026〕3号").json()
    # Fifteen working days after 1 July 2026, a Wednesday.
    assert (order["stage"], order["due_on"], order["days_left"]) == ("issued", "2026-07-22", 15)
    key = order["id"]
    assert step(world, key, "answer", "finance").status_code == 403
    assert step(world, key, "accept", "finance").status_code == 409
    answered = step(world, key, "answer", "tax", "三家计划已报备").json()
    assert (answered["stage"], answered["days_left"], answered["overdue"]) == ("answered", None, False)
    assert step(world, key, "accept", "tax").status_code == 403
    returned = step(world, key, "return", "finance", "缺少佐证").json()
    assert (returned["stage"], returned["rounds"], returned["due_on"]) == ("returned", 1, "2026-07-15")
    step(world, key, "answer", "tax", "已补充")
    assert step(world, key, "accept", "finance", "同意销号").json()["stage"] == "accepted"
    again = step(world, key, "reopen", "finance", "问题反弹", due_on="2026-07-31").json()
    assert (again["stage"], again["rounds"], again["due_on"]) == ("reopened", 2, "2026-07-31")
    history = world.get(f"{ORDERS}/{key}/history").json()["items"]
    assert [each["actor"] for each in history[1:]] == [
        "prn-tax",
        "prn-finance",
        "prn-tax",
        "prn-finance",
        "prn-finance",
    ]


def test_whoever_answered_does_not_accept(world):
    key = issued(world).json()["id"]
    step(world, key, "answer")
    assert step(world, key, "accept").status_code == 403
    world.enrol("clerk", "county_clerk")
    assert step(world, key, "accept", "clerk").status_code == 200


def test_two_deciders_at_once_do_not_both_decide(world):
    key = issued(world).json()["id"]
    step(world, key, "answer")
    world.enrol("clerk", "county_clerk")
    headers = {"If-Match": world.get(f"{ORDERS}/{key}").headers["etag"]}
    first = world.post(f"{ORDERS}/{key}/accept", {"decision": "同意"}, by="clerk", headers=headers)
    second = world.post(f"{ORDERS}/{key}/return", {"decision": "不同意"}, by="clerk", headers=headers)
    assert (first.status_code, second.status_code) == (200, 412)


def test_orders_are_late_by_the_calendar_and_seen_by_both_sides(world):
    people(world)
    late = issued(world, "unt-a", issued_on="2026-06-01", due_on="2026-06-30").json()["id"]
    issued(world)
    assert [each["id"] for each in world.get(f"{ORDERS}?overdue=true").json()["items"]] == [late]
    assert [each["id"] for each in world.get(ORDERS, by="town").json()["items"]] == [late]
    step(world, late, "answer", "town", "已整改")
    assert world.get(f"{ORDERS}?overdue=true").json()["total"] == 0


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"unit": FINANCE}, "/unit"),
        ({"unit": "unt-none"}, "/unit"),
        ({"issued_on": "2026-07-02"}, "/issued_on"),
        ({"due_on": "2026-07-01"}, "/due_on"),
        ({"activity": "act-none"}, "/activity"),
        ({"problem": "  "}, "/problem"),
    ],
)
def test_an_order_that_is_wrong_is_refused_with_its_field(small_world, change, pointer):
    answer = issued(small_world, **change)
    assert answer.status_code == 422, answer.text
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert small_world.get(ORDERS).json()["total"] == 0


class Orders(RuleBasedStateMachine):
    """Any steps in any order: the service allows exactly what the model does, and a refusal changes nothing."""

    world = None

    def __init__(self):
        super().__init__()
        self.key = issued(self.world).json()["id"]
        self.stage, self.rounds = "issued", 0

    @rule(name=st.sampled_from(sorted(WORDS)), by=st.sampled_from(["clerk", "tax", "finance"]))
    def take(self, name, by):
        open_stages = ("issued", "returned", "reopened")
        turn = {"answer": self.stage in open_stages, "accept": self.stage == "answered",
                "return": self.stage == "answered", "reopen": self.stage == "accepted",
                "cancel": self.stage in (*open_stages, "answered")}[name]  # fmt: skip
        may = by in {"tax", "clerk2"} if name == "answer" else by in {"clerk", "finance"}
        may = may or (name == "answer" and by == "clerk")
        asked = step(self.world, self.key, name, by)
        if not turn:
            assert asked.status_code == 409
        elif not may or (name == "accept" and by == self.answered_by):
            assert asked.status_code == 403
        else:
            assert asked.status_code == 200, asked.text
            self.stage = {"answer": "answered", "accept": "accepted", "return": "returned", "reopen": "reopened",
                          "cancel": "cancelled"}[name]  # fmt: skip
            self.rounds += name in ("return", "reopen")
            if name == "answer":
                self.answered_by = by

    answered_by = None

    @precondition(lambda self: self.stage == "cancelled")
    @rule()
    def begin_anew(self):
        self.__init__()

    @invariant()
    def is_where_the_model_is(self):
        shown = self.world.get(f"{ORDERS}/{self.key}").json()
        assert (shown["stage"], shown["rounds"]) == (self.stage, self.rounds)


def test_any_steps_in_any_order_agree_with_a_naive_model(small_world):
    people(small_world)
    small_world.enrol("clerk", "county_clerk")
    machine = type("Machine", (Orders,), {"world": small_world})
    checked = settings(max_examples=15, stateful_step_count=20, deadline=None,
                       suppress_health_check=list(HealthCheck))  # fmt: skip
    run_state_machine_as_test(machine, settings=checked)

"""Any series of steps by anybody: the service answers and stands as the plain model does."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from assessment.cycles.naive_workflow import UNITS, Model
from assessment.cycles.office import ON, Cycle, pass_days, staff
from assessment.world import World
from heli_assessment.migrating import migrate_assessment
from heli_shared.kernel.clock import FixedClock

STEPS = (
    "publish", "start", "submit", "extend", "score", "first_review", "return", "second_review", "decide", "unlock",
    "announce", "approve", "archive", "withdraw",
)  # fmt: skip
ON_SUBJECTS = {"submit", "first_review", "return", "second_review", "decide"}
LIKELY = {
    "draft": [("publish", "clerk")],
    "published": [("start", "clerk")],
    "self_assessment": [("submit", "finance"), ("submit", "tax"), ("submit", "clerk"), ("score", "clerk")],
    "review": [
        ("first_review", "first"),
        ("second_review", "second"),
        ("second_review", "clerk"),
        ("decide", "leader"),
    ],
    "decided": [("announce", "clerk")],
    "notice": [("approve", "leader")],
    "approved": [("archive", "clerk")],
}


class Workflow(RuleBasedStateMachine):
    """One cycle beside its model."""

    world: World

    def __init__(self):
        super().__init__()
        self.world.clock.instant = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
        pass_days(self.world, 0)
        self.cycle, self.model = Cycle(self.world), Model()
        self.runs = self.world.run(on=ON)["id"]

    def take(self, step, by, subject, *, reason):
        body = {"step": step, "subjects": [], "run": self.runs}
        if step in ON_SUBJECTS:
            said = {"statement": "自评"} if step == "submit" else {}
            body["subjects"] = [{"subject": subject, **said}]
        if reason:
            body["reason"] = "理由"
        before = self.written()
        answer = self.world.post(f"{self.cycle.path}/steps", body, by=by)
        assert answer.status_code == self.model.take(step, by, subject, reason), (step, by, answer.text)
        if answer.status_code != 200:
            assert self.written() == before, "a refused step leaves nothing behind"

    def written(self):
        with self.world.engine.connect() as connection:
            return connection.exec_driver_sql("SELECT seq FROM ledger_head").scalar_one()

    @rule(step=st.sampled_from(STEPS), by=st.sampled_from(sorted(UNITS)), data=st.data(), reason=st.booleans())
    def take_any(self, step, by, data, reason):
        subject = data.draw(st.sampled_from(sorted(self.model.entries)))
        self.take(step, by, subject, reason=reason)

    @precondition(lambda self: self.model.stage in LIKELY)
    @rule(data=st.data())
    def take_a_likely_one(self, data):
        step, by = data.draw(st.sampled_from(LIKELY[self.model.stage]))
        subjects = [UNITS[by]] if UNITS[by] in self.model.entries else sorted(self.model.entries)
        self.take(step, by, data.draw(st.sampled_from(subjects)), reason=step == "submit")

    @precondition(lambda self: self.model.stage in {"self_assessment", "review", "notice"})
    @rule()
    def wait(self):
        pass_days(self.world, 30)
        self.model.wait()

    @invariant()
    def stand_alike(self):
        assert self.cycle.now["stage"] == self.model.stage
        assert self.cycle.standing() == {unit: each.status for unit, each in self.model.entries.items()}


def test_any_series_of_steps_is_answered_as_the_model_says(sqlite_databases):
    clock = FixedClock(datetime(2026, 7, 1, 2, 30, tzinfo=UTC))
    world = World(clock, sqlite_databases.migrated("assessment", migrate_assessment))
    world.county()
    staff(world)

    class OnThisWorld(Workflow):
        pass

    OnThisWorld.world = world
    try:
        run_state_machine_as_test(
            OnThisWorld,
            settings=settings(
                max_examples=40,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        world.close()
    assert clock.instant >= datetime(2026, 7, 1, tzinfo=UTC) - timedelta(days=1)

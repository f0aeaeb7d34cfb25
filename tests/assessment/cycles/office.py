"""An office that runs cycles: a world with reviewing units and people for every part, and short words for steps."""

from datetime import date, timedelta
from typing import Any

from assessment.world import FINANCE, TAX, TOWN_A, World

ORGANIZATION, SOCIAL = "unt-organization", "unt-social"
ON = "2026-06-30"
SUBJECTS = (FINANCE, TAX)


def staff(world: World) -> None:
    """Let there be two reviewing units and somebody for every part in a cycle."""
    world.example()
    world.publish()
    world.has("unit", ORGANIZATION, name="县委组织部", kind="commission")
    world.has("unit", SOCIAL, name="县委社会工作部", kind="commission")
    world.enrol("clerk", "county_clerk", unit=SOCIAL)
    world.enrol("finance", "department_liaison", unit=FINANCE)
    world.enrol("tax", "department_liaison", unit=TAX)
    world.enrol("first", "department_liaison", unit=ORGANIZATION)
    world.enrol("second", "department_liaison", unit=SOCIAL)
    world.enrol("leader", "leader", unit="unt-county")
    world.enrol("town", "township_clerk", unit="unt-a", divisions=(TOWN_A,))


def pass_days(world: World, days: int) -> None:
    """Let days pass; tokens are made anew."""
    pass_until(world, world.clock.today() + timedelta(days=days))


def pass_until(world: World, day: date) -> None:
    """Let it be the same time of a later day, with fresh tokens for everybody."""
    world.clock.instant += timedelta(days=(day - world.clock.today()).days)
    for name, header in list(world.headers.items()):
        kept = world.registry.principals[header["Authorization"].removeprefix("Bearer ")]
        token = world.issuer.issue(kept.id).token
        world.registry.principals[token] = kept
        world.headers[name] = {"Authorization": f"Bearer {token}"}


class Cycle:
    """One cycle and its steps; a step that is refused fails the test unless its status is `expected`."""

    def __init__(self, world: World, **more: Any) -> None:
        self.world = world
        body = {
            "title": "2026年上半年成员单位考核",
            "rulebook": "department",
            "period_from": "2026-01-01",
            "counted_on": ON,
            "first_reviewers": [ORGANIZATION],
            "second_reviewers": [SOCIAL],
            **more,
        }
        made = world.post("/v1/cycles", body, by="clerk")
        assert made.status_code == 201, made.text
        self.id = made.json()["id"]
        self.path = f"/v1/cycles/{self.id}"

    def step(self, step: str, *subjects: Any, by: str = "clerk", expected: int = 200, **more: Any) -> Any:
        """Take a step; subjects are ids or whole objects."""
        named = [{"subject": each} if isinstance(each, str) else each for each in subjects]
        answer = self.world.post(f"{self.path}/steps", {"step": step, "subjects": named, **more}, by=by)
        assert answer.status_code == expected, answer.text
        return answer.json()

    @property
    def now(self) -> dict[str, Any]:
        return self.world.get(self.path).json()

    def entry(self, subject: str) -> dict[str, Any]:
        return self.world.get(f"{self.path}/entries/{subject}").json()

    def standing(self) -> dict[str, str]:
        return {each["subject"]: each["status"] for each in self.world.get(f"{self.path}/entries").json()["items"]}

    def open(self) -> "Cycle":
        """Publish it and start the self-assessment."""
        self.step("publish")
        self.step("start")
        return self

    def submit(self) -> "Cycle":
        """Let both departments assess themselves."""
        points = {"common-leadership": "8"}
        self.step("submit", {"subject": FINANCE, "points": points, "statement": "已完成"}, by="finance")
        self.step("submit", {"subject": TAX, "statement": "已完成"}, by="tax")
        return self

    def score(self, **more: Any) -> "Cycle":
        """Make the run and take its scores over."""
        run = self.world.run(on=ON, version=self.now["rulebook_version"])
        self.step("score", run=run["id"], **more)
        return self

    def review(self) -> "Cycle":
        """Take everybody through both reviews."""
        self.step("first_review", *SUBJECTS, by="first")
        self.step("second_review", *SUBJECTS, by="second")
        return self

    def decided(self) -> "Cycle":
        """Take it from the draft to where everybody is decided."""
        self.open().submit().score().review().step("decide", by="leader")
        return self

    def announced(self) -> "Cycle":
        """Take it from the draft to the public notice."""
        self.decided().step("announce")
        return self

    def approved(self) -> "Cycle":
        """Take it from the draft through the notice to its approval."""
        self.announced()
        pass_until(self.world, date.fromisoformat(self.now["appeal_until"]) + timedelta(days=1))
        self.step("approve", by="leader")
        return self

"""A long random life of transfers beside a plain model: every answer and every state as the model says."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from registry.conftest import TOWN_B
from registry.transfers.conftest import BODY

STEPS = 220
ORGANIZATIONS = ("org-1", "org-2", "org-3")
SUPERIORS = ("unt-a", "unt-b", "org-top", "org-1", "org-2")
BEHIND = {"clerk_a": {"unt-a", "org-1", "org-2"}, "clerk_b": {"unt-b", "org-top", "org-3"}, "county": set()}
ENDED = {"done", "refused", "withdrawn"}


@dataclass
class Moving:
    """A transfer as the model keeps it: `link` is the affiliation that it would end."""

    organization: str
    link: int | None
    source: str | None
    target: str
    agreed: set[str] = field(default_factory=set)
    stage: str = "proposed"

    def wanted(self) -> set[str]:
        return {"from", "to"} if self.source else {"to"}

    def sides(self, by: str) -> set[str]:
        ends = {"from": self.source, "to": self.target}
        return {side for side, superior in ends.items() if superior in BEHIND[by]}

    def settle(self) -> None:
        self.stage = "proposed" if not self.agreed else "from_confirmed" if "from" in self.agreed else "to_confirmed"


class Model:
    """What the county is: who stands under whom by which affiliation, and every transfer."""

    def __init__(self) -> None:
        self.above: dict[str, tuple[int, str]] = {"org-1": (0, "unt-a")}
        self.transfers: dict[str, Moving] = {}
        self.links = 0

    def stands_under(self, low: str, high: str) -> bool:
        while low != high and low in self.above:
            low = self.above[low][1]
        return low == high

    def link(self, organization: str, superior: str) -> None:
        self.links += 1
        self.above[organization] = (self.links, superior)

    def propose(self, by: str, key: str, organization: str, target: str) -> int:
        link, source = self.above.get(organization, (None, None))
        moving = Moving(organization, link, source, target)
        if by != "county" and not moving.sides(by):
            return 403
        if target == source or self.stands_under(target, organization):
            return 422
        if any(each.organization == organization and each.stage not in ENDED for each in self.transfers.values()):
            return 409
        moving.agreed = moving.sides(by) & moving.wanted()
        if by != "county" and not moving.agreed:
            return 403
        self.transfers[key] = moving
        moving.settle()
        if moving.agreed == moving.wanted():
            self.move(moving)
        return 201

    def move(self, moving: Moving) -> None:
        moving.stage = "done"
        self.link(moving.organization, moving.target)

    def confirm(self, by: str, key: str, side: str | None) -> int:  # noqa: PLR0911 - one line for each refusal
        moving = self.transfers[key]
        if by != "county" and not moving.sides(by):
            return 404
        if moving.stage in ENDED:
            return 409
        if side and side not in moving.wanted():
            return 409
        if side and side not in moving.sides(by) and by != "county":
            return 403
        if by == "county" and not side:
            return 422
        new = ({side} if side else moving.sides(by)) - moving.agreed
        if not new:
            return 409
        if moving.agreed | new == moving.wanted():
            there = self.above.get(moving.organization, (None, None))
            if there != (moving.link, moving.source) or self.stands_under(moving.target, moving.organization):
                return 409
            moving.agreed |= new
            self.move(moving)
            return 200
        moving.agreed |= new
        moving.settle()
        return 200

    def end(self, by: str, key: str, stage: str) -> int:
        moving = self.transfers[key]
        sides = moving.sides(by)
        if by != "county" and not sides:
            return 404
        fitting = sides - moving.agreed if stage == "refused" else sides & moving.agreed
        if moving.stage in ENDED or (by != "county" and not fitting):
            return 409
        moving.stage = stage
        return 200


class Life:
    """Takes random steps in the registry and in the model and compares all there is after each."""

    def __init__(self, transfers, chance: random.Random) -> None:
        self.transfers, self.registry, self.chance, self.model = transfers, transfers.registry, chance, Model()
        self.seen: dict[int, int] = {}

    def step(self, number: int) -> None:
        acts = [self.propose] * 3 + [self.confirm] * 5 + [self.refuse, self.withdraw, self.meddle, self.wait]
        act = self.chance.choice(acts)
        if act in (self.confirm, self.refuse, self.withdraw) and not self.model.transfers:
            act = self.propose
        before = self.ledger()
        expected, answer = act(f"trf-m{number}")
        assert answer is None or answer.status_code == expected, (number, act.__name__, answer.text)
        self.seen[expected] = self.seen.get(expected, 0) + 1
        if expected >= 400:
            assert self.ledger() == before, (number, act.__name__)
        self.compare(number)

    def who(self) -> str:
        return self.chance.choice(sorted(BEHIND))

    def which(self) -> str:
        under_way = [key for key, each in self.model.transfers.items() if each.stage not in ENDED]
        often = under_way if under_way and self.chance.random() < 0.8 else list(self.model.transfers)
        return self.chance.choice(often)

    def propose(self, key):
        by, organization, target = self.who(), self.chance.choice(ORGANIZATIONS), self.chance.choice(SUPERIORS)
        body = {**BODY, "id": key, "organization": organization, "to_superior": target}
        answer = self.registry.post("/v1/transfers", body, by=by)
        return self.model.propose(by, key, organization, target), answer

    def confirm(self, _key):
        by, key, side = self.who(), self.which(), self.chance.choice([None, None, "from", "to"])
        body = {"reason": "同意", **({"side": side} if side else {})}
        answer = self.transfers.step("confirm", by, key, **body)
        return self.model.confirm(by, key, side), answer

    def refuse(self, _key):
        by, key = self.who(), self.which()
        return self.model.end(by, key, "refused"), self.transfers.step("refuse", by, key, reason="否")

    def withdraw(self, _key):
        by, key = self.who(), self.which()
        return self.model.end(by, key, "withdrawn"), self.transfers.step("withdraw", by, key, reason="否")

    def meddle(self, _key):
        """Change an affiliation by hand, as a clerk may."""
        organization, superior = self.chance.choice(ORGANIZATIONS), self.chance.choice(SUPERIORS)
        circle = self.model.stands_under(superior, organization)
        here = self.registry.get("/v1/affiliations", params={"organization": organization}).json()["items"]
        opened = [each["id"] for each in here if each["state"] == "open"]
        if not opened:
            body = {"organization": organization, "superior": superior}
            if not circle:
                self.model.link(organization, superior)
            return 422 if circle else 201, self.registry.post("/v1/affiliations", body)
        (link,) = opened
        if self.chance.random() < 0.5:
            del self.model.above[organization]
            return 200, self.registry.act(f"/v1/affiliations/{link}/close", {"reason": "调整"})
        number, present = self.model.above[organization]
        is_refused = circle and superior != present
        if not is_refused:
            self.model.above[organization] = (number, superior)
        return 422 if is_refused else 200, self.registry.patch(f"/v1/affiliations/{link}", {"superior": superior})

    def wait(self, _key):
        self.registry.clock.instant += timedelta(days=self.chance.choice([1, 3, 12]))
        return 0, None

    def ledger(self):
        return self.registry.rows("SELECT max(seq) FROM ledger_entries")[0][0]

    def compare(self, number: int) -> None:
        shown = self.registry.get("/v1/transfers", params={"limit": 500}).json()["items"]
        stages = {each["id"]: (each["stage"], each["from_superior"], each["to_superior"]) for each in shown}
        assert stages == {key: (each.stage, each.source, each.target) for key, each in self.model.transfers.items()}, (
            number
        )
        found = self.registry.get("/v1/affiliations", params={"limit": 500}).json()["items"]
        above = sorted((each["organization"], each["superior"]) for each in found if each["state"] == "open")
        assert above == sorted((key, superior) for key, (_, superior) in self.model.above.items()), number


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_life_of_transfers_is_that_of_the_model(transfers, seed):
    transfers.registry.made(
        "/v1/party-organizations", id="org-3", name="org-3党支部", kind="branch", setup_form="sole", division=TOWN_B,
        effective_on="2020-01-01",
    )  # fmt: skip
    life = Life(transfers, random.Random(seed))
    for number in range(STEPS):
        life.step(number)

    assert {200, 201, 403, 404, 409, 422} <= life.seen.keys(), life.seen
    assert {each.stage for each in life.model.transfers.values()} >= ENDED

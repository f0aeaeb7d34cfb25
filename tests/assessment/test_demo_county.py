"""The default rulebook for departments on the demo county: every department is scored, and the naive scorer agrees."""

from collections import Counter
from decimal import Decimal

import pytest
import yaml

from assessment.demo_county import ON, fill
from assessment.naive_scorer import score_subject
from assessment.world import EXAMPLE, World
from heli_assessment.migrating import migrate_assessment

MEMBERS_BESIDE_DEPARTMENTS = {
    "unt-association-federation": "federation",
    "unt-association-traders": "self-employed",
    "unt-park-east": "park",
    "unt-park-north": "park",
}


@pytest.fixture
def demo(sqlite_databases, clock):
    world = World(clock, sqlite_databases.migrated("assessment", migrate_assessment))
    fill(world)
    yield world
    world.close()


def test_every_department_of_the_demo_county_is_scored_and_explained(demo):
    run = demo.run(on=ON.isoformat())
    scores = demo.get(f"/v1/runs/{run['id']}/scores").json()["items"]
    assert len(scores) == run["subjects"] == 20
    groups = {score["subject"]: score["group"] for score in scores}
    assert {unit: groups[unit] for unit in MEMBERS_BESIDE_DEPARTMENTS} == MEMBERS_BESIDE_DEPARTMENTS
    assert set(groups.values()) == {group["id"] for group in yaml.safe_load(EXAMPLE.read_text("utf-8"))["groups"]}
    assert len({score["score"] for score in scores}) > 8, "the county tells departments apart"
    book = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    states = Counter()
    for score in scores:
        told = demo.explained(run, score["subject"])
        assert sum(Decimal(item["points"]) for item in told["items"]) == Decimal(told["score"])
        assert {name: told[name] for name in score} == score
        limits = told["vetoes"] + told["caps"]
        values = [value for item in told["items"] for value in item["values"]] + [each["value"] for each in limits]
        inputs = {each["measure"]: each["value"] or each["state"] for each in values}
        points, low, high, grade = score_subject(book, told["group"], inputs)
        assert {item["id"]: Decimal(item["points"]) for item in told["items"]} == as_decimals(points)
        assert told["range"] == {"low": text(low), "high": text(high)}
        assert (told["grade"] or "none") == grade
        states.update(item["state"] for item in told["items"])
    assert states["value"] > states["missing"] > 0


def as_decimals(points):
    return {id_: Decimal(text(value)) for id_, value in points.items()}


def text(value):
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.2f}"

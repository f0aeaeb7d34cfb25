"""The example rulebook on the demo county: every department is scored, and the naive scorer agrees."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
import yaml

from assessment.naive_scorer import score_subject
from assessment.world import EXAMPLE, World
from heli_assessment.activities.models import ACTIVITY
from heli_assessment.database import LEDGER
from heli_assessment.marks.models import MARK
from heli_assessment.migrating import migrate_assessment
from heli_assessment.plans.models import PLAN
from heli_assessment.tasks.models import TASK
from heli_cli.demo.county import county
from heli_cli.demo.record import OF_ASSESSMENT
from heli_shared.db.engine import transaction
from heli_shared.ledger.entries import Author
from heli_shared.records.writing import Write, write

KINDS = {kind.plural: kind for kind in (PLAN, TASK, ACTIVITY, MARK)}
ENTITIES = {"people": "person", "divisions": "division", "covers": "cover", "affiliations": "affiliation"}
ON = date(2026, 6, 30)


def entity_of(plural):
    return ENTITIES.get(plural) or plural.replace("-", "_").removesuffix("s")


@pytest.fixture
def demo(sqlite_databases, clock):
    world = World(clock, sqlite_databases.migrated("assessment", migrate_assessment))
    world.example()
    own = {plural: [] for plural in OF_ASSESSMENT}
    for record in county(300, 7, ON):
        if record.kind in own:
            changes = {**record.fields, "state": "open"}
            own[record.kind].append(Write(KINDS[record.kind], record.key, "create", record.effective_on, changes))
        else:
            state = "open" if record.operation == "create" else "closed"
            changes = {**record.fields, "state": state}
            world.registry.append(
                entity_of(record.kind),
                record.key,
                effective_on=record.effective_on,
                changes=changes,
                operation=record.operation,
            )
    with transaction(world.engine, writes=True) as session:
        writes = [typed(each) for plural in OF_ASSESSMENT for each in own[plural]]
        write(session, LEDGER, writes, author=Author("prn-admin", None), clock=clock)
    yield world
    world.close()


def typed(each):
    dates = {field.name for field in each.kind.fields if field.type == "date"}
    values = {
        name: date.fromisoformat(value) if name in dates and value else value for name, value in each.changes.items()
    }
    return Write(each.kind, each.key, each.operation, each.effective_on, values)


def test_every_department_of_the_demo_county_is_scored_and_explained(demo):
    run = demo.run(on=ON.isoformat())
    scores = demo.get(f"/v1/runs/{run['id']}/scores").json()["items"]
    assert len(scores) == run["subjects"] == 16
    assert len({score["group"] for score in scores}) >= 12
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

"""Every rulebook of the product scores the demo county: all its subjects, explained, as the naive scorer says."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from assessment.books import DEFAULTS, FILES, plain
from assessment.demo_county import ON, fill, mark, record_all
from assessment.naive_ranks import grades_after_quotas, rank_of_each
from assessment.naive_scorer import score_subject
from assessment.world import World
from heli_assessment.migrating import migrate_assessment
from heli_shared.contracts.registry.dto import TallyDto, UnitQualityDto


@pytest.fixture
def demo(sqlite_databases, clock):
    world = World(clock, sqlite_databases.migrated("assessment", migrate_assessment))
    fill(world, 120)
    looked = {"enterprise.refresh-stale": TallyDto(looked_at=9, failing=2)}
    units = [f"unt-town-{digits}" for digits in ("001", "100", "200")]
    world.registry.units_quality = [UnitQualityDto(unit=u, records=9, with_errors=1, checks=looked) for u in units]
    yield world
    world.close()


def pages(world, path):
    found, query = [], ""
    while True:
        page = world.get(path + query).json()
        found += page["items"]
        if page["next"] is None:
            return found
        query = f"?cursor={page['next']}"


def give_marks(world, name, subjects):
    """Mark every second subject on all that a book wants marked, the others on most of it; return the first."""
    chance = random.Random(name)
    items = list(marked(plain(name)))
    writes = []
    for place, subject in enumerate(subjects):
        for item, values in items:
            if place % 2 or chance.random() < 0.8:
                writes.append(mark(f"mrk-{len(writes)}-{name}", subject, name, item, chance.choice(values)))
    record_all(world, writes)
    return set(subjects[1::2])


def marked(book):
    """Yield what takes a mark, and marks that may well be given."""
    for part in book["parts"]:
        for item in part["items"]:
            for name, most in marks_of(item["rule"]):
                yield f"{item['id']}{name}", up_to(most)
    for limit in book.get("vetoes", []):
        yield limit["id"], ["0"] * 19 + ["1"]
    for limit in book.get("caps", []):
        if limit.get("measure") == "mark" and "item" not in limit:
            yield limit["id"], ["1"] * 4 + ["0"]


def marks_of(rule):
    """Yield the marks of an item by what stands behind its id, and what is asked of each."""
    for seat in rule.get("scorers", []):
        yield f".{seat['id']}", seat.get("maximum", rule.get("scale", 100))
    for place in range(rule.get("draw", 0)):
        yield f".{place + 1}", rule["scale"]
    for step in [*rule.get("levels", []), *rule.get("of", [])]:
        if step["measure"].startswith("mark"):
            yield step["measure"].removeprefix("mark"), step.get("target", step.get("below", step.get("at_least", 3)))
    if rule.get("measure") == "mark":
        yield "", rule.get("target", rule.get("threshold", 3))


def up_to(most):
    """Return marks from nothing to somewhat more than the most that is asked for, some of them uneven."""
    return [f"{Decimal(most) * tenths / 10:.2f}" for tenths in (0, 3, 5, 7, 8, 9, 10, 10, 10, 11)]


def inputs_of(told):
    limits = told["vetoes"] + told["caps"] + told["consequences"]
    values = [value for item in told["items"] for value in item["values"]]
    values += [each["value"] for each in limits if each["value"] is not None]
    return {each["measure"]: each["value"] or each["state"] for each in values}


def exactly(text):
    return Fraction(Decimal(text))


def run_of(world, name):
    """Publish a book, mark its subjects, and return its run and who is marked on everything."""
    assert world.upload(name, FILES[name].read_bytes()).status_code in {200, 201}
    world.publish(name)
    body = {"rulebook": name, "on": ON.isoformat()}
    unmarked = world.run(**body)
    subjects = [each["subject"] for each in pages(world, f"/v1/runs/{unmarked['id']}/scores")]
    wholly = give_marks(world, name, subjects)
    return world.run(**body, samples=drawn(world, name)), wholly


def drawn(world, name):
    """Draw what a book wants inspected, if anything, and return the sample to name in the run."""
    if "'population'" not in str(plain(name)):
        return []
    return [world.made("/v1/samples", rulebook=name, seed="合力县2026年抽查", on=ON.isoformat())["id"]]


@pytest.mark.parametrize("name", FILES)
def test_a_book_scores_everybody_of_its_kind_as_the_naive_scorer_does(demo, name):
    book = plain(name)
    if "score:organization" in str(book):
        run_of(demo, "organization")
    run, wholly = run_of(demo, name)
    scores = pages(demo, f"/v1/runs/{run['id']}/scores")
    assert len({score["subject"] for score in scores}) == len(scores) == run["subjects"] > 1
    told = [demo.explained(run, score["subject"]) for score in scores]
    rows = [(each["group"], inputs_of(each)) for each in told]
    results = [
        score_subject(book, *row, [other for j, other in enumerate(rows) if j != i]) for i, row in enumerate(rows)
    ]
    for score, each, (points, low, high, _) in zip(scores, told, results, strict=True):
        assert {item["id"]: exactly(item["points"]) for item in each["items"]} == points, score["name"]
        assert [exactly(bound) for bound in each["range"].values()] == [low, high], score["name"]
        assert sum(exactly(item["points"]) for item in each["items"]) == exactly(score["score"])
    assert [score["rank"] for score in scores] == rank_of_each(book, results)
    assert [score["grade"] or "none" for score in scores] == grades_after_quotas(book, [g for g, _ in rows], results)
    inputs = [pair for each in told for pair in inputs_of(each).items()]
    marks = {key.partition("@")[0] for key, value in inputs if key.startswith("mark:") and value != "missing"}
    assert marks == {key.partition("@")[0] for key, _ in inputs if key.startswith("mark:")}, "every mark is given once"
    for told_apart in (scores, [score for score in scores if score["subject"] in wholly]):
        assert len({score["score"] for score in told_apart}) > 1, "a book that cannot tell subjects apart is no use"
    if name in DEFAULTS:
        missing = {
            key
            for each in told
            if each["subject"] in wholly
            for key, value in inputs_of(each).items()
            if value == "missing"
        }
        assert not missing, "with all marks given a default book gives single scores"

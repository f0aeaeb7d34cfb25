"""The JSON Schema of the language: committed as the code says it, true to what is accepted and refused."""

import json
import random
from pathlib import Path

import jsonschema
import pytest
import yaml

from assessment.engine_support import one_item_book
from assessment.random_books import random_book
from heli_assessment.rulebooks.schema import language_schema

ROOT = Path(__file__).resolve().parents[3]
VALIDATOR = jsonschema.Draft202012Validator(language_schema())
MEETINGS = {"kind": "missing_count", "measure": "meetings", "target": "4", "points": "1"}


def test_the_committed_schema_is_what_the_code_says():
    committed = json.loads((ROOT / "contracts" / "rulebook.schema.json").read_text(encoding="utf-8"))
    assert committed == language_schema()
    jsonschema.Draft202012Validator.check_schema(committed)


def test_the_service_serves_it(small_world):
    assert small_world.get("/v1/rulebook-schema").json() == language_schema()


@pytest.mark.parametrize("path", sorted((ROOT / "rulebooks" / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_fits(path):
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["effective_from"] = str(document["effective_from"])
    assert list(VALIDATOR.iter_errors(document)) == []


def test_random_books_fit():
    for seed in range(40):
        assert list(VALIDATOR.iter_errors(random_book(random.Random(seed)))) == []


@pytest.mark.parametrize(
    "document",
    [
        one_item_book(MEETINGS | {"points": "5分"}),
        one_item_book(MEETINGS | {"points": 0}),
        one_item_book(MEETINGS | {"points": "1.555"}),
        one_item_book(MEETINGS | {"code": "import os"}),
        one_item_book({"kind": "python", "measure": "meetings"}),
        one_item_book(MEETINGS, window="q5"),
        one_item_book(MEETINGS) | {"parts": []},
        one_item_book(MEETINGS) | {"subject_kind": "planet"},
    ],
)
def test_what_is_refused_does_not_fit(document):
    assert list(VALIDATOR.iter_errors(document))

"""From plain documents and inputs to the engine's classes."""

import json
from decimal import Decimal

from heli_assessment.engine.amounts import value_to_int
from heli_assessment.engine.inputs import Input, State, inputs_of
from heli_assessment.engine.plan import plan_of
from heli_assessment.engine.scoring import score
from heli_assessment.measures.domain import catalogue, measure_labels
from heli_assessment.rulebooks.uploading import check_upload

LABELS = measure_labels(catalogue())


def checked(document):
    """Return the checked book of a document, through the same door as an upload."""
    return check_upload(json.dumps(document, ensure_ascii=False), is_json=True).book


def plan_for(document):
    """Return the scoring plan of a document."""
    return plan_of(checked(document))


def row_of(inputs):
    """Return engine inputs from numbers as text, "missing" or "not_applicable"."""
    return {
        key: Input(0, State(value), "t", None)
        if value in {"missing", "not_applicable"}
        else Input(value_to_int(Decimal(str(value))), State.VALUE, "t", "2026-06-30")
        for key, value in inputs.items()
    }


def scored(plan, subjects):
    """Return verdicts on (group, inputs) pairs."""
    return score(plan, inputs_for(plan, subjects))


def inputs_for(plan, subjects):
    """Return the engine's columns of (group, inputs) pairs."""
    rows = [row_of(inputs) for _, inputs in subjects]
    return inputs_of(rows, [plan.group_index(group) for group, _ in subjects], plan.keys)


def one_item_book(rule, maximum="10", missing="range", **item):
    """Return a book of one item worth the whole total."""
    line = {"id": "x", "title": "项", "maximum": maximum, "basis": {"document": "试"}, "rule": rule, "missing": missing}
    return {
        "id": "one",
        "title": "一项",
        "subject_kind": "department",
        "effective_from": "2026-01-01",
        "basis": {"document": "试"},
        "maximum": maximum,
        "parts": [{"id": "p", "title": "部", "kind": "common", "maximum": maximum, "items": [line | item]}],
        "grades": [{"title": "通过"}],
    }

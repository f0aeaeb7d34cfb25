"""Explanations beside figures: those of the places and measures that a question asks about, in the caller's scope."""

from collections.abc import Mapping
from typing import Any

from heli_reporting.statistics.domain import Question
from heli_shared.kernel.access import Scope

MOST = 100
"""Explanations that a passport carries; more would be a list of their own: GET /v1/explanations of the registry."""
_PLACES = frozenset({"division", "zone", "unit"})
_SHOWN = ("id", "unit", "unit_name", "division", "zone", "check", "record_kind", "record", "record_name", "figure",
          "compared_with", "value", "previous", "text", "person")  # fmt: skip


def relevant(question: Question, found: list[dict[str, Any]], cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return as JSON values the explanations that belong to a question: `found` of figures, `cells` of counted records.

    A figure is explained for a whole unit: a question that picks enterprises by anything but their place asks about
    another number, and gets none. A record is explained for itself: `cells` are those of the rows that are counted.
    """
    asked = [measure.id for measure in question.measures]
    chosen = []
    if _PLACES.issuperset(question.filters):
        chosen = [each for each in found if _is_seen(each, question.scope) and _is_asked(each, question.filters)]
    return [_shown(each, asked) for each in (*chosen, *cells)[:MOST]]


def _is_seen(explanation: Mapping[str, Any], scope: Scope) -> bool:
    return (
        scope.everything
        or not set(scope.divisions).isdisjoint(explanation["path"])
        or explanation["zone"] in scope.zones
    )


def _is_asked(explanation: Mapping[str, Any], filters: Mapping[str, tuple[str, ...]]) -> bool:
    held = {
        "division": {code for code in explanation["path"] if code is not None},
        "zone": {explanation["zone"]},
        "unit": {explanation["unit"]},
    }
    return all(not held[name].isdisjoint(values) for name, values in filters.items())


def _shown(explanation: Mapping[str, Any], asked: list[str]) -> dict[str, Any]:
    moved = set(explanation["measures"])
    return {
        "period": explanation["period_code"],
        **{name: explanation[name] for name in _SHOWN},
        "measures": [each for each in asked if each in moved],
    }

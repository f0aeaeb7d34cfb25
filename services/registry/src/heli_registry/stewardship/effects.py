"""What a value changes: how the statistics classify and count one enterprise, said of a single record.

The definitions stand in `heli_shared.statistics.facts.classified`, on columns; a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from heli_registry.enterprises.classes import classes_of
from heli_shared.statistics.measures import ENTERPRISES, MEASURES, Measure
from heli_shared.statistics.scope import scope_reason_of
from heli_shared.statistics.tables import COVER_FORMS

Record = Mapping[str, Any]
FACT_FIELDS = (
    "ownership", "operation_state", "has_premises", "has_stable_staff", "has_activity", "is_branch_office", "staff",
    "annual_revenue", "full_members", "probationary_members",
)  # fmt: skip
"""The fields, other than those nobody claims, that `fact_columns` looks at."""


@dataclass(frozen=True, slots=True)
class Links:
    """What reaches an enterprise now: open covers by form, instructors, liaisons, unions, youth leagues."""

    covers: Mapping[str, int] = field(default_factory=dict)
    instructors: int = 0
    liaisons: int = 0
    unions: int = 0
    youth_leagues: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """How an enterprise is classified, and its place in each measure: `numerator`, `denominator` or `outside`."""

    scope_reason: str | None
    size_class: str | None
    above_scale: bool
    thresholds: Mapping[str, bool | None]
    measures: Mapping[str, str]

    def differs_from(self, other: "Effect") -> list[str]:
        """Return the names of what is otherwise than in another effect."""
        names = [
            name
            for name in ("scope_reason", "size_class", "above_scale")
            if getattr(self, name) != getattr(other, name)
        ]
        names += [name for name, reached in self.thresholds.items() if other.thresholds[name] != reached]
        return names + [name for name, place in self.measures.items() if other.measures[name] != place]


def fact_columns(record: Record, links: Links, day: date) -> dict[str, bool]:
    """Return the columns that the measures count, of one enterprise on a day."""
    classes = classes_of(record, day)
    reached = {each.name: bool(each.reached) for each in classes.thresholds}
    counted, covered = scope_reason_of(record, day) is None, sum(links.covers.values()) > 0
    sole = covered and links.covers.get(COVER_FORMS[0], 0) > 0
    is_reached = links.instructors + links.liaisons + links.unions + links.youth_leagues > 0
    has_member = (record.get("full_members") or 0) + (record.get("probationary_members") or 0) >= 1
    due, staff50, staff100 = reached["branch_due"], reached["member_due"], reached["organization_due"]
    return {
        "is_open": record.get("state") == "open",
        "in_scope": counted,
        "covered_in_scope": counted and covered,
        "sole_in_scope": counted and sole,
        "without_organization": counted and not covered,
        "reached_without_organization": counted and not covered and is_reached,
        "covered_or_reached": counted and (covered or is_reached),
        "due": counted and due,
        "due_established": counted and due and covered,
        "staff50": counted and staff50,
        "staff50_with_member": counted and staff50 and has_member,
        "staff100": counted and staff100,
        "staff100_with_organization": counted and staff100 and covered,
        "above_scale": counted and classes.is_above_scale,
        "above_scale_sole": counted and classes.is_above_scale and sole,
    }


def enterprise_measures() -> list[Measure]:
    """Return the measures that count enterprises."""
    return [each for each in MEASURES.values() if each.subject == ENTERPRISES]


def part_of(measure: Measure, columns: Mapping[str, bool]) -> tuple[int, int]:
    """Return what an enterprise adds to a measure's numerator and denominator; a count has no denominator."""
    base = columns[measure.denominator] if measure.denominator else False
    return int(columns[measure.numerator]), int(base)


def effect_of(record: Record, links: Links, day: date) -> Effect:
    """Return how an enterprise is classified and counted on a day."""
    classes, columns = classes_of(record, day), fact_columns(record, links, day)
    places = {(0, 0): "outside", (0, 1): "denominator", (1, 1): "numerator", (1, 0): "numerator"}
    return Effect(
        scope_reason=scope_reason_of(record, day),
        size_class=classes.size.size_class,
        above_scale=classes.is_above_scale,
        thresholds={each.name: each.reached for each in classes.thresholds},
        measures={each.id: places[part_of(each, columns)] for each in enterprise_measures()},
    )

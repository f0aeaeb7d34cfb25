"""What a step is asked with, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from heli_assessment.cycles.domain import Step


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points that a reviewer puts in the place of an item's present ones, and why."""

    item: str
    points: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class SubjectStep:
    """What a step says about one subject; `version` is the entry's version that the caller has read."""

    subject: str
    version: int | None = None
    points: Mapping[str, Decimal] = field(default_factory=dict)
    statement: str | None = None
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class StepRequest:
    """A step and what goes with it; no `subjects` means all whose turn it is, where a step allows that."""

    step: Step
    reason: str | None = None
    subjects: tuple[SubjectStep, ...] = ()
    run: str | None = None
    days: int | None = None

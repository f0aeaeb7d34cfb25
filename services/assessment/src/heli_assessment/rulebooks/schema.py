"""The language of rulebooks as pydantic models, and their way into the engine's frozen classes."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic_core import PydanticCustomError

from heli_assessment.engine import book
from heli_assessment.engine.rules.bands import Band, BonusPerLevel, Graded, Level
from heli_assessment.engine.rules.base import Rule
from heli_assessment.engine.rules.counts import MissingCount, Penalty, PerOccurrence
from heli_assessment.engine.rules.thresholds import AllOrNothing, BelowThreshold, Proportional

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?")


def _decimal(places: int, least: int, most: int) -> Callable[[Any], Decimal]:
    def read(value: Any) -> Decimal:
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            value = Decimal(value)
        if not isinstance(value, Decimal):
            raise PydanticCustomError("decimal_form", "must be a decimal")
        if not least <= value <= most:
            raise PydanticCustomError("decimal_range", "must be from {least} to {most}", {"least": least, "most": most})
        if value != round(value, places):
            raise PydanticCustomError("decimal_places", "at most {places} decimals", {"places": places})
        return value

    return read


def _date(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date_form", "must be a date")


def _canonical(number: Decimal) -> str:
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


_AS_TEXT = PlainSerializer(_canonical, return_type=str)
Points = Annotated[Decimal, BeforeValidator(_decimal(2, 0, 1000)), _AS_TEXT]
PositivePoints = Annotated[Decimal, BeforeValidator(_decimal(2, 0, 1000)), Field(gt=0), _AS_TEXT]
SignedPoints = Annotated[Decimal, BeforeValidator(_decimal(2, -1000, 1000)), _AS_TEXT]
Total = Annotated[Decimal, BeforeValidator(_decimal(2, -100_000, 100_000)), _AS_TEXT]
Value = Annotated[Decimal, BeforeValidator(_decimal(4, 0, 1_000_000_000)), _AS_TEXT]
PositiveValue = Annotated[Decimal, BeforeValidator(_decimal(4, 0, 1_000_000_000)), Field(gt=0), _AS_TEXT]
Day = Annotated[date, BeforeValidator(_date)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
MeasureId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}(:[a-z0-9][a-z0-9-]{0,63})?$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(max_length=1000)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class BasisModel(_Model):
    """The document and clause that something rests on."""

    document: Words = ""
    clause: Words = ""

    def built(self) -> book.Basis:
        """Return the engine's form."""
        return book.Basis(self.document, self.clause)


class PerOccurrenceModel(_Model):
    """Less `points` for each occurrence, not below `floor`."""

    kind: Literal["per_occurrence"]
    measure: MeasureId
    points: PositivePoints
    floor: Points = Decimal(0)

    def built(self) -> Rule:
        """Return the engine's form."""
        return PerOccurrence(self.measure, self.points, self.floor)


class AllOrNothingModel(_Model):
    """Full marks when the measure reaches `at_least`, or stays within `at_most`."""

    kind: Literal["all_or_nothing"]
    measure: MeasureId
    at_least: Value | None = None
    at_most: Value | None = None

    def built(self) -> Rule:
        """Return the engine's form."""
        return AllOrNothing(self.measure, self.at_least, self.at_most)


class BandModel(_Model):
    """A half-open interval [at_least, below) and its points."""

    at_least: Value | None = None
    below: Value | None = None
    points: Points
    title: Annotated[str, StringConstraints(max_length=100)] = ""


class GradedModel(_Model):
    """The points of the band that the measure falls into."""

    kind: Literal["graded"]
    measure: MeasureId
    bands: Annotated[list[BandModel], Field(min_length=1, max_length=50)]

    def built(self) -> Rule:
        """Return the engine's form."""
        return Graded(self.measure, tuple(Band(b.at_least, b.below, b.points, b.title) for b in self.bands))


class ProportionalModel(_Model):
    """Points in proportion to `target`."""

    kind: Literal["proportional"]
    measure: MeasureId
    target: PositiveValue

    def built(self) -> Rule:
        """Return the engine's form."""
        return Proportional(self.measure, self.target)


class MissingCountModel(_Model):
    """Less `points` for each one short of `target`."""

    kind: Literal["missing_count"]
    measure: MeasureId
    target: PositiveValue
    points: PositivePoints

    def built(self) -> Rule:
        """Return the engine's form."""
        return MissingCount(self.measure, self.target, self.points)


class BelowThresholdModel(_Model):
    """Less `points` for each started `step` below `threshold`; once when there is no step."""

    kind: Literal["below_threshold"]
    measure: MeasureId
    threshold: PositiveValue
    points: PositivePoints
    step: PositiveValue | None = None

    def built(self) -> Rule:
        """Return the engine's form."""
        return BelowThreshold(self.measure, self.threshold, self.points, self.step)


class LevelModel(_Model):
    """The points of one piece at one level."""

    measure: MeasureId
    points: PositivePoints


class BonusPerLevelModel(_Model):
    """Points for each piece at each level, at most the item's maximum."""

    kind: Literal["bonus_per_level"]
    levels: Annotated[list[LevelModel], Field(min_length=1, max_length=20)]

    def built(self) -> Rule:
        """Return the engine's form."""
        return BonusPerLevel(tuple(Level(level.measure, level.points) for level in self.levels))


class PenaltyModel(_Model):
    """Minus `points` for each occurrence, outside the hundred; `floor` (negative) bounds it if given."""

    kind: Literal["penalty"]
    measure: MeasureId
    points: PositivePoints
    floor: SignedPoints | None = None

    def built(self) -> Rule:
        """Return the engine's form."""
        return Penalty(self.measure, self.points, self.floor)


RuleModel = Annotated[
    PerOccurrenceModel
    | AllOrNothingModel
    | GradedModel
    | ProportionalModel
    | MissingCountModel
    | BelowThresholdModel
    | BonusPerLevelModel
    | PenaltyModel,
    Field(discriminator="kind"),
]


class ItemModel(_Model):
    """One line of the scoring table."""

    id: Slug
    title: Title
    maximum: Points
    basis: BasisModel = BasisModel()
    evidence: Words = ""
    scorer: Words = ""
    rule: RuleModel
    missing: Literal["range", "zero", "full"]
    not_applicable: Literal["zero", "full"] = "full"

    def built(self) -> book.Item:
        """Return the engine's form."""
        return book.Item(
            id=self.id,
            title=self.title,
            maximum=self.maximum,
            basis=self.basis.built(),
            evidence=self.evidence,
            scorer=self.scorer,
            rule=self.rule.built(),
            missing=book.WhenMissing(self.missing),
            not_applicable=book.WhenNotApplicable(self.not_applicable),
        )


class PartModel(_Model):
    """A group of items; `maximum` is the declared sum of a common or own part, `most`/`least` bound the others."""

    id: Slug
    title: Title
    kind: Literal["common", "own", "bonus", "penalty"]
    group: Slug | None = None
    maximum: Points | None = None
    most: Points | None = None
    least: SignedPoints | None = None
    items: Annotated[list[ItemModel], Field(min_length=1, max_length=200)]

    def built(self) -> book.Part:
        """Return the engine's form."""
        return book.Part(
            id=self.id,
            title=self.title,
            kind=book.PartKind(self.kind),
            group=self.group,
            maximum=self.maximum,
            most=self.most,
            least=self.least,
            items=tuple(item.built() for item in self.items),
        )


class GroupModel(_Model):
    """Subjects that share an own part: named units, words in their names, or all the rest."""

    id: Slug
    title: Title
    units: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=64)]], Field(max_length=500)] = []
    names: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=50)]], Field(max_length=50)] = []
    otherwise: bool = False

    def built(self) -> book.Group:
        """Return the engine's form."""
        return book.Group(self.id, self.title, tuple(self.units), tuple(self.names), self.otherwise)


class GradeModel(_Model):
    """A half-open interval [at_least, below) of the score."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    at_least: SignedPoints | None = None
    below: SignedPoints | None = None


class LimitModel(_Model):
    """A condition that takes the grade away, or holds it at `grade` or lower."""

    id: Slug
    title: Title
    basis: BasisModel = BasisModel()
    measure: MeasureId
    at_least: Value | None = None
    below: Value | None = None
    grade: Title | None = None

    def built(self) -> book.Limit:
        """Return the engine's form."""
        return book.Limit(self.id, self.title, self.basis.built(), self.measure, self.at_least, self.below, self.grade)


class ExpectedModel(_Model):
    """What a case must give; what is left out is not checked."""

    items: dict[Slug, SignedPoints] = {}
    score: Total | None = None
    low: Total | None = None
    high: Total | None = None
    grade: Title | None = None


class CaseModel(_Model):
    """Inputs of one imagined subject and what the book must make of them."""

    title: Title
    group: Slug | None = None
    values: dict[Key, Value | Literal["missing", "not_applicable"]]
    expect: ExpectedModel

    def built(self) -> book.Case:
        """Return the engine's form."""
        expect = self.expect
        return book.Case(
            title=self.title,
            group=self.group,
            values=self.values,
            points=expect.items,
            score=expect.score,
            low=expect.low,
            high=expect.high,
            grade=expect.grade,
        )


class RulebookModel(_Model):
    """A whole rulebook."""

    id: Slug
    title: Title
    edition: Annotated[str, StringConstraints(max_length=100)] = ""
    subject_kind: Literal["department"]
    effective_from: Day
    basis: BasisModel = BasisModel()
    maximum: Points = Decimal(100)
    groups: Annotated[list[GroupModel], Field(max_length=100)] = []
    parts: Annotated[list[PartModel], Field(min_length=1, max_length=120)]
    grades: Annotated[list[GradeModel], Field(min_length=1, max_length=20)]
    vetoes: Annotated[list[LimitModel], Field(max_length=50)] = []
    caps: Annotated[list[LimitModel], Field(max_length=50)] = []
    cases: Annotated[list[CaseModel], Field(max_length=500)] = []

    def built(self) -> book.Rulebook:
        """Return the engine's form."""
        return book.Rulebook(
            id=self.id,
            title=self.title,
            edition=self.edition,
            subject_kind=self.subject_kind,
            effective_from=self.effective_from,
            basis=self.basis.built(),
            maximum=self.maximum,
            groups=tuple(group.built() for group in self.groups),
            parts=tuple(part.built() for part in self.parts),
            grades=tuple(book.Grade(g.title, g.at_least, g.below) for g in self.grades),
            vetoes=tuple(limit.built() for limit in self.vetoes),
            caps=tuple(limit.built() for limit in self.caps),
            cases=tuple(case.built() for case in self.cases),
        )

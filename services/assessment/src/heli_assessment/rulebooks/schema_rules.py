"""The kinds of rule in the language of rulebooks: a closed vocabulary, and its way into the engine's classes."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from heli_assessment.engine.rules.bands import Band, Graded
from heli_assessment.engine.rules.base import Rule
from heli_assessment.engine.rules.conversions import Conversion, Knot
from heli_assessment.engine.rules.counts import MissingCount, Penalty, PerOccurrence
from heli_assessment.engine.rules.deductions import Deduction, Deductions
from heli_assessment.engine.rules.levels import BonusPerLevel, Level
from heli_assessment.engine.rules.panels import Combine, Population, Sampled, Scorers, Seat
from heli_assessment.engine.rules.ranked import Order, Ranked, Ties
from heli_assessment.engine.rules.thresholds import AllOrNothing, BelowThreshold, Proportional
from heli_assessment.rulebooks.scalars import (
    Clause,
    Count,
    MeasureId,
    Model,
    Points,
    PositivePoints,
    PositiveValue,
    Share,
    SignedPoints,
    Slug,
    Title,
    Value,
    Weight,
)


class PerOccurrenceModel(Model):
    """Less `points` for each occurrence, not below `floor`."""

    kind: Literal["per_occurrence"]
    measure: MeasureId
    points: PositivePoints
    floor: Points = Decimal(0)

    def built(self) -> Rule:
        """Return the engine's form."""
        return PerOccurrence(self.measure, self.points, self.floor)


class AllOrNothingModel(Model):
    """Full marks when the measure reaches `at_least`, or stays within `at_most`."""

    kind: Literal["all_or_nothing"]
    measure: MeasureId
    at_least: Value | None = None
    at_most: Value | None = None

    def built(self) -> Rule:
        """Return the engine's form."""
        return AllOrNothing(self.measure, self.at_least, self.at_most)


class BandModel(Model):
    """A half-open interval [at_least, below) and its points."""

    at_least: Value | None = None
    below: Value | None = None
    points: SignedPoints
    title: Clause = ""


class GradedModel(Model):
    """The points of the band that the measure falls into."""

    kind: Literal["graded"]
    measure: MeasureId
    bands: Annotated[list[BandModel], Field(min_length=1, max_length=50)]

    def built(self) -> Rule:
        """Return the engine's form."""
        return Graded(self.measure, tuple(Band(b.at_least, b.below, b.points, b.title) for b in self.bands))


class ProportionalModel(Model):
    """Points in proportion to `target`."""

    kind: Literal["proportional"]
    measure: MeasureId
    target: PositiveValue

    def built(self) -> Rule:
        """Return the engine's form."""
        return Proportional(self.measure, self.target)


class MissingCountModel(Model):
    """Less `points` for each one short of `target`."""

    kind: Literal["missing_count"]
    measure: MeasureId
    target: PositiveValue
    points: PositivePoints

    def built(self) -> Rule:
        """Return the engine's form."""
        return MissingCount(self.measure, self.target, self.points)


class BelowThresholdModel(Model):
    """Less `points` for each started `step` below `threshold`; once when there is no step."""

    kind: Literal["below_threshold"]
    measure: MeasureId
    threshold: PositiveValue
    points: PositivePoints
    step: PositiveValue | None = None

    def built(self) -> Rule:
        """Return the engine's form."""
        return BelowThreshold(self.measure, self.threshold, self.points, self.step)


class LevelModel(Model):
    """The points of one piece at one level, counted from the first, or only `beyond` a target."""

    later: ClassVar[frozenset[str]] = frozenset({"beyond", "title"})

    measure: MeasureId
    points: PositivePoints
    beyond: Value = Decimal(0)
    title: Clause = ""


class BonusPerLevelModel(Model):
    """Points for each piece at each level, at most the item's maximum; levels may be marks such as `mark.city`."""

    kind: Literal["bonus_per_level"]
    levels: Annotated[list[LevelModel], Field(min_length=1, max_length=20)]

    def built(self) -> Rule:
        """Return the engine's form."""
        return BonusPerLevel(tuple(Level(x.measure, x.points, x.beyond, x.title) for x in self.levels))


class DeductionModel(Model):
    """What costs `points`: each one; each one short of `target`; or once when `below`, or `at_least`.

    With a `step` each started step below the bound costs so much. `title` says in words what a mark counts.
    """

    measure: MeasureId
    points: PositivePoints
    title: Clause = ""
    target: PositiveValue | None = None
    below: PositiveValue | None = None
    step: PositiveValue | None = None
    at_least: PositiveValue | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        """Refuse what contradicts itself."""
        forms = [name for name in ("target", "below", "at_least") if getattr(self, name) is not None]
        if len(forms) > 1 or (self.step is not None and forms != ["below"]):
            given = [*forms, "step"] if self.step is not None else forms
            raise PydanticCustomError("deduction_form", "fits not", {"names": ", ".join(given)})
        return self

    def built(self) -> Deduction:
        """Return the engine's form."""
        return Deduction(
            self.measure, self.points, self.title, target=self.target, below=self.below, step=self.step,
            at_least=self.at_least,
        )  # fmt: skip


class DeductionsModel(Model):
    """Several deductions from one item, never below the `floor` that they share; below 0 in a penalty part."""

    kind: Literal["deductions"]
    of: Annotated[list[DeductionModel], Field(min_length=2, max_length=20)]
    floor: SignedPoints = Decimal(0)

    def built(self) -> Rule:
        """Return the engine's form."""
        return Deductions(tuple(each.built() for each in self.of), self.floor)


class PenaltyModel(Model):
    """Minus `points` for each occurrence, outside the hundred; `floor` (negative) bounds it if given."""

    kind: Literal["penalty"]
    measure: MeasureId
    points: PositivePoints
    floor: SignedPoints | None = None

    def built(self) -> Rule:
        """Return the engine's form."""
        return Penalty(self.measure, self.points, self.floor)


class KnotModel(Model):
    """A value and the points it gives."""

    value: Value
    points: SignedPoints


class ConversionModel(Model):
    """Converts a value, or `score:ID` of another rulebook, straight between `knots`, level outside them."""

    kind: Literal["conversion"]
    measure: MeasureId
    knots: Annotated[list[KnotModel], Field(min_length=2, max_length=50)]

    def built(self) -> Rule:
        """Return the engine's form."""
        return Conversion(self.measure, tuple(Knot(knot.value, knot.points) for knot in self.knots))


class RankedModel(Model):
    """Points by rank: `table`, or `points` or `share` less per rank, or `in_proportion` to the first.

    Who is outside the table, or behind the rank `down_to`, gets `rest`.
    """

    later: ClassVar[frozenset[str]] = frozenset({"down_to"})

    kind: Literal["ranked"]
    measure: MeasureId
    order: Literal["most_first", "least_first"] = "most_first"
    ties: Literal["better", "worse", "mean", "dense"]
    among: Literal["all", "group"] = "all"
    from_bottom: bool = False
    table: Annotated[list[SignedPoints], Field(max_length=200)] = Field(default_factory=list)
    rest: SignedPoints = Decimal(0)
    points: PositivePoints | None = None
    share: Share | None = None
    in_proportion: bool = False
    down_to: Annotated[Count, Field(ge=1, le=1000)] | None = None

    def built(self) -> Rule:
        """Return the engine's form."""
        return Ranked(
            measure=self.measure,
            order=Order(self.order),
            ties=Ties(self.ties),
            in_group=self.among == "group",
            from_bottom=self.from_bottom,
            table=tuple(self.table),
            rest=self.rest,
            points_each=self.points,
            share=self.share,
            in_proportion=self.in_proportion,
            down_to=self.down_to,
        )


class ScorerModel(Model):
    """One who scores: `maximum` are its own points (for sum), `weight` its weight (for weights)."""

    id: Slug
    title: Title
    maximum: PositivePoints | None = None
    weight: Weight | None = None


class ScorersModel(Model):
    """Several who score one item by marks: their points are added, or put together on one `scale`."""

    kind: Literal["scorers"]
    combine: Literal["sum", "mean", "trimmed_mean", "weights", "least"]
    scale: PositivePoints = Decimal(100)
    drop: Annotated[Count, Field(ge=1, le=5)] | None = None
    scorers: Annotated[list[ScorerModel], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Refuse what does not go with the way of combining: it would be ignored silently."""
        wanted = {"sum": "maximum", "weights": "weight"}.get(self.combine)
        for name in ("maximum", "weight"):
            given = [getattr(scorer, name) is not None for scorer in self.scorers]
            if (name == wanted and not all(given)) or (name != wanted and any(given)):
                raise PydanticCustomError("scorer_fit", "fits not", {"combine": self.combine, "name": name})
        if self.drop is not None and self.combine != "trimmed_mean":
            raise PydanticCustomError("scorer_fit", "fits not", {"combine": self.combine, "name": "drop"})
        return self

    def built(self) -> Rule:
        """Return the engine's form."""
        is_sum = self.combine == "sum"
        seats = tuple(
            Seat(s.id, s.title, (s.maximum if is_sum else None) or self.scale, s.weight or Decimal(1))
            for s in self.scorers
        )
        dropped = self.drop or 1 if self.combine == "trimmed_mean" else 0
        return Scorers(seats, Combine(self.combine), dropped)


class SampledModel(Model):
    """So many things are drawn for each subject; each is marked on `scale`."""

    kind: Literal["sampled"]
    population: Literal["townships", "contact_points", "enterprises", "organizations"]
    draw: Annotated[Count, Field(ge=1, le=20)]
    scale: PositivePoints = Decimal(100)
    combine: Literal["mean", "least"] = "mean"

    def built(self) -> Rule:
        """Return the engine's form."""
        return Sampled(Population(self.population), self.draw, self.scale, Combine(self.combine))


RuleModel = Annotated[
    PerOccurrenceModel
    | AllOrNothingModel
    | GradedModel
    | ProportionalModel
    | MissingCountModel
    | BelowThresholdModel
    | DeductionsModel
    | BonusPerLevelModel
    | PenaltyModel
    | ConversionModel
    | RankedModel
    | ScorersModel
    | SampledModel,
    Field(discriminator="kind"),
]

"""The language of rulebooks as pydantic models, and their way into the engine's frozen classes."""

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from heli_assessment.engine import book
from heli_assessment.rulebooks.scalars import (
    Count,
    Day,
    Key,
    MeasureId,
    Model,
    Points,
    PositivePoints,
    Share,
    SignedPoints,
    SignedValue,
    Slug,
    Title,
    Total,
    Value,
    Words,
)
from heli_assessment.rulebooks.schema_rules import RuleModel

UnitId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=50)]
SubjectKind = Literal["department", "township", "organization", "enterprise", "instructor", "secretary"]
EvidenceKind = Literal["documents", "ledgers", "site", "minutes", "talks", "survey", "data"]
WindowId = Literal[
    "q1", "q2", "q3", "q4", "h1", "h2",
    "m01", "m02", "m03", "m04", "m05", "m06", "m07", "m08", "m09", "m10", "m11", "m12",
]  # fmt: skip


class BasisModel(Model):
    """The document and clause that something rests on."""

    document: Words = ""
    clause: Words = ""

    def built(self) -> book.Basis:
        """Return the engine's form."""
        return book.Basis(self.document, self.clause)


class ItemModel(Model):
    """One line of the scoring table, read in one `window`, or in `each` month or quarter: then the mean counts."""

    later: ClassVar[frozenset[str]] = frozenset({"each"})

    id: Slug
    title: Title
    maximum: Points
    basis: BasisModel = BasisModel()
    evidence: Words = ""
    evidence_kinds: Annotated[list[EvidenceKind], Field(max_length=7)] = Field(default_factory=list)
    scorer: Words = ""
    rule: RuleModel
    missing: Literal["range", "zero", "full"]
    not_applicable: Literal["zero", "full", "excluded"] = "full"
    window: WindowId | None = None
    each: Literal["month", "quarter", "half_year"] | None = None

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
            evidence_kinds=tuple(book.Evidence(kind) for kind in self.evidence_kinds),
            window=self.window,
            each=self.each,
        )


class WindowModel(Model):
    """What a slice of the year is worth in a part."""

    window: WindowId
    maximum: PositivePoints


class PartModel(Model):
    """A group of items; `maximum` is the declared sum of a common or own part, `most`/`least` bound the others.

    `scaled_from` is what the items sum to where they are scaled to the maximum; `windows` share it out over the year,
    or the mean of the windows in `mean_of` counts.
    """

    later: ClassVar[frozenset[str]] = frozenset({"mean_of"})

    id: Slug
    title: Title
    kind: Literal["common", "own", "bonus", "penalty"]
    group: Slug | None = None
    maximum: Points | None = None
    most: Points | None = None
    least: SignedPoints | None = None
    scaled_from: PositivePoints | None = None
    windows: Annotated[list[WindowModel], Field(max_length=12)] = Field(default_factory=list)
    mean_of: Annotated[list[WindowId], Field(max_length=12)] = Field(default_factory=list)
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
            scaled_from=self.scaled_from,
            windows=tuple((each.window, each.maximum) for each in self.windows),
            mean_of=tuple(self.mean_of),
        )


class GroupModel(Model):
    """Subjects that share an own part: named units, words in their names, or all the rest."""

    id: Slug
    title: Title
    units: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=64)]], Field(max_length=500)] = (
        Field(default_factory=list)
    )
    names: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=50)]], Field(max_length=50)] = (
        Field(default_factory=list)
    )
    otherwise: bool = False

    def built(self) -> book.Group:
        """Return the engine's form."""
        return book.Group(self.id, self.title, tuple(self.units), tuple(self.names), self.otherwise)


class QuotaModel(Model):
    """How many may have a grade: a `share` of those ranked, or a `count`; the others get the next lower one."""

    share: Share | None = None
    count: Annotated[Count, Field(ge=0, le=100_000)] | None = None
    rounding: Literal["down", "half_up", "up"] = "down"
    ties: Literal["keep", "lose"]
    among: Literal["all", "group"] = "all"

    def built(self) -> book.Quota:
        """Return the engine's form."""
        return book.Quota(
            self.share, self.count, book.Rounding(self.rounding), self.ties == "keep", book.Among(self.among)
        )


class GradeModel(Model):
    """A half-open interval [at_least, below) of the score, or of the stars."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    at_least: SignedPoints | None = None
    below: SignedPoints | None = None
    quota: QuotaModel | None = None

    def built(self) -> book.Grade:
        """Return the engine's form."""
        return book.Grade(self.title, self.at_least, self.below, None if self.quota is None else self.quota.built())


class StarsModel(Model):
    """Grades by stars: one for each of these parts or items that reaches the share `passed` of its maximum."""

    passed: Share
    of: Annotated[list[Slug], Field(min_length=1, max_length=200)]


class ConditionModel(Model):
    """A condition on a measure, on the points of an `item` (item, part or the whole book), or on an item's mark.

    `look_back` reads the measure over so many months; `running` asks that it held so many years running.
    """

    later: ClassVar[frozenset[str]] = frozenset({"item", "running"})

    id: Slug
    title: Title
    basis: BasisModel = BasisModel()
    measure: MeasureId | None = None
    item: Slug | None = None
    at_least: SignedValue | None = None
    below: SignedValue | None = None
    look_back: Annotated[Count, Field(ge=1, le=120)] | None = None
    running: Annotated[Count, Field(ge=2, le=5)] | None = None

    def condition(self, **does: Any) -> book.Limit:
        """Return the engine's form, with what it does."""
        return book.Limit(
            id=self.id,
            title=self.title,
            basis=self.basis.built(),
            measure=self.measure,
            at_least=self.at_least,
            below=self.below,
            look_back=self.look_back,
            item=self.item,
            running=self.running or 1,
            **does,
        )


class VetoModel(ConditionModel):
    """A condition that takes the grade away, or holds it at `grade` or lower."""

    grade: Title | None = None

    def built(self) -> book.Limit:
        """Return the engine's form."""
        return self.condition(grade=self.grade)


class CapModel(ConditionModel):
    """A condition that holds the grade at `grade`, or the score at `most`, or lower."""

    later: ClassVar[frozenset[str]] = ConditionModel.later | {"most"}

    grade: Title | None = None
    most: Points | None = None

    def built(self) -> book.Limit:
        """Return the engine's form."""
        return self.condition(grade=self.grade, most=self.most)


class ConsequenceModel(ConditionModel):
    """A condition with an `effect` outside the score, such as rectification; it is told with the result."""

    effect: Title

    def built(self) -> book.Limit:
        """Return the engine's form."""
        return self.condition(grade=None, effect=self.effect)


class ExpectedModel(Model):
    """What a case must give; what is left out is not checked.

    `triggers` names all vetoes, caps and consequences that strike.
    """

    later: ClassVar[frozenset[str]] = frozenset({"triggers"})

    items: dict[Slug, SignedPoints] = Field(default_factory=dict)
    score: Total | None = None
    low: Total | None = None
    high: Total | None = None
    grade: Title | None = None
    triggers: Annotated[list[Slug], Field(max_length=150)] | None = None


class PlacedModel(ExpectedModel):
    """What a case of several must give one of them: its grade after quotas, and its rank among them, too."""

    rank: Annotated[Count, Field(ge=1, le=1000)] | None = None


Inputs = dict[Key, Value | Literal["missing", "not_applicable"]]


class CaseSubjectModel(Model):
    """One of several subjects of a case."""

    name: Title
    group: Slug | None = None
    values: Inputs
    expect: PlacedModel

    def built(self) -> book.Case:
        """Return the engine's form."""
        return _case(self.name, self.group, self.values, self.expect, rank=self.expect.rank)


class CaseModel(Model):
    """Inputs of one imagined subject, or of several `subjects` side by side, and what the book must make of them."""

    later: ClassVar[frozenset[str]] = frozenset({"subjects"})

    title: Title
    group: Slug | None = None
    values: Inputs = Field(default_factory=dict)
    others: dict[Key, list[Value | Literal["missing"]]] = Field(default_factory=dict)
    expect: ExpectedModel | None = None
    subjects: Annotated[list[CaseSubjectModel], Field(max_length=50)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        """Refuse a case that is of one subject and of several, or of none."""
        # By what is there, not by what was written: a stored book names the fields it leaves empty, too.
        is_whole = self.expect is not None and "values" in self.model_fields_set
        is_empty = self.expect is None and self.group is None and not self.values and not self.others
        if not (is_empty if self.subjects else is_whole):
            raise PydanticCustomError("case_form", "fits not")
        return self

    def built(self) -> book.Case:
        """Return the engine's form."""
        subjects = tuple(each.built() for each in self.subjects)
        expect = self.expect or ExpectedModel()
        return _case(self.title, self.group, self.values, expect, others=self.others, subjects=subjects)


def _case(title: str, group: str | None, values: Inputs, expect: ExpectedModel, **more: Any) -> book.Case:
    return book.Case(
        title=title,
        group=group,
        values=values,
        points=expect.items,
        score=expect.score,
        low=expect.low,
        high=expect.high,
        grade=expect.grade,
        triggers=None if expect.triggers is None else frozenset(expect.triggers),
        **more,
    )


class RulebookModel(Model):
    """A whole rulebook."""

    later: ClassVar[frozenset[str]] = frozenset({"consequences"})

    id: Slug
    title: Title
    edition: Annotated[str, StringConstraints(max_length=100)] = ""
    subject_kind: SubjectKind
    effective_from: Day
    basis: BasisModel = BasisModel()
    maximum: Points = Decimal(100)
    groups: Annotated[list[GroupModel], Field(max_length=100)] = Field(default_factory=list)
    parts: Annotated[list[PartModel], Field(min_length=1, max_length=120)]
    stars: StarsModel | None = None
    tie_break: Annotated[list[Slug], Field(max_length=10)] = Field(default_factory=list)
    clauses: Annotated[list[Title], Field(max_length=200)] = Field(default_factory=list)
    grades: Annotated[list[GradeModel], Field(min_length=1, max_length=20)]
    vetoes: Annotated[list[VetoModel], Field(max_length=50)] = Field(default_factory=list)
    caps: Annotated[list[CapModel], Field(max_length=50)] = Field(default_factory=list)
    consequences: Annotated[list[ConsequenceModel], Field(max_length=50)] = Field(default_factory=list)
    cases: Annotated[list[CaseModel], Field(max_length=500)] = Field(default_factory=list)

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
            grades=tuple(grade.built() for grade in self.grades),
            vetoes=tuple(limit.built() for limit in self.vetoes),
            caps=tuple(limit.built() for limit in self.caps),
            consequences=tuple(limit.built() for limit in self.consequences),
            cases=tuple(case.built() for case in self.cases),
            stars=None if self.stars is None else book.Stars(self.stars.passed, tuple(self.stars.of)),
            tie_break=tuple(self.tie_break),
            clauses=tuple(self.clauses),
        )


def language_schema() -> dict[str, Any]:
    """Return the JSON Schema of the language, as it is published."""
    told = RulebookModel.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "考核细则 rulebook"}
    return {**head, **{name: value for name, value in told.items() if name != "title"}}

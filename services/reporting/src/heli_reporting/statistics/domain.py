"""A question of the statistics grammar, checked: measures × dimensions × filters × day × knowledge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from heli_reporting.history.domain import KnownAt, Part, Query
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.statistics.breaks import Break, breaks_between, refuse_breaks
from heli_shared.statistics.dimensions import Dimension, get_dimension
from heli_shared.statistics.measures import Measure, get_measure
from heli_shared.statistics.reasons import REASONS

MAX_MEASURES = 20
MAX_DIMENSIONS = 4

_LEFT_OUT: tuple[Part, ...] = ("excluded", "all")
"""The parts in which there are rows that were left out."""

Language = Literal["zh", "en"]
Order = Literal["desc", "asc"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """By which measure the lines are ranked, and whether the largest or the smallest value comes first."""

    measure: Measure
    order: Order


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, for whom, and in which language the names come.

    `names_any_place`: the filters are not the caller's own words, so one that lies outside their part is no refusal.
    """

    measures: tuple[Measure, ...]
    dimensions: tuple[Dimension, ...]
    on: date
    known_at: KnownAt
    filters: Mapping[str, tuple[str, ...]]
    scope: Scope
    language: Language
    structure_of: date | None = None
    compare_on: date | None = None
    shows_breaks: bool = False
    ranking: Ranking | None = None
    names_any_place: bool = False

    @property
    def query(self) -> Query:
        """Return the part that the store understands."""
        return Query(self.on, self.known_at, self.filters, self.scope, self.structure_of)

    def as_known(self, known_at: KnownAt) -> "Question":
        """Return the same question as known at another point."""
        return replace(self, known_at=known_at)

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells this question from others: equal keys have equal answers while the data stands still."""
        return (
            tuple(measure.id for measure in self.measures),
            tuple(dimension.text for dimension in self.dimensions),
            self.on,
            self.known_at,
            tuple(sorted(self.filters.items())),
            self.scope,
            self.language,
            self.structure_of,
            self.compare_on,
            self.shows_breaks,
            self.ranking and (self.ranking.measure.id, self.ranking.order),
            self.names_any_place,
        )


def checked_measures(ids: Sequence[str]) -> tuple[Measure, ...]:
    """Return the measures asked for; BadRequest when there are none, too many, the same twice, or unknown ones."""
    if not 1 <= len(ids) <= MAX_MEASURES:
        raise _refused("measure", f"应给出1至{MAX_MEASURES}个指标", f"name 1 to {MAX_MEASURES} measures")
    if len(set(ids)) != len(ids):
        raise _refused("measure", "同一指标给出了两次", "the same measure is named twice")
    return tuple(get_measure(each) for each in ids)


def checked_dimensions(texts: Sequence[str]) -> tuple[Dimension, ...]:
    """Return the dimensions asked for; BadRequest when there are too many, or two that would share a column."""
    if len(texts) > MAX_DIMENSIONS:
        raise _refused("by", f"最多{MAX_DIMENSIONS}个维度", f"at most {MAX_DIMENSIONS} dimensions")
    found = tuple(get_dimension(each) for each in texts)
    if len({dimension.id for dimension in found}) != len(found):
        raise _refused("by", "同一维度给出了两次", "the same dimension is named twice")
    return found


def checked_reason(reason: str | None, part: Part) -> str | None:
    """Return the reason for leaving rows out that was asked for; BadRequest for one that no row of the part has."""
    if reason is not None and reason not in REASONS:
        listed = ", ".join(REASONS)
        raise _refused("reason", f"应为以下之一：{listed}", f"must be one of {listed}")
    if reason is not None and part not in _LEFT_OUT:
        raise _refused(
            "reason",
            f"只有未计入的才有原因：请与 part={'或'.join(_LEFT_OUT)} 同用",
            f"only what is left out has a reason: ask with part={' or '.join(_LEFT_OUT)}",
        )
    return reason


def checked_ranking(
    measure: str | None, order: Order, measures: Sequence[Measure], dimensions: Sequence[Dimension]
) -> Ranking | None:
    """Return the ranking asked for; BadRequest when there are no lines to rank or the measure is not among those."""
    if measure is None:
        return None
    if not dimensions:
        raise _refused("rank", "排名须与 by 同用", "ranks need lines: name a dimension in by")
    found = next((each for each in measures if each.id == measure), None)
    if found is None:
        raise _refused("rank", "应为所问指标之一", "must be one of the measures asked for")
    return Ranking(found, order)


def checked_breaks(measures: Sequence[Measure], days: Sequence[date], *, shown: bool) -> list[Break]:
    """Return where the definitions change between the first and the last of some days; refused unless `shown`."""
    found = [each for measure in measures for each in breaks_between(measure, min(days), max(days))]
    if found and not shown:
        broken = [measure for measure in measures if any(each.measure == measure.id for each in found)]
        zh, en = ("、".join(each.zh for each in broken), ", ".join(each.en for each in broken))
        raise refuse_breaks(zh, en, sorted({each.on for each in found}))
    return sorted(found, key=lambda each: (each.on, each.measure, each.parameter))


def _refused(parameter: str, zh: str, en: str) -> BadRequest:
    return BadRequest(
        f"参数 {parameter}：{zh}。",
        f"Parameter {parameter}: {en}.",
        errors=[FieldProblem(f"parameter {parameter}", zh, en)],
    )

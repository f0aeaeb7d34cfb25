"""A question of the statistics grammar, checked: measures × dimensions × filters × day × knowledge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from heli_reporting.history.domain import KnownAt, Query
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.statistics.dimensions import Dimension, get_dimension
from heli_shared.statistics.measures import Measure, get_measure

MAX_MEASURES = 20
MAX_DIMENSIONS = 4

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, for whom, and in which language the names come."""

    measures: tuple[Measure, ...]
    dimensions: tuple[Dimension, ...]
    on: date
    known_at: KnownAt
    filters: Mapping[str, tuple[str, ...]]
    scope: Scope
    language: Language

    @property
    def query(self) -> Query:
        """Return the part that the store understands."""
        return Query(self.on, self.known_at, self.filters, self.scope)

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


def _refused(parameter: str, zh: str, en: str) -> BadRequest:
    return BadRequest(
        f"参数 {parameter}：{zh}。",
        f"Parameter {parameter}: {en}.",
        errors=[FieldProblem(f"parameter {parameter}", zh, en)],
    )

"""The causes of a change with their words, and what a change is asked between."""

from dataclasses import dataclass, replace
from datetime import date

from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.statistics.domain import Question
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.statistics.reasons import REASONS

CAUSES: dict[str, tuple[str, str]] = {
    "gained": ("新达到", "Newly met"),
    "lost": ("不再达到", "No longer met"),
    "entered": ("进入分母", "Entered the denominator"),
    "left": ("退出分母", "Left the denominator"),
    "moved": ("在单位或区域之间移动", "Moved between places"),
    "redrawn": ("区划或单位调整", "Redrawn around it"),
    "reclassified": ("类别变化", "Reclassified"),
    "rule_changed": ("标准调整", "The rule changed"),
    "corrected": ("事后更正", "Corrected later"),
}
"""Why a number changed; a correction's reason is what it did to the earlier number."""
_OF_COUNTS = {"entered": ("新计入", "Newly counted"), "left": ("不再计入", "No longer counted")}
"""The same of a count, which has no denominator to come into."""

CHANGE_REASONS = {**REASONS, "not_recorded": ("尚未登记或登记有误", "Not recorded")}
"""Why a record was not in the denominator on the other day."""


@dataclass(frozen=True, slots=True)
class Between:
    """A change of the question's one measure: from a day, as known then, to the question's own day and knowledge."""

    question: Question
    from_on: date
    from_known_at: KnownAt

    @property
    def before(self) -> Query:
        """Return the query of the earlier day."""
        return replace(self.question.query, on=self.from_on, known_at=self.from_known_at)

    def check_known(self, before: KnownAt, after: KnownAt) -> None:
        """Refuse when the earlier answer knew more than the later one."""
        if (before.registry or 0) > (after.registry or 0):
            raise refused("from_known_at", "不能晚于 known_at", "must not lie after known_at")


def checked_between(question: Question, from_on: date, from_known_at: KnownAt) -> Between:
    """Return the change asked for; BadRequest when it runs backwards."""
    if from_on > question.on:
        raise refused("from", "起始日不能晚于截止日", "must not lie after to")
    return Between(question, from_on, from_known_at)


def refused(parameter: str, zh: str, en: str) -> BadRequest:
    """Return the refusal of a parameter."""
    return BadRequest(
        f"参数 {parameter}：{zh}。",
        f"Parameter {parameter}: {en}.",
        errors=[FieldProblem(f"parameter {parameter}", zh, en)],
    )


def cause_words(cause: str, *, is_share: bool) -> tuple[str, str]:
    """Return the words of a cause, of a share or of a count."""
    return CAUSES[cause] if is_share else _OF_COUNTS.get(cause, CAUSES[cause])


def reason_words(cause: str, reason: str, *, is_share: bool) -> tuple[str, str]:
    """Return the words of a reason: a correction's is a cause."""
    return cause_words(reason, is_share=is_share) if cause == "corrected" else CHANGE_REASONS[reason]

"""The workflow of a cycle as data: which step leads from where to where, who takes it, and what it needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where a whole cycle stands."""

    DRAFT = "draft"  # 草稿
    PUBLISHED = "published"  # 已发布
    SELF_ASSESSMENT = "self_assessment"  # 自评中
    REVIEW = "review"  # 初审、复核中
    DECIDED = "decided"  # 已评定
    NOTICE = "notice"  # 公示中
    APPROVED = "approved"  # 已审定
    ARCHIVED = "archived"  # 已归档
    WITHDRAWN = "withdrawn"  # 已撤销


class Status(StrEnum):
    """Where one subject stands within its cycle."""

    AWAITING = "awaiting"  # 待自评
    SUBMITTED = "submitted"  # 已提交
    RETURNED = "returned"  # 已退回
    FIRST_REVIEWED = "first_reviewed"  # 已初审
    SECOND_REVIEWED = "second_reviewed"  # 已复核
    DECIDED = "decided"  # 已评定
    APPROVED = "approved"  # 已审定


class Actor(StrEnum):
    """As whom a step is taken."""

    MANAGER = "manager"  # 组织考核的经办
    SUBJECT = "subject"  # 被考核单位
    FIRST_REVIEWER = "first_reviewer"  # 初审单位
    SECOND_REVIEWER = "second_reviewer"  # 复核单位
    DECIDER = "decider"  # 审定的领导


class Step(StrEnum):
    """What can be done with a cycle."""

    PUBLISH = "publish"
    START = "start"
    SUBMIT = "submit"
    EXTEND = "extend"
    SCORE = "score"
    ADJUST = "adjust"
    FIRST_REVIEW = "first_review"
    RETURN = "return"
    SECOND_REVIEW = "second_review"
    DECIDE = "decide"
    UNLOCK = "unlock"
    ANNOUNCE = "announce"
    APPROVE = "approve"
    ARCHIVE = "archive"
    WITHDRAW = "withdraw"


APPEALED = ("appeal", "appeal_decision")
"""What an entry names as its last step when it was no step of the cycle."""


@dataclass(frozen=True, slots=True)
class StepRule:
    """From which stages a step may be taken, and where it leads.

    `turns` maps the status a subject must have to who takes the step then; empty for steps on the whole cycle. `to`
    and `becomes` are None where nothing moves.
    """

    stages: frozenset[Stage]
    to: Stage | None
    turns: Mapping[Status, Actor]
    becomes: Status | None
    actor: Actor | None
    needs_reason: bool = False


def _whole(step_from: Iterable[Stage], to: Stage | None, actor: Actor, *, needs_reason: bool = False) -> StepRule:
    return StepRule(frozenset(step_from), to, {}, None, actor, needs_reason)


def _each(
    stages: Iterable[Stage], turns: Mapping[Status, Actor], becomes: Status | None, *, needs_reason: bool = False
) -> StepRule:
    return StepRule(frozenset(stages), None, turns, becomes, None, needs_reason)


_REVIEW = (Stage.REVIEW,)
_TO_FIRST = {Status.SUBMITTED: Actor.FIRST_REVIEWER}
_TO_SECOND = {Status.FIRST_REVIEWED: Actor.SECOND_REVIEWER}
_ASSESSED = {Status.AWAITING: Actor.SUBJECT, Status.RETURNED: Actor.SUBJECT}

STEPS: Final[Mapping[Step, StepRule]] = {
    Step.PUBLISH: _whole([Stage.DRAFT], Stage.PUBLISHED, Actor.MANAGER),
    Step.START: _whole([Stage.PUBLISHED], Stage.SELF_ASSESSMENT, Actor.MANAGER),
    Step.SUBMIT: _each([Stage.SELF_ASSESSMENT, Stage.REVIEW], _ASSESSED, Status.SUBMITTED),
    Step.EXTEND: _whole([Stage.SELF_ASSESSMENT, Stage.REVIEW], None, Actor.MANAGER, needs_reason=True),
    Step.SCORE: _whole([Stage.SELF_ASSESSMENT, Stage.REVIEW], Stage.REVIEW, Actor.MANAGER),
    Step.ADJUST: _each(_REVIEW, _TO_FIRST | _TO_SECOND, None),
    Step.FIRST_REVIEW: _each(_REVIEW, _TO_FIRST, Status.FIRST_REVIEWED),
    Step.RETURN: _each(_REVIEW, _TO_FIRST | _TO_SECOND, Status.RETURNED, needs_reason=True),
    Step.SECOND_REVIEW: _each(_REVIEW, _TO_SECOND, Status.SECOND_REVIEWED),
    Step.DECIDE: _each(_REVIEW, {Status.SECOND_REVIEWED: Actor.DECIDER}, Status.DECIDED),
    Step.UNLOCK: _whole(_REVIEW, None, Actor.MANAGER, needs_reason=True),
    Step.ANNOUNCE: _whole([Stage.DECIDED], Stage.NOTICE, Actor.MANAGER),
    Step.APPROVE: _whole([Stage.NOTICE], Stage.APPROVED, Actor.DECIDER),
    Step.ARCHIVE: _whole([Stage.APPROVED], Stage.ARCHIVED, Actor.MANAGER),
    Step.WITHDRAW: _whole(
        [Stage.DRAFT, Stage.PUBLISHED, Stage.SELF_ASSESSMENT, Stage.REVIEW, Stage.DECIDED],
        Stage.WITHDRAWN,
        Actor.MANAGER,
        needs_reason=True,
    ),
}

LOCKED = frozenset({Stage.REVIEW, Stage.DECIDED, Stage.NOTICE})
"""The stages in which the records of the assessed period stand still."""
JUDGING = frozenset({Step.ADJUST, Step.FIRST_REVIEW, Step.RETURN, Step.SECOND_REVIEW, Step.DECIDE})
"""The steps by which somebody judges somebody else."""

STAGE_WORDS: Final[Mapping[Stage, str]] = {
    Stage.DRAFT: "草稿",
    Stage.PUBLISHED: "已发布",
    Stage.SELF_ASSESSMENT: "自评中",
    Stage.REVIEW: "审核中",
    Stage.DECIDED: "已评定",
    Stage.NOTICE: "公示中",
    Stage.APPROVED: "已审定",
    Stage.ARCHIVED: "已归档",
    Stage.WITHDRAWN: "已撤销",
}
STATUS_WORDS: Final[Mapping[Status, str]] = {
    Status.AWAITING: "待自评",
    Status.SUBMITTED: "已提交",
    Status.RETURNED: "已退回",
    Status.FIRST_REVIEWED: "已初审",
    Status.SECOND_REVIEWED: "已复核",
    Status.DECIDED: "已评定",
    Status.APPROVED: "已审定",
}
STEP_WORDS: Final[Mapping[Step, str]] = {
    Step.PUBLISH: "发布",
    Step.START: "开始自评",
    Step.SUBMIT: "提交自评",
    Step.EXTEND: "延期",
    Step.SCORE: "自动计分",
    Step.ADJUST: "调整得分",
    Step.FIRST_REVIEW: "初审",
    Step.RETURN: "退回",
    Step.SECOND_REVIEW: "复核",
    Step.DECIDE: "评定",
    Step.UNLOCK: "解锁",
    Step.ANNOUNCE: "公示",
    Step.APPROVE: "审定",
    Step.ARCHIVE: "归档",
    Step.WITHDRAW: "撤销",
}


def steps_from(stage: Stage) -> list[Step]:
    """Return the steps that may be taken from a stage, in the order of the workflow."""
    return [step for step, rule in STEPS.items() if stage in rule.stages]


def turn_of(step: Step, status: Status, *, is_overdue: bool) -> Actor | None:
    """Return who takes a step on a subject of this status; None when it is not its turn.

    What was returned and not corrected in time is reviewed as it stands.
    """
    if step is Step.FIRST_REVIEW and status is Status.RETURNED and is_overdue:
        return Actor.FIRST_REVIEWER
    return STEPS[step].turns.get(status)

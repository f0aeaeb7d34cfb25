"""The kinds of a cycle: the cycle, one entry for each subject, delegations of steps, and spot checks."""

import sqlalchemy as sa

from heli_assessment.cycles.domain import APPEALED, Stage, Status, Step
from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

_JSON = 200_000
_STEP = (
    Field("step", "text", "最近一步", "the last step that was taken", choices=(*Step, *APPEALED)),
    Field("reason", "text", "理由", "the reason given with it", max_length=1_000),
    Field("acted_for", "text", "受托于", "the principal whose step it was, where it was delegated", max_length=64),
)

CYCLE = record_kind(
    METADATA,
    entity="cycle",
    plural="cycles",
    zh="考核周期",
    prefix="cyc",
    foreign_keys={"rulebook": "rulebooks.id", "run": "runs.id"},
    fields=(
        Field("title", "text", "标题", required=True, max_length=200, example="2026年度成员单位考核"),
        Field("rulebook", "text", "考核细则", required=True, max_length=64, references="rulebook", filtered=True),
        Field("rulebook_version", "integer", "细则版本", "fixed when the cycle is published", minimum=1),
        Field("rulebook_digest", "text", "细则摘要", max_length=64),
        Field("subject_kind", "text", "考核对象", required=True, max_length=64, filtered=True),
        Field("period_from", "date", "考核期起", required=True, example="2026-01-01"),
        Field("counted_on", "date", "考核期止", "the last day that counts", required=True, example="2026-06-30"),
        Field("first_reviewers", "texts", "初审单位", "ids of units", required=True),
        Field("second_reviewers", "texts", "复核单位", "ids of units", required=True),
        Field("stage", "text", "阶段", choices=tuple(Stage), required=True, filtered=True),
        Field("run", "text", "计分运行", "the pinned run of the automatic scores", max_length=64, references="run"),
        Field("run_digest", "text", "运行摘要", max_length=64),
        Field("self_due_on", "date", "自评期限"),
        Field("unlocked_until", "date", "解锁至", "up to this day records of the period may be corrected"),
        Field("notice_from", "date", "公示起"),
        Field("notice_until", "date", "公示止", "a working day"),
        Field("appeal_until", "date", "申诉期限", "a working day"),
        Field("archive_digest", "text", "档案摘要", "SHA-256 of the sealed package's manifest", max_length=64),
        *_STEP,
    ),
)

CYCLE_ENTRY = record_kind(
    METADATA,
    entity="cycle_entry",
    plural="cycle-entries",
    zh="考核对象记录",
    prefix="cen",
    foreign_keys={"cycle": "cycles.id"},
    fields=(
        Field("cycle", "text", "考核周期", required=True, max_length=64, references="cycle", filtered=True),
        Field("subject", "text", "考核对象", required=True, max_length=64, filtered=True),
        Field("name", "text", "名称", required=True, max_length=200),
        Field("unit", "text", "所在单位", "for a unit: itself", required=True, max_length=64, references="unit",
              filtered=True),
        Field("subject_group", "text", "组别", "the group of the rulebook it is scored in", max_length=64),
        Field("status", "text", "进度", choices=tuple(Status), required=True, filtered=True),
        Field("due_on", "date", "期限", "until when the subject has to submit"),
        Field("self_points", "text", "自评分", "JSON: item → points", max_length=_JSON),
        Field("self_score", "decimal", "自评总分"),
        Field("statement", "text", "自评说明", max_length=4_000),
        Field("submitted_by", "text", "提交人", max_length=64),
        Field("submitted_on", "date", "提交日期"),
        Field("automatic_points", "text", "自动计分", "JSON: item → points", max_length=_JSON),
        Field("automatic_score", "decimal", "自动总分"),
        Field("ceiling", "text", "等次上限", "the lowest grade that a cap holds it down to", max_length=100),
        Field("score_limit", "decimal", "总分上限", "the highest score that a cap leaves"),
        Field("vetoed", "boolean", "一票否决"),
        Field("adjustments", "text", "调整", "JSON: item → points, who, reason", max_length=_JSON),
        Field("score", "decimal", "得分"),
        Field("grade", "text", "等次", "null when vetoed", max_length=100),
        Field("rank", "integer", "名次", minimum=1),
        Field("first_reviewed_by", "text", "初审人", max_length=64),
        Field("second_reviewed_by", "text", "复核人", max_length=64),
        Field("decided_by", "text", "评定人", max_length=64),
        Field("open_appeal", "text", "待决申诉", max_length=64),
        *_STEP,
    ),
)  # fmt: skip
sa.Index("uq_cycle_entries_cycle_subject", CYCLE_ENTRY.table.c.cycle, CYCLE_ENTRY.table.c.subject, unique=True)

DELEGATION = record_kind(
    METADATA,
    entity="delegation",
    plural="delegations",
    zh="考核委托",
    prefix="dlg",
    foreign_keys={"cycle": "cycles.id"},
    fields=(
        Field("cycle", "text", "考核周期", required=True, max_length=64, references="cycle", filtered=True),
        Field("grantor", "text", "委托人", "a principal's id", required=True, max_length=64, filtered=True),
        Field("grantor_unit", "text", "委托单位", "the unit of the grantor", max_length=64, filtered=True),
        Field("delegate", "text", "受托人", "a principal's id", required=True, max_length=64, filtered=True),
        Field("steps", "texts", "委托事项", required=True,
              choices=("submit", "adjust", "first_review", "return", "second_review", "decide", "approve")),
        Field("until", "date", "截止日期", "the last day on which it holds", required=True),
        Field("reason", "text", "理由", required=True, max_length=1_000),
    ),
)  # fmt: skip

SPOT_CHECK = record_kind(
    METADATA,
    entity="spot_check",
    plural="spot-checks",
    zh="抽查名单",
    prefix="spc",
    foreign_keys={"cycle": "cycles.id"},
    fields=(
        Field("cycle", "text", "考核周期", required=True, max_length=64, references="cycle", filtered=True),
        Field("title", "text", "用途", required=True, max_length=200, example="抽查3个乡镇"),
        Field("population", "text", "总体", "JSON: the ids it was drawn from", required=True, max_length=_JSON),
        Field("population_digest", "text", "总体摘要", "SHA-256 of the sorted ids, one a line", required=True,
              max_length=64),
        Field("size", "integer", "抽取数", required=True, minimum=1),
        Field("seed", "text", "种子", "the ledger's head when it was drawn", required=True, max_length=64),
        Field("drawn", "text", "抽中", "JSON: the ids, in the order of the draw", required=True, max_length=_JSON),
    ),
)  # fmt: skip

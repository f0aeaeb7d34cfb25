"""The catalogue of measures: what a rulebook may read, where it comes from and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from heli_assessment.engine.book import MARK
from heli_assessment.engine.rules.base import Label


class Source(StrEnum):
    """Where a measure is read from."""

    STATISTICS = "registry:statistics"
    ASSIGNMENTS = "registry:assignments"
    ACTIVITIES = "assessment:activities"
    TASKS = "assessment:tasks"
    MARKS = "assessment:marks"


@dataclass(frozen=True, slots=True)
class Measure:
    """One input of scoring; `evidence` names the records it counts, so that counting them twice can be found."""

    id: str
    zh: str
    en: str
    unit_zh: str
    unit_en: str
    source: Source
    definition_zh: str
    definition_en: str
    is_share: bool
    evidence: frozenset[str]

    @property
    def label(self) -> Label:
        """How the engine names it in sentences."""
        return Label(self.zh, self.en, self.unit_zh, self.unit_en, self.is_share)


SHARES = {
    "organization_coverage": ("组织覆盖率", "organisation coverage", "有党组织覆盖的企业占在营非公企业的比例"),
    "sole_setup_rate": ("单独组建率", "sole set-up rate", "单独组建党组织的企业占在营非公企业的比例"),
    "work_coverage_strict": (
        "工作覆盖率（未建组织企业）",
        "strict work coverage",
        "未建党组织的企业中有党建工作覆盖的比例",
    ),
    "work_coverage_broad": (
        "党的工作覆盖率",
        "broad work coverage",
        "有党组织或党建工作覆盖的企业占在营非公企业的比例",
    ),
    "due_established_rate": ("应建尽建率", "due established rate", "应建党组织的企业中已建的比例"),
    "staff50_with_member_rate": (
        "50人以上企业有党员率",
        "share of firms with 50 staff that have a member",
        "从业50人以上企业有党员的比例",
    ),
    "staff100_with_organization_rate": (
        "100人以上企业有党组织率",
        "share of firms with 100 staff that have an organisation",
        "从业100人以上企业有党组织的比例",
    ),
}
COUNTS = {
    "enterprise_count": ("在营非公企业数", "operating non-public enterprises", "在营非公企业的数量"),
}
ASSIGNMENTS = {
    "instructors_sent": ("选派指导员", "instructors sent", "名", "persons", "instructor"),
    "liaisons_sent": ("选派联络员", "liaisons sent", "名", "persons", "liaison"),
    "contact_points": ("领导联系点", "leaders' contact points", "个", "", "contact_leader"),
}
ACTIVITY_KINDS = {
    "meeting": ("meetings", "研究党建工作会议", "meetings on Party building", "次"),
    "training": ("trainings", "组织培训", "trainings held", "次"),
    "visit": ("visits", "走访企业", "visits to enterprises", "次"),
    "inspection": ("inspections", "督查检查", "inspections", "次"),
    "practical_matter": ("practical_matters", "为企业办实事", "practical matters done", "件"),
    "publicity": ("publicity_items", "宣传报道", "publicity items", "篇"),
    "information_report": ("information_reports", "信息报送", "information reports", "篇"),
    "joint_meeting": ("joint_meetings", "参加联席会议", "joint meetings attended", "次"),
    "funding": ("funding_actions", "经费保障", "funding actions", "笔"),
}
LEVELS = {"province": ("省级", "province"), "city": ("市级", "city"), "county": ("县级", "county")}
LEVELLED = ("information_report", "publicity")


def measure_labels(measures: Mapping[str, Measure]) -> dict[str, Label]:
    """Return the labels of a catalogue for the engine."""
    return {id_: measure.label for id_, measure in measures.items()}


def catalogue() -> dict[str, Measure]:
    """Return every measure by id, in the order in which it is documented."""
    measures = [
        *_statistics(),
        *_assignments(),
        *_activities(),
        *_tasks(),
        Measure(
            MARK,
            "评分",
            "mark given",
            "分",
            "points",
            Source.MARKS,
            "评分人对本单位本项（或本否决情形）给出的最近一次评分，须附依据；没有评分为缺失",
            "The latest mark given to this unit for this item (or veto), with evidence; missing when there is none",
            is_share=False,
            evidence=frozenset(),
        ),
    ]
    return {measure.id: measure for measure in measures}


def _statistics() -> list[Measure]:
    found = []
    for prefix, zh_scope, en_scope, who in (
        ("", "本单位负责企业的", "of the unit's enterprises: ", "responsible"),
        ("county_", "全县", "of the whole county: ", "county"),
    ):
        zh_of = f"范围为{'全部企业' if prefix else '责任单位是本单位的企业'}"
        en_of = "Enterprises whose responsible unit this is" if not prefix else "All enterprises"
        for id_, (zh, en, definition) in SHARES.items():
            found.append(
                Measure(
                    prefix + id_,
                    zh_scope + zh,
                    en_scope + en,
                    "",
                    "",
                    Source.STATISTICS,
                    f"{definition}；{zh_of}；分母为零时不适用",
                    f"{en_of}; definition `{id_}` of the statistics; not applicable when the denominator is zero",
                    is_share=True,
                    evidence=frozenset({f"{who}:{id_}"}),
                )
            )
        for id_, (zh, en, definition) in COUNTS.items():
            found.append(
                Measure(
                    prefix + id_,
                    zh_scope + zh,
                    en_scope + en,
                    "家",
                    "enterprises",
                    Source.STATISTICS,
                    f"{definition}；{zh_of}",
                    f"{en_of}; definition `{id_}` of the statistics",
                    is_share=False,
                    evidence=frozenset({f"{who}:{id_}"}),
                )
            )
    return found


def _assignments() -> list[Measure]:
    return [
        Measure(
            id_,
            zh,
            en,
            unit_zh,
            unit_en,
            Source.ASSIGNMENTS,
            f"考核日在任、由本单位派出的{zh.removeprefix('选派')}关系数",
            f"Open assignments with role `{role}` dispatched by the unit, on the day of the run",
            is_share=False,
            evidence=frozenset({f"assignment:{role}"}),
        )
        for id_, (zh, en, unit_zh, unit_en, role) in ASSIGNMENTS.items()
    ]


def _activities() -> list[Measure]:
    found = []
    unreported = "本单位期内没有任何工作记录的为缺失"
    unreported_en = "missing when the unit recorded no activity at all in the period"
    for kind, (id_, zh, en, unit) in ACTIVITY_KINDS.items():
        levels = LEVELS if kind in LEVELLED else {}
        every = frozenset(f"activity:{kind}:{level}" for level in (*levels, "none"))
        found.append(_counted(id_, zh, en, unit, every))
        found += [
            _counted(
                f"{id_}_{level}", f"{zh}（{lzh}）", f"{en}, {len_} level", unit, frozenset({f"activity:{kind}:{level}"})
            )
            for level, (lzh, len_) in levels.items()
        ]
    found += [
        _counted(
            "training_participants",
            "培训人次",
            "training participants",
            "人次",
            frozenset({"activity:training:people"}),
        ),
        _counted(
            "visited_enterprises", "走访企业户数", "enterprises visited", "户", frozenset({"activity:visit:firms"})
        ),
        _counted(
            "visit_quarters", "有走访的季度", "quarters with a visit", "个季度", frozenset({"activity:visit:quarters"})
        ),
        _counted(
            "information_report_months",
            "有信息报送的月份",
            "months with an information report",
            "个月",
            frozenset({"activity:information_report:months"}),
        ),
    ]
    return [
        Measure(
            m.id,
            m.zh,
            m.en,
            m.unit_zh,
            m.unit_en,
            m.source,
            f"本单位在考核期内的记录：{m.zh}；{unreported}",
            f"Records of the unit within the period: {m.en}; {unreported_en}",
            is_share=False,
            evidence=m.evidence,
        )
        for m in found
    ]


def _counted(id_: str, zh: str, en: str, unit: str, evidence: frozenset[str]) -> Measure:
    return Measure(id_, zh, en, unit, "", Source.ACTIVITIES, "", "", is_share=False, evidence=evidence)


def _tasks() -> list[Measure]:
    none = "没有任务的不适用"
    none_en = "not applicable when the unit has no task"
    rows = (
        ("tasks_total", "任务数", "tasks", "项", False, "期内到期的任务数", "Tasks due within the period"),
        ("tasks_done", "完成任务数", "tasks done", "项", False, "期内到期并已完成的任务数", "Tasks due and done"),
        ("task_done_rate", "任务完成率", "share of tasks done", "", True, "已完成任务占到期任务的比例", "Done ÷ due"),
        (
            "task_progress_rate",
            "任务平均进度",
            "mean progress of tasks",
            "",
            True,
            "本年度各任务进度（完成数÷目标数，最多计100%）的平均数",
            "Mean over the year's tasks of progress ÷ target, each at most 100 %",
        ),
        (
            "overdue_tasks",
            "逾期任务",
            "overdue tasks",
            "项",
            False,
            "考核日已过期限而未完成的任务数",
            "Past due and not done",
        ),
        (
            "late_tasks",
            "逾期完成任务",
            "tasks done late",
            "项",
            False,
            "超过期限才完成的任务数",
            "Done after the due date",
        ),
    )
    return [
        Measure(
            id_,
            zh,
            en,
            unit,
            "",
            Source.TASKS,
            f"{definition}；{none}",
            f"{definition_en}; {none_en}",
            is_share=share,
            evidence=frozenset({f"task:{id_}"}),
        )
        for id_, zh, en, unit, share, definition, definition_en in rows
    ]

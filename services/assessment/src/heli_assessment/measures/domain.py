"""The catalogue of measures: what a rulebook may read, where it comes from and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from heli_assessment.engine.book import MARK
from heli_assessment.engine.rules.base import Label
from heli_shared.statistics.measures import ENTERPRISES, MEASURES


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


COUNTY_PREFIX = "county_"
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
    """Return every statistic on enterprises twice: of those the unit answers for, and of the whole county."""
    scopes = (
        (
            "",
            "本单位负责企业的",
            "of the unit's enterprises: ",
            "范围为责任单位是本单位的企业",
            "Of its own enterprises",
        ),
        (COUNTY_PREFIX, "全县", "of the whole county: ", "范围为全部企业", "Of all enterprises"),
    )
    return [
        Measure(
            id=prefix + statistic.id,
            zh=zh + statistic.zh,
            en=en + statistic.en,
            unit_zh="" if statistic.denominator else "家",
            unit_en="" if statistic.denominator else "enterprises",
            source=Source.STATISTICS,
            definition_zh=f"{statistic.definition_zh}；{of_zh}；分母为零时不适用",
            definition_en=f"{of_en}: {statistic.definition_en}; not applicable when nothing is in the denominator",
            is_share=statistic.denominator is not None,
            evidence=frozenset({f"statistic:{prefix}{statistic.id}"}),
        )
        for prefix, zh, en, of_zh, of_en in scopes
        for statistic in MEASURES.values()
        if statistic.subject == ENTERPRISES
    ]


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

"""The catalogue of measures: what a rulebook may read, where it comes from and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from heli_assessment.engine.book import MARK, SCORE
from heli_assessment.engine.rules.base import Label, base_of
from heli_assessment.measures.activities import UNREPORTED_EN, UNREPORTED_ZH, activity_words
from heli_assessment.measures.registry import (
    KINDS,
    REGISTRY_MEASURES,
    UNITS,
    VISIT_MEASURES,
    VISITS_MADE_RATE,
    VISITS_REQUIRED,
)
from heli_assessment.measures.work import WORK_MEASURES
from heli_shared.statistics.measures import ENTERPRISES, MEASURES


class Source(StrEnum):
    """Where a measure is read from."""

    STATISTICS = "registry:statistics"
    ASSIGNMENTS = "registry:assignments"
    QUALITY = "registry:quality"
    RECORDS = "registry:records"
    ACTIVITIES = "assessment:activities"
    TASKS = "assessment:tasks"
    MARKS = "assessment:marks"
    WORK = "assessment:work"
    RUNS = "assessment:runs"


@dataclass(frozen=True, slots=True)
class Measure:
    """One input of scoring.

    `evidence` names the records it counts, so that counting them twice can be found; `subjects` the kinds of subject
    of which it makes sense.
    """

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
    subjects: tuple[str, ...] = KINDS

    @property
    def rows(self) -> str | None:
        """Return where the records behind a value of a run are listed; None where nothing stands behind it."""
        if self.source is Source.QUALITY:
            return "/v1/quality/results/rows"
        return ROWS_ROUTE if self.source in LISTED else None

    @property
    def label(self) -> Label:
        """How the engine names it in sentences."""
        return Label(self.zh, self.en, self.unit_zh, self.unit_en, self.is_share)


ROWS_ROUTE = "/v1/runs/{run}/scores/{subject}/rows"
LISTED = frozenset({Source.STATISTICS, Source.ASSIGNMENTS, Source.RECORDS, Source.ACTIVITIES})
"""The sources whose rows assessment lists itself; the registry lists those of the quality of data."""
COUNTY_PREFIX = "county_"
DATA_QUALITY, DATA_FRESHNESS = "data_quality", "data_freshness"
QUALITY = frozenset({DATA_QUALITY, DATA_FRESHNESS})
REFRESH_CHECK = "enterprise.refresh-stale"
"""The registry's check that tells an enterprise not refreshed in time."""
ASSIGNMENTS = {
    "instructors_sent": ("选派指导员", "instructors sent", "名", "persons", "instructor"),
    "liaisons_sent": ("选派联络员", "liaisons sent", "名", "persons", "liaison"),
    "contact_points": ("领导联系点", "leaders' contact points", "个", "", "contact_leader"),
}


def measure_labels(measures: Mapping[str, Measure]) -> dict[str, Label]:
    """Return the labels of a catalogue for the engine."""
    return _Labels((id_, measure.label) for id_, measure in measures.items())


class _Labels(dict[str, Label]):
    """Labels of the catalogue; those of one scorer's mark or of another scheme's score are made when asked for."""

    def __missing__(self, measure: str) -> Label:
        base, name = base_of(measure), measure.partition(":")[2]
        if base not in self or measure == base:
            raise KeyError(measure)
        label = self[base]
        if base == SCORE:
            return Label(f"《{name}》得分", f"score by {name}", label.unit_zh, label.unit_en, is_share=False)
        seat = measure.partition(".")[2]
        return Label(f"{label.zh}（{seat}）", f"{label.en} ({seat})", label.unit_zh, label.unit_en, is_share=False)


def catalogue() -> dict[str, Measure]:
    """Return every measure by id, in the order in which it is documented."""
    measures = [
        *_statistics(),
        *_assignments(),
        *_quality(),
        *_records(),
        *_visits(),
        *_activities(),
        *_tasks(),
        *_work(),
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
        Measure(
            SCORE,
            "另一考核细则的得分",
            "score by another rulebook",
            "分",
            "points",
            Source.RUNS,
            "写作 score:编号；取本单位在该细则考核期内最近一次考核中的得分；没有考核、或得分尚为区间的为缺失",
            "Written score:ID; the unit's score in the latest run of that rulebook within the period; missing when "
            "there is none, or when it is still a range",
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
            subjects=KINDS if prefix else UNITS,
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
            subjects=UNITS,
        )
        for id_, (zh, en, unit_zh, unit_en, role) in ASSIGNMENTS.items()
    ]


def _quality() -> list[Measure]:
    none_zh = "没有负责任何记录的不适用"
    none_en = "not applicable to a unit that is responsible for no record"
    rows = (
        (
            DATA_QUALITY,
            "数据质量合格率",
            "share of records without errors",
            f"本单位负责的启用记录中，没有任何“错误”级数据质量问题的比例；{none_zh}",
            f"Open records the unit is responsible for that fail no check of severity error; {none_en}",
        ),
        (
            DATA_FRESHNESS,
            "台账更新及时率",
            "share of enterprises refreshed in time",
            f"本单位负责的企业中，台账更新日期在规定天数以内的比例；{none_zh}",
            f"Enterprises of the unit whose data were refreshed within the days allowed; {none_en}",
        ),
    )
    return [
        Measure(
            id_, zh, en, "", "", Source.QUALITY, definition_zh, definition_en, is_share=True,
            evidence=frozenset({f"quality:{id_}"}), subjects=UNITS,
        )
        for id_, zh, en, definition_zh, definition_en in rows
    ]  # fmt: skip


def row_name(measure: str) -> str:
    """Return the name by which the intake knows the rows of a measure."""
    return f"role:{ASSIGNMENTS[measure][4]}" if measure in ASSIGNMENTS else measure


def rows_link(key: str, source: str, *, run: str, subject: str) -> str | None:
    """Return where the records behind one value of a run are listed; None where nothing stands behind it."""
    if source not in LISTED:
        return None
    return ROWS_ROUTE.format(run=run, subject=subject) + f"?measure={quote(key, safe='')}"


def quality_rows_link(measure: str, *, unit: str, on: str, known_at: int) -> str:
    """Return where the registry lists exactly the records that a value of data quality leaves out of its numerator."""
    asked = f"check={REFRESH_CHECK}" if measure == DATA_FRESHNESS else "severity=error"
    pins = f"view=responsibility&unit={unit}&alone=true&on={on}&known_at={known_at}"
    return f"/v1/quality/results/rows?{asked}&{pins}"


def _records() -> list[Measure]:
    return [
        Measure(
            each.id, each.zh, each.en, each.unit_zh, each.unit_en, Source.RECORDS, each.definition_zh,
            each.definition_en, is_share=each.is_share, evidence=frozenset({f"records:{each.id}"}),
            subjects=each.subjects,
        )
        for each in REGISTRY_MEASURES.values()
    ]  # fmt: skip


def _visits() -> list[Measure]:
    source = {VISITS_REQUIRED: Source.RECORDS, VISITS_MADE_RATE: Source.ACTIVITIES}
    return [
        Measure(
            each.id, each.zh, each.en, each.unit_zh, each.unit_en, source[each.id], each.definition_zh,
            each.definition_en, is_share=each.is_share, evidence=frozenset({f"visits:{each.id}"}),
            subjects=each.subjects,
        )
        for each in VISIT_MEASURES
    ]  # fmt: skip


def _activities() -> list[Measure]:
    return [
        Measure(
            each.id, each.zh, each.en, each.unit_zh, "", Source.ACTIVITIES,
            f"考核期内的工作记录：{each.zh}；{UNREPORTED_ZH}",
            f"Activity records within the period: {each.en}; {UNREPORTED_EN}",
            is_share=False, evidence=each.evidence,
        )
        for each in activity_words()
    ]  # fmt: skip


def _work() -> list[Measure]:
    return [
        Measure(
            each.id,
            each.zh,
            each.en,
            each.unit_zh,
            "",
            Source.WORK,
            each.definition_zh,
            each.definition_en,
            is_share=each.is_share,
            evidence=frozenset({f"work:{each.id}"}),
            subjects=UNITS,
        )
        for each in WORK_MEASURES.values()
    ]


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
            subjects=UNITS,
        )
        for id_, zh, en, unit, share, definition, definition_en in rows
    ]

"""The words of the measures that are counted on activity records."""

from collections.abc import Iterator
from dataclasses import dataclass

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
    "pairing_activity": ("pairing_activities", "结对共建活动", "pairings' activities", "次"),
}
LEVELS = {"province": ("省级", "province"), "city": ("市级", "city"), "county": ("县级", "county")}
LEVELLED = ("information_report", "publicity")
UNREPORTED_ZH = (
    "单位计本单位的，党组织、企业计指明该对象的，指导员计其派驻关系的，书记计其任职党组织的；"
    "本单位（对象的所属机构）期内没有任何工作记录的为缺失"
)
UNREPORTED_EN = (
    "of a unit its own, of an organisation or enterprise those that name it, of an instructor those under the own "
    "posts, of a secretary those of the own organisation; missing when the unit that answers recorded no activity at "
    "all in the period"
)


@dataclass(frozen=True, slots=True)
class ActivityWords:
    """One measure counted on activities: its words, and the records it counts."""

    id: str
    zh: str
    en: str
    unit_zh: str
    evidence: frozenset[str]


_FURTHER = (
    ("training_participants", "培训人次", "training participants", "人次", "training:people"),
    ("training_days", "培训天数", "days of training", "天", "training:days"),
    ("visited_enterprises", "走访企业户数", "enterprises visited", "户", "visit:firms"),
    ("visit_quarters", "有走访的季度", "quarters with a visit", "个季度", "visit:quarters"),
    ("visit_months", "有走访的月份", "months with a visit", "个月", "visit:months"),
    ("meeting_quarters", "有会议的季度", "quarters with a meeting", "个季度", "meeting:quarters"),
    (
        "information_report_months", "有信息报送的月份", "months with an information report", "个月",
        "information_report:months",
    ),
)  # fmt: skip


def activity_words() -> Iterator[ActivityWords]:
    """Yield the measures of each kind of activity, by level where it has one, and those counted otherwise."""
    for kind, (id_, zh, en, unit) in ACTIVITY_KINDS.items():
        levels = LEVELS if kind in LEVELLED else {}
        yield ActivityWords(id_, zh, en, unit, frozenset(f"activity:{kind}:{level}" for level in (*levels, "none")))
        for level, (level_zh, level_en) in levels.items():
            only = frozenset({f"activity:{kind}:{level}"})
            yield ActivityWords(f"{id_}_{level}", f"{zh}（{level_zh}）", f"{en}, {level_en} level", unit, only)
    for id_, zh, en, unit, evidence in _FURTHER:
        yield ActivityWords(id_, zh, en, unit, frozenset({f"activity:{evidence}"}))

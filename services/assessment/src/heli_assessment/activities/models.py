"""The kind `activity`: one thing a unit did on a day."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

ACTIVITY_KINDS = (
    "meeting",
    "training",
    "visit",
    "inspection",
    "practical_matter",
    "publicity",
    "information_report",
    "joint_meeting",
    "funding",
    "pairing_activity",
)
LEVELS = ("county", "city", "province")
AUDIENCES = ("owners", "secretaries", "instructors", "workers", "members", "leaders")

ACTIVITY = record_kind(
    METADATA,
    entity="activity",
    plural="activities",
    zh="工作记录",
    prefix="act",
    effective_from="held_on",
    fields=(
        Field("kind", "text", "类别", required=True, choices=ACTIVITY_KINDS, filtered=True, example="visit"),
        Field("unit", "text", "单位", required=True, max_length=64, references="unit", filtered=True),
        Field("held_on", "date", "日期", required=True, example="2026-05-12"),
        Field("title", "text", "事项", required=True, max_length=300, example="走访联系企业"),
        Field("level", "text", "层级", "who took up a report or published it", choices=LEVELS, filtered=True),
        Field("enterprise", "text", "企业", "credit code", max_length=18, filtered=True),
        Field("organization", "text", "党组织", max_length=64, filtered=True),
        Field("assignment", "text", "派驻联系", max_length=64, filtered=True),
        Field("pairing", "text", "结对共建", "id of a pairing of the registry", max_length=64, filtered=True),
        Field("participants", "integer", "参加人数", maximum=1_000_000),
        Field("audience", "text", "培训对象", "who was trained", choices=AUDIENCES, filtered=True),
        Field("days", "integer", "天数", "how many days it took", maximum=366, example=3),
        Field("evidence", "text", "佐证", "where the minutes, photographs or documents lie", max_length=1_000),
        Field("attachments", "texts", "附件", "ids of attachments"),
    ),
)

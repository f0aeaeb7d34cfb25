"""The kinds `duty_session`, `duty_report` and `duty_mark`: who reported on duty, and how they were marked."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

GROUPS = ("leaders", "peers", "representatives")

DUTY_SESSION = record_kind(
    METADATA,
    entity="duty_session",
    plural="duty-sessions",
    zh="述职评议会",
    prefix="dts",
    effective_from="held_on",
    fields=(
        Field("title", "text", "名称", required=True, max_length=300, example="2026年度述职评议会"),
        Field("year", "integer", "述职年度", required=True, minimum=1990, maximum=2200, filtered=True),
        Field("unit", "text", "组织单位", required=True, max_length=64, references="unit", filtered=True),
        Field("held_on", "date", "召开日期", required=True),
        Field("leaders_weight", "integer", "领导评分权重", "per cent", required=True, maximum=100, example=50),
        Field("peers_weight", "integer", "互评权重", "per cent", required=True, maximum=100, example=30),
        Field("representatives_weight", "integer", "代表测评权重", "per cent", required=True, maximum=100, example=20),
    ),
)
DUTY_REPORT = record_kind(
    METADATA,
    entity="duty_report",
    plural="duty-reports",
    zh="述职报告",
    prefix="dtr",
    foreign_keys={"session": "duty_sessions.id"},
    fields=(
        Field("session", "text", "述职评议会", required=True, max_length=64, references="duty_session", filtered=True),
        Field("unit", "text", "述职单位", required=True, max_length=64, references="unit", filtered=True),
        Field("person", "text", "述职人", "id of a person of the registry", max_length=64),
        Field("summary", "text", "述职要点", required=True, max_length=4_000),
        Field("problems", "text", "整改清单", "what is to be mended, by the reporter's own word", max_length=2_000),
        Field("attachments", "texts", "附件", "ids of attachments"),
    ),
)
DUTY_MARK = record_kind(
    METADATA,
    entity="duty_mark",
    plural="duty-marks",
    zh="述职评分",
    prefix="dtm",
    foreign_keys={"report": "duty_reports.id"},
    fields=(
        Field("report", "text", "述职报告", required=True, max_length=64, references="duty_report", filtered=True),
        Field("unit", "text", "被评单位", "that of the report", max_length=64, references="unit", filtered=True),
        Field("judges", "text", "评分组", "of which group the judge is", required=True, choices=GROUPS, filtered=True),
        Field("judge", "text", "评分人", "a principal's id", max_length=64, filtered=True),
        Field("points", "decimal", "得分", "0 to 100", required=True, example="92.5"),
        Field("comment", "text", "点评", max_length=1_000),
    ),
)

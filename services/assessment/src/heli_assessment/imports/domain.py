"""What lists are understood: their columns, by what names they go, and what tells two rows of a list apart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Literal

ColumnType = Literal["text", "decimal", "integer", "date", "choice", "unit", "texts"]
ListName = Literal["tasks", "activities"]

LEVELS = {"county": ("县级",), "department": ("部门", "成员单位"), "township": ("乡镇", "乡镇街道"),
          "organization": ("党组织", "企业党组织", "基层党组织")}  # fmt: skip
KINDS = {
    "meeting": ("专题会议", "会议", "研究部署"), "training": ("培训", "教育培训"), "visit": ("走访", "走访联系"),
    "inspection": ("督查", "督查检查", "检查"), "practical_matter": ("办实事", "实事"),
    "publicity": ("宣传", "宣传报道"), "information_report": ("信息报送", "信息"), "joint_meeting": ("联席会议",),
    "funding": ("经费", "经费保障"), "pairing_activity": ("结对活动", "共建活动", "结对共建"),
}  # fmt: skip
REPORT_LEVELS = {"county": ("县级", "县"), "city": ("市级", "市"), "province": ("省级", "省")}
AUDIENCES = {
    "owners": ("出资人", "企业出资人", "企业主"), "secretaries": ("书记", "党组织书记"),
    "instructors": ("指导员", "党建工作指导员"), "workers": ("党务工作者",), "members": ("党员",),
    "leaders": ("领导干部",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: the field it fills, the headers it goes by (the first is the template's), and how it is read."""

    field: str
    labels: tuple[str, ...]
    type: ColumnType
    note: str
    is_needed: bool = False
    example: str = ""
    choices: Mapping[str, tuple[str, ...]] = dataclass_field(default_factory=dict)
    most: int = 300


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list; two rows that agree in all of `identity` speak of the same record."""

    name: ListName
    zh: str
    columns: tuple[ListColumn, ...]
    identity: tuple[str, ...]

    @property
    def needed(self) -> tuple[ListColumn, ...]:
        """Return the columns without which a list is none of this kind."""
        return tuple(each for each in self.columns if each.is_needed)


TASKS = ListKind(
    "tasks",
    "年度任务",
    (
        ListColumn("number", ("序号", "任务序号", "编号"), "text", "1.2 是 1 的分解", example="1.2", most=30),
        ListColumn("title", ("任务", "任务内容", "工作任务", "重点任务"), "text", "要做什么", is_needed=True,
                   example="选派党建工作指导员"),
        ListColumn("level", ("层级", "任务层级"), "choice", "由哪一级承担", example="部门", choices=LEVELS),
        ListColumn("unit", ("责任单位", "承办单位", "牵头单位"), "unit", "机构名称、简称或编号", is_needed=True,
                   example="县财政局"),
        ListColumn("person", ("责任人编号", "责任人"), "text", "登记服务中的人员编号，不填姓名", most=64),
        ListColumn("measure_word", ("计量单位", "单位量词", "量词"), "text", "如 名、户、件", example="名", most=20),
        ListColumn("target", ("目标数", "目标", "数量", "任务数"), "decimal", "数字", example="6"),
        ListColumn("due_on", ("完成期限", "完成时限", "截止日期", "时限"), "date", "可以在今天之后", is_needed=True,
                   example="2026-06-30"),
    ),
    ("number", "title", "unit", "person"),
)  # fmt: skip
ACTIVITIES = ListKind(
    "activities",
    "工作记录",
    (
        ListColumn("kind", ("类别", "工作类别", "活动类型"), "choice", "什么工作", is_needed=True, example="走访",
                   choices=KINDS),
        ListColumn("unit", ("单位", "开展单位", "责任单位"), "unit", "机构名称、简称或编号", is_needed=True,
                   example="县财政局"),
        ListColumn("held_on", ("日期", "开展日期", "时间"), "date", "已经开展的日期", is_needed=True,
                   example="2026-05-12"),
        ListColumn("title", ("事项", "主题", "内容", "工作内容"), "text", "做了什么", is_needed=True,
                   example="走访联系企业"),
        ListColumn("level", ("采用层级", "层级"), "choice", "信息、宣传由哪一级采用", choices=REPORT_LEVELS),
        ListColumn("enterprise", ("统一社会信用代码", "企业代码"), "text", "走访的企业", most=18),
        ListColumn("assignment", ("派驻联系编号",), "text", "按哪个派驻联系走访", most=64),
        ListColumn("pairing", ("结对编号",), "text", "按哪个结对开展", most=64),
        ListColumn("participants", ("参加人数", "人数", "培训人数"), "integer", "整数"),
        ListColumn("audience", ("培训对象",), "choice", "培训谁", choices=AUDIENCES),
        ListColumn("days", ("天数", "培训天数"), "integer", "整数"),
        ListColumn("evidence", ("佐证", "佐证材料", "文号"), "text", "材料在哪里", most=1_000,
                   example="合财党〔2026〕8号"),
        ListColumn("attachments", ("附件编号",), "texts", "已上传附件的编号，多个用顿号隔开", most=1_400),
    ),
    ("kind", "unit", "held_on", "title", "enterprise", "assignment", "pairing"),
)  # fmt: skip
LISTS: Mapping[str, ListKind] = {"tasks": TASKS, "activities": ACTIVITIES}


@dataclass(frozen=True, slots=True)
class RowsEnded:
    """How the rows of a file ended; the last four add up to `read`."""

    read: int
    created: int
    updated: int
    unchanged: int
    refused: int

    def nothing_applied(self) -> "RowsEnded":
        """Return the counts of a file that was refused as a whole."""
        return replace(self, created=0, updated=0)


@dataclass(frozen=True, slots=True)
class Message:
    """Why a row is refused: the field it is about (None for the row), and both sentences."""

    field: str | None
    zh: str
    en: str


def above(number: str) -> str | None:
    """Return the number of the task that a numbered one is part of (1.2 is part of 1), or None."""
    head, dot, tail = number.rpartition(".")
    return head if dot and head and tail.isdigit() else None

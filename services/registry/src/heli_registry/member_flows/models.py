"""The kind `member_flow`: an organisation's table of members who came and went in one year."""

from heli_registry.database import METADATA
from heli_registry.member_flows.domain import LINES
from heli_shared.records.kinds import Field, record_kind

_ZH = {
    "at_start": "上年底党员总数",
    "increased": "本年增加",
    "developed": "发展党员",
    "restored": "恢复党籍",
    "transferred_in": "转入组织关系",
    "transferred_in_whole": "其中整建制转入",
    "decreased": "本年减少",
    "expelled": "出党",
    "suspended": "停止党籍",
    "died": "死亡",
    "transferred_out": "转出组织关系",
    "transferred_out_whole": "其中整建制转出",
    "expected_at_end": "年底应有",
    "at_end": "年底实有",
    "difference": "差",
}
_MOST = 10_000_000

MEMBER_FLOW = record_kind(
    METADATA,
    entity="member_flow",
    plural="member-flows",
    zh="党员增减表",
    prefix="mfl",
    foreign_keys={"organization": "party_organizations.id"},
    fields=(
        Field(
            "organization", "text", "党组织", required=True, max_length=64, references="party_organization",
            filtered=True,
        ),
        Field(
            "year", "integer", "年度", required=True, minimum=1_921, maximum=2_200, filtered=True, example=2025,
        ),
        *(
            Field(
                name, "integer", zh, f"line {LINES[name]}",
                minimum=-_MOST if name in ("expected_at_end", "difference") else 0, maximum=_MOST,
            )
            for name, zh in _ZH.items()
        ),
        Field("document", "text", "说明", "what explains a difference", max_length=1_000),
    ),
)  # fmt: skip

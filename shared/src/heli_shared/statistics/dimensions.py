"""The catalogue of dimensions: by what a measure may be grouped and filtered, and which fact column carries it."""

from dataclasses import dataclass

from heli_shared.kernel.divisions import LEVELS
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.text import cut
from heli_shared.statistics.measures import ENTERPRISES, ORGANIZATIONS

UNKNOWN = "unknown"
"""The filter value that asks for rows where the dimension has no value; `unknown:village` where it has none there."""
AT = "at:"
"""What stands before a node of a tree in a filter that asks for what stands at it, and not for what is below it."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way of grouping: `text` is how a query writes it, `column` the fact column that carries it.

    `names` is a record kind (`division`, `zone`, `unit`) or tree (`sector`, `affiliation`) whose name on the day is
    shown, or None when `labels` (code → zh, en) or the code itself is the name. `subjects` are the facts which
    carry the column. `without` is what a line is called whose rows have no value.
    """

    text: str
    id: str
    level: str | None
    column: str
    zh: str
    en: str
    subjects: tuple[str, ...] = (ENTERPRISES,)
    names: str | None = None
    labels: tuple[tuple[str, str, str], ...] = ()
    without: tuple[str, str] = ("未知", "Unknown")

    @property
    def unknown(self) -> str:
        """Return the filter value that asks for exactly the rows of the dimension's line without a code."""
        return UNKNOWN if self.level is None else f"{UNKNOWN}:{self.level}"

    def value(self, code: str | None) -> str:
        """Return the filter value that asks for exactly the rows of the dimension's line with a code, or with None."""
        if code is None:
            return self.unknown
        return f"{AT}{code}" if self.id in TREES and self.level is None else code


_BOTH = (ENTERPRISES, ORGANIZATIONS)
TREES = {"sector": 3, "affiliation": 6}
"""The trees beside the territory, with how many of their levels, from the top, can be grouped by.

An enterprise stands at the sector it names, else at the one told by its industry, and at the organisation that covers
it; an organisation stands at itself. A filter takes in everything below its values.
"""
_TREE_WORDS = {"sector": ("行业归口", "Sector"), "affiliation": ("隶属关系", "Affiliation")}
_TREE_WITHOUT = {"sector": ("未归口", "In no sector"), "affiliation": ("无隶属", "Not affiliated")}
_TREE_SUBJECTS = {"sector": (ENTERPRISES,), "affiliation": _BOTH}
_LEVEL_ZH = {"province": "省级", "city": "地市级", "county": "县级", "town": "乡镇街道", "village": "村社区"}
_INDUSTRY_ZH = {"section": "行业门类", "division": "行业大类", "class": "行业小类"}
SIZES = (
    ("large", "大型", "Large"),
    ("medium", "中型", "Medium"),
    ("small", "小型", "Small"),
    ("micro", "微型", "Micro"),
)
OWNERSHIPS = (
    ("private", "私营", "Private"),
    ("individual", "个体", "Individual business"),
    ("foreign", "外商投资", "Foreign"),
    ("hong_kong_macao_taiwan", "港澳台投资", "Hong Kong, Macao and Taiwan"),
    ("mixed", "混合所有", "Mixed"),
    ("collective", "集体", "Collective"),
    ("state_owned", "国有", "State-owned"),
)
COVERS = (
    ("sole", "单独组建", "Own organisation"),
    ("joint", "联合组建", "Joint"),
    ("regional", "区域统建", "Regional"),
    ("industry", "行业统建", "Industry"),
    ("industry_chain", "产业联建", "Industry chain"),
    ("leading_enterprise", "龙头领建", "Led by a leading enterprise"),
    ("building", "楼宇合建", "Building"),
    ("village_enterprise", "村企共建", "Village and enterprise"),
    ("restructured", "同步改组", "Restructured"),
    ("combined", "兼合式", "Combined"),
    ("attached", "挂靠组建", "Attached"),
    ("functional", "功能型", "Functional"),
    ("temporary", "临时", "Temporary"),
    ("other", "其他方式", "Other"),
    ("none", "未建", "None"),
)
KINDS = (
    ("branch", "党支部", "Branch"),
    ("joint_branch", "联合党支部", "Joint branch"),
    ("general_branch", "党总支", "General branch"),
    ("committee", "党委", "Committee"),
    ("temporary_branch", "临时党支部", "Temporary branch"),
    ("functional", "功能型党组织", "Functional organisation"),
)
SECRETARIES = (
    ("investor", "出资人", "Investor"),
    ("senior_manager", "高层管理人员", "Senior manager"),
    ("middle_manager", "中层管理人员", "Middle manager"),
    ("employee", "普通职工", "Employee"),
    ("dispatched", "选派", "Dispatched"),
    ("other", "其他", "Other"),
)
PREMISES = (
    ("separate", "单独设立", "Its own"),
    ("office_shared", "办公场所合用", "Shared with an office"),
    ("community_shared", "与社区共用", "Shared with the community"),
    ("other", "其他", "Other"),
    ("none", "无场所", "None"),
)

SECRETARY_POSTS = (
    ("full_time", "专职", "Full-time"),
    ("part_time", "兼职", "Beside other work"),
    ("unsaid", "未说明专兼职", "Not said"),
    ("none", "未配书记", "No secretary"),
)
AFFILIATION_KINDS = (
    ("territory", "属地党组织", "Territory"),
    ("industry", "行业党组织", "Industry"),
    ("park", "园区党组织", "Park"),
    ("federation", "工商联（个协）党组织", "Federation"),
    ("direct", "直属两新工委", "Directly under the commission"),
    ("other", "其他", "Other"),
    ("several", "多个上级", "Several"),
)

_ALL = (
    *(
        Dimension(
            f"division:{level}", "division", level, level, _LEVEL_ZH[level], level.title(), _BOTH, "division",
            without=(f"不在{_LEVEL_ZH[level]}", f"In no {level}"),
        )
        for level in LEVELS
    ),
    Dimension(
        "zone", "zone", None, "zone", "园区楼宇", "Zone", _BOTH, "zone", without=("不在园区楼宇", "In no zone")
    ),
    *(
        Dimension(f"industry:{level}", "industry", level, f"industry_{level}", zh, f"Industry {level}")
        for level, zh in _INDUSTRY_ZH.items()
    ),
    Dimension("size", "size", None, "size_class", "企业规模", "Size", labels=SIZES),
    Dimension("ownership", "ownership", None, "ownership", "所有制", "Ownership", labels=OWNERSHIPS),
    Dimension(
        "unit", "unit", None, "responsible_unit", "责任单位", "Responsible unit", names="unit",
        without=("无责任单位", "No responsible unit"),
    ),
    Dimension(
        "organization_cover", "organization_cover", None, "organization_cover", "组织覆盖", "Cover", labels=COVERS
    ),
    *(
        Dimension(
            f"{tree}:{level}" if level else tree,
            tree,
            str(level) if level else None,
            f"{tree}_{level or 'node'}",
            f"{_TREE_WORDS[tree][0]}{f'第{level}级' if level else ''}",
            f"{_TREE_WORDS[tree][1]}{f', level {level}' if level else ''}",
            _TREE_SUBJECTS[tree],
            names=tree,
            without=("无此级", "None at this level") if level else _TREE_WITHOUT[tree],
        )
        for tree, levels in TREES.items()
        for level in range(levels + 1)
    ),
    Dimension("kind", "kind", None, "kind", "党组织类别", "Kind of organisation", (ORGANIZATIONS,), labels=KINDS),
    Dimension(
        "secretary_kind", "secretary_kind", None, "secretary_kind", "书记来源", "Who the secretary is",
        (ORGANIZATIONS,), labels=SECRETARIES,
    ),
    Dimension(
        "secretary_post", "secretary_post", None, "secretary_post", "书记专兼职", "Secretary's post",
        (ORGANIZATIONS,), labels=SECRETARY_POSTS,
    ),
    Dimension(
        "premises", "premises", None, "premises", "活动场所", "Premises", (ORGANIZATIONS,), labels=PREMISES
    ),
    Dimension(
        "setup_form", "setup_form", None, "setup_form", "组建方式", "How it was set up",
        (ORGANIZATIONS,), labels=COVERS[:-1],
    ),
    Dimension(
        "affiliation_kind", "affiliation_kind", None, "affiliation_kind", "隶属类别", "Kind of affiliation",
        (ORGANIZATIONS,), labels=AFFILIATION_KINDS,
    ),
)  # fmt: skip

DIMENSIONS: dict[str, Dimension] = {dimension.text: dimension for dimension in _ALL}


def get_dimension(text: str) -> Dimension:
    """Return the dimension a query names, such as `division:town`; BadRequest lists the known ones."""
    try:
        return DIMENSIONS[text]
    except KeyError:
        known = ", ".join(DIMENSIONS)
        problem = FieldProblem("by", f"没有这个维度：{cut(text)}", f"no such dimension: {cut(text)}")
        raise BadRequest(f"维度应为：{known}。", f"The dimension must be one of: {known}.", errors=[problem]) from None


def is_unknown(value: str) -> bool:
    """Say whether a filter value asks for rows without one."""
    return value.partition(":")[0] == UNKNOWN


def node_of(name: str, value: str) -> str:
    """Return the code that a filter value names."""
    return value.removeprefix(AT) if name in TREES else value


def dimension_without(name: str, value: str) -> Dimension:
    """Return the dimension in which a filter value such as `unknown:village` asks for none.

    BadRequest lists the values that there are.
    """
    found = {each.unknown: each for each in DIMENSIONS.values() if each.id == name and each.level is not None}
    if value not in found:
        listed = ", ".join((UNKNOWN, *found))
        raise BadRequest(
            f"筛选条件 {name} 不能写 {cut(value)}；要找没有取值的，请写：{listed}。",
            f"{cut(value)} is no value of the filter {name}; what has none is found by: {listed}.",
            errors=[FieldProblem(f"parameter {name}", f"没有取值的写作：{listed}", f"what has none: {listed}")],
        )
    return found[value]


FILTERS: dict[str, tuple[str, ...]] = {
    "division": _BOTH,
    "zone": _BOTH,
    "industry": (ENTERPRISES,),
    "size": (ENTERPRISES,),
    "ownership": (ENTERPRISES,),
    "unit": (ENTERPRISES,),
    "organization_cover": (ENTERPRISES,),
    **_TREE_SUBJECTS,
    "kind": (ORGANIZATIONS,),
    "secretary_kind": (ORGANIZATIONS,),
    "secretary_post": (ORGANIZATIONS,),
    "premises": (ORGANIZATIONS,),
    "setup_form": (ORGANIZATIONS,),
    "affiliation_kind": (ORGANIZATIONS,),
}
"""The filters and the facts that know them.

`division`, `sector` and `affiliation` mean the subtree, unless a node of the latter two is told with `AT`; `industry`
is a section, division or class.
"""

"""Proposals in sentences: what to do and why it is possible, in both languages."""

from heli_reporting.gaps.candidates import Rules
from heli_reporting.gaps.nearness import FARTHEST
from heli_reporting.gaps.planning import Proposal

_NEAR = (
    ("同一园区楼宇", "in the same zone"),
    ("同一村（社区）", "in the same village"),
    ("同一乡镇街道", "in the same town"),
    ("同一县（市、区）", "in the same county"),
    ("同一市", "in the same city"),
    ("同一省", "in the same province"),
    ("相距较远", "far apart"),
)


def near_words(steps: int, *, english: bool) -> str:
    """Return in words how far apart two places are."""
    zh, en = _NEAR[min(steps, FARTHEST + 1)]
    return en if english else zh


def reasons_of(proposal: Proposal, rules: Rules, *, english: bool) -> list[str]:
    """Return why a proposal is possible and fits, one sentence each."""
    members = sum(each.full_members for each in proposal.enterprises)
    least = rules.min_members.value if rules.min_members else 0
    near = "" if proposal.distance is None else near_words(proposal.distance, english=english)
    if proposal.kind == "own_branch":
        zh = [f"正式党员{members}名，不少于{least}名，应当单独成立党支部"]
        en = [f"Has {members} full members, at least {least}: it should have a branch of its own"]
    elif proposal.kind == "take_in":
        assert proposal.host is not None  # noqa: S101 - every take-in has one
        room, name = proposal.host.room, proposal.host.name or proposal.host.id
        zh = [f"“{name}”还可覆盖{room}个单位", f"双方位于{near}"]
        en = [f"“{name}” may cover {room} more", f"Both lie {near}"]
    elif proposal.kind == "joint_branch":
        count = len(proposal.enterprises)
        zh = [f"{count}个单位共有正式党员{members}名，不少于{least}名", f"各单位与牵头单位位于{near}或更近"]
        en = [
            f"{count} enterprises have {members} full members, at least {least}",
            f"All lie {near} as the seat or nearer",
        ]
    else:
        most = rules.max_enterprises.value if rules.max_enterprises else 0
        zh = [f"指导员联系企业尚未满{most}户", f"其派驻的企业、党组织或服务区域与本企业位于{near}"]
        en = [
            f"The instructor guides fewer than {most}",
            f"Is posted to an enterprise or organisation, or meant for an area, {near}",
        ]
    return en if english else zh

"""Why an enterprise is on the gap list, in a sentence."""

from heli_reporting.history.domain import Gap

_SENTENCES = {
    "due_established_rate": (
        "正式党员{full}名，已达应建人数，尚未建立党组织",
        "Has {full} full members, enough for an organisation, and none was set up",
    ),
    "staff50_with_member_rate": (
        "职工{staff}人，已达应有党员的规模，尚无党员",
        "Has {staff} staff, enough to be expected to have a Party member, and none",
    ),
    "staff100_with_organization_rate": (
        "职工{staff}人，已达应有党组织的规模，尚未建立",
        "Has {staff} staff, enough to be expected to have an organisation, and none",
    ),
    "organization_coverage": ("尚未被党组织覆盖", "Is not covered by a Party organisation"),
    "sole_setup_rate": ("尚未单独组建党组织", "Has no organisation of its own"),
    "work_coverage_strict": (
        "未建党组织，也没有指导员、联络员、工会或团组织",
        "Has no organisation, instructor, liaison, union or youth league",
    ),
    "work_coverage_broad": (
        "未建党组织，也没有指导员、联络员、工会或团组织",
        "Has no organisation, instructor, liaison, union or youth league",
    ),
}
GAP_MEASURES = tuple(_SENTENCES)


def reason_of(gap: Gap, measure: str, *, english: bool) -> str:
    """Return in a sentence which condition the enterprise meets and what it lacks."""
    zh, en = _SENTENCES[measure]
    full, staff = (0 if number is None else number for number in (gap.full_members, gap.staff))
    return (en if english else zh).format(full=full, staff=staff)

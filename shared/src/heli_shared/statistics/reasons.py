"""The reasons why a row was counted or not, each with its words in both languages; codes are stable."""

REASONS: dict[str, tuple[str, str]] = {
    "closed": ("已注销或已撤销", "Closed"),
    "not_enterprise": ("统一社会信用代码不属于企业", "The credit code is not an enterprise's"),
    "duplicate": ("与另一企业重复", "Duplicate of another record"),
    "branch_office": ("分支机构", "Branch office"),
    "state_owned": ("国有", "State-owned"),
    "collective": ("集体所有", "Collectively owned"),
    "not_operating": ("停业或歇业", "Not operating"),
    "no_premises": ("无固定场所", "No premises"),
    "no_staff": ("无稳定队伍", "No stable staff"),
    "no_activity": ("无正常活动", "No activity"),
    "has_organization": ("已建党组织", "Has a Party organisation"),
    "below_min_full_members": ("正式党员未达应建人数", "Fewer full members than a branch needs"),
    "below_staff50": ("职工不足50人", "Fewer than 50 staff"),
    "below_staff100": ("职工不足100人", "Fewer than 100 staff"),
    "below_scale": ("未达规模以上标准", "Below the scale by revenue and by staff"),
    "no_full_time_worker": ("没有或未填专职党务工作者", "No full-time Party worker, or none told"),
}

INSIDE: dict[str, tuple[str, str]] = {
    "operating": ("实体运营的非公企业，无排除原因", "Operating and non-public: no reason to leave it out"),
    "no_organization": ("实体运营而未建党组织", "Operating, without a Party organisation"),
    "min_full_members": ("正式党员达到应建人数", "Has the full members that a branch needs"),
    "staff50": ("职工50人以上", "50 staff or more"),
    "staff100": ("职工100人以上", "100 staff or more"),
    "above_scale": ("达到规模以上标准", "Above scale by revenue or by staff"),
    "full_time_worker": ("有专职党务工作者", "Has a full-time Party worker"),
    "open": ("未注销、未撤销", "Open"),
}
"""Why a row is in a denominator."""

BEGINNINGS: dict[str, tuple[str, str]] = {
    "recorded": ("登记入库时即符合条件", "Met the condition when first recorded"),
    "condition_reached": ("人数达到标准", "Its numbers reached the threshold"),
    "entered_scope": ("进入统计范围", "Came into scope"),
    "lost": ("原已具备，后又失去", "Had it and lost it"),
    "rule_changed": ("标准调整", "The rule changed"),
}
"""What began a gap."""

CAUSES: dict[str, tuple[str, str]] = {
    "organization_dissolved": ("原党组织已撤销", "Its organisation was dissolved"),
    "cover_ended": ("原党组织不再覆盖", "An organisation that still stands covers it no more"),
    "members_without_organization": ("正式党员已达应建人数而未建", "Members enough for an organisation, and none"),
    "members_too_few": ("有党员但不足应建人数", "Members, but too few for an organisation of its own"),
    "members_elsewhere": ("党员组织关系在外", "Members whose formal relation lies elsewhere"),
    "no_member": ("没有党员", "No member"),
    "instructor_missing": ("没有党建指导员", "No instructor"),
    "instructor_term_expired": ("指导员任期已满", "The instructor's term is over"),
    "election_overdue": ("所属党组织换届逾期", "The election of the organisation that covers it is overdue"),
}
"""What stands in the way while a gap lasts, the most telling first; several may hold at once."""

"""The words of the measures that are counted on the registry's records: of which kinds of subject each makes sense.

How each is counted stands in `intake.rows`; a test holds the two against one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass

UNITS = ("department", "township")
KINDS = (*UNITS, "organization", "enterprise", "instructor", "secretary")
LEADING = (*UNITS, "organization", "secretary")
"""The kinds that have organisations: those at their enterprises, themselves, the one somebody is secretary of."""
TENDING = (*LEADING, "enterprise", "instructor")
"""The kinds that have enterprises: responsible for, covered, being one, guided."""

_THEIRS_ZH = (
    "（范围：单位负责的、党组织覆盖的、指导员联系的、书记所在党组织覆盖的企业中的实体运营非公企业；没有的不适用）"
)
_THEIRS_EN = "of the subject's operating non-public enterprises; not applicable without any"
_LED_ZH = "（范围：覆盖单位所负责企业的党组织、党组织自身、书记任职的党组织；没有的不适用）"
_LED_EN = "among the subject's organisations; not applicable without any"


@dataclass(frozen=True, slots=True)
class RegistryMeasure:
    """One measure counted on records of the registry."""

    id: str
    zh: str
    en: str
    unit_zh: str
    unit_en: str
    is_share: bool
    definition_zh: str
    definition_en: str
    subjects: tuple[str, ...]


def _of_firms(id_: str, zh: str, en: str, kind_zh: str, kind_en: str) -> tuple[RegistryMeasure, RegistryMeasure]:
    """Return the share of enterprises with a kind of mass organisation: the subject's, and the whole county's."""
    return (
        RegistryMeasure(
            id_, zh, en, "", "", True,
            f"已建{kind_zh}的企业占比{_THEIRS_ZH}", f"Share with a {kind_en} {_THEIRS_EN}",
            TENDING,
        ),
        RegistryMeasure(
            f"county_{id_}", f"全县{zh}", f"{en} of the whole county", "", "", True,
            f"全县实体运营非公企业中已建{kind_zh}的占比",
            f"Share of all operating non-public enterprises with a {kind_en}",
            KINDS,
        ),
    )  # fmt: skip


_ALL = (
    RegistryMeasure(
        "guided_enterprises", "联系指导企业户数", "enterprises guided", "户", "enterprises", False,
        "考核日在任指导员联系的启用企业户数",
        "Open enterprises that the instructor is assigned to on the day of the run",
        ("instructor",),
    ),
    RegistryMeasure(
        "guided_staff50", "联系指导50人以上企业户数", "enterprises of 50 staff guided", "户", "enterprises", False,
        "考核日在任指导员联系的启用企业中，职工达到“50人以上企业有党员率”所用人数的户数",
        "Of the enterprises guided, those with the staff that `staff50_with_member_rate` counts", ("instructor",),
    ),
    *_of_firms("union_coverage", "建会率（工会）", "union coverage", "工会", "union"),
    *_of_firms("league_coverage", "建团率（共青团）", "youth league coverage", "团组织", "youth league"),
    *_of_firms("women_coverage", "妇女组织覆盖率", "women's federation coverage", "妇女组织", "women's federation"),
    RegistryMeasure(
        "mass_kinds", "已建群团类别数", "kinds of mass organisation present", "类", "kinds", False,
        f"工会、共青团、妇女组织三类中，在其企业已建的类别数{_THEIRS_ZH}",
        f"How many of union, youth league and women's federation exist in any {_THEIRS_EN}",
        ("organization", "enterprise", "secretary"),
    ),
    RegistryMeasure(
        "dual_posts", "书记兼任工会主席数", "unions chaired by the secretary", "个", "unions", False,
        "其企业的工会中，登记为由党组织书记兼任主席的个数；没有工会的不适用",
        "Unions at the subject's enterprises on record as chaired by the Party secretary; not applicable without any",
        (*LEADING, "enterprise"),
    ),
    RegistryMeasure(
        "secretaries_missing", "缺书记的党组织", "organisations without a secretary", "个", "organisations", False,
        f"登记为未配书记、也没有在任书记的党组织数；有党组织未登记的为缺失{_LED_ZH}",
        f"Organisations recorded as without a secretary and with nobody in that post {_LED_EN}; missing where one "
        "does not say",
        LEADING,
    ),
    RegistryMeasure(
        "deputies_missing", "应配未配专职副书记", "full-time deputies missing", "个", "organisations", False,
        "党员达到规定人数（参数 secretary.full_time_deputy_from）、书记由出资人担任而登记为未配专职副书记的党组织数"
        f"{_LED_ZH}",
        "Organisations of `secretary.full_time_deputy_from` members whose secretary is an investor, recorded as "
        f"without a full-time deputy {_LED_EN}",
        LEADING,
    ),
    RegistryMeasure(
        "committee_vacancies", "委员会缺额", "vacancies of committees", "名", "seats", False,
        "委员会职数减委员实有人数；没有登记职数而正式党员达到 branch.committee_from 的，职数按 "
        f"branch.committee_min_seats 计；不需要设委员会的为0；人数没有登记的为缺失{_LED_ZH}",
        "Seats less committee members; without seats on record `branch.committee_min_seats` from "
        f"`branch.committee_from` full members; 0 where no committee is due, missing where members are not on record; "
        f"{_LED_EN}",
        LEADING,
    ),
    RegistryMeasure(
        "elections_overdue", "换届逾期的党组织", "organisations with an overdue election", "个", "organisations", False,
        f"考核日晚于应换届日期（任期届满日，经批准延期的为延期日）的党组织数；没有登记换届日期的为缺失{_LED_ZH}",
        "Organisations whose election was due before the day of the run (end of term, or of its approved extension) "
        f"{_LED_EN}; missing where the last election is not on record",
        LEADING,
    ),
    RegistryMeasure(
        "election_overdue_days", "换届逾期天数", "days an election is overdue", "天", "days", False,
        "考核日晚于应换届日期的天数，未逾期为0；没有任期的（临时、功能型）不适用；没有登记换届日期的为缺失",
        "Days from the day the election was due to the day of the run, 0 before it; not applicable to what has no term",
        ("organization", "secretary"),
    ),
    RegistryMeasure(
        "party_members", "党员数", "Party members", "名", "members", False,
        f"正式党员与预备党员之和；都没有登记的为缺失{_LED_ZH}", f"Full and probationary members {_LED_EN}", LEADING,
    ),
)  # fmt: skip

REGISTRY_MEASURES: Mapping[str, RegistryMeasure] = {measure.id: measure for measure in _ALL}
VISITS_REQUIRED, VISITS_MADE_RATE = "visits_required", "visits_made_rate"
VISIT_MEASURES = (
    RegistryMeasure(
        VISITS_REQUIRED, "应走访次数", "visits due", "次", "visits", False,
        "在任派驻每年应走访次数（没有登记的按参数 instructor.visits_per_year）从派驻日或年初起均匀分布，"
        "期内已到期的次数",
        "Visits a year of each open post (`instructor.visits_per_year` where it names none), spread evenly from its "
        "first day or New Year, as far as they were due in the period",
        ("instructor",),
    ),
    RegistryMeasure(
        VISITS_MADE_RATE, "走访完成率", "share of due visits made", "", "", True,
        "期内在各派驻关系下登记的走访次数（每一派驻最多计到应走访次数）占应走访次数的比例；尚无应走访的不适用；派出单位期内没有"
        "任何工作记录的为缺失",
        "Visits recorded under each post, at most as many as were due, ÷ visits due; not applicable while none is due; "
        "missing when the unit recorded no activity at all in the period",
        ("instructor",),
    ),
)  # fmt: skip
"""Measures of an instructor's posts and of the visits under them; `values` counts them."""

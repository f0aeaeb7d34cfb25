"""Lists of pairings, candidates, projects, member flows, affiliations and calendar days, as clerks keep them."""

import pytest

from registry.codes import code
from registry.conftest import TOWN_A

LISTS = {
    "pairings": (
        "结对部门,企业名称,协议日期,协议届满日期,每年共建活动次数\n城关镇党委,甲机械有限公司,2026年3月1日,2028-02-28,3次\n",
        {"unit": "unt-a", "enterprise": code(1), "agreed_on": "2026-03-01", "ends_on": "2028-02-28",
         "activities_per_year": 3, "meetings_per_year": 1},
    ),
    "instructors": (
        "人员编号,派出单位,服务乡镇,选派等级,最多联系企业数,选派届满日期\nper-1,城关镇党委,城关镇,县级,2户,2028-02-29\n",
        {"person": "per-1", "unit": "unt-a", "division": TOWN_A, "level": "county", "max_enterprises": 2,
         "term_ends_on": "2028-02-29"},
    ),
    "secretary-candidates": (
        "人员编号,人选来源,阶段,意向乡镇,可任专职书记\nper-1,退休干部,已培训,城关镇,是\n",
        {"person": "per-1", "source": "retired_cadre", "stage": "trained", "division": TOWN_A,
         "can_be_full_time": True},
    ),
    "guidance-projects": (
        ("项目名称,所属乡镇,立项日期,总投资（万元）,预计党员数,指导阶段,拟建日期\n"
        "电机项目,城关镇,2026-02-10,12000,5,已对接,2027-09-01\n"),
        {"name": "电机项目", "division": TOWN_A, "approved_on": "2026-02-10", "investment": "120000000",
         "planned_members": 5, "stage": "contacted", "planned_setup_on": "2027-09-01"},
    ),
    "member-flows": (
        ("党组织名称,年度,上年底党员总数,发展党员,恢复党籍,转入,出党,停止党籍,死亡,转出,年底实有\n"
        "甲支部,2025年,20,2,0,3,0,1,0,3,20\n"),
        {"organization": "org-1", "year": 2025, "increased": 5, "decreased": 4, "expected_at_end": 21,
         "difference": -1},
    ),
    "affiliations": (
        "党组织,上级党组织,隶属类别,依据文号\n甲支部,城关镇党委,属地,合工委〔2026〕3号\n",
        {"organization": "org-1", "superior": "unt-a", "kind": "territory", "document": "合工委〔2026〕3号"},
    ),
    "calendar-days": (
        "日期,是否上班,说明\n2027-02-07,是,春节调休上班\n",
        {"day": "2027-02-07", "is_working": True, "name": "春节调休上班"},
    ),
    "census-checks": (
        "普查,统一社会信用代码,核查项目,核查结论,核查日期\n2026年普查," + code(1) + ",职工队伍,不清,2026-06-20\n",
        {"census": "cen-1", "enterprise": code(1), "item": "staff", "answer": "unclear", "checked_on": "2026-06-20"},
    ),
}  # fmt: skip


@pytest.fixture
def office(county_desk):
    county = county_desk.registry
    county.made("/v1/enterprises", uscc=code(1), name="甲机械有限公司", division=TOWN_A)
    county.made("/v1/party-organizations", id="org-1", name="甲支部", kind="branch", setup_form="sole", division=TOWN_A)
    county.made("/v1/censuses", id="cen-1", name="2026年普查", cut_off_on="2026-06-30")
    county.made("/v1/people", id="per-1", unit="unt-a", name="王小明")
    return county_desk


@pytest.mark.parametrize("plural", LISTS)
def test_a_list_becomes_records_and_the_same_list_again_changes_nothing(office, plural):
    text, wanted = LISTS[plural]

    first = office.run(plural, text)
    again = office.run(plural, text)

    assert (first["rows"]["created"], first["rows"]["refused"]) == (1, 0), first
    assert again["rows"] == {"read": 1, "created": 0, "updated": 0, "unchanged": 1, "refused": 0}
    (kept,) = office.registry.get(f"/v1/{plural}").json()["items"]
    assert {name: kept[name] for name in wanted} == wanted


def test_numbers_below_the_least_are_refused_cell_by_cell(office):
    ended = office.run("party-organizations", "编号,星级\norg-1,0\n")

    assert office.refusals(ended["id"]) == {2: "数字过小，最少1。"}


def test_a_flow_that_does_not_add_up_is_refused_with_the_check(office):
    ended = office.run("member-flows", "党组织,年度,本年增加,发展党员,恢复党籍,转入\n甲支部,2025,6,2,0,3\n")

    assert "第2行为6，按表内关系 2=3+4+5 应为5" in office.refusals(ended["id"])[2]

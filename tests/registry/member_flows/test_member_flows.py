import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli_registry.member_flows.domain import CHECKS, LINES, completed, faults_of, text_of
from registry.conftest import TOWN_A, TOWN_B

FORM = {
    "at_start": 20, "increased": 5, "developed": 2, "restored": 0, "transferred_in": 3, "transferred_in_whole": 1,
    "decreased": 4, "expelled": 0, "suspended": 1, "died": 0, "transferred_out": 3, "transferred_out_whole": 3,
    "expected_at_end": 21, "at_end": 20, "difference": -1,
}  # fmt: skip


def naive_faults(x):
    """The form's checks as the form prints them, by the numbers of its lines; lines not given check nothing."""

    def known(*numbers):
        return all(x.get(number) is not None for number in numbers)

    wrong = []
    if known(2, 3, 4, 5) and x[2] != x[3] + x[4] + x[5]:
        wrong.append(2)
    if known(5, 6) and not x[5] >= x[6]:
        wrong.append(6)
    if known(7, 8, 9, 10, 11) and x[7] != x[8] + x[9] + x[10] + x[11]:
        wrong.append(7)
    if known(11, 12) and not x[11] >= x[12]:
        wrong.append(12)
    if known(13, 1, 2, 7) and x[13] != x[1] + x[2] - x[7]:
        wrong.append(13)
    if known(15, 14, 13) and x[15] != x[14] - x[13]:
        wrong.append(15)
    return wrong


def test_the_checks_are_those_of_the_form():
    assert [text_of(check) for check in CHECKS] == ["2=3+4+5", "5≥6", "7=8+9+10+11", "11≥12", "13=1+2−7", "15=14−13"]


@given(st.fixed_dictionaries({name: st.none() | st.integers(-3, 3) for name in LINES}))
def test_every_fault_is_found_and_no_other(lines):
    by_number = {LINES[name]: value for name, value in lines.items()}

    assert [LINES[fault.field] for fault in faults_of(lines)] == sorted(
        naive_faults(by_number), key=[2, 6, 7, 12, 13, 15].index
    )


@given(st.fixed_dictionaries({name: st.integers(0, 9) for name in LINES}))
def test_completing_makes_a_table_that_adds_up(lines):
    sums = ("increased", "decreased", "expected_at_end", "difference")
    given_lines = {name: value for name, value in lines.items() if name not in sums}
    given_lines["transferred_in_whole"] = given_lines["transferred_out_whole"] = 0

    whole = completed(given_lines)

    assert (set(whole), list(faults_of(whole))) == (set(LINES), [])


@pytest.fixture
def branch(county):
    county.made("/v1/party-organizations", id="org-1", name="甲支部", kind="branch", setup_form="sole", division=TOWN_A)
    county.made("/v1/party-organizations", id="org-2", name="乙支部", kind="branch", setup_form="sole", division=TOWN_B)
    return county


def test_a_table_that_adds_up_is_kept_and_its_sums_may_be_left_out(branch):
    kept = branch.made("/v1/member-flows", organization="org-1", year=2025, **FORM)
    short = {name: value for name, value in FORM.items() if name not in ("increased", "expected_at_end", "difference")}
    filled = branch.made("/v1/member-flows", organization="org-1", year=2024, **short)

    assert {name: kept[name] for name in LINES} == FORM
    assert {name: filled[name] for name in LINES} == FORM


@pytest.mark.parametrize(
    ("wrong", "pointer", "words"),
    [
        ({"increased": 6}, "/increased", "第2行为6，按表内关系 2=3+4+5 应为5"),
        ({"transferred_in_whole": 4}, "/transferred_in_whole", "第6行为4，按表内关系 5≥6 应为不大于3"),
        ({"difference": 0}, "/difference", "第15行为0，按表内关系 15=14−13 应为-1"),
    ],
)
def test_a_table_that_does_not_add_up_is_refused_line_by_line(branch, wrong, pointer, words):
    answer = branch.post("/v1/member-flows", {"organization": "org-1", "year": 2025, **FORM, **wrong})

    assert answer.status_code == 422
    assert {"pointer": pointer, "detail": words} in [
        {"pointer": each["pointer"], "detail": each["detail"]} for each in answer.json()["errors"]
    ]
    assert branch.get("/v1/member-flows").json()["total"] == 0


def test_one_table_for_each_organisation_and_year_and_none_for_a_year_to_come(branch):
    branch.made("/v1/member-flows", organization="org-1", year=2025, **FORM)

    assert branch.post("/v1/member-flows", {"organization": "org-1", "year": 2025}).status_code == 409
    assert branch.post("/v1/member-flows", {"organization": "org-2", "year": 2027}).status_code == 422
    assert branch.get("/v1/member-flows", params={"year": 2025}).json()["total"] == 1


def test_a_township_sees_its_own_tables_only(branch):
    mine = branch.made("/v1/member-flows", organization="org-1", year=2025)
    other = branch.made("/v1/member-flows", organization="org-2", year=2025)

    assert [each["id"] for each in branch.get("/v1/member-flows", by="clerk_a").json()["items"]] == [mine["id"]]
    assert branch.get(f"/v1/member-flows/{other['id']}", by="clerk_a").status_code == 404

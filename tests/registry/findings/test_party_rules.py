"""The Party rules as tables of cases: what is flagged, and that nothing else is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli_registry.findings.domain import (
    EnterpriseFacts,
    ZoneFacts,
    condition_since,
    findings_of_enterprise,
    findings_of_organization,
    findings_of_zone,
)
from heli_registry.findings.flags import PROBLEMS, RULES
from heli_registry.organizations.domain import KIND_ZH, Organization, months_later

ON = date(2026, 11, 23)
SOUND = Organization(
    id="org-1",
    name="红星厂党支部",
    kind="branch",
    established_on=date(2020, 7, 1),
    elected_on=date(2025, 7, 1),
    committee_seats=0,
    full_members=5,
    probationary_members=1,
    has_secretary=True,
)
JOINT = replace(SOUND, kind="joint_branch", covered_enterprises=3)
GENERAL = replace(SOUND, kind="general_branch", full_members=60)
COMMITTEE = replace(SOUND, kind="committee", full_members=120)
TEMPORARY = replace(SOUND, kind="temporary_branch", elected_on=None)
FUNCTIONAL = replace(SOUND, kind="functional", elected_on=None, full_members=1)


def problems(organization, on=ON):
    return [found.problem for found in findings_of_organization(organization, on)]


@pytest.mark.parametrize("sound", [SOUND, JOINT, GENERAL, COMMITTEE, TEMPORARY, FUNCTIONAL], ids=lambda each: each.kind)
def test_a_sound_organisation_has_no_findings(sound):
    assert problems(sound) == []


@pytest.mark.parametrize(
    ("base", "facts", "expected"),
    [
        # fewer full members than a branch needs
        (SOUND, {"full_members": 3, "probationary_members": 0}, []),
        (SOUND, {"full_members": 2, "probationary_members": 4}, ["branch-below-number"]),
        (JOINT, {"full_members": 2}, ["branch-below-number"]),
        (TEMPORARY, {"full_members": 1}, []),
        (SOUND, {"full_members": None, "probationary_members": 60}, []),
        # fifty members, probationary ones counted
        (SOUND, {"full_members": 50, "probationary_members": 0, "committee_seats": 5}, []),
        (SOUND, {"full_members": 50, "probationary_members": 1, "committee_seats": 5}, ["branch-over-size"]),
        (SOUND, {"full_members": 51, "probationary_members": None, "committee_seats": 5}, ["branch-over-size"]),
        (GENERAL, {"full_members": 99, "probationary_members": 0}, []),
        # two to five enterprises
        (JOINT, {"covered_enterprises": 0}, ["joint-branch-of-one"]),
        (JOINT, {"covered_enterprises": 1}, ["joint-branch-of-one"]),
        (JOINT, {"covered_enterprises": 2}, []),
        (JOINT, {"covered_enterprises": 5}, []),
        (JOINT, {"covered_enterprises": 6}, ["joint-branch-too-wide"]),
        (JOINT, {"covered_enterprises": None}, []),
        (SOUND, {"covered_enterprises": 9}, []),
        # a committee of three to seven from seven full members on
        (SOUND, {"full_members": 6, "committee_seats": 0}, []),
        (SOUND, {"full_members": 7, "committee_seats": 0}, ["committee-missing"]),
        (SOUND, {"full_members": 7, "committee_seats": 2}, ["committee-seats"]),
        (SOUND, {"full_members": 7, "committee_seats": 3}, []),
        (SOUND, {"full_members": 7, "committee_seats": 7}, []),
        (SOUND, {"full_members": 7, "committee_seats": 8}, ["committee-seats"]),
        (SOUND, {"full_members": 6, "committee_seats": 3}, ["committee-not-due"]),
        (SOUND, {"full_members": 7, "committee_seats": None}, []),
        (COMMITTEE, {"committee_seats": 9}, []),
        # numbers of general branches and committees
        (GENERAL, {"full_members": 49, "probationary_members": 1}, []),
        (GENERAL, {"full_members": 49, "probationary_members": 0}, ["below-number"]),
        (GENERAL, {"full_members": 40, "exception_document": "县组〔2024〕3号"}, ["below-number"]),
        (GENERAL, {"full_members": 40, "exception_body": "县委组织部"}, ["below-number"]),
        (GENERAL, {"full_members": 9, "exception_document": "县组〔2024〕3号", "exception_body": "县委组织部"}, []),
        (GENERAL, {"full_members": 100}, ["next-kind-due"]),
        (COMMITTEE, {"full_members": 100, "probationary_members": 0}, []),
        (COMMITTEE, {"full_members": 99, "probationary_members": 0}, ["below-number"]),
        (COMMITTEE, {"full_members": None}, []),
        # a secretary
        (SOUND, {"has_secretary": False}, ["no-secretary"]),
        (TEMPORARY, {"has_secretary": False}, ["no-secretary"]),
        (SOUND, {"has_secretary": None}, []),
        # what a temporary branch does not do
        (TEMPORARY, {"acts": ("collect_dues",)}, ["temporary-branch-act"]),
        (TEMPORARY, {"acts": ("develop_members", "discipline")}, ["temporary-branch-act"]),
        (TEMPORARY, {"elected_on": date(2026, 1, 1)}, ["temporary-branch-election"]),
        (SOUND, {"acts": ("develop_members", "collect_dues")}, []),
        # extensions
        (SOUND, {"extension_until": date(2029, 7, 1), "extension_document": "延〔2028〕1号"}, []),
        (SOUND, {"extension_until": date(2029, 7, 2), "extension_document": "延〔2028〕1号"}, ["extension-too-long"]),
        (SOUND, {"extension_until": date(2029, 7, 1)}, ["extension-without-document"]),
    ],
)
def test_an_organisation_is_flagged(base, facts, expected):
    assert problems(replace(base, **facts)) == expected


@pytest.mark.parametrize(
    ("kind", "elected_on", "on", "expected"),
    [
        ("branch", date(2023, 7, 1), date(2025, 12, 31), None),
        ("branch", date(2023, 7, 1), date(2026, 1, 1), "election-within-remind"),
        ("branch", date(2023, 7, 1), date(2026, 5, 31), "election-within-remind"),
        ("branch", date(2023, 7, 1), date(2026, 6, 1), "election-within-apply"),
        ("branch", date(2023, 7, 1), date(2026, 7, 1), "election-within-apply"),
        ("branch", date(2023, 7, 1), date(2026, 7, 2), "election-overdue"),
        ("joint_branch", date(2023, 7, 1), date(2026, 7, 2), "election-overdue"),
        ("general_branch", date(2023, 7, 1), date(2026, 7, 2), "election-overdue"),
        ("committee", date(2023, 7, 1), date(2026, 7, 2), None),
        ("committee", date(2021, 7, 1), date(2026, 7, 1), "election-within-apply"),
        ("committee", date(2021, 7, 1), date(2026, 7, 2), "election-overdue"),
        # Who was elected before 2018-07-12 keeps the longest term that the old rule allowed.
        ("branch", date(2018, 7, 11), date(2021, 7, 11), "election-within-apply"),
        ("branch", date(2018, 7, 11), date(2021, 7, 12), "election-overdue"),
        ("committee", date(2018, 7, 11), date(2023, 7, 12), "election-overdue"),
        # A term that began on a leap day ends on the last of February.
        ("branch", date(2024, 2, 29), date(2027, 2, 28), "election-within-apply"),
        ("branch", date(2024, 2, 29), date(2027, 3, 1), "election-overdue"),
        # Before the rule on reminding there was none.
        ("branch", date(2017, 6, 1), date(2020, 5, 20), None),
        ("temporary_branch", None, date(2026, 7, 2), None),
        ("functional", date(2010, 1, 1), date(2026, 7, 2), None),
        ("branch", None, date(2026, 7, 2), "election-unknown"),
        # Before there was a rule there is no term.
        ("branch", date(1980, 1, 1), date(1999, 1, 1), None),
    ],
)
def test_the_term_runs_from_the_last_election(kind, elected_on, on, expected):
    organization = Organization(id="org-1", kind=kind, elected_on=elected_on)
    assert problems(organization, on) == ([expected] if expected else [])


def test_an_approved_extension_moves_the_day_an_unapproved_one_does_not():
    late = replace(SOUND, elected_on=date(2023, 7, 1), extension_until=date(2027, 6, 30))
    approved = replace(late, extension_document="延〔2026〕7号")
    assert problems(late) == ["election-overdue", "extension-without-document"]
    assert problems(approved) == []
    assert problems(approved, date(2027, 7, 1)) == ["election-overdue"]


def test_a_finding_says_rule_words_basis_fact_parameter_and_since():
    found = next(findings_of_organization(replace(SOUND, elected_on=date(2023, 7, 1)), ON))
    assert (found.rule, found.severity, found.record_kind, found.record, found.name) == (
        "R-9",
        "violation",
        "party_organization",
        "org-1",
        "红星厂党支部",
    )
    assert found.zh == "任期已于2026-07-01届满，逾期未换届。"
    assert found.en == "Its term ended on 2026-07-01 without an election."
    assert "2018-07-12" in found.basis
    assert found.fact == {"elected_on": "2023-07-01", "term_years": 3, "due_on": "2026-07-01"}
    assert found.parameter is not None
    assert (found.parameter.name, found.parameter.value, found.parameter.unit, found.parameter.since) == (
        "term.branch",
        3,
        "years",
        date(2018, 7, 12),
    )
    assert found.since == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("full_members", "counted", "covered", "on", "flagged"),
    [
        (3, True, False, ON, True),
        (2, True, False, ON, False),
        (None, True, False, ON, False),
        (30, True, True, ON, False),
        (30, False, False, ON, False),
        (3, True, False, date(1982, 9, 6), True),
        (3, True, False, date(1982, 9, 5), False),
    ],
)
def test_an_enterprise_that_should_have_an_organisation_is_flagged(full_members, counted, covered, on, flagged):
    facts = EnterpriseFacts("9133", "红星厂", full_members, counted=counted, covered=covered)
    assert [found.problem for found in findings_of_enterprise(facts, on)] == (["not-established"] if flagged else [])


@pytest.mark.parametrize(
    ("kind", "months", "members", "organizations", "flagged"),
    [
        ("project", 6, 3, 0, True),
        ("project", 5, 3, 0, False),
        ("project", 6, 2, 0, False),
        ("project", 6, 3, 1, False),
        ("park", 60, 300, 0, False),
        ("project", None, 3, 0, False),
        ("project", 6, None, 0, False),
    ],
)
def test_a_long_project_without_an_organisation_is_flagged(kind, months, members, organizations, flagged):
    facts = ZoneFacts("zon-1", "高铁三标", kind, months, members, organizations)
    assert [found.problem for found in findings_of_zone(facts, ON)] == (
        ["project-without-organization"] if flagged else []
    )


@pytest.mark.parametrize(
    ("holding", "expected"),
    [
        ([], None),
        ([False], None),
        ([True], 0),
        ([True, True], 0),
        ([True, False, True, True], 2),
        ([False, True, True], 1),
        ([True, True, False], None),
    ],
)
def test_a_condition_holds_since_the_last_time_it_began(holding, expected):
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(len(holding))]
    since = condition_since([*reversed(days), *days], dict(zip(days, holding, strict=True)).__getitem__)
    assert since == (None if expected is None else days[expected])


DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))
MAYBE = st.none() | st.integers(0, 2_000)
ORGANIZATIONS = st.builds(
    Organization,
    id=st.just("org-1"),
    kind=st.sampled_from(sorted(KIND_ZH)),
    elected_on=st.none() | DAYS,
    extension_until=st.none() | DAYS,
    extension_document=st.none() | st.just("文号"),
    committee_seats=MAYBE,
    full_members=MAYBE,
    probationary_members=MAYBE,
    has_secretary=st.none() | st.booleans(),
    secretary_is_investor=st.none() | st.booleans(),
    secretary_chairs_union=st.none() | st.booleans(),
    has_full_time_deputy=st.none() | st.booleans(),
    covered_closed=st.none() | st.integers(0, 3),
    exception_document=st.none() | st.just("文号"),
    exception_body=st.none() | st.just("县委"),
    acts=st.lists(st.sampled_from(["develop_members", "discipline", "collect_dues", "unknown"])).map(tuple),
    covered_enterprises=MAYBE,
)


@given(organization=ORGANIZATIONS, on=DAYS)
def test_every_finding_is_complete_and_of_the_catalogue(organization, on):
    found = list(findings_of_organization(organization, on))
    assert len({each.problem for each in found}) == len(found)
    for each in found:
        assert (each.rule, each.severity) == PROBLEMS[each.problem]
        assert each.zh
        assert each.en
        assert each.basis
        assert each.fact
        assert each.since is None or each.since <= on
        assert each.parameter is None or each.parameter.since <= on or each.rule == "R-9"


@given(organization=ORGANIZATIONS, on=DAYS, days=st.integers(0, 4_000))
def test_an_overdue_election_stays_overdue(organization, on, days):
    later = min(on + timedelta(days=days), date(2099, 12, 31))
    if "election-overdue" in problems(organization, on):
        assert "election-overdue" in problems(organization, later)


@given(organization=ORGANIZATIONS, on=DAYS, more=st.integers(0, 500))
def test_more_enterprises_never_make_a_joint_branch_narrower(organization, on, more):
    wider = replace(organization, covered_enterprises=(organization.covered_enterprises or 0) + more)
    if "joint-branch-too-wide" in problems(organization, on):
        assert "joint-branch-too-wide" in problems(wider, on)


@given(day=DAYS, months=st.integers(-600, 600))
def test_months_later_keeps_the_day_or_takes_the_months_last(day, months):
    moved = months_later(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


def test_the_catalogue_names_known_rules_only():
    assert {rule for rule, _ in PROBLEMS.values()} == set(RULES)

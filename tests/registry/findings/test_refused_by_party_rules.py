"""What the Party rules refuse outright, and that they refuse only what a change itself brings about."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli_registry.organizations.domain import (
    KIND_ZH,
    Organization,
    PartyRuleBroken,
    check_organization,
    organization_of,
)
from heli_shared.kernel.errors import InvalidInput

TODAY = date(2026, 11, 23)
BRANCH = Organization(id="org-1", kind="branch", full_members=5, elected_on=date(2025, 7, 1))
GENERAL = replace(BRANCH, kind="general_branch", full_members=60)
SMALL_GENERAL = replace(GENERAL, full_members=20, exception_document="县组〔2024〕3号", exception_body="县委组织部")
TEMPORARY = replace(BRANCH, kind="temporary_branch", elected_on=None)


def check(after, before=None, on=TODAY):
    check_organization(after, before=before, effective_on=on, today=TODAY)


@pytest.mark.parametrize(
    ("after", "rule"),
    [
        (replace(BRANCH, full_members=2), "R-1"),
        (replace(BRANCH, full_members=0), "R-1"),
        (replace(BRANCH, kind="joint_branch", full_members=2), "R-1"),
        (replace(GENERAL, full_members=49), "R-5"),
        (replace(GENERAL, full_members=49, exception_document="县组〔2024〕3号"), "R-5"),
        (replace(GENERAL, full_members=49, exception_body="县委组织部"), "R-5"),
        (replace(GENERAL, kind="committee", full_members=99), "R-5"),
        (replace(TEMPORARY, acts=("collect_dues",)), "R-8"),
        (replace(BRANCH, extension_until=date(2029, 1, 1)), "R-10"),
        (replace(BRANCH, extension_until=date(2029, 7, 2), extension_document="延〔2028〕1号"), "R-10"),
    ],
)
def test_founding_against_a_rule_is_refused_with_rule_basis_and_fact(after, rule):
    with pytest.raises(PartyRuleBroken) as refused:
        check(after)
    assert refused.value.data["rule"] == rule
    assert refused.value.data["basis"]
    assert refused.value.data["fact"]
    assert refused.value.status == 409


@pytest.mark.parametrize(
    "after",
    [
        BRANCH,
        replace(BRANCH, full_members=3),
        replace(BRANCH, full_members=None),
        replace(BRANCH, kind="functional", full_members=1),
        replace(TEMPORARY, full_members=1),
        GENERAL,
        SMALL_GENERAL,
        replace(GENERAL, full_members=45, probationary_members=5),
        replace(BRANCH, acts=("collect_dues",)),
        replace(BRANCH, extension_until=date(2029, 7, 1), extension_document="延〔2028〕1号"),
        replace(BRANCH, full_members=500),
    ],
)
def test_founding_within_the_rules_is_allowed(after):
    check(after)


@pytest.mark.parametrize("name", ["established_on", "elected_on"])
def test_days_in_the_future_are_refused(name):
    with pytest.raises(InvalidInput) as refused:
        check(replace(BRANCH, **{name: date(2026, 11, 24)}))
    assert [problem.pointer for problem in refused.value.errors] == [f"/{name}"]
    check(replace(BRANCH, **{name: TODAY}))


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        # An organisation that shrank is flagged elsewhere, never frozen.
        (BRANCH, replace(BRANCH, full_members=1), None),
        (GENERAL, replace(GENERAL, full_members=10), None),
        (replace(BRANCH, full_members=1), replace(BRANCH, full_members=1, name="新名"), None),
        # A change of kind founds anew.
        (replace(TEMPORARY, full_members=2), replace(BRANCH, full_members=2), "R-1"),
        (BRANCH, replace(BRANCH, kind="general_branch"), "R-5"),
        # An approval once given cannot be taken off the record while it is needed.
        (SMALL_GENERAL, replace(SMALL_GENERAL, exception_document=None), "R-5"),
        (SMALL_GENERAL, replace(GENERAL, full_members=55), None),
        # What stands on the record already is not refused again.
        (replace(TEMPORARY, acts=("discipline",)), replace(TEMPORARY, acts=("discipline",), name="新名"), None),
        (replace(TEMPORARY, acts=("discipline",)), replace(TEMPORARY, acts=("discipline", "collect_dues")), "R-8"),
        (BRANCH, replace(BRANCH, extension_until=date(2030, 1, 1), extension_document="延〔2028〕1号"), "R-10"),
        (replace(BRANCH, extension_until=date(2030, 1, 1)), replace(BRANCH, extension_until=date(2030, 1, 1)), None),
    ],
)
def test_a_change_is_refused_for_what_it_brings_about(before, after, rule):
    if rule is None:
        check(after, before)
        return
    with pytest.raises(PartyRuleBroken) as refused:
        check(after, before)
    assert refused.value.data["rule"] == rule


def test_the_rule_of_the_day_of_effect_decides():
    acting = replace(TEMPORARY, acts=("collect_dues",))
    check(acting, on=date(2018, 10, 27))
    with pytest.raises(PartyRuleBroken):
        check(acting, on=date(2018, 10, 28))


def test_a_record_is_read_as_facts_from_the_ledgers_json():
    record = {
        "id": "org-1",
        "name": "红星厂党支部",
        "kind": "branch",
        "established_on": "2020-07-01",
        "elected_on": None,
        "full_members": 5,
        "acts": ["collect_dues"],
        "zone": "zon-1",
    }
    assert organization_of(record, covered_enterprises=2) == Organization(
        id="org-1",
        name="红星厂党支部",
        kind="branch",
        established_on=date(2020, 7, 1),
        full_members=5,
        acts=("collect_dues",),
        covered_enterprises=2,
    )


@given(
    kind=st.sampled_from(sorted(KIND_ZH)),
    full=st.none() | st.integers(0, 300),
    on=st.dates(date(1950, 1, 1), TODAY),
)
def test_temporary_functional_and_unknown_numbers_are_never_refused_at_founding(kind, full, on):
    after = Organization(id="org-1", kind=kind, full_members=full)
    try:
        check(after, on=on)
        refused = False
    except PartyRuleBroken:
        refused = True
    if kind in {"temporary_branch", "functional"} or full is None:
        assert not refused
    if refused:
        assert full < {"branch": 3, "joint_branch": 3, "general_branch": 50, "committee": 100}[kind]

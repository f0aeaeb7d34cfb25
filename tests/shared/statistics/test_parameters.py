"""Parameters are dated, carry their basis, and say clearly when they do not exist."""

from datetime import date

import pytest

from heli_shared.statistics.parameters import NoValueYetError, UnknownParameterError, names, parameter


def test_every_parameter_has_a_unit_and_every_value_a_basis() -> None:
    assert len(names()) > 30
    for name in names():
        held = parameter(name)
        assert held.unit
        assert held.values()
        assert [v.since for v in held.values()] == sorted({v.since for v in held.values()})
        assert all(isinstance(v.since, date) and v.basis for v in held.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("branch.min_full_members", 3),
        ("branch.max_members_warn", 50),
        ("branch.committee_from", 7),
        ("general_branch.from", 50),
        ("committee.from", 100),
        ("joint_branch.max_units", 5),
        ("term.branch", 3),
        ("term.general_branch", 3),
        ("term.committee", 5),
        ("election.remind_months", 6),
        ("election.apply_months", 1),
        ("election.max_extension_years", 1),
        ("project_branch.min_months", 6),
        ("scale.above_revenue", 20_000_000),
        ("scale.above_staff", 100),
        ("staff50.min_staff", 50),
        ("staff100.min_staff", 100),
        ("union.committee_min_members", 25),
        ("union.full_time_chair_staff", 200),
        ("instructor.max_enterprises", 3),
        ("contact_point.visits_per_year", 4),
        ("ledger.refresh_max_days", 92),
    ],
)
def test_defaults_are_those_of_the_documents(name: str, value: object) -> None:
    assert parameter(name).on(date(2026, 6, 30)) == value


def test_a_value_holds_from_its_day_on_and_not_before() -> None:
    held = parameter("term.branch")
    assert held.find(date(2018, 7, 11)) != held.find(date(2018, 7, 12))
    assert held.on(date(2018, 7, 12)) == 3
    with pytest.raises(
        NoValueYetError, match=r"joint_branch\.max_units has no value on 2018-10-27, its first is of 2018-10-28"
    ):
        parameter("joint_branch.max_units").on(date(2018, 10, 27))


@pytest.mark.parametrize("name", ["branch.colour", "colour.branch", "../secrets.x", "branch", ""])
def test_an_unknown_name_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(UnknownParameterError, match="there are: "):
        parameter(name)

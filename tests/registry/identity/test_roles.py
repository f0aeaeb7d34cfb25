"""Who may do what and see which part: the table of roles and the scope of units."""

from dataclasses import replace

import pytest

from heli_registry.identity.domain import UnitFacts, check_grant, check_roles, is_within, scope_of
from heli_registry.identity.roles import PERMISSIONS, ROLES, permissions_of, reach_of
from heli_shared.kernel.access import Principal, Scope
from heli_shared.kernel.errors import Forbidden, InvalidInput

COUNTY, TOWN, OTHER_TOWN, VILLAGE = "330500000000", "330522101000", "330522102000", "330522101001"
COMMISSION = UnitFacts("unt-1", "县委两新工委", "commission", None, None, is_open=True)
DEPARTMENT = UnitFacts("unt-2", "市场监管局", "department", "330522000000", None, is_open=True)
TOWNSHIP = UnitFacts("unt-3", "画溪镇", "township", TOWN, None, is_open=True)
PARK = UnitFacts("unt-4", "经济开发区", "park", TOWN, "zon-1", is_open=True)
TOWN_COMMISSION = UnitFacts("unt-5", "画溪镇两新工委", "commission", TOWN, None, is_open=True)
CLOSED = replace(COMMISSION, is_open=False)
EVERYTHING, NOTHING = Scope(everything=True), Scope()


@pytest.mark.parametrize(
    ("roles", "unit", "expected"),
    [
        (["administrator"], None, EVERYTHING),
        (["service"], None, EVERYTHING),
        (["township_clerk"], None, NOTHING),
        ([], None, NOTHING),
        ([], COMMISSION, NOTHING),
        (["county_clerk"], COMMISSION, EVERYTHING),
        (["leader"], DEPARTMENT, EVERYTHING),
        (["department_liaison"], DEPARTMENT, EVERYTHING),
        (["township_clerk"], TOWNSHIP, Scope(divisions=(TOWN,))),
        (["county_clerk"], TOWNSHIP, Scope(divisions=(TOWN,))),
        (["administrator"], TOWNSHIP, Scope(divisions=(TOWN,))),
        (["exchange"], TOWNSHIP, Scope(divisions=(TOWN,))),
        (["township_clerk"], PARK, Scope(zones=("zon-1",))),
        (["administrator"], PARK, Scope(zones=("zon-1",))),
        (["leader"], replace(PARK, zone=None), NOTHING),
        (["county_clerk"], TOWN_COMMISSION, Scope(divisions=(TOWN,))),
        (["township_clerk"], DEPARTMENT, Scope(divisions=("330522000000",))),
        (["township_clerk"], COMMISSION, NOTHING),
        (["administrator"], CLOSED, NOTHING),
        # A second, wide role with few rights does not carry the first one's rights over the county.
        (["township_clerk", "leader"], DEPARTMENT, Scope(divisions=("330522000000",))),
    ],
)
def test_the_unit_gives_the_scope(roles, unit, expected):
    assert scope_of(roles, unit) == expected


def test_the_administrator_holds_every_permission_and_alone_gives_rights():
    assert permissions_of(["administrator"]) == PERMISSIONS
    assert [name for name, role in ROLES.items() if "principals:write" in role.permissions] == ["administrator"]


@pytest.mark.parametrize(
    ("role", "never"),
    [
        ("township_clerk", ["rulebooks:write", "runs:write", "units:write", "divisions:write", "ledger:read"]),
        ("department_liaison", ["enterprises:write", "people:unmask", "imports:write", "marks:write"]),
        ("leader", ["people:unmask", "changes:read", "exports:read"]),
        ("exchange", ["enterprises:write", "people:read", "people:unmask", "statistics:read"]),
        ("service", ["enterprises:read", "people:unmask", "enterprises:write", "statistics:read"]),
        ("county_clerk", ["principals:read", "principals:write", "cycles:decide", "incentives:decide"]),
    ],
)
def test_a_role_does_not_hold(role, never):
    assert ROLES[role].permissions.isdisjoint(never)


def test_leaders_write_nothing_but_their_decisions():
    written = {name for name in ROLES["leader"].permissions if not name.endswith(":read")}
    assert written == {"cycles:step", "cycles:decide", "incentives:decide"}


def test_names_that_are_no_role_give_nothing():
    assert permissions_of(["emperor"]) == frozenset()
    assert reach_of(["emperor"]) == "unit"
    with pytest.raises(InvalidInput):
        check_roles(["leader", "emperor"])


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        (EVERYTHING, EVERYTHING, True),
        (EVERYTHING, Scope(divisions=("330000000000",)), False),
        (NOTHING, NOTHING, True),
        (Scope(divisions=(TOWN,)), EVERYTHING, True),
        (Scope(divisions=(TOWN,)), Scope(divisions=(TOWN,)), True),
        (Scope(divisions=(VILLAGE,)), Scope(divisions=(TOWN,)), True),
        (Scope(divisions=(TOWN,)), Scope(divisions=(VILLAGE,)), False),
        (Scope(divisions=(TOWN,)), Scope(divisions=("330522000000",)), True),
        (Scope(divisions=(TOWN,)), Scope(divisions=(COUNTY,)), True),
        (Scope(divisions=(OTHER_TOWN,)), Scope(divisions=(TOWN,)), False),
        (Scope(zones=("zon-1",)), Scope(zones=("zon-1", "zon-2")), True),
        (Scope(zones=("zon-1",)), Scope(divisions=(TOWN,)), False),
    ],
)
def test_one_scope_lies_within_another(inner, outer, expected):
    assert is_within(inner, outer) is expected


def principal(roles, scope):
    return Principal("prn-1", "giver", "person", None, tuple(roles), permissions_of(roles), scope)


def test_nobody_grants_what_they_do_not_hold():
    check_grant(principal(["administrator"], EVERYTHING), list(ROLES), EVERYTHING)
    with pytest.raises(Forbidden) as refused:
        check_grant(principal(["county_clerk"], EVERYTHING), ["administrator"], EVERYTHING)
    assert refused.value.data == {
        "missing_permissions": [
            "cycles:decide",
            "incentives:decide",
            "metrics:read",
            "principals:read",
            "principals:write",
            "rights:read",
        ]
    }


def test_nobody_grants_a_wider_scope_than_their_own():
    township = principal(["administrator"], Scope(divisions=(TOWN,)))
    check_grant(township, ["township_clerk"], Scope(divisions=(VILLAGE,)))
    for wider in (EVERYTHING, Scope(divisions=(OTHER_TOWN,)), Scope(zones=("zon-1",))):
        with pytest.raises(Forbidden):
            check_grant(township, ["township_clerk"], wider)

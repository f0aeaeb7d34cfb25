"""A blank never blanks; the word 清空 does, for every field of every kind, unless the field must be filled."""

import pytest

from heli_registry.imports.kinds import DAY, KINDS, column_names
from heli_registry.imports.targets import RESOURCES
from registry.codes import code
from registry.conftest import TOWN_A, Registry

ENTERPRISE = {
    "uscc": code(1), "name": "甲厂", "division": TOWN_A, "zone": "zon-1", "staff": 5, "registered_on": "2012-05-18",
    "ownership": "private", "has_premises": True, "annual_revenue": "1000", "former_names": ["乙厂"], "industry": "C34",
    "owner_posts": ["other"], "registered_capital": "5000000", "registered_capital_text": "500万元",
    "address": "一路", "responsible_unit": "unt-a", "owner": "per-1", "planned_setup_on": "2026-12-31",
    "duplicate_of": code(2), "premises": "rented", "sector": "sct-1",
}  # fmt: skip
BODIES = {
    "enterprises": ENTERPRISE,
    "party-organizations": {"id": "org-2", "name": "乙支部", "kind": "branch", "setup_form": "sole", "division": TOWN_A,
                            "zone": "zon-1", "acts": ["elect_committee"], "established_on": "2019-07-01", "star": 3},
    "covers": {"id": "cov-1", "organization": "org-1", "enterprise": code(2), "form": "sole"},
    "assignments": {"id": "asg-1", "person": "per-1", "role": "instructor", "enterprise": code(2), "unit": "unt-a",
                    "term_ends_on": "2027-01-01", "visits_per_year": 3},
    "units": {"id": "unt-9", "name": "镇商会", "kind": "association", "parent": "unt-a", "division": TOWN_A,
              "zone": "zon-1", "uscc": code(3)},
    "zones": {"id": "zon-9", "name": "西园", "kind": "park", "division": TOWN_A, "unit": "unt-a", "full_members": 3},
    "mass-organizations": {"id": "mas-1", "kind": "union", "name": "工会", "enterprise": code(2), "members": 3,
                           "established_on": "2019-07-01", "chair": "per-1", "chair_is_secretary": False},
    "census-checks": {"id": "cck-1", "census": "cen-1", "enterprise": code(2), "item": "staff", "answer": "clear",
                      "note": "已核", "checker": "per-1", "checked_on": "2026-06-20"},
}  # fmt: skip
BY_RULE = {("assignments", "enterprise"): "必须且只能填一个"}
CASES = [
    (plural, name)
    for plural, body in BODIES.items()
    for name in body
    if name != RESOURCES[plural].kind.key and name in {each.name for each in KINDS[plural].fields}
]


@pytest.fixture
def filled(county: Registry) -> Registry:
    county.made("/v1/zones", id="zon-1", name="城东园", kind="park", division=TOWN_A)
    county.made("/v1/sectors", id="sct-1", name="软件", industries=["I65"])
    county.made("/v1/enterprises", uscc=code(2), name="乙厂", division=TOWN_A)
    county.made("/v1/party-organizations", id="org-1", name="甲支部", kind="branch", setup_form="sole", division=TOWN_A)
    county.made("/v1/people", id="per-1", unit="unt-a", name="王小明")
    county.made("/v1/censuses", id="cen-1", name="2026年排查", cut_off_on="2026-06-30", division=TOWN_A, unit="unt-a")
    for plural, body in BODIES.items():
        county.made(f"/v1/{plural}", **body)
    return county


def test_every_type_of_field_is_among_the_cases():
    types = {KINDS[plural].field(name).type for plural, name in CASES}
    every = {each.type for kind in KINDS.values() for each in kind.fields}
    assert every - types <= {"hint", "division_code", "superior", "capital"} | ({"capital"} & types)


def test_the_word_clears_every_field_that_may_be_empty_and_a_blank_none(filled: Registry, request):
    desk = request.getfixturevalue("county_desk")
    wrong = []
    for plural, name in CASES:
        kind = RESOURCES[plural].kind
        key = BODIES[plural][kind.key]
        path = f"/v1/{plural}/{key}"
        before = filled.get(path).json()
        assert before[name] is not None, (plural, name)
        labels = column_names()[plural]
        head = f"{labels[kind.key][0]},{labels[name][0]},说明列\n"
        blank = desk.run(plural, f"{head}{key},,\n")
        if blank["rows"]["unchanged"] != 1:
            wrong.append((plural, name, "blank", desk.refusals(blank["id"])))
        job = desk.run(plural, f"{head}{key}, 清空 ,\n")
        after = filled.get(path).json()
        if kind.by_name[name].required:
            refusal = desk.refusals(job["id"]).get(2, "")
            if after != before or "不能清空" not in refusal:
                wrong.append((plural, name, "required", job["rows"], refusal))
            continue
        others = {each for each, value in after.items() if before[each] != value} - {"version"}
        if (plural, name) in BY_RULE:
            assert BY_RULE[plural, name] in desk.refusals(job["id"])[2]
            continue
        told = desk.refusals(job["id"]).get(2)
        if told is None and (after[name] is not None or others != {name}):
            if (plural, name) != ("enterprises", "registered_capital_text"):
                wrong.append((plural, name, job["rows"], others))
        elif told is not None:
            wrong.append((plural, name, "refused", told))
    assert wrong == [], wrong


@pytest.mark.parametrize("plural", sorted(KINDS))
def test_a_key_cannot_be_cleared(county_desk, plural):
    desk = county_desk
    labels = column_names()[plural]
    head = ",".join(
        labels[each.name][0] for each in KINDS[plural].fields if each.name not in (DAY, "province", "region")
    )
    job = desk.run(plural, f"{head}\n" + ",".join(["清空"] * (head.count(",") + 1)) + "\n")
    assert job["rows"]["created"] + job["rows"]["updated"] == 0, job

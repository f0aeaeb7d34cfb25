# ruff: noqa: ARG005 -- checks of one shape, some of which need no other record
"""A second opinion: checks written once more in plain Python on what the API lists; nothing of the product is used."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from registry.conftest import Registry
from registry.quality.conftest import TODAY, Maker
from registry.quality.test_both_readings import failing

PLURALS = {
    "enterprise": "enterprises", "party_organization": "party-organizations", "cover": "covers",
    "affiliation": "affiliations", "mass_organization": "mass-organizations", "assignment": "assignments",
    "member_flow": "member-flows", "unit": "units", "division": "divisions", "zone": "zones", "pairing": "pairings",
    "guidance_project": "guidance-projects", "secretary_candidate": "secretary-candidates",
    "instructor": "instructors",
}  # fmt: skip
KEYS = {"enterprise": "uscc", "division": "code"}


class World:
    """Every record by kind and key, as the API lists them."""

    def __init__(self, registry: Registry) -> None:
        self.all = {}
        for entity, plural in PLURALS.items():
            key, records, path = KEYS.get(entity, "id"), {}, f"/v1/{plural}?limit=100"
            while path:
                page = registry.get(path).json()
                records |= {each[key]: each for each in page["items"]}
                path = f"/v1/{plural}?limit=100&cursor={page['next']}" if page["next"] else None
            self.all[entity] = records

    def is_closed(self, entity, key):
        return key in self.all[entity] and self.all[entity][key]["state"] == "closed"

    def open_links(self, entity, field, key, **more):
        return [
            each for each in self.all[entity].values()
            if each["state"] == "open" and each[field] == key and all(each[n] == v for n, v in more.items())
        ]  # fmt: skip


def day(text):
    return None if text is None else date.fromisoformat(text)


def members(r):
    return None if r["full_members"] is None else r["full_members"] + (r["probationary_members"] or 0)


def more(one, other):
    return one is not None and other is not None and one > other


def number(text):
    return None if text is None else Decimal(text)


def parts_differ(r, names, total):
    values = [r[name] for name in names]
    return None not in values and total is not None and sum(values) != total


def flow_jumps(r):
    if r["at_start"] is None or r["at_end"] is None:
        return False
    change = abs(r["at_end"] - r["at_start"])
    return change > 5 and change * 100 > r["at_start"] * 30


def flow_opens_wrongly(w, r):
    before = w.open_links("member_flow", "organization", r["organization"], year=r["year"] - 1)
    return r["at_start"] is not None and any(b["at_end"] not in (None, r["at_start"]) for b in before)


AGES = ("members_to_35", "members_36_50", "members_51_60", "members_over_60")
POSTS = ("members_management", "members_technical", "members_front_line", "members_investors")
NAIVE = {
    "enterprise.division-closed": lambda w, r: w.is_closed("division", r["division"]),
    "enterprise.code-division": lambda w, r: r["uscc"][2:6] != r["division"][:4],
    "enterprise.code-ownership": lambda w, r: r["uscc"][:2] == "92" and r["ownership"] not in (None, "individual"),
    "enterprise.members-over-staff": lambda w, r: more(members(r), r["staff"]),
    "enterprise.posts-over-members": lambda w, r: any(more(r[post], members(r)) for post in POSTS),
    "enterprise.staff-parts": lambda w, r: parts_differ(r, ("staff_local", "staff_outside"), r["staff"]),
    "enterprise.women-over-staff": lambda w, r: more(r["staff_women"], r["staff"]),
    "enterprise.substance-unanswered": lambda w, r: (
        None in (r["has_premises"], r["has_stable_staff"], r["has_activity"])
    ),
    "enterprise.refresh-stale": lambda w, r: (
        r["refreshed_on"] is None or day(r["refreshed_on"]) < TODAY - timedelta(days=92)
    ),
    "enterprise.refreshed-in-future": lambda w, r: more(day(r["refreshed_on"]), TODAY),
    "enterprise.registered-implausibly": lambda w, r: (
        (r["registered_on"] is not None and not 1949 <= day(r["registered_on"]).year <= 2026)
        or more(day(r["registered_on"]), TODAY)
    ),
    "enterprise.annual-report-late": lambda w, r: (
        r["annual_report_year"] is not None and r["annual_report_year"] < 2024
    ),
    "enterprise.industry-unknown": lambda w, r: r["industry"] == "C99",
    "enterprise.industry-coarse": lambda w, r: r["industry"] == "C",
    "enterprise.amount-negative": lambda w, r: any(
        r[name] is not None and r[name].startswith("-")
        for name in ("registered_capital", "annual_revenue", "annual_output", "annual_wages")
    ),
    "enterprise.revenue-implausible": lambda w, r: (
        bool(r["staff"]) and more(number(r["annual_revenue"]), r["staff"] * 50_000_000)
    ),
    "enterprise.above-scale-doubtful": lambda w, r: (
        r["listed_above_scale"] is True
        and more(Decimal(20_000_000), number(r["annual_revenue"]))
        and more(100, r["staff"])
    ),
    "enterprise.duplicate-of-nothing": lambda w, r: (
        r["duplicate_of"] is not None and w.all["enterprise"].get(r["duplicate_of"], {}).get("state") != "open"
    ),
    "enterprise.unit-closed": lambda w, r: w.is_closed("unit", r["responsible_unit"]),
    "enterprise.sole-without-members": lambda w, r: (
        r["full_members"] == 0 and w.open_links("cover", "enterprise", r["uscc"], form="sole") != []
    ),
    "enterprise.secretary-without-organization": lambda w, r: (
        r["legal_representative_is_secretary"] is True and not w.open_links("cover", "enterprise", r["uscc"])
    ),
    "enterprise.several-sole-covers": lambda w, r: len(w.open_links("cover", "enterprise", r["uscc"], form="sole")) > 1,
    "party_organization.elected-before-established": lambda w, r: more(day(r["established_on"]), day(r["elected_on"])),
    "party_organization.age-bands": lambda w, r: parts_differ(r, AGES, members(r)),
    "party_organization.committee-over-seats": lambda w, r: more(r["committee_members"], r["committee_seats"]),
    "party_organization.secretary-kind": lambda w, r: (
        None not in (r["secretary_kind"], r["secretary_is_investor"])
        and (r["secretary_kind"] == "investor") != r["secretary_is_investor"]
    ),
    "party_organization.covers-nothing": lambda w, r: (
        r["kind"] in ("branch", "joint_branch") and not w.open_links("cover", "organization", r["id"])
    ),
    "party_organization.sole-covers-several": lambda w, r: (
        r["setup_form"] == "sole" and len(w.open_links("cover", "organization", r["id"])) > 1
    ),
    "party_organization.affiliation-several": lambda w, r: (
        len(w.open_links("affiliation", "organization", r["id"])) > 1
    ),
    "party_organization.flow-missing": lambda w, r: (
        r["established_on"] is not None
        and r["established_on"] < "2025"
        and not w.open_links("member_flow", "organization", r["id"], year=2025)
    ),
    "cover.enterprise-closed": lambda w, r: w.is_closed("enterprise", r["enterprise"]),
    "cover.form-contradiction": lambda w, r: (
        r["form"] == "sole" and w.all["party_organization"][r["organization"]]["kind"] == "joint_branch"
    ),
    "affiliation.superior-unknown": lambda w, r: (
        r["superior"] not in w.all["party_organization"] and r["superior"] not in w.all["unit"]
    ),
    "affiliation.superior-closed": lambda w, r: (
        w.is_closed("party_organization", r["superior"]) or w.is_closed("unit", r["superior"])
    ),
    "affiliation.own-superior": lambda w, r: r["superior"] == r["organization"],
    "assignment.past-term": lambda w, r: more(TODAY, day(r["term_ends_on"])),
    "instructor.term-ended": lambda w, r: r["term_ends_on"] is not None and day(r["term_ends_on"]) < TODAY,
    "assignment.unit-missing": lambda w, r: r["unit"] is None and r["role"] != "secretary",
    "mass_organization.members-over-staff": lambda w, r: (
        r["form"] != "joint" and more(r["members"], w.all["enterprise"][r["enterprise"]]["staff"])
    ),
    "mass_organization.term-over": lambda w, r: (
        None not in (r["elected_on"], r["term_years"]) and day(r["elected_on"]).year + r["term_years"] < 2026
    ),
    "pairing.ended": lambda w, r: more(TODAY, day(r["ends_on"])),
    "guidance_project.setup-overdue": lambda w, r: (
        r["stage"] not in ("established", "not_due") and more(TODAY, day(r["planned_setup_on"]))
    ),
    "member_flow.increase-sum": lambda w, r: (
        r["increased"] is not None and parts_differ(r, ("developed", "restored", "transferred_in"), r["increased"])
    ),
    "member_flow.expected-sum": lambda w, r: (
        None not in (r["expected_at_end"], r["at_start"], r["increased"], r["decreased"])
        and r["expected_at_end"] != r["at_start"] + r["increased"] - r["decreased"]
    ),
    "member_flow.opening-not-closing": flow_opens_wrongly,
    "member_flow.jump": lambda w, r: flow_jumps(r),
    "unit.parent-closed": lambda w, r: w.is_closed("unit", r["parent"]),
    "division.parent-missing": lambda w, r: r["level"] in ("town", "village") and r["parent"] is None,
    "division.code-parent": lambda w, r: (
        r["parent"] is not None
        and (
            (r["level"] == "town" and r["code"][:6] != r["parent"][:6])
            or (r["level"] == "village" and r["code"][:9] != r["parent"][:9])
        )
    ),
}
SHARED = {
    "enterprise.name-shared": ("name", "division"),
    "assignment.twice": ("person", "role", "enterprise"),
    "mass_organization.twice": ("enterprise", "kind"),
    "unit.name-shared": ("name", "division"),
    "division.name-shared": ("name", "parent"),
    "secretary_candidate.twice": ("person",),
    "instructor.twice": ("person",),
}


def naive_failing(world: World) -> set[tuple[str, str]]:
    found = set()
    for check, fails in NAIVE.items():
        records = world.all[check.partition(".")[0]]
        found |= {(check, key) for key, each in records.items() if each["state"] == "open" and fails(world, each)}
    for check, names in SHARED.items():
        records = {k: r for k, r in world.all[check.partition(".")[0]].items() if r["state"] == "open"}
        values = {k: tuple(r[name] for name in names) for k, r in records.items()}
        often = Counter(values.values())
        found |= {(check, key) for key, value in values.items() if None not in value and often[value] > 1}
    return found


def test_the_checks_find_what_plain_python_finds(registry: Registry, maker: Maker):
    maker.random_records(90)
    told = {(check, row[1]) for row in failing(registry, "") for check in row[2]}
    naive = naive_failing(World(registry))
    compared = {*NAIVE, *SHARED}

    assert {each for each in told if each[0] in compared} == naive
    assert {check for check, _ in naive} == compared

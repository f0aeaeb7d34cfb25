"""A recount of coverage in plain Python from the registry's bulk copies; it shares no code with the product.

Written from the definitions in words: docs/rules/coverage.md and the documents that it names.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

Record = dict[str, Any]
Read = Callable[[str], Iterable[Record]]
"""Gives all records of a kind as of the day of the recount."""

SHARES = (
    "organization_coverage",
    "sole_setup_rate",
    "work_coverage_strict",
    "work_coverage_broad",
    "due_established_rate",
    "staff50_with_member_rate",
    "staff100_with_organization_rate",
)


def recounted(read: Read) -> dict[str, dict[str, tuple[int, int]]]:
    """Return (numerator, denominator) by town code and measure; towns without enterprises are left out."""
    towns = towns_of(read("divisions"))
    open_organizations = {each["id"] for each in read("party-organizations") if each["state"] == "open"}
    forms = defaultdict(set)
    for cover in read("covers"):
        if cover["state"] == "open" and cover["organization"] in open_organizations:
            forms[cover["enterprise"]].add(cover["form"])
    helped = {
        each["enterprise"]
        for each in read("assignments")
        if each["state"] == "open" and each["role"] in ("instructor", "liaison")
    }
    helped |= {
        each["enterprise"]
        for each in read("mass-organizations")
        if each["state"] == "open" and each["kind"] in ("union", "youth_league")
    }
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: {share: [0, 0] for share in SHARES})
    for enterprise in read("enterprises"):
        if is_counted(enterprise):
            town = counts[towns[enterprise["division"]]]
            for share, (is_in, is_of) in judged(enterprise, forms[enterprise["uscc"]], helped).items():
                town[share][0] += is_in and is_of
                town[share][1] += is_of
    return {
        town: {share: (above, below) for share, (above, below) in shares.items()} for town, shares in counts.items()
    }


def towns_of(divisions: Iterable[Record]) -> dict[str, str]:
    """Return for each division the town that it is or lies in."""
    by_code = {each["code"]: each for each in divisions}
    found = {}
    for code, division in by_code.items():
        above = division
        while above["level"] != "town" and above["parent"] in by_code:
            above = by_code[above["parent"]]
        found[code] = above["code"] if above["level"] == "town" else ""
    return found


def is_counted(enterprise: Record) -> bool:
    """Say whether it is an operating enterprise outside the public economy."""
    return (
        enterprise["state"] == "open"
        and enterprise["uscc"].startswith("9")
        and enterprise["duplicate_of"] is None
        and enterprise["is_branch_office"] is not True
        and enterprise["ownership"] not in ("state_owned", "collective")
        and enterprise["operation_state"] not in ("suspended", "closed_down")
        and False not in (enterprise["has_premises"], enterprise["has_stable_staff"], enterprise["has_activity"])
    )


def judged(enterprise: Record, forms: set[str], helped: set[str]) -> dict[str, tuple[bool, bool]]:
    """Return for each share whether the enterprise is in its numerator, and in its denominator."""
    covered, reached = bool(forms), enterprise["uscc"] in helped
    full, staff = enterprise["full_members"] or 0, enterprise["staff"] or 0
    members = full + (enterprise["probationary_members"] or 0)
    return {
        "organization_coverage": (covered, True),
        "sole_setup_rate": ("sole" in forms, True),
        "work_coverage_strict": (reached, not covered),
        "work_coverage_broad": (covered or reached, True),
        "due_established_rate": (covered, full >= 3),
        "staff50_with_member_rate": (members >= 1, staff >= 50),
        "staff100_with_organization_rate": (covered, staff >= 100),
    }

"""A second, naive count in plain Python: it shares no code with the product and takes one day at a time."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Record = dict[str, Any]
LEVELS = ("province", "city", "county", "town", "village")

# Large, medium, small from; the 2017 standard for the industries the county draws: (staff, revenue, assets known?).
SIZES = {
    "C": ([1000, 300, 20], [400_000_000, 20_000_000, 3_000_000], True),
    "F52": ([300, 50, 10], [200_000_000, 5_000_000, 1_000_000], True),
    "E": (None, [800_000_000, 60_000_000, 3_000_000], False),
    "L": ([300, 100, 10], None, False),
    "M": ([300, 100, 10], None, True),
    "K701": (None, [2_000_000_000, 10_000_000, 1_000_000], False),
}
MEASURES = {
    "organization_coverage": ("covered", "in_scope"),
    "sole_setup_rate": ("sole", "in_scope"),
    "work_coverage_strict": ("reached_only", "uncovered"),
    "work_coverage_broad": ("covered_or_reached", "in_scope"),
    "due_established_rate": ("due_covered", "due"),
    "staff50_with_member_rate": ("staff50_member", "staff50"),
    "staff100_with_organization_rate": ("staff100_covered", "staff100"),
    "above_scale_sole_rate": ("above_scale_sole", "above_scale"),
    "enterprise_count": ("in_scope", None),
    "open_enterprise_count": ("open", None),
}


class Recount:
    """The county as it was on a day, as known at a seq."""

    def __init__(self, entries: list[dict[str, Any]], on: date, seq: int) -> None:
        self.on = on
        self.kinds: dict[str, dict[str, Record]] = defaultdict(dict)
        past = [e for e in entries if e["seq"] <= seq and e["effective_on"] <= on.isoformat()]
        for entry in sorted(past, key=lambda e: (e["effective_on"], e["seq"])):
            self.kinds[entry["entity"]].setdefault(entry["key"], {}).update(entry["changes"])
        self.enterprises = {
            key: self._classify(key, record)
            for key, record in self.kinds["enterprise"].items()
            if record.get("state") is not None
        }
        self.organizations = {
            key: self._organization(key, record)
            for key, record in self.kinds["party_organization"].items()
            if record.get("state") is not None
        }

    def _open(self, kind: str) -> list[Record]:
        return [record for record in self.kinds[kind].values() if record.get("state") == "open"]

    def path(self, code: str | None) -> dict[str, str]:
        found: dict[str, str] = {}
        while code is not None:
            division = self.kinds["division"].get(code)
            if division is None or division.get("state") is None:
                return found
            found.setdefault(division["level"], code)
            code = division["parent"]
        return found

    def _organization(self, key: str, record: Record) -> Record:
        ends = {c.get("enterprise") for c in self._open("cover") if c.get("organization") == key}
        covered = {end for end in ends if self.kinds["enterprise"].get(end or "", {}).get("state") == "open"}
        path = self.path(record.get("division"))
        years = {"branch": 3, "joint_branch": 3, "general_branch": 3, "committee": 5}.get(record.get("kind") or "")
        due = None
        if years and record.get("elected_on"):
            elected = date.fromisoformat(record["elected_on"])
            leap = elected.month == 2 and elected.day == 29
            due = elected.replace(year=elected.year + years, day=28 if leap else elected.day)
            if record.get("extension_until"):
                due = max(due, date.fromisoformat(record["extension_until"]))
        held = [a for a in self._open("affiliation") if a.get("organization") == key]
        kinds = {a["kind"] for a in held if a.get("kind")}
        told = {True: "full_time", False: "part_time", None: "unsaid"}[record.get("secretary_is_full_time")]
        post = {True: told, False: "none", None: None}[record.get("has_secretary")]
        return {
            **record,
            "id": key,
            "path": path,
            "enterprises": len(covered),
            "election_due_on": due,
            "secretary_post": post,
            "affiliation_kind": "several" if len(kinds) > 1 else next(iter(kinds), None),
        }

    def _classify(self, uscc: str, record: Record) -> Record:
        get = record.get
        forms = []
        for cover in self._open("cover"):
            organization = self.kinds["party_organization"].get(cover.get("organization") or "", {})
            if cover.get("enterprise") == uscc and organization.get("state") == "open":
                forms.append(cover.get("form") or organization.get("setup_form") or "other")
        roles = {a.get("role") for a in self._open("assignment") if a.get("enterprise") == uscc}
        masses = {m.get("kind") for m in self._open("mass_organization") if m.get("enterprise") == uscc}
        reached = bool(roles & {"instructor", "liaison"} or masses & {"union", "youth_league"})
        reason = self._reason(uscc, record)
        ok, covered = reason is None, bool(forms)
        full, staff = get("full_members") or 0, get("staff") or 0
        member = full + (get("probationary_members") or 0) >= 1
        above = staff >= 100 or Decimal(get("annual_revenue") or 0) >= 20_000_000
        order = ("sole", "joint", "regional", "industry", "attached", "other")
        return {
            "uscc": uscc,
            "record": record,
            "path": self.path(get("division")),
            "reason": reason,
            "organization_cover": next((form for form in order if form in forms), "none"),
            "size": self._size(record),
            "in_scope": ok,
            "covered": ok and covered,
            "sole": ok and "sole" in forms,
            "uncovered": ok and not covered,
            "reached_only": ok and not covered and reached,
            "covered_or_reached": ok and (covered or reached),
            "due": ok and full >= 3,
            "due_covered": ok and full >= 3 and covered,
            "staff50": ok and staff >= 50,
            "staff50_member": ok and staff >= 50 and member,
            "staff100": ok and staff >= 100,
            "staff100_covered": ok and staff >= 100 and covered,
            "above_scale": ok and above,
            "above_scale_sole": ok and above and "sole" in forms,
            "open": get("state") == "open",
        }

    def _reason(self, uscc: str, record: Record) -> str | None:
        get = record.get
        ownership = get("ownership")
        tests = {
            "closed": get("state") != "open",
            "not_enterprise": uscc[0] != "9",
            "duplicate": bool(get("duplicate_of")),
            "branch_office": bool(get("is_branch_office")),
            "state_owned": ownership == "state_owned",
            "collective": ownership == "collective",
            "not_operating": get("operation_state") in ("suspended", "closed_down"),
            "no_premises": get("has_premises") is False,
            "no_staff": get("has_stable_staff") is False,
            "no_activity": get("has_activity") is False,
        }
        return next((reason for reason, holds in tests.items() if holds), None)

    def _size(self, record: Record) -> str | None:
        industry = record.get("industry") or ""
        rule = next((rule for prefix, rule in SIZES.items() if industry.startswith(prefix)), None)
        if rule is None:
            return None
        staff_bounds, revenue_bounds, complete = rule
        revenue = record.get("annual_revenue")
        ranks: list[int | None] = []
        for bounds, value in (
            (staff_bounds, record.get("staff")),
            (revenue_bounds, None if revenue is None else Decimal(revenue)),
        ):
            if bounds is not None:
                ranks.append(None if value is None else sum(value >= bound for bound in bounds))
        if 0 in ranks:
            return "micro"
        if None in ranks or not complete:
            return None
        return ("micro", "small", "medium", "large")[min(rank for rank in ranks if rank is not None)]

    def seen(self, rows: Any, divisions: tuple[str, ...] | None, zones: tuple[str, ...]) -> list[Record]:
        """The rows in a scope; `divisions` None means everything."""
        if divisions is None:
            return list(rows)
        return [
            row
            for row in rows
            if set(row["path"].values()) & set(divisions) or row.get("record", row).get("zone") in zones
        ]

    def group(self, row: Record, by: str) -> str | None:
        record = row.get("record", row)
        head, _, level = by.partition(":")
        if head == "division":
            return row["path"].get(level)  # type: ignore[no-any-return]
        if head == "industry":
            code, length = record.get("industry") or "", {"section": 1, "division": 3, "class": 5}[level]
            return code[:length] if len(code) >= length else None
        if head in ("size", "organization_cover"):
            return row[head]  # type: ignore[no-any-return]
        return record.get({"unit": "responsible_unit"}.get(head, head))  # type: ignore[no-any-return]


def gap_since(entries: list[dict[str, Any]], on: date, seq: int, uscc: str, flags: tuple[str, str]) -> date:
    """Walk back day by day from a day in the gap to the first day of the unbroken run."""
    need, have = flags
    days = {date.fromisoformat(e["effective_on"]) for e in entries if e["seq"] <= seq}
    since = on
    for day in sorted({day for day in days if day <= on}, reverse=True):
        row = Recount(entries, day, seq).enterprises.get(uscc)
        if row is None or not row[need] or row[have]:
            return since
        since = day
    return since


def days_between(first: date, count: int, step: int) -> list[date]:
    return [first + timedelta(days=n * step) for n in range(count)]

"""A random small county as ledger entries: much closing and re-opening, back-dating, clearing and moving."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

FIRST_DAY = date(2024, 1, 1)
DAYS = 240
COUNTY = "330102000000"
TOWNS = ("330102001000", "330102002000", "330102003000")
VILLAGES = tuple(f"{town[:9]}{n:03d}" for town in TOWNS for n in (1, 2))
DIVISIONS = (*TOWNS, *VILLAGES, "999999999999")
ZONES = ("zon-a", "zon-b")
UNITS = ("unt-a", "unt-b")
INDUSTRIES = ("C1311", "C", "F5211", "E4710", "L7211", "M7310", "K7010", None)
FORMS = ("sole", "joint", "regional", "industry", "attached", "other", None)
KINDS = ("branch", "joint_branch", "general_branch", "committee", "temporary_branch", "functional")

Entry = dict[str, Any]


class County:
    """Entries of a county, drawn from a seed; `entries` are feed items in the order of seq."""

    def __init__(self, seed: int, *, changes: int = 120) -> None:
        self.chance = Random(seed)
        self.entries: list[Entry] = []
        self.keys: dict[str, list[str]] = {}
        self._tree()
        prefixes = ["9"] * 12 + ["5", "1"]
        self.usccs = [f"{prefix}1330102{n:010d}" for n, prefix in enumerate(prefixes)]
        for uscc in self.usccs:
            self._create("enterprise", uscc)
        for entity, count in (("party_organization", 5), ("cover", 14), ("mass_organization", 6), ("assignment", 8)):
            for n in range(count):
                self._create(entity, f"{entity[:3]}-{n:02d}")
        for _ in range(changes):
            self._change()

    def _tree(self) -> None:
        day = FIRST_DAY - timedelta(days=400)
        for key, level, parent in (
            ("330000000000", "province", None),
            ("330100000000", "city", "330000000000"),
            (COUNTY, "county", "330100000000"),
            *((town, "town", COUNTY) for town in TOWNS),
            *((village, "village", f"{village[:9]}000") for village in VILLAGES),
        ):
            self.write("division", key, "create", day, {"name": f"名{key[:9]}", "level": level, "parent": parent})
        for zone in ZONES:
            self.write("zone", zone, "create", day, {"name": f"园{zone}", "kind": "park", "division": COUNTY})
        for unit in UNITS:
            self.write("unit", unit, "create", day, {"name": f"单位{unit}", "kind": "township"})

    def write(self, entity: str, key: str, operation: str, on: date, changes: dict[str, Any]) -> None:
        states: dict[str, dict[str, Any]] = {
            "create": {"state": "open"},
            "close": {"state": "closed", "closed_reason": "停", "closed_on": on.isoformat()},
            "reopen": {"state": "open", "closed_reason": None, "closed_on": None},
        }
        state = states.get(operation, {})
        seq = len(self.entries) + 1
        self.entries.append(
            {
                "seq": seq,
                "recorded_at": "2026-01-01T00:00:00.000000Z",
                "actor": "prn-test",
                "unit": None,
                "entity": entity,
                "key": key,
                "operation": operation,
                "effective_on": on.isoformat(),
                "changes": {**changes, **state},
                "previous_hash": f"hash-{seq - 1}",
                "hash": f"hash-{seq}",
            }
        )
        if operation == "create":
            self.keys.setdefault(entity, []).append(key)

    def _day(self) -> date:
        return FIRST_DAY + timedelta(days=self.chance.randrange(DAYS))

    def _create(self, entity: str, key: str) -> None:
        self.write(entity, key, "create", self._day(), {name: self.draw(entity, name) for name in FIELDS[entity]})

    def _change(self) -> None:
        entity = self.chance.choice(
            ["enterprise"] * 4
            + ["cover"] * 4
            + ["party_organization"] * 2
            + ["assignment", "mass_organization", "division"]
        )
        key = self.chance.choice(self.keys[entity])
        day = self._day()
        if entity == "division":
            village = self.chance.choice(VILLAGES)
            self.write(entity, village, "change", day, {"parent": self.chance.choice(TOWNS)})
            return
        operation = self.chance.choice(["change", "change", "change", "close", "reopen", "reopen"])
        names = self.chance.sample(FIELDS[entity], k=min(2, len(FIELDS[entity]))) if operation == "change" else []
        self.write(entity, key, operation, day, {name: self.draw(entity, name) for name in names})

    def draw(self, entity: str, name: str) -> Any:
        pick = self.chance.choice
        yes_no = [*[True] * 12, False, None]
        choices: dict[str, list[Any]] = {
            "name": ["甲", "乙", "丙"],
            "division": [*DIVISIONS, None],
            "zone": [*ZONES, None, None],
            "ownership": [*["private"] * 6, "foreign", "state_owned", "collective", None],
            "industry": list(INDUSTRIES),
            "operation_state": [*["operating"] * 8, "suspended", "closed_down", None],
            "has_premises": yes_no,
            "has_stable_staff": yes_no,
            "has_activity": yes_no,
            "staff": [None, 0, 4, 20, 49, 50, 99, 100, 300, 1000],
            "annual_revenue": [None, "0.00", "400000.00", "20000000.00", "400000000.00"],
            "full_members": [None, 0, 1, 2, 3, 3, 4, 60],
            "probationary_members": [None, 0, 1],
            "members_elsewhere": [None, 0, 0, 1, 2],
            "term_ends_on": [None, "2024-02-01", "2024-05-15", "2024-08-01", "2030-01-01"],
            "is_branch_office": [*[False] * 12, True, None],
            "duplicate_of": [*[None] * 14, self.usccs[0]],
            "responsible_unit": [*UNITS, None],
            "kind": list(KINDS) if entity == "party_organization" else ["union", "youth_league", "womens_federation"],
            "premises": ["separate", "community_shared", "none", None],
            "secretary_kind": ["investor", "dispatched", None],
            "members_retired": [None, 0, 1, 2],
            "has_secretary": [True, True, False, None],
            "secretary_is_full_time": [True, False, None],
            "full_time_party_workers": [None, 0, 1, 2],
            "members_management": [None, 0, 1, 2],
            "setup_form": list(FORMS),
            "form": list(FORMS),
            "elected_on": [None, "2017-03-01", "2020-02-29", "2024-01-15"],
            "extension_until": [None, None, "2021-03-01", "2030-01-01"],
            "organization": self.keys.get("party_organization", [None]),
            "enterprise": [*self.usccs, None],
            "role": ["instructor", "liaison", "contact_leader", "secretary"],
        }
        return pick(choices[name])


FIELDS = {
    "enterprise": [
        "name",
        "division",
        "zone",
        "ownership",
        "industry",
        "operation_state",
        "has_premises",
        "has_stable_staff",
        "has_activity",
        "staff",
        "annual_revenue",
        "full_members",
        "probationary_members",
        "members_management",
        "members_elsewhere",
        "is_branch_office",
        "duplicate_of",
        "responsible_unit",
    ],
    "party_organization": [
        "name",
        "kind",
        "setup_form",
        "division",
        "zone",
        "elected_on",
        "extension_until",
        "full_members",
        "probationary_members",
        "premises",
        "secretary_kind",
        "has_secretary",
        "secretary_is_full_time",
        "full_time_party_workers",
        "members_retired",
    ],
    "cover": ["organization", "enterprise", "form"],
    "mass_organization": ["kind", "enterprise"],
    "assignment": ["role", "enterprise", "term_ends_on"],
}

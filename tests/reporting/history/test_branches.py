"""Sectors and affiliation on random counties equal a naive climb: then, and by a later day's structure."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.store import MEMORY, Store
from reporting.history.county import DAYS, FIRST_DAY, County
from reporting.history.recount import Recount

SECTORS = tuple(f"sct-{n}" for n in range(6))
UNITS = tuple(f"unt-x{n}" for n in range(4))
CODES = ("C", "C13", "C1311", "F", "E47", "L7211", "M", "K70")
DEPTHS = {"sector": 3, "affiliation": 6}


def planted(seed: int) -> County:
    """A county with sectors and affiliations that keep changing, also dated back."""
    chance, county = Random(f"branches {seed}"), County(seed + 500, changes=60)
    begin = FIRST_DAY - timedelta(days=300)
    for kind, keys in (("sector", SECTORS), ("unit", UNITS)):
        for key in keys:
            county.write(kind, key, "create", begin, {"name": key, "parent": None})
    organizations = county.keys["party_organization"]
    for n in range(8):
        fields = {"organization": chance.choice(organizations), "superior": chance.choice((*UNITS, *organizations))}
        county.write("affiliation", f"aff-{n}", "create", FIRST_DAY, fields)
    for _ in range(60):
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        kind = chance.choice(["sector", "sector", "affiliation", "unit", "enterprise"])
        if kind == "enterprise":
            sector = chance.choice((*SECTORS, None, None))
            county.write(kind, chance.choice(county.usccs), "change", day, {"sector": sector})
        elif kind == "affiliation":
            operation = chance.choice(["change", "close", "reopen"])
            fields = {"superior": chance.choice((*UNITS, *organizations))} if operation == "change" else {}
            county.write(kind, f"aff-{chance.randrange(8)}", operation, day, fields)
        elif kind == "unit":
            county.write(kind, chance.choice(UNITS), "change", day, {"parent": chance.choice((*UNITS, None))})
        else:
            operation = chance.choice(["change", "change", "change", "close", "reopen"])
            codes = chance.sample(CODES, k=chance.randrange(3))
            fields = {"parent": chance.choice((*SECTORS, None)), "industries": codes} if operation == "change" else {}
            county.write(kind, chance.choice(SECTORS), operation, day, fields)
    return county


def there(tree: Recount, kind: str) -> dict[str, dict[str, Any]]:
    """The records of a kind that had been created by the day; what is only told of them before does not count."""
    return {key: record for key, record in tree.kinds[kind].items() if record.get("state") is not None}


def climb(nodes: dict[str, str | None], start: str | None) -> list[str]:
    """Walk up from a node; the first node met twice, or one that is not there, ends it."""
    path: list[str] = []
    while start is not None and start in nodes and start not in path:
        path.insert(0, start)
        start = nodes[start]
    return path


def sector_path(row: dict[str, Any], tree: Recount) -> list[str]:
    nodes = {key: record.get("parent") for key, record in there(tree, "sector").items()}
    named = row["record"].get("sector")
    if named is None:
        fits = [
            (-len(code), key)
            for key, record in tree.kinds["sector"].items()
            if record.get("state") == "open"
            for code in record.get("industries") or []
            if (row["record"].get("industry") or "").startswith(code)
        ]
        named = min(fits)[1] if fits else None
    return climb(nodes, named)


def affiliation_path(organization: str | None, tree: Recount) -> list[str]:
    nodes: dict[str, str | None] = {key: record.get("parent") for key, record in there(tree, "unit").items()}
    nodes |= dict.fromkeys(there(tree, "party_organization"))
    for _, record in sorted(tree.kinds["affiliation"].items(), reverse=True):
        if record.get("state") == "open" and record["organization"] in nodes:
            nodes[record["organization"]] = record["superior"]
    return climb(nodes, organization)


def covering(uscc: str, found: Recount) -> str | None:
    standing = {key for key, each in found.kinds["party_organization"].items() if each.get("state") == "open"}
    covers = [each for each in found.kinds["cover"].values() if each.get("state") == "open"]
    return min(
        (c["organization"] for c in covers if c.get("enterprise") == uscc and c.get("organization") in standing),
        default=None,
    )


@pytest.mark.parametrize("seed", range(4))
def test_both_trees_equal_a_naive_climb(seed: int) -> None:
    county, chance = planted(seed), Random(f"questions {seed}")
    head = len(county.entries)
    store = Store.open(MEMORY, threads=1)
    store.append("registry", county.entries, epoch="e")
    store.refresh()
    for _ in range(12):
        on, later = sorted(FIRST_DAY + timedelta(days=chance.randrange(DAYS)) for _ in range(2))
        seq, structure_of = chance.choice([head, head, head - 20, head - 50]), chance.choice([None, later])
        tree = chance.choice(list(DEPTHS))
        level = chance.randrange(DEPTHS[tree] + 1)
        found = Recount(county.entries, on, seq)
        standing = Recount(county.entries, structure_of or on, seq)
        paths = {
            uscc: sector_path(row, standing) if tree == "sector" else affiliation_path(covering(uscc, found), standing)
            for uscc, row in found.enterprises.items()
            if row["in_scope"]
        }
        query = Query(on, KnownAt(registry=seq), structure_of=structure_of)
        answer = store.aggregate(["enterprise_count"], [f"{tree}:{level}" if level else tree], query)
        got = Counter({row.groups[0].code: row.cells["enterprise_count"].numerator for row in answer.rows})
        place = level - 1 if level else -1
        expected = Counter(path[place] if len(path) >= max(level, 1) else None for path in paths.values())
        assert +got == expected, (seed, on, seq, structure_of, tree, level)

        for row in answer.rows:
            code = row.groups[0].code
            alone = f"at:{code}" if level == 0 else code
            value = alone if code is not None else f"unknown:{level}" if level else "unknown"
            page = store.rows("enterprise_count", replace(query, filters={tree: (value,)}), limit=1)
            assert page.total == expected[code], (seed, on, seq, structure_of, tree, level, code)

        node = chance.choice((*SECTORS, *UNITS))
        below = Query(on, query.known_at, {tree: (node,)}, structure_of=structure_of)
        filtered = store.aggregate(["enterprise_count"], [], below)
        assert filtered.total["enterprise_count"].numerator == sum(node in path for path in paths.values())
    store.close()

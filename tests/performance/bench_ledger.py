# ruff: noqa: S608 -- made of numbers and of this module's text
"""A ledger of registry of any size, made by DuckDB column by column; the same size gives the same entries."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

START, TODAY = date(2024, 1, 1), date(2026, 6, 30)
BEFORE, REDRAWN_ON = date(2025, 3, 31), date(2026, 1, 1)
COUNTY_SIZE, TOWNS, VILLAGES, UNITS, ZONES = 200_000, 12, 15, 20, 20
TOWN = "330101103000"
SECTORS = {"sec-1": ["C"], "sec-2": ["F", "H"], "sec-3": ["G"], "sec-4": ["I", "M"], "sec-5": ["E"], "sec-6": ["L7211"]}
_BATCH = 500_000
_MACROS = f"""
CREATE MACRO chance(i, salt, k) AS (hash(i, salt) % k)::BIGINT;
CREATE MACRO picked(i, salt, words) AS words[1 + chance(i, salt, len(words))];
CREATE MACRO county(k) AS '33' || lpad((1 + k // 10)::VARCHAR, 2, '0') || lpad((1 + k % 10)::VARCHAR, 2, '0');
CREATE MACRO place(k, t, v) AS county(k) || (100 + t)::VARCHAR || (200 + v)::VARCHAR;
CREATE MACRO village(i, k) AS place(k, i % {TOWNS * VILLAGES} // {VILLAGES}, i % {VILLAGES});
CREATE MACRO uscc(i) AS '9133' || lpad(i::VARCHAR, 14, '0');
CREATE MACRO day(i, salt, days) AS DATE '{START}' + chance(i, salt, days)::INT;
CREATE MACRO staff(i, salt) AS (3 * pow(1 - chance(i, salt, 100000) / 100001.0, -1.11))::BIGINT;
CREATE MACRO members(i, salt) AS picked(i, salt, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 8]);
"""
_INDUSTRIES = (
    "['C1311', 'C2110', 'F5211', 'F5137', 'G5430', 'H6210', 'I6510', 'L7211', 'M7310', 'E4710', 'A0111', 'O8010']"
)
_DAYS = (TODAY - START).days


class Ledger:
    """Enterprises with a later change each, organisations, what they cover, unions, instructors, and one redraw."""

    def __init__(self, size: int) -> None:
        """Plan the entries of `size` enterprises; a county for every 200,000 of them."""
        self._connection = duckdb.connect()
        for macro in filter(str.strip, _MACROS.split(";")):
            self._connection.execute(macro)
        self._size, self._counties = size, max(1, size // COUNTY_SIZE)
        self._redrawn = max(0, size - VILLAGES - 1) // (TOWNS * VILLAGES) + 1
        self._fixed = list(self._structure())
        counted = [(count, select) for count, select in self._selects() if count]
        self._parts = counted
        self.length = len(self._fixed) + sum(count for count, _ in counted)

    def batches(self) -> Iterator[pa.Table]:
        """Yield all entries in order, as Arrow tables in the columns of the ledger's export."""
        yield self._listed(self._fixed, first=1)
        done = len(self._fixed)
        for count, select in self._parts:
            for begin in range(0, count, _BATCH):
                end = min(begin + _BATCH, count)
                yield self._entries(select, begin, end, first=done + 1)
                done += end - begin

    def more(self, count: int) -> pa.Table:
        """Return everyday changes after all that was given before."""
        select = f"""
SELECT i, 'enterprise' AS entity, uscc(chance(i, 90, {self._size})) AS key, 'change' AS operation,
  DATE '{TODAY}' AS effective_on, '{{"full_members":3}}' AS changes FROM given"""
        first = self.length + 1
        self.length += count
        return self._entries(select, first, first + count, first=first)

    def _entries(self, select: str, begin: int, end: int, *, first: int) -> pa.Table:
        return self._connection.sql(f"""
WITH given AS (SELECT range AS i FROM range({begin:d}, {end:d}))
SELECT {first - begin:d} + i AS seq, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS recorded_at, 'prn-1' AS actor,
  NULL::VARCHAR AS unit, entity, key, operation, effective_on, changes, sha256(i::VARCHAR) AS hash
FROM ({select}) ORDER BY i""").to_arrow_table()

    def _listed(self, rows: list[tuple[str, str, date, dict[str, Any]]], *, first: int) -> pa.Table:
        stamp = pa.scalar(0, pa.timestamp("us", "UTC"))
        listed = [
            {
                "seq": first + n, "recorded_at": stamp.as_py(), "actor": "prn-1", "unit": None, "entity": entity,
                "key": key, "operation": "create", "effective_on": on, "hash": f"{n:064x}",
                "changes": json.dumps(changes, ensure_ascii=False),
            }
            for n, (entity, key, on, changes) in enumerate(rows)
        ]  # fmt: skip
        return pa.Table.from_pylist(listed, schema=self._entries(self._parts[0][1], 0, 1, first=1).schema)

    def _structure(self) -> Iterator[tuple[str, str, date, dict[str, Any]]]:
        """Yield the places, units and sectors, and the villages that were joined to their neighbours."""

        def place(key: str, level: str, parent: str | None) -> tuple[str, str, date, dict[str, Any]]:
            return "division", key, START, {"name": f"区划{key}", "level": level, "parent": parent, "state": "open"}

        yield place("330000000000", "province", None)
        for city in range(1, 2 + (self._counties - 1) // 10):
            yield place(f"33{city:02d}00000000", "city", "330000000000")
        for sector, codes in SECTORS.items():
            yield "sector", sector, START, {"name": f"行业{sector}", "industries": codes, "state": "open"}
        for k in range(self._counties):
            county = f"33{1 + k // 10:02d}{1 + k % 10:02d}"
            yield place(f"{county}000000", "county", f"{county[:4]}00000000")
            for t in range(TOWNS):
                town = f"{county}{100 + t}000"
                yield place(town, "town", f"{county}000000")
                for v in range(VILLAGES):
                    yield place(f"{county}{100 + t}{200 + v}", "village", town)
            for n in range(ZONES):
                yield "zone", f"zon-{k}-{n}", START, {"name": f"园区{k}-{n}", "kind": "park", "state": "open"}
            for n in range(UNITS):
                yield "unit", f"unt-{k}-{n}", START, {"name": f"单位{k}-{n}", "kind": "department", "state": "open"}
            gone, successor = f"{county}101200", f"{county}101201"
            link = {"node": "division", "predecessor": gone, "successor": successor, "form": "merged", "is_rest": True}
            yield "succession", f"suc-{k}", REDRAWN_ON, {**link, "state": "open"}
            yield "division", gone, REDRAWN_ON, {"state": "closed", "closed_reason": "merged"}

    def _selects(self) -> list[tuple[int, str]]:
        """Return how many entries each kind has and the SELECT that makes them of the numbers `given`."""
        size, organizations = self._size, max(1, self._size // 12)
        k = f"chance(i, 1, {self._counties})"
        return [
            (size, f"""
SELECT i, 'enterprise' AS entity, uscc(i) AS key, 'create' AS operation, day(i, 4, 365) AS effective_on,
  json_object('name', '测试企业' || i || '有限公司', 'division', village(i, {k}), 'zone',
    CASE WHEN chance(i, 5, 4) = 0 THEN 'zon-' || {k} || '-' || chance(i, 6, {ZONES}) END,
    'registered_on', '2015-03-01', 'ownership', picked(i, 7, ['private', 'private', 'private', 'private', 'private',
      'private', 'private', 'private', 'foreign', 'collective', 'state_owned']),
    'industry', picked(i, 8, {_INDUSTRIES}), 'operation_state', CASE WHEN chance(i, 9, 10) = 0 THEN 'suspended'
      ELSE 'operating' END, 'has_premises', picked(i, 10, [true, true, true, null, false]), 'staff', staff(i, 11),
    'annual_revenue', (chance(i, 12, 100000000))::VARCHAR || '.00', 'full_members', members(i, 13),
    'probationary_members', picked(i, 14, [0, 0, 0, 1]), 'is_branch_office', chance(i, 15, 31) = 0,
    'responsible_unit', 'unt-' || {k} || '-' || chance(i, 16, {UNITS}), 'state', 'open')::VARCHAR AS changes
FROM given"""),
            (organizations, f"""
SELECT i, 'party_organization' AS entity, 'org-' || i AS key, 'create' AS operation, day(i, 20, {_DAYS}) AS
  effective_on, json_object('name', '党组织' || i, 'kind', picked(i, 21, ['branch', 'branch', 'joint_branch',
    'general_branch', 'committee']), 'division', village(i, {k}), 'elected_on', '2023-05-01', 'state', 'open')::VARCHAR
  AS changes FROM given"""),
            (organizations, f"""
SELECT i, 'affiliation' AS entity, 'aff-' || i AS key, 'create' AS operation, day(i, 20, {_DAYS}) AS effective_on,
  json_object('organization', 'org-' || i, 'superior', 'unt-' || {k} || '-' || chance(i, 22, {UNITS}), 'kind',
    'territorial', 'state', 'open')::VARCHAR AS changes FROM given"""),
            (organizations * 3, f"""
SELECT i, 'cover' AS entity, 'cov-' || i AS key, 'create' AS operation, day(i, 30, {_DAYS}) AS effective_on,
  json_object('organization', 'org-' || chance(i, 31, {organizations}), 'enterprise', uscc(chance(i, 32, {size})),
    'form', picked(i, 33, ['sole', 'joint', 'joint', 'regional', 'industry']), 'state', 'open')::VARCHAR AS changes
FROM given"""),
            (organizations * 3 // 10, f"""
SELECT i, 'cover' AS entity, 'cov-' || i * 10 AS key, 'close' AS operation, day(i, 34, {_DAYS}) AS effective_on,
  '{{"state":"closed","closed_reason":"dissolved"}}' AS changes FROM given"""),
            (size // 8, f"""
SELECT i, 'mass_organization' AS entity, 'mas-' || i AS key, 'create' AS operation, day(i, 40, {_DAYS}) AS
  effective_on, json_object('kind', picked(i, 41, ['union', 'youth_league']), 'enterprise',
    uscc(chance(i, 42, {size})), 'state', 'open')::VARCHAR AS changes FROM given"""),
            (size // 10, f"""
SELECT i, 'assignment' AS entity, 'asg-' || i AS key, 'create' AS operation, day(i, 50, {_DAYS}) AS effective_on,
  json_object('role', 'instructor', 'enterprise', uscc(chance(i, 51, {size})), 'state', 'open')::VARCHAR AS changes
FROM given"""),
            (self._redrawn, f"""
SELECT i, 'enterprise' AS entity, uscc(n) AS key, 'change' AS operation, DATE '{REDRAWN_ON}' AS effective_on,
  json_object('division', place(chance(n, 1, {self._counties}), 1, 1))::VARCHAR AS changes
FROM (SELECT i, {VILLAGES} + i * {TOWNS * VILLAGES} AS n FROM given)"""),
            (size, f"""
SELECT i, 'enterprise' AS entity, uscc(i) AS key, 'change' AS operation, day(i, 60, {_DAYS}) AS effective_on,
  json_object('staff', staff(i, 61), 'full_members', members(i, 62))::VARCHAR AS changes FROM given"""),
        ]  # fmt: skip

# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Sights: whether a code was ever counted under, and whether what it names has anything to do with a scope."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from heli_reporting.history import asking
from heli_reporting.history.domain import Query
from heli_reporting.history.vintages import HEAD, Tables
from heli_shared.kernel.access import Scope
from heli_shared.statistics.dimensions import FILTERS, Dimension
from heli_shared.statistics.measures import ENTERPRISES, ORGANIZATIONS
from heli_shared.statistics.tables import PATH_LEVELS

Cursor = Any
Codes = frozenset[str]

FACTS = {ENTERPRISES: HEAD.facts, ORGANIZATIONS: HEAD.organization_facts}
_RECORDS = {"zone": ("zone",), "unit": ("unit",), "affiliation": ("party_organization", "unit")}
"""The kinds that filters name by key, divisions aside."""


def has_value(cursor: Cursor, dimension: Dimension, code: str) -> bool:
    """Say whether a row of facts ever had a code in a dimension whose column they carry."""
    tables = [FACTS[subject] for subject in dimension.subjects]
    sql = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE {dimension.column} = $code" for table in tables)
    return bool(cursor.execute(f"SELECT 1 FROM ({sql}) LIMIT 1", {"code": code}).fetchall())


def unseen(cursor: Cursor, tables: Tables, name: str, codes: Sequence[str], query: Query) -> list[str]:
    """Return those codes of a filter that, on no day, have to do with the part of the county in a query's scope.

    A division has that is one of the scope's, lies in one, contains one or a zone of the scope, or took over from such
    a division or was taken over by it. A zone, a unit or an organisation has that lies there, a unit also that answers
    for more than that. Whatever else has rows in scope has, too.
    """
    sight = _Sight(cursor, tables, query.scope)
    seen = sight.divisions(codes) if name == "division" else sight.records(name, codes)
    return [code for code in codes if code not in seen and not _has_rows(cursor, tables, name, code, query)]


@dataclass(frozen=True, slots=True)
class _Sight:
    """Looks at where things lie, on any day, from a scope."""

    cursor: Cursor
    tables: Tables
    scope: Scope

    def divisions(self, codes: Sequence[str]) -> Codes:
        """Return those of some divisions that have to do with the scope."""
        lines = {code: _line(self.cursor, code) for code in codes}
        wanted = [each for line in lines.values() for each in line]
        related = self.within(wanted) | self.around()
        return frozenset(code for code, line in lines.items() if line & related)

    def records(self, name: str, codes: Sequence[str]) -> Codes:
        """Return those of some zones, units or organisations that have to do with the scope."""
        seen = set[str]()
        for entity in _RECORDS[name]:
            places = _places(self.cursor, entity, codes)
            within = self.within(division for found in places.values() for division, _ in found if division)
            around = self.around() if entity == "unit" else frozenset[str]()
            for key, found in places.items():
                if any(
                    zone in self.scope.zones
                    or division in within
                    or (entity == "unit" and zone is None and (division is None or division in around))
                    for division, zone in found
                ):
                    seen.add(key)
        return frozenset(seen)

    def within(self, codes: Iterable[str]) -> Codes:
        """Return those of some divisions that are one of the scope's or ever lay in one."""
        own = set(self.scope.divisions)
        return frozenset(code for code, above in self._above(codes).items() if above & own)

    def around(self) -> Codes:
        """Return the divisions in which those of the scope, or its zones, ever lay."""
        zones = _places(self.cursor, "zone", self.scope.zones)
        held = {division for found in zones.values() for division, _ in found if division}
        return frozenset(code for above in self._above({*self.scope.divisions, *held}).values() for code in above)

    def _above(self, codes: Iterable[str]) -> Mapping[str, set[str]]:
        """Return each of some divisions with itself and all in which it ever lay, as known at the head or as asked."""
        wanted = sorted(set(codes))
        found = {code: {code} for code in wanted}
        rows = self.cursor.execute(
            f"SELECT key, {', '.join(PATH_LEVELS)} FROM"
            f" (SELECT * FROM {HEAD.paths} UNION ALL SELECT * FROM {self.tables.paths})"
            " WHERE key IN (SELECT unnest(CAST(? AS VARCHAR[])))",
            [wanted],
        ).fetchall()
        for key, *path in rows:
            found[key].update(code for code in path if code is not None)
        return found


def _line(cursor: Cursor, code: str) -> set[str]:
    """Return a division with those that it came from and those that came from it, by mergers and splits."""
    rows = cursor.execute("SELECT predecessor, successor FROM v_succession WHERE node = 'division'").fetchall()
    found = {code}
    for one, other in ((0, 1), (1, 0)):
        # Forwards, and backwards; never to and fro, which would lead to the other parts of a split.
        next_to = defaultdict[str, set[str]](set)
        for row in rows:
            next_to[row[one]].add(row[other])
        waiting = {code}
        while waiting:
            waiting = {after for each in waiting for after in next_to[each]} - found
            found |= waiting
    return found


def _places(cursor: Cursor, entity: str, keys: Sequence[str]) -> dict[str, set[tuple[str | None, str | None]]]:
    """Return where records of a kind ever lay: division and zone; a zone lies in itself."""
    zone = "key" if entity == "zone" else "zone"
    rows = cursor.execute(
        f"SELECT DISTINCT key, division, {zone} FROM v_{entity} WHERE state IS NOT NULL"
        " AND key IN (SELECT unnest(CAST(? AS VARCHAR[])))",
        [list(keys)],
    ).fetchall()
    found: dict[str, set[tuple[str | None, str | None]]] = defaultdict(set)
    for key, *place in rows:
        found[key].add((place[0], place[1]))
    return dict(found)


def _has_rows(cursor: Cursor, tables: Tables, name: str, code: str, query: Query) -> bool:
    """Say whether a row in scope was ever counted under a code, wherever the question places it."""
    asked = replace(query, filters={} if name == "affiliation" else {name: (code,)})
    for subject in FILTERS[name]:
        where = asking.chosen(asked, subject)
        if name == "affiliation":
            column = "covering_organization" if subject == ENTERPRISES else "id"
            where.add(f"{column} IN ({_BELOW})", code)
        facts = tables.facts if subject == ENTERPRISES else tables.organization_facts
        for table in dict.fromkeys((facts, FACTS[subject])):
            if cursor.execute(f"SELECT 1 FROM {table} WHERE {where.sql} LIMIT 1", where.values).fetchall():
                return True
    return False


_BELOW = """
WITH RECURSIVE below(key) AS (
  SELECT CAST(? AS VARCHAR)
  UNION
  SELECT held.key FROM (
    SELECT key, parent AS above FROM v_unit UNION ALL SELECT organization, superior FROM v_affiliation
  ) AS held JOIN below ON held.above = below.key
) SELECT key FROM below"""
"""What was ever affiliated with a unit or organisation, itself included."""

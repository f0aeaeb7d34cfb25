"""Change points: the days on which something about an enterprise or organisation may change.

They are the spine of interval facts: between two neighbouring points nothing that the facts are made of changes, so one
row of facts holds for the whole stretch.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import ibis

from heli_shared.statistics.rule_days import rule_days

Table = Any

_FOREVER = date(9999, 12, 31).isoformat()


def _days(versions: Table, key: str, name: str) -> Table:
    """Return (name, day) for each day on which a stretch of a version table begins or ends."""
    named = versions.filter(versions[key].notnull())
    starts = named.select(**{name: named[key], "day": named.valid_from})
    ends = named.select(**{name: named[key], "day": named.valid_to})
    return ibis.union(starts, ends)


def _covered_days(covers: Table, versions: Table, *, of: str, name: str, by: str) -> Table:
    """Return (name, day) for each day on which something about the other end `of` its covers may change."""
    linked = covers.select("organization", "enterprise").distinct()
    standing = _days(versions, "key", "other_end")
    joined = linked.join(standing, linked[of] == standing.other_end)
    return joined.filter(joined[by].notnull()).select("day", **{name: by}).select(name, "day")


def _division_days(versions: Table, paths: Table, name: str) -> Table:
    """Return (name, day) for the days on which the division path of a record changes while it lies there."""
    placed = versions.select("division", "valid_from", "valid_to", **{name: versions.key})
    cut = paths.select(path_key="key", day="valid_from")
    joined = placed.join(cut, placed.division == cut.path_key)
    return joined.filter((joined.valid_from < joined.day) & (joined.day < joined.valid_to)).select(name, "day")


def _fixed_days(keys: Table, days: tuple[str, ...]) -> list[Table]:
    return [keys.mutate(day=ibis.date(day)) for day in days]


def _within_life(points: Table, versions: Table, name: str) -> Table:
    """Keep the days from a record's first version on, each once."""
    lives = versions.filter(versions.state.notnull()).group_by("key")
    lives = lives.aggregate(born=lambda t: t.valid_from.min()).rename(life_key="key")
    joined = points.join(lives, points[name] == lives.life_key)
    kept = joined.filter((joined.day >= joined.born) & (joined.day < ibis.date(_FOREVER)))
    return kept.select(name, "day").distinct()


def enterprise_points(versions: Mapping[str, Table]) -> Table:
    """Return the spine (uscc, day) at all change points of the enterprises in the version tables."""
    enterprises, covers, organizations = (versions[name] for name in ("enterprises", "covers", "organizations"))
    points = ibis.union(
        _days(enterprises, "key", "uscc"),
        _days(covers, "enterprise", "uscc"),
        _covered_days(covers, organizations, of="organization", name="uscc", by="enterprise"),
        _days(versions["mass_organizations"], "enterprise", "uscc"),
        _days(versions["assignments"], "enterprise", "uscc"),
        _division_days(enterprises, versions["division_paths"], "uscc"),
        *_fixed_days(enterprises.select(uscc="key").distinct(), rule_days()),
    )
    return _within_life(points, enterprises, "uscc")


def organization_points(versions: Mapping[str, Table]) -> Table:
    """Return the spine (id, day) at all change points of the organisations in the version tables."""
    enterprises, covers, organizations = (versions[name] for name in ("enterprises", "covers", "organizations"))
    points = ibis.union(
        _days(organizations, "key", "id"),
        _days(covers, "organization", "id"),
        _covered_days(covers, enterprises, of="enterprise", name="id", by="organization"),
        _days(versions["affiliations"], "organization", "id"),
        _division_days(organizations, versions["division_paths"], "id"),
    )
    return _within_life(points, organizations, "id")

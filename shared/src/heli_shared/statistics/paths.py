"""The path of each division through the tree, dated: who its ancestors were on which days."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from heli_shared.statistics.tables import PATH_LEVELS

MAX_DEPTH = 16


class DivisionVersion(NamedTuple):
    """A division's level and parent during [valid_from, valid_to)."""

    key: str
    valid_from: date
    valid_to: date
    level: str | None
    parent: str | None


class DivisionPath(NamedTuple):
    """A division's ancestors by level, itself included, during [valid_from, valid_to); None where it has none."""

    key: str
    valid_from: date
    valid_to: date
    province: str | None
    city: str | None
    county: str | None
    town: str | None
    village: str | None


def division_paths(versions: Iterable[DivisionVersion]) -> list[DivisionPath]:
    """Return the paths of all divisions, one row per stretch of days with the same ancestors, by key and date.

    The rows of a division follow one another from the first day there is to the last; before it was created and where
    nothing is known of it all its levels are None.
    A parent that is not (yet) there ends the path; a circle of parents ends where it closes; where two ancestors
    claim the same level the nearer one keeps it.
    """
    by_key: dict[str, list[DivisionVersion]] = defaultdict(list)
    for version in sorted(versions):
        by_key[version.key].append(version)
    return [path for key in sorted(by_key) for path in _merged(_padded(key, _paths_of(key, by_key)))]


def _padded(key: str, paths: list[DivisionPath]) -> list[DivisionPath]:
    """Fill the days before, between and after paths with paths of nothing."""
    nothing = (None,) * len(PATH_LEVELS)
    padded, reached = [], date.min
    for path in [*paths, DivisionPath(key, date.max, date.max, *nothing)]:
        if reached < path.valid_from:
            padded.append(DivisionPath(key, reached, path.valid_from, *nothing))
        padded.append(path)
        reached = path.valid_to
    return padded[:-1]


def _paths_of(key: str, by_key: dict[str, list[DivisionVersion]]) -> list[DivisionPath]:
    """Cut the life of a division at each day on which it or an ancestor changes."""
    found = []
    for version in by_key[key]:
        days = {version.valid_from} | {
            day for day in _change_days(version, by_key) if version.valid_from < day < version.valid_to
        }
        starts = sorted(days)
        for start, end in zip(starts, [*starts[1:], version.valid_to], strict=True):
            found.append(DivisionPath(key, start, end, *_levels_on(version, start, by_key)))
    return found


def _change_days(version: DivisionVersion, by_key: dict[str, list[DivisionVersion]]) -> set[date]:
    """Return the days on which anything that may be above this version changes."""
    days: set[date] = set()
    seen = {version.key}
    wanted = [version.parent]
    while wanted:
        parent = wanted.pop()
        if parent is None or parent in seen:
            continue
        seen.add(parent)
        for above in by_key.get(parent, []):
            days |= {above.valid_from, above.valid_to}
            wanted.append(above.parent)
    return days


def _levels_on(version: DivisionVersion, day: date, by_key: dict[str, list[DivisionVersion]]) -> tuple[str | None, ...]:
    levels: dict[str, str] = {}
    here: DivisionVersion | None = version
    for _ in range(MAX_DEPTH):
        if here is None:
            break
        if here.level is not None:
            levels.setdefault(here.level, here.key)
        above = by_key.get(here.parent, []) if here.parent else []
        here = next((v for v in above if v.valid_from <= day < v.valid_to), None)
    return tuple(levels.get(level) for level in PATH_LEVELS)


def _merged(paths: list[DivisionPath]) -> list[DivisionPath]:
    """Join neighbouring stretches that have the same ancestors."""
    merged: list[DivisionPath] = []
    for path in paths:
        if merged and merged[-1].valid_to == path.valid_from and merged[-1][3:] == path[3:]:
            merged[-1] = merged[-1]._replace(valid_to=path.valid_to)
        else:
            merged.append(path)
    return merged

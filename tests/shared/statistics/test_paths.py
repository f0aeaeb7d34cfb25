"""Division paths follow the dated parents, for every day there is."""

from datetime import date

from heli_shared.statistics.paths import DivisionVersion, division_paths

FIRST, LAST = date.min, date.max
NOTHING = (None, None, None, None, None)


def _version(key: str, level: str, parent: str | None, start: date, end: date = LAST) -> DivisionVersion:
    return DivisionVersion(key, start, end, level, parent)


def _of(versions: list[DivisionVersion], key: str) -> list[tuple[object, ...]]:
    return [tuple(path[1:]) for path in division_paths(versions) if path.key == key]


def test_a_village_moved_to_another_town_has_two_paths() -> None:
    born, moved = date(2020, 1, 1), date(2024, 5, 1)
    versions = [
        _version("c", "county", None, born),
        _version("t1", "town", "c", born),
        _version("t2", "town", "c", born),
        _version("v", "village", "t1", born, moved),
        _version("v", "village", "t2", moved),
    ]
    assert _of(versions, "v") == [
        (FIRST, born, *NOTHING),
        (born, moved, None, None, "c", "t1", "v"),
        (moved, LAST, None, None, "c", "t2", "v"),
    ]


def test_a_change_above_cuts_the_path_below() -> None:
    born, later = date(2020, 1, 1), date(2022, 1, 1)
    versions = [
        _version("c", "county", None, later),
        _version("t", "town", "c", born),
        _version("v", "village", "t", born),
    ]
    assert _of(versions, "v")[1:] == [
        (born, later, None, None, None, "t", "v"),
        (later, LAST, None, None, "c", "t", "v"),
    ]


def test_a_version_that_repeats_the_parent_makes_no_cut() -> None:
    born, renamed = date(2020, 1, 1), date(2021, 1, 1)
    versions = [_version("t", "town", None, born, renamed), _version("t", "town", None, renamed)]
    assert _of(versions, "t") == [(FIRST, born, *NOTHING), (born, LAST, None, None, None, "t", None)]


def test_a_circle_of_parents_ends() -> None:
    born = date(2020, 1, 1)
    versions = [_version("a", "town", "b", born), _version("b", "county", "a", born)]
    assert _of(versions, "a")[1:] == [(born, LAST, None, None, "b", "a", None)]


def test_every_division_has_a_path_for_every_day() -> None:
    versions = [
        _version("t", "town", None, date(2020, 1, 1), date(2021, 1, 1)),
        _version("t", "town", "c", date(2023, 1, 1)),
    ]
    stretches = _of(versions, "t")
    assert stretches[0][0] == FIRST
    assert stretches[-1][1] == LAST
    assert [left[1] for left in stretches[:-1]] == [right[0] for right in stretches[1:]]

"""The real lists: imported, searched for duplicates and reconciled, the counts held against independent ones."""

import random
import unicodedata
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from registry.duplicates.naive import plain
from registry.reconciliation.noise import NOISE, recall

pytestmark = pytest.mark.real_data

PROVINCES = ("浙江", "湖北", "西藏")
LIST = "enterprises_odd_rows.csv"
ASKED = 100


@pytest.fixture
def loaded(desk, real_data: Path):
    """A registry with some provinces' lists and the odd rows of all of them."""
    for path in (*(real_data / "enterprises" / f"{name}.csv" for name in PROVINCES), real_data / LIST):
        assert desk.run_file("enterprises", path)["status"] == "done"
    return desk.registry


def rows_of(registry) -> dict[str, tuple[str, str | None]]:
    return {row[0]: (row[1], row[2]) for row in registry.rows("SELECT uscc, name, address FROM enterprises")}


def pairs_of(registry, reason: str) -> dict[tuple[str, str], int]:
    found, cursor = {}, None
    while True:
        params = {"reason": reason, "min_score": 0, "limit": 1_000, **({"cursor": cursor} if cursor else {})}
        page = registry.get("/v1/duplicates", params=params).json()
        found |= {(item["one"]["uscc"], item["other"]["uscc"]): item["score"] for item in page["items"]}
        cursor = page["next"]
        if cursor is None:
            assert len(found) == page["total"]
            return found


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_duplicates_of_the_real_lists_agree_with_a_naive_count(loaded):
    rows = rows_of(loaded)
    by_name, by_code = defaultdict(list), defaultdict(list)
    for key, (name, _) in sorted(rows.items()):
        by_name[plain(name)].append(key)
        by_code[key[8:17]].append(key)
    naive_names = {pair for keys in by_name.values() for pair in combinations(keys, 2)}
    naive_codes = {pair for keys in by_code.values() for pair in combinations(keys, 2)}

    names, codes = pairs_of(loaded, "name"), pairs_of(loaded, "code")

    assert set(codes) == naive_codes
    assert naive_names <= set(names)
    assert len(naive_names) == 5
    # Beyond equal names the product finds those that differ in the region they begin with, and in nothing else.
    for one, other in sorted(set(names) - naive_names):
        shorter, longer = sorted((core_by_eye(rows[one][0]), core_by_eye(rows[other][0])), key=len)
        assert longer.endswith(shorter), (rows[one][0], rows[other][0])


def core_by_eye(name: str) -> str:
    text = plain(name)
    return text.removesuffix("有限公司") if text.endswith("有限公司") else text


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_name_alone_is_no_key_and_brackets_make_no_difference(loaded):
    """Enterprises of one name in two counties are told, but not as sure; those founded on one day come first."""
    rows = rows_of(loaded)
    founded = dict(loaded.rows("SELECT uscc, registered_on FROM enterprises"))
    scores = {pair: score for pair, score in pairs_of(loaded, "name").items() if same_name(rows, *pair)}
    one_day = {pair for pair in scores if founded[pair[0]] == founded[pair[1]]}
    other_brackets = [pair for pair in scores if rows[pair[0]][0] != rows[pair[1]][0]]
    assert (len(scores), len(one_day)) == (5, 3)
    assert all(one[2:8] != other[2:8] for one, other in scores)
    assert max(scores.values()) < 80
    assert min(scores[pair] for pair in one_day) > max(scores[pair] for pair in scores.keys() - one_day)
    assert [len({plain(rows[key][0]) for key in pair}) for pair in other_brackets] == [1]


def same_name(rows: dict, one: str, other: str) -> bool:
    return plain(rows[one][0]) == plain(rows[other][0])


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_dirty_names_are_recognised(loaded):
    rows = rows_of(loaded)
    once = Counter(unicodedata.normalize("NFKC", name) for name, _ in rows.values())
    names = sorted((name, key) for key, (name, _) in rows.items() if once[unicodedata.normalize("NFKC", name)] == 1)
    chance = random.Random(2026)
    told = {}
    for kind, (dirty, least_first, least_five) in NOISE.items():
        first, five, surely_wrong = recall(loaded, chance.sample(names, ASKED), dirty, chance)
        told[kind] = (first, five, surely_wrong)
        assert first >= least_first, (kind, told)
        assert five >= least_five, (kind, told)
        assert surely_wrong <= 0.01, (kind, told)

"""Searching: what people type finds what they mean, in their scope, on either database."""

import random

import pytest
import sqlalchemy as sa

from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.migrating import migrate_registry
from heli_shared.db.engine import make_engine, transaction
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B, Registry

NAMES = (
    "合力县示例机械有限公司",
    "合力县示例机械制造有限公司",
    "合力县城东示例商贸有限责任公司",
    "量县机械厂",
    "重庆长安示例银行",
    "（合力）ＡＢＣ科技有限公司",
    "机械",
)


@pytest.fixture
def named(county: Registry) -> Registry:
    """A county whose first five enterprises lie in the first township, the others in the second."""
    for number, name in enumerate(NAMES, start=1):
        town = TOWN_A if number < 6 else TOWN_B
        county.made("/v1/enterprises", uscc=code(number), name=name, division=town, registered_on="2020-01-01")
    return county


def found(registry: Registry, q: str, **more) -> list[tuple[str, str]]:
    by = more.pop("by", "admin")
    answer = registry.get("/v1/search", params={"q": q, **more}, by=by)
    assert answer.status_code == 200, answer.text
    return [(item["name"], item["match"]) for item in answer.json()["items"]]


def test_the_exact_name_comes_first_then_beginnings_then_parts(named):
    assert found(named, "机械") == [
        (NAMES[6], "exact"),
        (NAMES[3], "contains"),
        (NAMES[0], "contains"),
        (NAMES[1], "contains"),
    ]
    assert found(named, "合力县示例机械") == [(NAMES[0], "prefix"), (NAMES[1], "prefix")]


def test_a_hit_says_what_it_is_and_how_well_it_fits(named):
    answer = named.get("/v1/search", params={"q": NAMES[3]}).json()
    assert answer == {
        "items": [
            {
                "kind": "enterprises", "key": code(4), "name": NAMES[3], "state": "open", "division": TOWN_A,
                "match": "exact", "score": 100,
            }
        ],
        "next": None,
        "total": 1,
    }  # fmt: skip


@pytest.mark.parametrize("q", ["(合力)ABC", "（合力）abc", "合力）ａｂｃ 科技"])
def test_width_case_and_spaces_do_not_matter(named, q):
    assert found(named, q)[0][0] == NAMES[5]


@pytest.mark.parametrize(("q", "name"), [("chongqing", NAMES[4]), ("cqca", NAMES[4]), ("abckj", NAMES[5])])
def test_pinyin_finds_by_syllables_and_initials(named, q, name):
    assert found(named, q) == [(name, "pinyin")]


@pytest.mark.parametrize("q", ["合力县示列机械有限公司", "合力县示例械有限公司", "示例机诫", "合力县示例机械有限公可"])
def test_one_wrong_or_missing_character_still_finds_the_name(named, q):
    assert (NAMES[0], "fuzzy") in found(named, q)


def test_a_credit_code_is_found_by_its_beginning_and_in_full(named):
    assert found(named, code(2)) == [(NAMES[1], "exact")]
    assert found(named, code(2).lower()) == [(NAMES[1], "exact")]
    assert {match for _, match in found(named, code(2)[:12])} == {"code"}
    assert len(found(named, "91990121")) == len(NAMES)


def test_a_township_sees_its_own(named):
    everything, own = (found(named, "机械", by=who) for who in ("admin", "clerk_a"))
    assert (NAMES[6], "exact") in everything
    assert own == [pair for pair in everything if pair != (NAMES[6], "exact")]


def test_a_new_name_is_found_at_once_and_an_old_one_no_longer(named):
    named.patch(f"/v1/enterprises/{code(4)}", {"name": "新桥铸造厂"})

    assert found(named, "新桥铸造") == [("新桥铸造厂", "prefix")]
    assert "量县机械厂" not in [name for name, _ in found(named, "量县机械厂")]
    assert [each["name"] for each in named.get("/v1/enterprises?name=新桥").json()["items"]] == ["新桥铸造厂"]


def test_a_name_corrected_in_the_past_leaves_a_later_one_in_force(named):
    named.patch(f"/v1/enterprises/{code(4)}", {"name": "后来的名称厂", "effective_on": "2026-06-01"})
    named.patch(f"/v1/enterprises/{code(4)}", {"name": "先前的名称厂", "effective_on": "2026-05-01"})

    assert "后来的名称厂" in [name for name, _ in found(named, "后来的名称厂")]
    assert ("先前的名称厂", "exact") not in found(named, "先前的名称厂")


def test_closed_records_come_after_open_ones(named):
    named.made("/v1/enterprises", uscc=code(20), name=NAMES[3], division=TOWN_A)
    named.act(f"/v1/enterprises/{code(4)}/close", {"reason": "注销"})
    answer = named.get("/v1/search", params={"q": NAMES[3]}).json()["items"]
    assert [(item["key"], item["state"], item["score"]) for item in answer] == [
        (code(20), "open", 100),
        (code(4), "closed", 100),
    ]


@pytest.mark.parametrize(
    ("kind", "body", "q"),
    [
        ("mass-organizations", {"name": "示例工会", "kind": "union", "enterprise": code(1)}, "示例"),
        ("zones", {"name": "城东工业园", "kind": "park", "division": TOWN_A}, "工业园"),
        ("units", {"name": "市场监管局", "kind": "department"}, "scjg"),
    ],
)  # fmt: skip
def test_other_kinds_are_searched_too(county, kind, body, q):
    county.made("/v1/enterprises", uscc=code(1), name="甲公司", division=TOWN_A)
    county.made(f"/v1/{kind}", **body)
    assert [name for name, _ in found(county, q, kind=kind)] == [body["name"]]


def test_divisions_are_found_by_pinyin(county):
    assert found(county, "chengguan", kind="divisions") == [("城关镇", "pinyin")]


def test_who_may_not_read_a_kind_may_not_search_it(county):
    county.enrol("exchange", "exchange")
    county.enrol("service", "service")
    assert county.get("/v1/search?q=甲", by="exchange").status_code == 200
    assert county.get("/v1/search?q=甲", by="service").status_code == 403


@pytest.mark.parametrize(("q", "status"), [("", 400), ("x" * 101, 400), ("\u0000", 400), ("%", 200), ("_", 200)])
def test_odd_questions_are_answered_or_refused(named, q, status):
    answer = named.get("/v1/search", params={"q": q})
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["items"] == []


def test_the_filter_of_lists_finds_exactly_what_reading_all_names_finds(county):
    chance = random.Random(21)
    characters = "合力示例机械公司有限责任ab%_（）(）科技"
    names = {
        code(number): "".join(chance.choice(characters) for _ in range(chance.randint(2, 10))).strip() or "甲"
        for number in range(1, 61)
    }
    for key, name in names.items():
        county.made("/v1/enterprises", uscc=key, name=name, division=TOWN_A)
    for _ in range(60):
        name = chance.choice(sorted(names.values()))
        start = chance.randrange(len(name))
        part = name[start : start + chance.randint(1, 4)]
        answer = county.get("/v1/enterprises", params={"name": part, "limit": 100}).json()
        expected = sorted(key for key, each in names.items() if part.lower() in each.lower())
        assert [item["uscc"] for item in answer["items"]] == expected
        assert answer["total"] == len(expected)


def test_a_database_without_an_index_gets_one_when_it_is_migrated(named):
    index = ENTERPRISE.index
    engine = make_engine(named.settings.database_url)
    with transaction(engine, writes=True) as session:
        session.execute(sa.delete(index.entries))
        session.execute(sa.delete(index.tokens))
    assert found(named, "示例机械") == []

    migrate_registry(named.settings.database_url)
    engine.dispose()

    assert [name for name, _ in found(named, "示例机械")][:2] == [NAMES[0], NAMES[1]]
    named.patch(f"/v1/enterprises/{code(4)}", {"name": "新桥铸造厂"})
    assert found(named, "新桥铸造厂") == [("新桥铸造厂", "exact")]


def test_every_record_has_exactly_one_entry(named):
    rows = named.rows("SELECT key, text FROM enterprises_search ORDER BY key")
    assert [row.key for row in rows] == sorted(code(number) for number in range(1, len(NAMES) + 1))

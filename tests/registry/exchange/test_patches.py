"""The feed as patches: whoever applies them in order holds the current record; tombstones say what ended."""

import json
import random
from datetime import date, timedelta

import pytest

from heli_registry.database import LEDGER
from heli_registry.enterprises.models import ENTERPRISE
from heli_shared.db.engine import make_engine, transaction
from heli_shared.ledger.entries import Author
from heli_shared.records.writing import Write, write
from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, Registry


def feed(registry: Registry, limit: int = 7, **more) -> list[dict]:
    items, after = [], "0"
    while True:
        page = registry.get(f"/v1/changes?after={after}&limit={limit}&form=patch{more.get('query', '')}").json()
        items += page["items"]
        if page["next"] == page["head"]:
            return items
        after = page["next"]


def applied(document, operations: list[dict]):
    """Apply a JSON Patch of the two operations that the feed uses, as RFC 6902 says."""
    for operation in operations:
        if operation["path"] == "":
            document = json.loads(json.dumps(operation["value"]))
            continue
        name = operation["path"][1:].replace("~1", "/").replace("~0", "~")
        assert operation["op"] == "add" or name in document, operation
        document[name] = operation["value"]
    return document


def write_one(registry: Registry, *writes: Write) -> None:
    engine = make_engine(registry.settings.database_url)
    with transaction(engine, writes=True) as session:
        write(session, LEDGER, writes, author=Author("prn-test", None), clock=registry.clock)
    engine.dispose()


@pytest.mark.parametrize("seed", range(6))
def test_patches_applied_in_order_give_the_current_records(county: Registry, seed):
    chance = random.Random(seed)
    keys = [code(number) for number in range(1, 5)]
    for key in keys:
        new = {"name": f"企业{key}", "division": COUNTY, "state": "open", "staff": 1}
        write_one(county, Write(ENTERPRISE, key, "create", date(2026, 1, 1), new))
    for _ in range(40):
        key, day = chance.choice(keys), date(2026, 1, 1) + timedelta(days=chance.randrange(120))
        kind = chance.random()
        if kind < 0.1:
            changes, operation = {"state": "closed", "closed_on": day, "closed_reason": "注销"}, "close"
        elif kind < 0.2:
            changes, operation = {"state": "open", "closed_on": None, "closed_reason": None}, "reopen"
        else:
            fields = chance.sample(["staff", "full_members", "address", "has_premises", "former_names"], 2)
            values = {"staff": [1, 2, None], "full_members": [3, None], "address": ["甲路", "乙路", None],
                      "has_premises": [True, False, None], "former_names": [["旧"], ["旧", "老"], None]}  # fmt: skip
            changes, operation = {name: chance.choice(values[name]) for name in fields}, "change"
        write_one(county, Write(ENTERPRISE, key, operation, day, changes))

    copy: dict[str, dict] = {}
    for item in feed(county):
        if item["entity"] == "enterprise":
            copy[item["key"]] = applied(copy.get(item["key"]), item["patch"])
            assert item["tombstone"] == (copy[item["key"]]["state"] == "closed")
            assert copy[item["key"]]["version"] == item["seq"]
    assert copy == {key: county.get(f"/v1/enterprises/{key}").json() for key in keys}


def test_a_back_dated_entry_patches_only_what_no_later_effect_holds(county: Registry):
    county.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A, staff=1, effective_on="2026-01-01")
    path = f"/v1/enterprises/{code(1)}"
    county.patch(path, {"staff": 9, "effective_on": "2026-06-01"})
    county.patch(path, {"staff": 5, "address": "甲路", "effective_on": "2026-03-01"})

    last = feed(county)[-1]
    assert last["changes"] == {"staff": 5, "address": "甲路"}
    assert last["patch"] == [
        {"op": "replace", "path": "/address", "value": "甲路"},
        {"op": "replace", "path": "/version", "value": last["seq"]},
    ]


def test_a_tombstone_names_its_successor(county: Registry):
    for number in (1, 2):
        county.made("/v1/enterprises", uscc=code(number), name=f"企业{number}", division=TOWN_A)
    county.patch(f"/v1/enterprises/{code(1)}", {"duplicate_of": code(2)})
    county.act(f"/v1/enterprises/{code(1)}/close", {"reason": "重复"})

    last = feed(county)[-1]
    assert (last["tombstone"], last["successor"], last["operation"]) == (True, code(2), "close")
    plain = county.get("/v1/changes").json()["items"]
    assert "patch" not in plain[-1]


def test_an_erased_person_is_a_tombstone(county: Registry):
    person = county.made("/v1/people", name="王小明", unit="unt-a")
    county.post(
        f"/v1/people/{person['id']}/erase", {"reason": "本人要求"}, headers={"If-Match": f'"{person["version"]}"'}
    )
    items = [item for item in feed(county) if item["key"] == person["id"]]
    assert [item["tombstone"] for item in items] == [False, True]


def test_the_feed_gives_chosen_kinds_only_and_moves_on_over_the_rest(county: Registry):
    county.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    head = county.get("/v1/changes").json()["head"]

    page = county.get("/v1/changes?kind=enterprises&kind=units").json()
    assert {item["entity"] for item in page["items"]} == {"enterprise", "unit"}
    assert page["next"] == head
    one = county.get("/v1/changes?kind=enterprises&limit=1").json()
    assert (len(one["items"]), one["next"]) == (1, head)
    assert county.get(f"/v1/changes?kind=covers&after={head}&wait=0.2").json()["items"] == []
    assert county.get("/v1/changes?kind=enterprise").status_code == 400


def test_a_consumer_that_was_off_for_a_year_catches_up(county: Registry):
    for number in range(1, 4):
        county.made("/v1/enterprises", uscc=code(number), name=f"企业{number}", division=TOWN_A)
    bulk = county.get("/v1/exports/enterprises?format=ndjson")
    copy = {row["uscc"]: row for row in map(json.loads, bulk.text.splitlines())}
    after = f"{bulk.headers['heli-epoch']}:{bulk.headers['heli-known-at']}"
    county.clock.instant += timedelta(days=365)
    county.patch(f"/v1/enterprises/{code(1)}", {"staff": 10})
    county.act(f"/v1/enterprises/{code(2)}/close", {"reason": "注销"})
    county.made("/v1/enterprises", uscc=code(4), name="新", division=TOWN_A)

    for item in county.get(f"/v1/changes?after={after}&kind=enterprises&form=patch").json()["items"]:
        copy[item["key"]] = applied(copy.get(item["key"]), item["patch"])

    snapshot = county.get("/v1/exports/enterprises?format=ndjson").text.splitlines()
    assert copy == {row["uscc"]: row for row in map(json.loads, snapshot)}
    assert copy[code(2)]["state"] == "closed"


def test_a_townships_feed_has_patches_of_its_own_records_only(county: Registry):
    county.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    county.made("/v1/enterprises", uscc=code(2), name="乙", division=COUNTY)
    items = county.get("/v1/changes?form=patch&kind=enterprises", by="clerk_a").json()["items"]
    assert [(item["key"], item["patch"][0]["op"]) for item in items] == [(code(1), "add")]

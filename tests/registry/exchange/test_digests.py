"""Range digests: a wrong, missing or extra row among many is found in at most five calls, with the standard library."""

import json
import random
from datetime import date, timedelta

import pytest

from heli_registry.database import LEDGER
from heli_registry.divisions.models import DIVISION
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.enterprises.service import ENTERPRISES
from heli_shared.db.engine import make_engine, transaction
from heli_shared.kernel.access import Scope
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.entries import Author
from heli_shared.records.bulk import BulkWrite, write_bulk
from heli_shared.records.digest_endpoints import shown
from heli_shared.records.digest_index import DigestIndex
from heli_shared.records.digests import DigestTree, canonical_text, digest_row
from heli_shared.records.writing import Write, write
from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B, Registry
from registry.exchange.copy_search import Copy, find_differences

MANY = 200_000


def copy_of(registry: Registry, plural: str = "enterprises", key: str = "uscc", **more) -> Copy:
    text = registry.get(f"/v1/exports/{plural}?format=ndjson", **more).text
    return Copy([json.loads(line) for line in text.splitlines()], key)


class Asking:
    """Asks a registry for digests and counts the calls."""

    def __init__(self, registry: Registry, **more):
        self.registry, self.more, self.calls = registry, more, 0

    def __call__(self, prefix: str) -> dict:
        self.calls += 1
        answer = self.registry.get("/v1/digests", params={"kind": "enterprises", "prefix": prefix}, **self.more)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def filled(county: Registry) -> Registry:
    """A county with 600 enterprises in two townships, more than a leaf holds."""
    rows = [
        BulkWrite(
            code(number), "create", "2026-01-01",
            {
                "name": f"企业“{number}”\\有限公司", "division": TOWN_A if number % 3 else TOWN_B, "staff": number,
                "has_premises": number % 2 == 0, "registered_on": "2026-01-01", "annual_revenue": "1.50",
                "former_names": ["旧名", 'é"\\'], "state": "open",
            },
        )
        for number in range(1, 601)
    ]  # fmt: skip
    in_database(county, rows)
    return county


def in_database(registry: Registry, rows: list[BulkWrite]) -> None:
    engine = make_engine(registry.settings.database_url)
    with transaction(engine, writes=True) as session:
        author = Author("prn-test", None)
        write_bulk(session, LEDGER, ENTERPRISE, [rows], author=author, recorded_at=registry.clock.now())
    engine.dispose()


def test_an_equal_copy_is_proved_by_one_call(filled: Registry):
    asking = Asking(filled)
    assert find_differences(copy_of(filled), asking) == []
    assert asking.calls == 1


def test_wrong_missing_and_extra_rows_are_found(filled: Registry):
    copy = copy_of(filled)
    copy.rows[code(7)]["staff"] = 8
    del copy.rows[code(300)]
    copy.rows[code(999)] = {**copy.rows[code(8)], "uscc": code(999)}

    assert find_differences(copy, Asking(filled)) == sorted([code(7), code(300), code(999)])


def test_the_answer_names_its_place_and_is_bound_to_the_request(filled: Registry):
    answer = filled.get("/v1/digests?kind=enterprises&prefix=")
    body = answer.json()
    head = filled.get("/v1/changes?limit=1").json()["head"]

    assert f"{body['epoch']}:{body['known_at']}" == head
    assert (body["kind"], body["key"], body["prefix"], body["count"]) == ("enterprises", "uscc", "", 600)
    assert sum(child["count"] for child in body["children"]) == 600
    assert answer.headers["heli-request"] == "GET /v1/digests?kind=enterprises&prefix="
    assert answer.headers["content-digest"] == Copy.content_digest(answer.content)


def test_a_copy_of_an_earlier_point_is_compared_with_that_point(filled: Registry):
    copy = copy_of(filled)
    known_at = filled.get("/v1/digests?kind=enterprises").json()["known_at"]
    filled.patch(f"/v1/enterprises/{code(1)}", {"staff": 77})
    filled.act(f"/v1/enterprises/{code(2)}/close", {"reason": "注销"})

    class Earlier(Asking):
        def __call__(self, prefix: str) -> dict:
            self.calls += 1
            params = {"kind": "enterprises", "prefix": prefix, "known_at": known_at}
            return self.registry.get("/v1/digests", params=params).json()

    earlier, now = Earlier(filled), Asking(filled)
    assert find_differences(copy, earlier) == []
    assert find_differences(copy, now) == sorted([code(1), code(2)])
    assert find_differences(copy_of(filled), now) == []


def test_a_townships_clerk_compares_what_the_township_sees(filled: Registry):
    copy = copy_of(filled, by="clerk_a")
    asking = Asking(filled, by="clerk_a")

    assert len(copy.rows) == 400
    assert find_differences(copy, asking) == []
    changed = copy.with_rows({code(1): {**copy.rows[code(1)], "name": "改"}})
    assert find_differences(changed, asking) == [code(1)]


def test_what_one_may_not_read_or_there_is_not_is_refused(filled: Registry):
    assert filled.get("/v1/digests?kind=principals", by="clerk_a").status_code == 403
    assert filled.get("/v1/digests?kind=nothing").status_code == 404
    assert filled.get("/v1/digests?kind=enterprises&prefix=g0").status_code == 400
    assert filled.get("/v1/digests?kind=enterprises&prefix=abc").status_code == 400
    assert filled.get("/v1/digests?kind=enterprises&known_at=999999").status_code == 400
    assert filled.get("/v1/digests?kind=enterprises&epoch=another").status_code == 410
    assert filled.get("/v1/digests?kind=enterprises&odd=1").status_code == 400


def test_one_wrong_row_of_two_hundred_thousand_is_found_in_five_calls():
    rows = {
        f"91{number:016d}": {"uscc": f"91{number:016d}", "staff": number, "version": number} for number in range(MANY)
    }
    tree = DigestTree.of(digest_row(key, row["version"], canonical_text(row)) for key, row in rows.items())
    copy = Copy(list(rows.values()), "uscc")
    chance, calls = random.Random(20_26), []
    for change in ("alter", "drop", "add"):
        key = f"91{chance.randrange(MANY):016d}"
        if change == "add":
            key = f"92{chance.randrange(MANY):016d}"
        changed = {"alter": {"uscc": key, "staff": -1}, "drop": None, "add": {"uscc": key}}[change]
        count = 0

        def ask(prefix: str) -> dict:
            nonlocal count
            count += 1
            return shown(tree, prefix)

        assert find_differences(copy.with_rows({key: changed}), ask) == [key]
        calls.append(count)
    assert max(calls) <= 5
    assert len(shown(tree, "")["children"]) == 256


def test_a_tree_survives_its_own_bytes_and_refuses_others():
    tree = DigestTree.of(digest_row(str(number), number, b"x") for number in range(1_000))
    again = DigestTree.from_bytes(tree.to_bytes())
    assert (again.digest, again.count, again.rows_below("07")) == (tree.digest, 1_000, tree.rows_below("07"))
    for broken in (b"", tree.to_bytes()[:-1], tree.to_bytes() + b"x"):
        with pytest.raises(ValueError, match="digest tree"):
            DigestTree.from_bytes(broken)


@pytest.mark.parametrize("seed", range(4))
def test_a_carried_tree_equals_one_built_anew(county: Registry, tmp_path, seed):
    chance = random.Random(seed)
    engine = make_engine(county.settings.database_url)
    carried, points = DigestIndex(LEDGER, tmp_path / "carried"), []
    for _ in range(12):
        with transaction(engine, writes=True) as session:
            for _ in range(chance.randrange(1, 6)):
                random_write(county, session, chance)
        with transaction(engine, writes=False) as session:
            head = read_head(session, LEDGER)
            points.append(head.seq)
            asked = chance.choice(points)
            tree = carried.tree(session, ENTERPRISES, Scope(everything=True), head=head, known_at=asked)
            anew = DigestIndex(LEDGER, tmp_path / f"anew-{head.seq}")
            fresh = anew.tree(session, ENTERPRISES, Scope(everything=True), head=head, known_at=asked)
            assert (tree.digest, tree.count) == (fresh.digest, fresh.count)
            assert tree.rows_below("") == naive_rows(session, asked)
    engine.dispose()


def random_write(county: Registry, session, chance: random.Random) -> None:
    key = code(chance.randrange(1, 9))
    present = session.execute(ENTERPRISE.table.select().where(ENTERPRISE.table.c.uscc == key)).one_or_none()
    day = date(2026, 1, 1) + timedelta(days=chance.randrange(150))
    if present is None:
        changes = {"name": f"企业{key}", "division": COUNTY, "state": "open", "staff": chance.randrange(9)}
        new = Write(ENTERPRISE, key, "create", date(2026, 1, 1), changes)
    else:
        changes = {chance.choice(["staff", "full_members"]): chance.choice([None, 1, 2, 3])}
        new = Write(ENTERPRISE, key, "change", day, changes)
    write(session, LEDGER, [new], author=Author("prn-test", None), clock=county.clock)


def naive_rows(session, known_at: int) -> list:
    """Fold all entries by hand: by day of effect, then by seq, the last write of a field wins."""
    table = LEDGER.entries
    entries = session.execute(table.select().where(table.c.entity == "enterprise", table.c.seq <= known_at)).all()
    records: dict[str, dict] = {}
    versions: dict[str, int] = {}
    for entry in sorted(entries, key=lambda each: (each.effective_on, each.seq)):
        records.setdefault(entry.key, {"uscc": entry.key}).update(json.loads(entry.changes))
        versions[entry.key] = max(versions.get(entry.key, 0), entry.seq)
    copy = Copy([{**record, "version": versions[key]} for key, record in records.items()], "uscc")
    return [(bytes.fromhex(place), bytes.fromhex(digest), versions[key], key) for place, digest, key in copy.placed()]


def test_trees_are_laid_down_and_taken_up_at_the_next_start(filled: Registry, tmp_path, monkeypatch):
    engine = make_engine(filled.settings.database_url)
    everything = Scope(everything=True)
    with transaction(engine, writes=False) as session:
        head = read_head(session, LEDGER)
        first = DigestIndex(LEDGER, tmp_path).tree(session, ENTERPRISES, everything, head=head, known_at=head.seq)
    in_database(filled, [BulkWrite(code(1), "change", "2026-06-01", {"staff": 4_711})])
    monkeypatch.setattr("heli_shared.records.digest_index._current_rows", None)  # all rows may not be read again
    with transaction(engine, writes=False) as session:
        head = read_head(session, LEDGER)
        next_start = DigestIndex(LEDGER, tmp_path)
        second = next_start.tree(session, ENTERPRISES, everything, head=head, known_at=head.seq)
    engine.dispose()

    changed = [row.key for row in second.rows_below("") if row not in first.rows_below("")]
    assert changed == [code(1)]


def test_a_damaged_file_is_built_anew(filled: Registry, tmp_path):
    engine = make_engine(filled.settings.database_url)
    everything = Scope(everything=True)
    with transaction(engine, writes=False) as session:
        head = read_head(session, LEDGER)
        sound = DigestIndex(LEDGER, tmp_path).tree(session, ENTERPRISES, everything, head=head, known_at=head.seq)
        (file,) = tmp_path.glob("enterprises-*.tree")
        file.write_bytes(file.read_bytes()[:-7] + b"garbage")
        again = DigestIndex(LEDGER, tmp_path).tree(session, ENTERPRISES, everything, head=head, known_at=head.seq)
    engine.dispose()
    assert again.digest == sound.digest


def test_digests_of_kinds_with_dates_lists_and_answers_agree_with_their_exports(filled: Registry):
    for plural, key in (("divisions", "code"), ("units", "id"), ("principals", "id")):
        copy = copy_of(filled, plural, key)
        body = filled.get(f"/v1/digests?kind={plural}").json()
        assert (body["count"], body["digest"]) == (len(copy.rows), copy.digest("")), plural
    assert DIVISION.plural == "divisions"

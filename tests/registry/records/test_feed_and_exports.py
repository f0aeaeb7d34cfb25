"""The feed and the bulk copies: complete, consistent with one another, and cut to the caller's scope."""

import csv
import io
import json
import sqlite3
from datetime import date

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from heli_registry.database import LEDGER
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.resources import PLAIN_RESOURCES
from heli_shared.records.verifying import verify_database
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B, Registry


@pytest.fixture
def busy(county: Registry) -> Registry:
    """A county in which something happened in both townships."""
    for number in range(1, 6):
        county.made("/v1/enterprises", uscc=code(number), name=f"=企业{number}", division=TOWN_A, staff=number)
    county.made("/v1/enterprises", uscc=code(9), name="河西厂", division=TOWN_B, has_premises=True)
    county.patch(f"/v1/enterprises/{code(1)}", {"staff": 100, "effective_on": "2026-07-01"})
    county.act(f"/v1/enterprises/{code(2)}/close", {"reason": "注销"})
    return county


def whole_feed(registry: Registry, limit: int = 3) -> list[dict]:
    items, after = [], "0"
    while True:
        page = registry.get(f"/v1/changes?after={after}&limit={limit}").json()
        items += page["items"]
        if page["next"] == page["head"]:
            return items
        after = page["next"]


def test_the_feed_gives_every_entry_once_in_order(busy: Registry):
    items = whole_feed(busy)
    assert [item["seq"] for item in items] == list(range(1, len(items) + 1))
    assert items[-1]["operation"] == "close"
    assert items[-1]["changes"] == {"closed_on": "2026-07-01", "closed_reason": "注销", "state": "closed"}


def test_the_ledgers_bulk_copy_is_the_feed_in_every_format(busy: Registry):
    feed = whole_feed(busy)
    arrow = busy.get("/v1/exports/ledger?format=arrow")
    table = pa.ipc.open_stream(arrow.content).read_all()
    lines = [json.loads(line) for line in busy.get("/v1/exports/ledger?format=ndjson").text.splitlines()]
    parquet = pq.read_table(io.BytesIO(busy.get("/v1/exports/ledger?format=parquet").content))
    text = busy.get("/v1/exports/ledger?format=csv").content.decode("utf-8-sig")

    assert arrow.headers["heli-known-at"] == str(feed[-1]["seq"])
    assert lines == feed
    assert table.column("hash").to_pylist() == [item["hash"] for item in feed]
    assert table.schema.field("effective_on").type == pa.date32()
    assert table.to_pylist() == parquet.to_pylist()
    assert [row["hash"] for row in csv.DictReader(io.StringIO(text))] == [item["hash"] for item in feed]


def test_a_copy_from_the_feed_equals_the_bulk_copy_of_a_kind(busy: Registry):
    copy: dict[str, dict] = {}
    for entry in whole_feed(busy):
        if entry["entity"] == "enterprise":
            copy.setdefault(entry["key"], {}).update(entry["changes"])

    lines = [json.loads(line) for line in busy.get("/v1/exports/enterprises?format=ndjson").text.splitlines()]

    assert {line["uscc"] for line in lines} == set(copy)
    for line in lines:
        for name, value in copy[line["uscc"]].items():
            assert line[name] == value, name


def test_a_bulk_copy_as_of_a_day_and_a_seq(busy: Registry):
    before = next(item["seq"] for item in whole_feed(busy) if item["operation"] == "change") - 1
    lines = busy.get(f"/v1/exports/enterprises?format=ndjson&known_at={before}").text.splitlines()
    staff = {json.loads(line)["uscc"]: json.loads(line)["staff"] for line in lines}
    assert staff[code(1)] == 1
    assert busy.get("/v1/exports/enterprises?on=2026-06-30").text == ""


def test_cells_that_a_spreadsheet_would_run_are_inert(busy: Registry):
    text = busy.get("/v1/exports/enterprises?format=csv").content.decode("utf-8-sig")
    assert {row["name"] for row in csv.DictReader(io.StringIO(text))} == {
        "河西厂", *(f"'=企业{number}" for number in range(1, 6)),
    }  # fmt: skip


def test_a_cursor_of_another_time_is_gone(busy: Registry):
    head = busy.get("/v1/changes").json()["head"]
    epoch, seq = head.split(":")
    assert busy.get(f"/v1/changes?after={head}").json()["items"] == []
    assert busy.get(f"/v1/changes?after={epoch}:{int(seq) + 1}").status_code == 410
    assert busy.get(f"/v1/changes?after=other:{seq}").status_code == 410
    assert busy.get("/v1/changes?after=-1").status_code == 400
    assert busy.get("/v1/changes?after=x:y").status_code == 400


def test_a_waiting_reader_is_answered_when_nothing_comes(busy: Registry):
    head = busy.get("/v1/changes").json()["head"]
    page = busy.get(f"/v1/changes?after={head}&wait=0.3").json()
    assert (page["items"], page["next"]) == ([], head)


def test_a_townships_clerk_gets_its_township_in_exports_and_feed(busy: Registry):
    lines = busy.get("/v1/exports/enterprises?format=ndjson", by="clerk_a").text.splitlines()
    assert {json.loads(line)["division"] for line in lines} == {TOWN_A}
    assert busy.get("/v1/exports/ledger", by="clerk_a").status_code == 403
    assert busy.get("/v1/exports/principals", by="clerk_a").status_code in {403, 404}
    entries = busy.get("/v1/changes", by="clerk_a").json()["items"]
    keys = {entry["key"] for entry in entries if entry["entity"] == "enterprise"}
    assert keys == {code(number) for number in range(1, 6)}
    assert not [entry for entry in entries if entry["entity"] == "principal"]


def test_an_unknown_export_is_not_found(busy: Registry):
    assert busy.get("/v1/exports/nothing").status_code == 404
    assert busy.get("/v1/exports/ledger?format=xml").status_code == 400


def kinds() -> list:
    return [resource.kind for resource in PLAIN_RESOURCES]


def test_a_sound_database_is_proved(busy: Registry):
    proof = verify_database(busy.settings.database_url, LEDGER, kinds())
    assert proof.is_sound
    assert proof.chain.entries == len(whole_feed(busy))
    assert proof.rows == 10


def test_the_database_itself_refuses_to_rewrite_the_ledger(busy: Registry):
    for statement in (
        "UPDATE ledger_entries SET actor = 'x' WHERE seq = 2",
        "DELETE FROM ledger_entries WHERE seq = 2",
    ):
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
            tamper(busy, statement, guarded=True)


@pytest.mark.parametrize(
    ("statement", "fault_seq"),
    [
        ("UPDATE ledger_entries SET changes = replace(changes, '河西厂', '河西厰') WHERE key = '{nine}'", None),
        ("UPDATE ledger_entries SET actor = 'prn-other' WHERE seq = 3", 3),
        ("UPDATE ledger_entries SET effective_on = '2026-06-01' WHERE seq = 4", 4),
        ("DELETE FROM ledger_entries WHERE seq = 5", 5),
        ("DELETE FROM ledger_entries WHERE seq = (SELECT max(seq) FROM ledger_entries)", None),
        ("UPDATE ledger_head SET seq = seq + 1", None),
    ],
)
def test_one_altered_byte_is_found_and_named(busy: Registry, statement: str, fault_seq: int | None):
    tamper(busy, statement.format(nine=code(9)))
    proof = verify_database(busy.settings.database_url, LEDGER, kinds())
    assert not proof.is_sound
    assert proof.chain.fault is not None
    if fault_seq is not None:
        assert proof.chain.fault_seq == fault_seq


def test_a_row_changed_behind_the_ledgers_back_is_named(busy: Registry):
    tamper(busy, "UPDATE enterprises SET staff = 7 WHERE staff = 3")
    proof = verify_database(busy.settings.database_url, LEDGER, [ENTERPRISE])
    assert proof.chain.fault is None
    assert proof.differing == (f"enterprises/{code(3)}",)


def tamper(registry: Registry, statement: str, *, guarded: bool = False) -> None:
    """Do what somebody with the database's own password could do."""
    url = registry.settings.database_url
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        if not guarded:
            connection.execute("DROP TRIGGER ledger_entries_no_update")
            connection.execute("DROP TRIGGER ledger_entries_no_delete")
    else:
        connection = psycopg.connect(url)
        if not guarded:
            connection.execute("ALTER TABLE ledger_entries DISABLE TRIGGER ALL")
    try:
        assert connection.execute(statement).rowcount == 1
        if not guarded and not url.startswith("sqlite"):
            connection.execute("ALTER TABLE ledger_entries ENABLE TRIGGER ALL")
        connection.commit()
    finally:
        connection.close()


def test_dates_in_the_ledger_are_days(busy: Registry):
    assert {date.fromisoformat(item["effective_on"]) for item in whole_feed(busy)} >= {date(2026, 7, 1)}

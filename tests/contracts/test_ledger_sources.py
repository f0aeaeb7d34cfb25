"""What every source promises to whoever copies it; fakes and real services pass the same tests."""

import json

import pytest

from contracts.conftest import Source
from heli_shared.contracts.errors import Gone, Refused
from heli_shared.contracts.feed import LEDGER_COLUMNS, START, Cursor


def everything(source: Source, *, limit: int = 1000):
    entries, cursor = [], START
    while True:
        page = source.client.changes(cursor, limit=limit)
        entries += page.items
        if page.is_last:
            return entries, page
        cursor = page.next_cursor


def test_the_feed_has_every_entry_once_in_order(source: Source):
    entries, last = everything(source, limit=3)

    assert len(entries) >= 7
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert last.next == last.head == f"{last.epoch}:{len(entries)}"
    assert entries == everything(source)[0]


def test_entries_are_chained(source: Source):
    entries, _ = everything(source)

    assert [entry.previous_hash for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]


def test_a_cursor_leads_to_what_came_after_it(source: Source):
    entries, last = everything(source)
    source.write(2)
    page = source.client.changes(last.next_cursor)

    assert [entry.seq for entry in page.items] == [len(entries) + 1, len(entries) + 2]
    assert source.client.changes(page.next_cursor).items == []


def test_a_cursor_of_another_epoch_or_beyond_the_head_is_gone(source: Source):
    _, last = everything(source)
    for cursor in (Cursor("elsewhere", 1), Cursor(last.epoch, last.next_cursor.seq + 1)):
        with pytest.raises(Gone):
            source.client.changes(cursor)


def test_the_bulk_copy_is_the_feed(source: Source):
    entries, last = everything(source)
    with source.client.export("ledger") as bulk:
        batches = list(bulk.batches)

    rows = [row for batch in batches for row in batch.to_pylist()]
    assert (bulk.known_at, bulk.epoch) == (len(entries), last.epoch)
    assert all(tuple(batch.schema.names) == LEDGER_COLUMNS for batch in batches)
    assert [{**row, "changes": json.loads(row["changes"])} for row in rows] == [entry.model_dump() for entry in entries]


def test_the_bulk_copy_of_an_earlier_point(source: Source):
    with source.client.export("ledger", known_at=4) as bulk:
        assert bulk.known_at == 4
        assert sum(batch.num_rows for batch in bulk.batches) == 4


def test_an_export_that_does_not_exist_is_refused(source: Source):
    with pytest.raises(Refused) as refusal, source.client.export("nonsense"):
        pass

    assert refusal.value.status == 404

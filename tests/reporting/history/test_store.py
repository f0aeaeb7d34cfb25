"""The store takes entries in once, whole and in order; refreshing in steps, rebuilding and reopening give the same."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.schema import KINDS, version_table
from heli_reporting.history.store import MEMORY, Store
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import BadRequest, Conflict, Gone, InvalidInput
from reporting.history.county import TOWNS, County, Entry

ON = date(2024, 6, 1)
TABLES = ("facts", "organization_facts", "paths", *(version_table(kind) for kind in KINDS))


def _content(store: Store) -> dict[str, list[Any]]:
    cursor = store._connection.cursor()
    return {table: sorted(cursor.execute(f"FROM {table}").fetchall(), key=repr) for table in TABLES}


def _coverage(store: Store, on: date = ON, seq: int | None = None) -> tuple[int, int | None]:
    cell = store.aggregate(["organization_coverage"], [], Query(on, KnownAt(registry=seq))).total[
        "organization_coverage"
    ]
    return cell.numerator, cell.denominator


def _arrow(entries: list[Entry]) -> pa.Table:
    columns = {name: [entry[name] for entry in entries] for name in entries[0]}
    columns["changes"] = [json.dumps(changes, ensure_ascii=False) for changes in columns["changes"]]
    table = pa.table(columns)
    stamps = pa.array([datetime.fromisoformat(t) for t in columns["recorded_at"]], pa.timestamp("us", "UTC"))
    days = pa.array([date.fromisoformat(d) for d in columns["effective_on"]], pa.date32())
    table = table.set_column(table.schema.get_field_index("recorded_at"), "recorded_at", stamps)
    return table.set_column(table.schema.get_field_index("effective_on"), "effective_on", days)


def test_refreshing_in_steps_equals_rebuilding_from_nothing(store: Store) -> None:
    for seed in range(3):
        county, chance = County(100 + seed, changes=150), Random(seed)
        stepped = Store.open(MEMORY, threads=1)
        rest = county.entries
        while rest:
            size = chance.choice([1, 10, 60])
            stepped.append("registry", rest[:size], epoch="e")
            stepped.refresh()
            rest = rest[size:]
        by_steps = _content(stepped)
        assert stepped.rebuild().rebuilt
        assert _content(stepped) == by_steps
        store.replace("registry", county.entries, epoch=f"e{seed}")
        assert _content(store) == by_steps
        stepped.close()


def test_feed_items_and_arrow_give_the_same(store: Store) -> None:
    county = County(7)
    store.append("registry", county.entries, epoch="e", known_at=len(county.entries))
    store.refresh()
    other = Store.open(MEMORY, threads=1)
    table = _arrow(county.entries)
    other.append(
        "registry", pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=17)), epoch="e"
    )
    other.refresh()
    assert _content(other) == _content(store)
    assert other.heads() == store.heads()
    assert store.heads()["registry"].recorded_at == datetime(2026, 1, 1, tzinfo=UTC)
    other.close()


def test_entries_already_held_are_passed_over(store: Store) -> None:
    county = County(8)
    assert store.append("registry", county.entries[:50], epoch="e") == 50
    assert store.append("registry", county.entries[:60], epoch="e") == 10
    assert store.append("registry", [], epoch="e") == 0
    assert store.heads()["registry"].appended == 60


@pytest.mark.parametrize(
    ("taken", "known_at"),
    [
        (lambda entries: entries[51:], None),
        (lambda entries: entries[50:60] + entries[61:], None),
        (lambda entries: [*entries[50:60], entries[59]], None),
        (lambda entries: [{**entries[49], "hash": "other"}, *entries[50:]], None),
        (lambda entries: entries[50:60], 61),
    ],
    ids=["gap after the head", "gap inside", "double", "held entry changed", "less than named"],
)
def test_what_does_not_fit_is_refused_whole(
    store: Store, taken: Callable[[list[Entry]], list[Entry]], known_at: int | None
) -> None:
    county = County(9)
    store.append("registry", county.entries[:50], epoch="e")
    with pytest.raises(Conflict):
        store.append("registry", taken(county.entries), epoch="e", known_at=known_at)
    assert store.heads()["registry"].appended == 50
    assert store.append("registry", county.entries[50:], epoch="e") == len(county.entries) - 50


def test_another_epoch_is_refused_and_replaced_as_one_step(store: Store) -> None:
    first, second = County(10), County(11)
    store.append("registry", first.entries, epoch="one")
    store.refresh()
    before = _coverage(store, seq=100)
    with pytest.raises(Gone):
        store.append("registry", second.entries, epoch="two")
    with pytest.raises(Conflict):
        store.replace("registry", second.entries[5:], epoch="two")
    assert _coverage(store, seq=100) == before
    store.replace("registry", second.entries, epoch="two")
    fresh = Store.open(MEMORY, threads=1)
    fresh.append("registry", second.entries, epoch="two")
    fresh.refresh()
    assert _coverage(store, seq=100) == _coverage(fresh, seq=100)
    assert _content(store) == _content(fresh)
    fresh.close()


def test_both_ledgers_are_followed_side_by_side(store: Store) -> None:
    task = {
        **County(12).entries[0],
        "entity": "task",
        "key": "tsk-1",
        "changes": {"title": "建支部", "target": "3.50", "due_on": "2024-12-31", "state": "open"},
    }
    change = {**task, "seq": 2, "hash": "h2", "operation": "change", "changes": {"progress": "1.25", "due_on": None}}
    store.append("registry", County(12).entries, epoch="r")
    store.append("assessment", [task, change], epoch="a")
    store.refresh()
    (held,) = store.records("task", ON)
    assert (held["title"], str(held["target"]), str(held["progress"]), held["due_on"]) == (
        "建支部",
        "3.50",
        "1.25",
        None,
    )
    (earlier,) = store.records("task", ON, known_at=KnownAt(assessment=1), keys=["tsk-1"])
    assert (earlier["progress"], earlier["due_on"]) == (None, date(2024, 12, 31))
    assert store.heads()["assessment"].seq == 2


def test_a_store_that_is_opened_again_goes_on_where_it_was(tmp_path: Path) -> None:
    county = County(13)
    path = tmp_path / "reporting.duckdb"
    first = Store.open(path)
    first.append("registry", county.entries[:100], epoch="e")
    first.refresh()
    first.append("registry", county.entries[100:], epoch="e")
    first.close()
    second = Store.open(path)
    assert second.heads()["registry"].seq == len(county.entries)
    content = _content(second)
    second.rebuild()
    assert _content(second) == content
    second.close()


def test_definitions_of_another_release_make_everything_anew(tmp_path: Path) -> None:
    county = County(14)
    path = tmp_path / "reporting.duckdb"
    first = Store.open(path)
    first.append("registry", county.entries, epoch="e")
    first.refresh()
    content = _content(first)
    first._connection.execute("UPDATE definitions SET digest = 'older'; DELETE FROM facts; DROP TABLE v_task")
    first.close()
    second = Store.open(path)
    assert _content(second) == content
    second.close()


def test_a_store_of_a_release_that_knew_fewer_kinds_takes_in_what_it_held_of_them(tmp_path: Path) -> None:
    county = County(14)
    path = tmp_path / "reporting.duckdb"
    first = Store.open(path)
    first.append("registry", county.entries, epoch="e")
    said = {"plan": "pln-1", "unit": "unt-a", "sign_by": "2026-03-01", "is_signed": False, "state": "open"}
    first.append("assessment", [{**county.entries[0], "entity": "letter", "key": "ltr-1", "changes": said}], epoch="e")
    first.refresh()
    content = _content(first)
    first._connection.execute("""
UPDATE definitions SET digest = 'older'; DROP TABLE v_letter; DROP TABLE v_dispute; ALTER TABLE v_task DROP parent""")
    first.close()
    second = Store.open(path)
    found = second.records("letter", ON)
    assert [(each["key"], each["sign_by"], each["is_signed"]) for each in found] == [("ltr-1", date(2026, 3, 1), False)]
    assert _content(second) == content
    assert second.records("dispute", ON) == []
    second.close()


def test_a_refresh_that_breaks_leaves_the_old_state(store: Store) -> None:
    county = County(15)
    store.append("registry", county.entries[:150], epoch="e")
    store.refresh()
    content, coverage = _content(store), _coverage(store)
    store.append("registry", county.entries[150:], epoch="e")
    whole = dict(store._definitions)
    store._definitions["organization_facts"] = "SELECT error('broken off')"
    with pytest.raises(Exception, match="broken off"):
        store.refresh()
    assert _content(store) == content
    assert _coverage(store) == coverage
    assert store.heads()["registry"].seq == 150
    store._definitions.update(whole)
    assert store.refresh().entries == len(county.entries) - 150


def test_readers_beside_a_writer_see_whole_states_only(store: Store) -> None:
    county = County(16, changes=60)
    store.append("registry", county.entries, epoch="e")
    store.refresh()
    extra = 30
    for _ in range(extra):
        uscc = county.usccs[0]
        county.write("enterprise", uscc, "change", ON, {"staff": 60 + len(county.entries) % 7})

    def read() -> set[int | None]:
        seen = set()
        for _ in range(40):
            answer = store.aggregate(["enterprise_count", "organization_coverage"], ["division:town"], Query(ON))
            total = answer.total
            rows = store.rows("enterprise_count", Query(ON, answer.known_at))
            assert rows.total == total["enterprise_count"].numerator == total["organization_coverage"].denominator
            seen.add(answer.known_at.registry)
        return seen

    def write() -> None:
        for entry in county.entries[-extra:]:
            store.append("registry", [entry], epoch="e")
            store.refresh()

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        pool.submit(write).result()
        heads = set().union(*(reader.result() for reader in readers))
    assert len(heads) > 1


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda store: store.aggregate(["coverage"], [], Query(ON)), BadRequest),
        (lambda store: store.aggregate(["organization_coverage"], ["town"], Query(ON)), BadRequest),
        (lambda store: store.aggregate(["organization_count"], ["size"], Query(ON)), BadRequest),
        (
            lambda store: store.aggregate(["organization_count"], [], Query(ON, filters={"size": ("micro",)})),
            BadRequest,
        ),
        (lambda store: store.aggregate(["enterprise_count"], [], Query(ON, filters={"colour": ("red",)})), BadRequest),
        (lambda store: store.aggregate(["enterprise_count"], [], Query(ON, filters={"size": ("huge",)})), BadRequest),
        (lambda store: store.aggregate(["enterprise_count"], [], Query(ON, filters={"industry": ("c'",)})), BadRequest),
        (lambda store: store.rows("enterprise_count", Query(ON), after="nonsense"), BadRequest),
        (lambda store: store.gaps(Query(ON), measure="organization_coverage"), BadRequest),
        (lambda store: store.records("colour", ON), BadRequest),
        (lambda store: store.append("elsewhere", [], epoch="e"), BadRequest),
        (lambda store: store.aggregate(["enterprise_count"], [], Query(ON, KnownAt(registry=1))), InvalidInput),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    store: Store, ask: Callable[[Store], object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(store)


def test_an_empty_store_answers_and_an_empty_scope_sees_nothing(store: Store) -> None:
    answer = store.aggregate(["organization_coverage", "organization_count"], ["division:town"], Query(ON))
    assert answer.rows == []
    assert answer.total["organization_coverage"].reason == "zero_denominator"
    assert answer.total["organization_count"].value == 0
    store.append("registry", County(19).entries, epoch="e")
    store.refresh()
    hidden = store.aggregate(["enterprise_count"], ["division:town"], Query(ON, scope=Scope()))
    assert hidden.rows == []
    assert hidden.total["enterprise_count"].value == 0


def test_large_batches_after_an_empty_one_are_all_counted(store: Store) -> None:
    count = 130_000  # more than one row group of the engine
    county = County(20, changes=0)
    start = [e for e in county.entries if e["entity"] in ("division", "zone", "unit")]
    changes = json.dumps({"division": TOWNS[0], "ownership": "private", "state": "open"})
    table = _arrow(start)
    seqs = range(len(start) + 1, len(start) + count + 1)
    columns = {name: [start[0][name]] * count for name in start[0]}
    columns |= {"seq": list(seqs), "key": [f"9{seq:017d}" for seq in seqs], "entity": ["enterprise"] * count}
    columns |= {"changes": [changes] * count, "hash": [f"h{seq}" for seq in seqs]}
    columns["recorded_at"] = [datetime.fromisoformat(start[0]["recorded_at"])] * count
    columns["effective_on"] = [date(2024, 1, 1)] * count
    many = pa.table(columns, schema=table.schema)
    assert store.append("registry", [table.slice(0, 0), table, many.slice(0, 0), many], epoch="e") == count + len(start)
    assert store.refresh().enterprises == count
    assert _coverage(store) == (0, count)

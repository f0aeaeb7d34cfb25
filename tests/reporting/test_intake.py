"""Intake: the bulk once, then the feed; a restored source is taken anew; nothing half-taken is ever shown."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from heli_reporting.intake.loop import SyncLoop
from heli_shared.contracts.errors import Malformed, Unreachable
from heli_shared.contracts.feed import Bulk, Cursor
from heli_shared.kernel.errors import TooMany
from reporting.world import TOWN_A, World


def taken(report) -> dict[str, tuple[str, int, str]]:
    return {each["name"]: (each["mode"], each["taken"], each["status"]) for each in report["sources"]}


def count(world: World, **params) -> int:
    return int(world.statistics(measure="enterprise_count", **params)["total"]["enterprise_count"]["value"])


def test_the_bulk_once_then_the_feed(empty_world: World):
    empty_world.county()
    held = len(empty_world.registry.entries)

    assert taken(empty_world.sync()) == {"registry": ("bulk", held, "fresh"), "assessment": ("bulk", 0, "fresh")}
    assert taken(empty_world.sync()) == {"registry": ("feed", 0, "fresh"), "assessment": ("feed", 0, "fresh")}
    empty_world.enterprise(60)
    assert taken(empty_world.sync())["registry"] == ("feed", 1, "fresh")
    assert count(empty_world) == 9


def test_a_long_feed_is_read_page_by_page(world: World):
    for number in range(100, 100 + 12_000):
        world.enterprise(number)

    assert taken(world.sync())["registry"] == ("feed", 12_000, "fresh")
    assert count(world) == 12_008


def test_a_restored_source_is_taken_anew(world: World):
    world.registry.restore("after-restore", upto=len(world.registry.entries) - 8)
    world.enterprise(70)

    assert taken(world.sync())["registry"][0] == "bulk"
    assert world.statistics(measure="enterprise_count")["passport"]["sources"][0]["epoch"] == "after-restore"
    assert count(world) == 9


def test_a_history_that_was_rewritten_under_the_same_epoch_is_taken_anew(world: World):
    last = world.registry.entries.pop()
    world.registry.append(last.entity, last.key, effective_on=last.effective_on, changes={"state": "closed"})
    world.enterprise(71)
    world.sync()

    assert count(world) == 9
    assert world.get("/v1/sources").json()["stale"] is False


class Breaking:
    """A source whose bulk copy breaks off after the first batch."""

    def __init__(self, world: World, error: Exception) -> None:
        self._real = world.registry
        self._error = error

    def changes(self, after: Cursor, *, limit: int = 1000, wait: float = 0.0):
        return self._real.changes(after, limit=limit, wait=wait)

    @contextmanager
    def export(self, kind: str, *, on=None, known_at=None) -> Iterator[Bulk]:
        with self._real.export(kind, on=on, known_at=known_at) as bulk:
            yield Bulk(bulk.known_at, bulk.epoch, self._cut(bulk))

    def _cut(self, bulk: Bulk):
        yield next(iter(bulk.batches))
        raise self._error


def intake_of(world: World):
    """Return the service's intake, as its endpoints hold it."""
    for route in world.app.routes:
        if getattr(route, "path", "") == "/v1/syncs":
            cells = route.endpoint.__wrapped__.__closure__
            return next(cell.cell_contents for cell in cells if hasattr(cell.cell_contents, "sync"))
    raise AssertionError


@pytest.mark.parametrize("error", [Unreachable("registry", "reset"), Malformed("registry", "nonsense")])
def test_a_copy_that_breaks_off_leaves_the_last_good_one(world: World, error):
    before = world.statistics(measure="enterprise_count", by="division:town")
    world.registry.restore("after-restore", upto=5)
    intake_of(world)._sources["registry"] = Breaking(world, error)
    report = world.sync()
    after = world.statistics(measure="enterprise_count", by="division:town")

    assert report["sources"][0]["status"] == "stale"
    assert (after["rows"], after["passport"]["stale"]) == (before["rows"], True)


@pytest.mark.parametrize("error", [Unreachable("registry", "reset"), Malformed("registry", "nonsense")])
def test_a_first_copy_that_breaks_off_leaves_nothing(empty_world: World, error):
    empty_world.county()
    intake_of(empty_world)._sources["registry"] = Breaking(empty_world, error)

    assert taken(empty_world.sync())["registry"] == ("none", 0, "never")
    assert empty_world.get("/v1/statistics", measure="enterprise_count").status_code == 503


def test_one_source_that_fails_does_not_hold_up_the_other(world: World):
    world.get("/v1/sources")
    world.registry.is_down = True
    world.record("plan", "pln-9", title="x", year=2026)

    assert taken(world.sync()) == {"registry": ("none", 0, "stale"), "assessment": ("feed", 1, "fresh")}


class Slow:
    """A source that stops in the middle until the test lets it go on, and counts its readers."""

    def __init__(self, world: World) -> None:
        self._real = world.registry
        self.entered, self.go, self.calls = threading.Event(), threading.Event(), 0

    def changes(self, after: Cursor, *, limit: int = 1000, wait: float = 0.0):
        self.calls += 1
        self.entered.set()
        assert self.go.wait(60)
        return self._real.changes(after, limit=limit, wait=wait)


def test_callers_who_wait_share_the_next_reading(world: World):
    intake, slow = intake_of(world), Slow(world)
    intake._sources["registry"] = slow
    reports = []
    threads = [threading.Thread(target=lambda: reports.append(intake.sync())) for _ in range(6)]
    threads[0].start()
    assert slow.entered.wait(60)
    for thread in threads[1:]:
        thread.start()
    while intake._waiting < 6:
        pass
    slow.go.set()
    for thread in threads:
        thread.join()

    assert len(reports) == 6
    assert slow.calls == 2


def test_too_many_who_wait_are_sent_away(world: World):
    intake = intake_of(world)
    intake._waiting = 16

    with pytest.raises(TooMany):
        intake.sync()


def test_what_was_written_before_the_sync_was_asked_for_is_in(world: World):
    for number in range(80, 90):
        world.enterprise(number, TOWN_A, date(2026, 6, 1))
        world.sync()
        assert count(world, division=TOWN_A) == 5 + number - 79


def test_the_loop_reads_again_and_again_and_survives_a_failure():
    calls, enough = [], threading.Event()

    class Failing:
        def sync(self):
            calls.append(1)
            if len(calls) >= 3:
                enough.set()
            raise RuntimeError("the disk is full")

    loop = SyncLoop(Failing(), 0.001)  # type: ignore[arg-type]
    loop.start()
    assert enough.wait(60)
    loop.stop()

"""Many writers at once: a feed reader beside them misses nothing, and the chain stays whole.

The naive variant numbers entries by a plain sequence, as many systems do; the same reader loses entries of it, which
shows that this test can fail.
"""

import random
import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa

from heli_registry.database import LEDGER
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.migrating import migrate_registry
from heli_shared.db.engine import make_engine, transaction
from heli_shared.kernel.clock import SystemClock
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.entries import Author
from heli_shared.ledger.reading import page_after
from heli_shared.records.verifying import verify_database
from heli_shared.records.writing import Write, write
from heli_shared.testing.databases import Databases, PostgresDatabases
from registry.codes import code

WRITERS, ROUNDS = 8, 60
DAY = date(2026, 1, 1)


class Undone(Exception):
    """A writer changes its mind."""


class Writers:
    """Runs writers in threads; each has chance of its own and undoes one transaction in twenty."""

    def __init__(self, once: Callable[[sa.orm.Session, int, random.Random], int], engine: sa.Engine) -> None:
        self.once, self.engine = once, engine
        self.written: set[int] = set()
        self.failures: list[BaseException] = []
        self.threads = [threading.Thread(target=self.run, args=(number,)) for number in range(WRITERS)]

    def run(self, number: int) -> None:
        chance = random.Random(number)
        try:
            for turn in range(ROUNDS):
                self.turn(number * ROUNDS + turn, chance)
        except BaseException as error:  # noqa: BLE001 - handed to the test, which fails with it
            self.failures.append(error)

    def turn(self, number: int, chance: random.Random) -> None:
        try:
            with transaction(self.engine, writes=True) as session:
                found = self.once(session, number, chance)
                self.maybe_undo(chance)
        except Undone:
            return
        self.written.add(found)

    @staticmethod
    def maybe_undo(chance: random.Random) -> None:
        if chance.random() < 0.05:
            raise Undone

    @contextmanager
    def working(self):
        for thread in self.threads:
            thread.start()
        yield
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures

    @property
    def is_working(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)


def follow(writers: Writers, read: Callable[[int], list[int]]) -> list[int]:
    """Read a feed beside the writers, always from behind the last number seen, until they are done."""
    seen: list[int] = []
    with writers.working():
        while writers.is_working:
            seen += read(seen[-1] if seen else 0)
    return seen + read(seen[-1] if seen else 0)


def test_a_feed_reader_beside_eight_writers_misses_nothing(databases: Databases):
    url = databases.migrated("registry", migrate_registry)
    engine = make_engine(url)
    clock = SystemClock()

    def write_one(session, number: int, chance: random.Random) -> int:
        changes = {"name": f"企业{number}", "division": "990121000000", "state": "open", "staff": chance.randrange(99)}
        new = Write(ENTERPRISE, code(number), "create", DAY, changes)
        return write(session, LEDGER, [new], author=Author(f"prn-{number % WRITERS}", None), clock=clock)[0].seq

    def read(after: int) -> list[int]:
        with transaction(engine, writes=False) as session:
            return [entry.seq for entry in page_after(session, LEDGER, after, 50)]

    writers = Writers(write_one, engine)
    seen = follow(writers, read)
    while more := read(seen[-1]):
        seen += more

    assert seen == list(range(1, len(seen) + 1)), "numbers are dense and in order"
    assert set(seen) == writers.written, "everything that was committed was read, and nothing else"
    with transaction(engine, writes=False) as session:
        assert read_head(session, LEDGER).seq == len(seen)
    assert verify_database(url, LEDGER, [ENTERPRISE]).is_sound
    engine.dispose()


@pytest.mark.postgres
def test_the_same_reader_loses_entries_when_a_plain_sequence_numbers_them(postgres_maker: PostgresDatabases):
    engine = make_engine(postgres_maker.empty())
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE naive (seq BIGSERIAL PRIMARY KEY, number BIGINT)"))

    def write_one(session, number: int, chance: random.Random) -> int:
        statement = sa.text("INSERT INTO naive (number) VALUES (:number) RETURNING seq")
        seq = session.execute(statement, {"number": number}).scalar_one()
        session.execute(sa.text("SELECT pg_sleep(:seconds)"), {"seconds": chance.random() * 0.01})
        return int(seq)

    def read(after: int) -> list[int]:
        with transaction(engine, writes=False) as session:
            statement = sa.text("SELECT seq FROM naive WHERE seq > :after ORDER BY seq LIMIT 50")
            return list(session.execute(statement, {"after": after}).scalars())

    writers = Writers(write_one, engine)
    seen = follow(writers, read)
    while more := read(seen[-1]):
        seen += more

    assert writers.written - set(seen), "the naive cursor lost nothing this time: the race test proves nothing"
    engine.dispose()


def test_nobodys_change_is_lost_when_many_change_one_record(databases: Databases):
    """Each of many writers reads, adds one and writes under the row's lock; the sum is right."""
    engine = make_engine(databases.migrated("registry", migrate_registry))
    clock = SystemClock()
    author = Author("prn-1", None)
    key = code(1)
    with transaction(engine, writes=True) as session:
        new = {"name": "甲", "division": "990121000000", "state": "open", "staff": 0}
        write(session, LEDGER, [Write(ENTERPRISE, key, "create", DAY, new)], author=author, clock=clock)

    def add_one(session, _number: int, _chance: random.Random) -> int:
        table = ENTERPRISE.table
        row = session.execute(sa.select(table).where(table.c.uscc == key).with_for_update(key_share=True)).one()
        change = Write(ENTERPRISE, key, "change", DAY, {"staff": row.staff + 1})
        return write(session, LEDGER, [change], author=author, clock=clock)[0].seq

    writers = Writers(add_one, engine)
    with writers.working():
        pass

    with transaction(engine, writes=False) as session:
        assert session.execute(sa.select(ENTERPRISE.table.c.staff)).scalar_one() == len(writers.written)
    engine.dispose()

"""A service killed at any moment of an import, an application or an undoing leaves all of it or nothing."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from heli_assessment.database import LEDGER
from heli_assessment.migrating import migrate_assessment
from heli_shared.db.engine import make_engine, transaction
from heli_shared.ledger.verifying import verify_chain

pytestmark = pytest.mark.system
ROWS, KILLS = 150, 4
WORKER = f"""
import sys
sys.path.insert(0, {str(Path(__file__).resolve().parents[1])!r})
from datetime import UTC, datetime
from assessment.world import World
from heli_shared.kernel.clock import FixedClock
world = World(FixedClock(datetime(2026, 7, 1, 2, 30, tzinfo=UTC)), sys.argv[1])
world.county()
rows = "".join(f"走访,城关镇党委,2026-05-{{1 + n % 28:02}},走访{{n}}\\n" for n in range({ROWS}))
files = {{"file": ("记录.csv", ("类别,单位,日期,事项\\n" + rows).encode())}}
print("ready", flush=True)
while True:
    looked = world.call("POST", "/v1/imports?kind=activities&dry_run=true", files=files).json()
    made = world.call("POST", "/v1/imports/" + looked["id"] + "/apply").json()
    assert made["rows"]["created"] == {ROWS}, made
    print("applied", made["id"], flush=True)
    undone = world.call("POST", "/v1/imports/" + made["id"] + "/undo").json()
    assert undone["closed"] == {ROWS}, undone
    print("undone", made["id"], flush=True)
"""


def state(url):
    """Return the imports that wrote something, and how many activities each has open or closed."""
    engine = make_engine(url)
    with transaction(engine, writes=False) as session:
        written = session.execute(
            sa.text("SELECT id, first_seq, last_seq, undone_at FROM list_imports WHERE first_seq IS NOT NULL")
        ).all()
        found = {}
        for row in written:
            counted = sa.text(
                "SELECT state, count(*) FROM activities WHERE id IN "
                "(SELECT key FROM ledger_entries WHERE seq BETWEEN :first AND :last) GROUP BY state"
            )
            counts = session.execute(counted, {"first": row.first_seq, "last": row.last_seq}).all()
            found[row.id] = (row.undone_at is not None, dict(map(tuple, counts)))
        total = session.execute(sa.text("SELECT count(*) FROM activities")).scalar_one()
        entries = list(session.execute(sa.select(LEDGER.entries).order_by(LEDGER.entries.c.seq)))
        head = session.execute(sa.select(LEDGER.head)).one()
    engine.dispose()
    assert verify_chain(entries, head_seq=head.seq, head_hash=head.hash).fault is None
    return found, total


def test_a_kill_leaves_whole_imports_and_whole_undoings(databases):
    url, chance = databases.migrated("assessment", migrate_assessment), random.Random(3)
    told: list[list[str]] = []
    for kill in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", WORKER, url], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if kill == 0:
            told.append(process.stdout.readline().split())
        time.sleep(chance.uniform(0.0, 3.0))
        os.kill(process.pid, signal.SIGKILL)
        told += [line.split() for line in process.stdout.read().splitlines()]
        process.wait()
        process.stdout.close()
        found, total = state(url)
        # All rows of each, in one state; nothing beside them.
        assert all(counts == {"closed" if undone else "open": ROWS} for undone, counts in found.values()), found
        assert total == ROWS * len(found)
        # Nothing that was answered is lost.
        assert {key for _, key in told} <= found.keys()
        assert all(found[key][0] for word, key in told if word == "undone")
    assert [word for word, _ in told[:1]] == ["applied"]

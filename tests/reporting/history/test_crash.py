"""A process killed at any moment leaves a store that opens, is whole, and goes on."""

import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from random import Random

from heli_reporting.history.domain import Query
from heli_reporting.history.store import Store
from reporting.history.county import County

WORKER = """
import sys
from pathlib import Path
from heli_reporting.history.store import Store
from reporting.history.county import County

county = County(int(sys.argv[2]), changes=400)
store = Store.open(Path(sys.argv[1]), threads=1)
print("open", flush=True)
held = store.heads()["registry"].appended
while held < len(county.entries):
    held += store.append("registry", county.entries[held : held + 7], epoch="e")
    print(held, flush=True)
    store.refresh()
"""


def _tables(store: Store) -> list[object]:
    cursor = store._connection.cursor()
    return [sorted(cursor.execute(f"FROM {table}").fetchall(), key=repr) for table in ("facts", "organization_facts")]


def test_a_store_killed_at_random_moments_is_whole(tmp_path: Path) -> None:
    path, seed = tmp_path / "reporting.duckdb", 31
    entries = County(seed, changes=400).entries
    Store.open(path).close()
    chance, acknowledged = Random(seed), 0
    for _ in range(5):
        command = [sys.executable, "-c", WORKER, str(path), str(seed)]
        paths = {"PYTHONPATH": str(Path(__file__).parents[2])}
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=paths)
        assert worker.stdout is not None
        assert worker.stdout.readline() == "open\n"
        time.sleep(chance.uniform(0.05, 0.6))
        worker.send_signal(signal.SIGKILL)
        said = worker.stdout.read().split()
        worker.wait()
        worker.stdout.close()
        acknowledged = max([acknowledged, *(int(word) for word in said if word.isdigit())])
        store = Store.open(path, threads=1)
        head = store.heads()["registry"]
        assert acknowledged <= head.appended <= len(entries)
        assert head.seq == head.appended
        content = _tables(store)
        store.rebuild()
        assert _tables(store) == content
        store.close()
    fresh = Store.open(Path(":memory:"), threads=1)
    fresh.append("registry", entries[: head.appended], epoch="e")
    fresh.refresh()
    assert sorted(map(repr, _tables(fresh)[0])) == sorted(map(repr, content[0]))  # type: ignore[call-overload]
    assert fresh.aggregate(["enterprise_count"], [], Query(date(2024, 6, 1))).known_at.registry == head.appended
    fresh.close()

"""A workbook of 30 columns imported by a process of its own: how fast, and how much memory its whole tree takes.

Run by `./dev bench --only workbook`; ENGINEERING asks for 400,000 rows in 600 MB.
"""

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import xlsxwriter
from tests.performance.bench_tools import ROOT, Line, say, timed
from tests.performance.bench_world import COLUMNS, divisions_csv, enterprise_rows

from heli_registry.database import LEDGER
from heli_registry.imports import repository
from heli_registry.imports.domain import ImportJob
from heli_registry.imports.worker import ImportWorker
from heli_registry.migrating import migrate_registry
from heli_shared.db.engine import make_engine, transaction
from heli_shared.kernel.access import Scope
from heli_shared.kernel.clock import SystemClock

MORE = tuple(f"备用{number}" for number in range(1, 31 - len(COLUMNS)))
_LOOK_SECONDS = 0.05


def measure_workbook(rows: int) -> list[Line]:
    """Make a workbook as spreadsheets save it (texts shared), import it, and return its rate and its peak of memory."""
    with tempfile.TemporaryDirectory(prefix="heli-workbook-") as folder:
        file = Path(folder) / "list.xlsx"
        say(f"workbook: {rows:,} rows × {len(COLUMNS) + len(MORE)} columns")
        write_list(file, rows)
        floor = timed(lambda: _read_whole(file))
        command = [sys.executable, "-m", "tests.performance.bench_workbook", str(file), folder]
        began = time.perf_counter()
        with subprocess.Popen(command, cwd=ROOT) as process:
            peak = Peak(process.pid)
            watcher = threading.Thread(target=peak.watch, args=(process,), daemon=True)
            watcher.start()
            code = process.wait()
            watcher.join()
        took = time.perf_counter() - began
        if code:
            raise RuntimeError(f"the import ended with {code}")
    what = f"import of a workbook of {rows:,} rows × 30"
    return [
        Line(f"{what}, SQLite", rows / took, "rows/s", "calamine reads it", rows / floor, took / floor),
        Line(f"{what}, memory of the whole process tree", peak.megabytes, "MB", limit="≤ 600 MB at 400,000 rows"),
    ]


class Peak:
    """The most memory that a process and all below it held at one time, shared pages counted once."""

    def __init__(self, pid: int) -> None:
        """Begin with nothing."""
        self._pid = pid
        self.megabytes = 0.0

    def watch(self, process: "subprocess.Popen[bytes]") -> None:
        """Look again and again until the process has ended."""
        while process.poll() is None:
            self.megabytes = max(self.megabytes, sum(map(_memory, _tree(self._pid))) / 1024)
            time.sleep(_LOOK_SECONDS)


def _tree(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:  # it has just ended
                continue
    return found


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def write_list(file: Path, rows: int) -> None:
    """Write a list of enterprises with columns of an office's own beside, texts shared as spreadsheets share them."""
    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("企业")
        sheet.write_row(0, 0, (*COLUMNS, *MORE))
        for line, row in enumerate(enterprise_rows(rows), start=1):
            sheet.write_row(line, 0, (*row, *(f"备注{(line * place) % 2_000}" for place in range(len(MORE)))))


def _read_whole(file: Path) -> None:
    """Read the whole sheet into memory, in a process of its own: the floor."""
    code = (
        "import sys, python_calamine as c; c.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()"
    )
    subprocess.run([sys.executable, "-c", code, str(file)], check=True)


def import_list(file: Path, folder: Path) -> None:
    """Import the divisions and the list into a fresh registry, in this process."""
    url = f"sqlite:///{folder / 'registry.sqlite'}"
    migrate_registry(url)
    engine = make_engine(url)
    clock = SystemClock()
    (folder / "imp-1").write_bytes(divisions_csv())
    file.rename(folder / "imp-2")
    for name, kind in (("imp-1", "divisions"), ("imp-2", "enterprises")):
        job = ImportJob(
            id=name, kind=kind, file_name=file.name, dry_run=False, mode="accept_valid", effective_on=None,
            principal="prn-1", unit=None, scope=Scope(everything=True), created_at=clock.now(),
        )  # fmt: skip
        with transaction(engine, writes=True) as session:
            repository.add(session, job)
    ImportWorker(engine, LEDGER, folder=folder, clock=clock).run_pending()
    with transaction(engine, writes=False) as session:
        found = repository.find(session, "imp-2")
    engine.dispose()
    if found is None or found.status != "done" or found.counts.refused:
        raise SystemExit(f"not imported: {found}")


if __name__ == "__main__":
    import_list(Path(sys.argv[1]), Path(sys.argv[2]))

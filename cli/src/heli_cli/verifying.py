"""`heli verify`: prove ledgers without the services, from the databases or from exported files."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rich.console import Console

from heli_cli.refusals import Refusal
from heli_cli.settings import read_settings
from heli_shared.ledger.verifying import Verdict, verify_chain

LEDGERS = ("registry", "assessment")
_BATCH = 2_000


def verify_own(console: Console) -> bool:
    """Verify the ledgers of the data folder and print a line for each; return whether all are sound."""
    verdicts = {service: _verdict_of(service) for service in LEDGERS}
    for service, verdict in verdicts.items():
        _print(service, verdict, console)
    return all(verdict.fault is None for verdict in verdicts.values())


def verify_files(files: list[Path], console: Console) -> bool:
    """Verify exported ledgers (NDJSON) and print a line for each; return whether all are sound."""
    sound = True
    for file in files:
        if not file.is_file():
            raise Refusal(f"没有文件 {file}。", f"There is no file {file}.")
        verdict = verify_chain(_rows_of(file))
        _print(file.name, verdict, console)
        sound = sound and verdict.fault is None
    return sound


def _verdict_of(service: str) -> Verdict:
    """Read a service's ledger in order, in one snapshot, and hold its end against its head."""
    import sqlalchemy as sa
    from sqlalchemy.exc import SQLAlchemyError

    from heli_cli.composition import database_url_of, tables_of
    from heli_shared.db.engine import make_engine, transaction

    url = database_url_of(service)
    if url.startswith("sqlite") and not Path(url.partition("///")[2]).exists():
        raise _nothing(service)
    tables = tables_of(service).tables
    engine = make_engine(url)
    try:
        with transaction(engine, writes=False) as session:
            head = session.execute(sa.select(tables["ledger_head"])).one()
            entries = tables["ledger_entries"]
            statement = sa.select(entries).where(entries.c.seq <= head.seq).order_by(entries.c.seq)
            rows = session.execute(statement.execution_options(yield_per=_BATCH))
            return verify_chain(rows, head_seq=head.seq, head_hash=head.hash)
    except SQLAlchemyError as error:
        raise _nothing(service) from error
    finally:
        engine.dispose()


def _nothing(service: str) -> Refusal:
    folder = read_settings().data
    return Refusal(
        f"{service} 还没有台账（数据目录 {folder}）；请先运行 ./dev up 或 ./dev demo。",
        f"{service} has no ledger yet (data folder {folder}); run ./dev up or ./dev demo first.",
    )


def _rows_of(file: Path) -> Iterator[Any]:
    from heli_shared.ledger.entries import changes_text

    with file.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            try:
                entry = json.loads(line)
                yield SimpleNamespace(**{**entry, "changes": changes_text(entry["changes"])})
            except (ValueError, TypeError, KeyError) as error:
                raise Refusal(
                    f"{file.name} 第 {number} 行不是台账条目；请用 /v1/exports/ledger?format=ndjson 导出。",
                    f"Line {number} of {file.name} is no ledger entry; export /v1/exports/ledger?format=ndjson.",
                ) from error


def _print(name: str, verdict: Verdict, console: Console) -> None:
    if verdict.fault is None:
        console.print(f"[green]✓[/green] {name}: {verdict.entries:,} 条，链完整 the chain is sound")
        console.print(f"  末条 hash {verdict.last_hash}", soft_wrap=True)
    else:
        console.print(f"[red]✗ {name}: 第 {verdict.fault_seq} 条有误[/red] {verdict.fault}", soft_wrap=True)

"""`heli claims load`: read a wide list by the columns that imports know, and deliver it value by value."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console

from heli_cli.client import Heli
from heli_cli.printing import plain_table
from heli_cli.refusals import Refusal

MOST = 10_000
_SHOWN = 10
_COUNTED = ("accepted", "unchanged", "enterprises_changed", "disputes_opened", "disputes_closed")
_KEY, _DAY = "uscc", "effective_on"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a list: the row as a spreadsheet shows it, the column's header, and what is said."""

    row: int
    header: str
    said: dict[str, Any]


@dataclass(slots=True)
class Outcome:
    """What became of a list: rows read, counts, refusals as (row, column, reason), columns without a steward."""

    rows: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def deliver(heli: Heli, path: Path, *, unit: str | None, on: date, document: str | None, console: Console) -> int:
    """Deliver a list, print what became of it, and return how many values were refused."""
    if not path.is_file():
        raise Refusal(f"没有文件 {path}。", f"There is no file {path}.")
    stewarded = {each["field"] for each in heli.list("registry", "/v1/field-stewards", state="open")}
    outcome = Outcome()
    cells = _cells(path, on, stewarded, outcome)
    while batch := list(islice(cells, MOST)):
        rows = [cell.said for cell in batch]
        body = {"unit": unit, "observed_on": on.isoformat(), "document": document or path.name, "rows": rows}
        found = heli.post("registry", "/v1/claims/batch", body)
        for name in _COUNTED:
            outcome.counts[name] += found[name]
        for each in found["refused"]:
            cell = batch[each["row"] - 1]
            outcome.refused += [(cell.row, cell.header, why["zh"]) for why in each["errors"]]
    _print(outcome, path.name, console)
    return len(outcome.refused)


def _cells(path: Path, today: date, stewarded: set[str], outcome: Outcome) -> Iterator[Cell]:
    """Yield every value of the list in a column that somebody answers for; what cannot be read is refused."""
    from heli_registry.divisions.gazetteer import load_gazetteer
    from heli_registry.enterprises.models import ENTERPRISE
    from heli_registry.imports.kinds import KINDS
    from heli_registry.imports.preparing import Preparer
    from heli_registry.imports.tables import open_table
    from heli_shared.kernel.errors import DomainError

    kind = KINDS["enterprises"]
    try:
        table = open_table(path, kind)
    except DomainError as error:
        raise Refusal(error.zh, error.en) from error
    columns = table.columns
    wanted = [name for name in columns.places if name in stewarded]
    outcome.left_out = [columns.labels[name] for name in columns.places if name not in {*wanted, _KEY, _DAY, "name"}]
    outcome.left_out += list(columns.unknown)
    bounds = {
        each.name: (each.minimum, each.maximum) if each.type == "integer" else (0, each.max_length)
        for each in ENTERPRISE.fields
        if each.type == "integer" or (each.type == "text" and not each.choices and not each.references)
    }
    preparer = Preparer(kind, columns, today=today, gazetteer=load_gazetteer(), bounds=bounds)
    for chunk in table.chunks:
        ready = preparer.prepare(chunk)
        outcome.rows += len(chunk.rows) + len(chunk.misfits)
        outcome.refused += [(each.row, why.column, why.zh) for each in ready.refusals for why in each.errors]
        for row in ready.rows:
            about = {"enterprise": row.given[_KEY]} | ({"observed_on": row.given[_DAY]} if row.given.get(_DAY) else {})
            for name in wanted:
                if name in row.given:
                    said = {**about, "field": name, "value": row.given[name]}
                    yield Cell(row.row, columns.labels[name], said)


def _print(outcome: Outcome, name: str, console: Console) -> None:
    table = plain_table(
        "读取行 rows",
        "接受 accepted",
        "未变 unchanged",
        "退回 refused",
        "生效值变动 changed",
        "新争议 opened",
        "了结 closed",
    )
    counts = outcome.counts
    numbers = (
        outcome.rows, counts["accepted"], counts["unchanged"], len(outcome.refused), counts["enterprises_changed"],
        counts["disputes_opened"], counts["disputes_closed"],
    )  # fmt: skip
    table.add_row(*(f"{number:,}" for number in numbers))
    console.print(table)
    if outcome.left_out:
        console.print(
            f"{name}：未提交的列（没有责任单位） columns that nobody answers for: {'、'.join(outcome.left_out)}"
        )
    if outcome.refused:
        refused = plain_table("行 row", "列 column", "原因 reason")
        for row, column, why in sorted(outcome.refused)[:_SHOWN]:
            refused.add_row(str(row), column or "–", why)
        console.print(refused)
        console.print(f"退回 {len(outcome.refused):,} 项，先列 {min(len(outcome.refused), _SHOWN)} 项 first refusals")

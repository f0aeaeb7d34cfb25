"""How tables and values look on the terminal."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table


def plain_table(*titles: str) -> Table:
    """Return a table with a line below its head and nothing else."""
    table = Table(box=SIMPLE_HEAD)
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def value_text(value: Any) -> str:
    """Return a JSON value as a clerk writes it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)

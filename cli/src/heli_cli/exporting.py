"""`heli template` and `heli export`: workbooks and lists from the registry into files."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

FORMATS = ("xlsx", "csv", "parquet", "arrow", "ndjson")


def write_template(heli: Heli, kind: str, out: Path, *, console: Console) -> None:
    """Write the template of a kind of list; Refusal when there is none or the file is no workbook."""
    if out.suffix.lower() != ".xlsx":
        raise Refusal("模板文件名应以 .xlsx 结尾。", "The template's file must end with .xlsx.", code=2)
    heli.download("registry", f"/v1/imports/templates/{kind}.xlsx", out)
    console.print(f"已写入 wrote {out}")


def write_export(heli: Heli, kind: str, out: Path, *, where: Sequence[str], on: date | None, console: Console) -> None:
    """Write a list in the form that the file's name asks for, and tell what it holds."""
    form = out.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        known = "、".join(f".{each}" for each in FORMATS)
        raise Refusal(f"文件名应以 {known} 之一结尾。", f"The file must end with one of {', '.join(FORMATS)}.", code=2)
    pairs = [pair.partition("=") for pair in where]
    if any(not name or not sign for name, sign, _ in pairs):
        raise Refusal("筛选应写成 字段=值。", "Write a filter as name=value.", code=2)
    parameters = {name: value for name, _, value in pairs}
    headers = heli.download("registry", f"/v1/exports/{kind}", out, format=form, on=on and on.isoformat(), **parameters)
    told = f"已写入 wrote {out}  台账序号 seq {headers['heli-known-at']}"
    if on is not None:
        told += f"  截至 on {on}"
    console.print(told)

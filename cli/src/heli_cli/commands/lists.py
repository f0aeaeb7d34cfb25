"""Commands for lists as clerks have them: templates out, lists in, looked at first, refused rows back, lists out."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli
from heli_cli.refusals import Refusal

app = typer.Typer()
Kind = Annotated[str, typer.Argument(help="enterprises, party-organizations, covers, …")]
Workbook = Annotated[Path, typer.Argument(help="写成的文件 the workbook to write, e.g. 企业模板.xlsx")]
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="截至日期 as of this day")]


@app.command("import")
def import_(  # noqa: PLR0913 - each is an option of the command
    kind: Annotated[str | None, typer.Argument(help="enterprises, party-organizations, covers, …")] = None,
    files: Annotated[list[Path] | None, typer.Argument(help="CSV、XLSX 等名录文件 lists: CSV, XLSX, …")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查,不写入 check only, store nothing")] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="只检查,并逐行列出改前改后 check only, show old and new values")
    ] = False,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="有一行不合格就都不导入 one refused row refuses all")
    ] = False,
    effective: Annotated[
        datetime | None,
        typer.Option("--effective", formats=["%Y-%m-%d"], help="从哪天起有效 from which day the list holds"),
    ] = None,
    apply: Annotated[str | None, typer.Option(metavar="ID", help="应用已预览的导入 apply a previewed import")] = None,
    even_if_changed: Annotated[
        bool, typer.Option("--even-if-changed", help="与预览不同也应用 apply it even if the outcome differs by now")
    ] = False,
    undo: Annotated[str | None, typer.Option(metavar="ID", help="撤销一次导入 take an import back")] = None,
    workbook: Annotated[
        Path | None, typer.Option(help="退回行写成原样式的 XLSX write refused rows into a workbook")
    ] = None,
) -> None:
    """导入名录,打印结果。 Import lists and print what became of their rows; exits 3 when some were refused."""
    from heli_cli import importing

    wanted = importing.Wanted(
        dry_run=dry_run or preview,
        shows_changes=preview,
        all_or_nothing=all_or_nothing,
        effective_on=effective.date().isoformat() if effective else None,
        workbook=workbook,
    )
    if [apply, undo, kind].count(None) != 2 or (kind is None) != (not files):  # noqa: PLR2004 - two of the three
        raise Refusal(
            "请写类别和文件，或 --apply 编号，或 --undo 编号，三选一。",
            "Give a kind and files, or --apply ID, or --undo ID.",
            code=2,
        )
    console = open_console()
    with open_heli() as heli:
        if undo is not None:
            importing.undo_import(heli, undo, console=console)
            raise typer.Exit
        if apply is not None:
            refused = importing.apply_import(heli, apply, wanted, even_if_changed=even_if_changed, console=console)
        else:
            refused = importing.import_files(heli, kind or "", files or [], wanted, console=console)
    raise typer.Exit(3 if refused else 0)


@app.command()
def template(kind: Kind, out: Workbook) -> None:
    """下载导入模板。 Write the workbook to fill in for a kind of list: notes, drop-downs, an example row."""
    from heli_cli.exporting import write_template

    with open_heli() as heli:
        write_template(heli, kind, out, console=open_console())


@app.command()
def export(
    kind: Kind,
    out: Annotated[Path, typer.Argument(help="写成的文件,按后缀定格式 .xlsx .csv .parquet .arrow .ndjson")],
    where: Annotated[
        list[str] | None, typer.Option(help="筛选,可重复 filters of the list, e.g. ownership=private")
    ] = None,
    on: On = None,
) -> None:
    """导出名录。 Write a list into a file, with its filters and its place in the ledger stated inside."""
    from heli_cli.exporting import write_export

    with open_heli() as heli:
        write_export(heli, kind, out, where=where or (), on=on and on.date(), console=open_console())

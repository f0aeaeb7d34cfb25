"""What `heli plan import` and `heli activity import` share: their options, and what is done with a list."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from heli_cli.opening import open_console, open_heli
from heli_cli.refusals import Refusal

if TYPE_CHECKING:
    from heli_cli.importing import Wanted

DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查,不写入 check only, store nothing")]
ShowsChanges = Annotated[bool, typer.Option("--preview", help="只检查,并逐行列出改前改后 check only, show old and new")]
AllOrNothing = Annotated[
    bool, typer.Option("--all-or-nothing", help="有一行不合格就都不导入 one refused row refuses all")
]
Apply = Annotated[str | None, typer.Option(metavar="ID", help="应用已预览的导入 apply a previewed import")]
EvenIfChanged = Annotated[
    bool, typer.Option("--even-if-changed", help="与预览不同也应用 apply it even if it differs by now")
]
Undo = Annotated[str | None, typer.Option(metavar="ID", help="撤销一次导入 take an import back")]
RefusedRows = Annotated[Path | None, typer.Option("--workbook", help="退回行写成 XLSX refused rows into a workbook")]


def take_lists(
    kind: str, file: Path | None, wanted: "Wanted", *, apply: str | None, undo: str | None, even_if_changed: bool
) -> Never:
    """Send a list in, apply a preview or undo an import, whichever is asked for; exit 3 when rows were refused."""
    from heli_cli import importing

    if [apply, undo, file].count(None) != 2:  # noqa: PLR2004 - two of the three
        raise Refusal(
            "请写文件，或 --apply 编号，或 --undo 编号，三选一。", "Give a file, or --apply ID, or --undo ID.", code=2
        )
    console = open_console()
    with open_heli() as heli:
        if undo is not None:
            importing.undo_import(heli, undo, taken=wanted.taken, console=console)
            raise typer.Exit
        if apply is not None:
            refused = importing.apply_import(heli, apply, wanted, even_if_changed=even_if_changed, console=console)
        else:
            refused = importing.import_files(heli, kind, [file] if file else [], wanted, console=console)
    raise typer.Exit(3 if refused else 0)

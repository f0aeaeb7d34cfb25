"""Commands that write a single record: new, change, reopen."""

from datetime import datetime
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli

app = typer.Typer()
Kind = Annotated[str, typer.Argument(help="enterprises, party-organizations, units, …")]
Key = Annotated[str, typer.Argument(help="编号(企业为统一社会信用代码) the record's key")]
Values = Annotated[list[str], typer.Argument(help="字段=值,可多个;“字段=”为清空 field=value, several; field= clears")]
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="从哪天起 from which day, never later")]


@app.command()
def new(kind: Kind, values: Values, on: On = None) -> None:
    """登记一条记录。 Record something new."""
    from heli_cli.commands.writing_printing import make_one

    with open_heli() as heli:
        make_one(heli, kind, values, on=on and on.date(), console=open_console())


@app.command()
def change(kind: Kind, key: Key, values: Values, on: On = None) -> None:
    """修改一条记录,可更正过去。 Change fields of a record, today or from a day that has passed."""
    from heli_cli.commands.writing_printing import change_one

    with open_heli() as heli:
        change_one(heli, kind, key, values, on=on and on.date(), console=open_console())


@app.command()
def reopen(kind: Kind, key: Key, on: On = None) -> None:
    """恢复一条已关闭的记录。 Open a closed record again."""
    from heli_cli.commands.writing_printing import reopen_one

    with open_heli() as heli:
        reopen_one(heli, kind, key, on=on and on.date(), console=open_console())

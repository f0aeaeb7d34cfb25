"""Commands of exchange: the catalogue, a copy compared with the registry, deliveries, the burden meter."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli

app = typer.Typer()
copies = typer.Typer(help="核对数据副本。 Copies of Heli's data.", no_args_is_help=True)
app.add_typer(copies, name="copy")


@app.command()
def catalogue(
    resource: Annotated[str | None, typer.Argument(help="资源,如 enterprises one resource, field by field")] = None,
) -> None:
    """打印共享目录。 Print what is shared: class, rows and purpose, or one resource field by field."""
    from heli_cli.commands.exchange_printing import print_catalogue, print_resource

    with open_heli() as heli:
        if resource is None:
            print_catalogue(heli, open_console())
        else:
            print_resource(heli, resource, open_console())


@copies.command("verify")
def verify_copy(
    file: Annotated[Path, typer.Argument(help="副本,NDJSON 格式 the copy, one JSON object a line")],
    kind: Annotated[str, typer.Option(help="资源 the kind that was copied")] = "enterprises",
    known_at: Annotated[
        int | None, typer.Option(help="副本的台账序号 Heli-Known-At of the copy; now if left out")
    ] = None,
    epoch: Annotated[str | None, typer.Option(help="副本的 Heli-Epoch of the copy")] = None,
) -> None:
    """核对副本与台账是否一致,找出不同的行。 Prove that a copy equals the registry; exits 3 when rows differ."""
    from heli_cli.commands.copy_verifying import verify_file

    with open_heli() as heli:
        equal = verify_file(heli, file, kind=kind, known_at=known_at, epoch=epoch, console=open_console())
    raise typer.Exit(0 if equal else 3)


@app.command()
def deliveries(
    unit: Annotated[str | None, typer.Option(help="只看某单位 of one unit")] = None,
    resource: Annotated[str | None, typer.Option(help="只看某资源 of one kind")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="起始日期 from this day on")] = None,
    most: Annotated[int, typer.Option(min=1, max=1_000, help="最多列出 show at most")] = 30,
) -> None:
    """列出数据交付记录。 List what was handed out: to whom, what for, how many rows."""
    from heli_cli.commands.exchange_printing import print_deliveries

    asked = {"unit": unit, "resource": resource, "since": since.date().isoformat() if since else None}
    with open_heli() as heli:
        print_deliveries(heli, asked, most=most, console=open_console())


@app.command()
def burden(unit: Annotated[str | None, typer.Option(help="只看某单位 of one unit")] = None) -> None:
    """打印填报负担:谁要什么、重复什么、还需填多少。 Print who asks what, what is asked twice, what is left."""
    from heli_cli.commands.exchange_printing import print_burden

    with open_heli() as heli:
        print_burden(heli, unit, open_console())

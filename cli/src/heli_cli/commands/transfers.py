"""Commands on transfers of affiliation: list, propose, confirm, refuse, withdraw."""

from datetime import datetime
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli

app = typer.Typer(
    name="transfers",
    help="隶属关系转接:列出、提出、确认、退回、撤回。 Transfers of affiliation: list them, and their steps.",
    invoke_without_command=True,
)
Key = Annotated[str, typer.Argument(help="转接编号 the transfer's id")]
Why = Annotated[str, typer.Option(help="原因 why")]
SideOf = Annotated[str | None, typer.Option("--side", help="县级代哪一方:from 转出方, to 转入方 for which side")]


@app.callback()
def transfers(
    context: typer.Context,
    *,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="只列出逾期未办结的 only those past their deadline")
    ] = False,
    stage: Annotated[str | None, typer.Option(help="proposed, from_confirmed, to_confirmed, done, …")] = None,
    organization: Annotated[str | None, typer.Option(help="只看这个党组织 of this organisation only")] = None,
) -> None:
    """列出隶属关系转接和剩余工作日。 List transfers of affiliation with the working days left."""
    if context.invoked_subcommand is not None:
        return
    from heli_cli.commands.transfers_printing import print_transfers

    asked = {"stage": stage, "organization": organization, "overdue": "true" if overdue else None}
    with open_heli() as heli:
        print_transfers(heli, {name: value for name, value in asked.items() if value}, console=open_console())


@app.command()
def propose(  # noqa: PLR0913 - each is an option of the command
    organization: Annotated[str, typer.Argument(help="党组织编号 the organisation")],
    *,
    to: Annotated[str, typer.Option("--to", help="转入上级 the superior it comes under")],
    reason: Why,
    document: Annotated[str | None, typer.Option(help="依据文号 the document it rests on")] = None,
    kind: Annotated[str | None, typer.Option(help="territory, industry, park, federation, direct, other")] = None,
    members: Annotated[int | None, typer.Option(min=0, help="随转党员数 members that move with it")] = None,
    leaving: Annotated[
        str | None, typer.Option("--from", help="转出上级(有多个上级时) which superior it leaves")
    ] = None,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="商定日期 the day agreed")] = None,
    side: SideOf = None,
) -> None:
    """提出转接;提出的一方视为已确认。 Propose a transfer; the proposing side counts as confirmed."""
    from heli_cli.commands.transfers_printing import propose_one

    body = {
        "organization": organization, "to_superior": to, "reason": reason, "document": document, "kind": kind,
        "members": members, "from_superior": leaving, "side": side,
        "effective_on_wanted": on.date().isoformat() if on else None,
    }  # fmt: skip
    with open_heli() as heli:
        propose_one(heli, {name: value for name, value in body.items() if value is not None}, console=open_console())


@app.command()
def confirm(
    key: Key,
    side: SideOf = None,
    reason: Annotated[str | None, typer.Option(help="说明;代为确认时必填 why; needed for another's side")] = None,
) -> None:
    """确认转接;最后一方确认后即转接。 Confirm a transfer; the last confirmation moves the organisation."""
    _step(key, "confirm", {"side": side, "reason": reason})


@app.command()
def refuse(key: Key, reason: Why) -> None:
    """退回转接,注明原因。 Refuse a transfer for a side that has not confirmed."""
    _step(key, "refuse", {"reason": reason})


@app.command()
def withdraw(key: Key, reason: Why) -> None:
    """撤回转接,注明原因。 Withdraw a transfer for a side that has confirmed."""
    _step(key, "withdraw", {"reason": reason})


def _step(key: str, name: str, body: dict[str, str | None]) -> None:
    from heli_cli.commands.transfers_printing import take_step

    given = {field: value for field, value in body.items() if value is not None}
    with open_heli() as heli:
        take_step(heli, key, name, given, console=open_console())

"""`heli corrections`: ask for a value to be corrected, see what is asked, answer it."""

from datetime import datetime
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli

app = typer.Typer(
    name="corrections",
    help="校核纠错:申请、列出、采纳、退回、撤回。 Corrections: ask, list, accept, reject, withdraw.",
    no_args_is_help=True,
)
Request = Annotated[str, typer.Argument(help="申请编号 the request's id")]
Why = Annotated[str, typer.Option("--reason", help="理由 why")]


@app.command("list")
def list_(
    status: Annotated[str | None, typer.Option(help="pending, accepted, rejected, withdrawn")] = "pending",
    *,
    overdue: Annotated[bool, typer.Option("--overdue", help="只看逾期 only those late")] = False,
) -> None:
    """列出纠错申请和办理期限。 List requests with the day until which they are to be answered."""
    from heli_cli.commands.corrections_printing import print_requests

    with open_heli() as heli:
        print_requests(heli, open_console(), status=status, overdue=overdue)


@app.command()
def ask(
    kind: Annotated[str, typer.Argument(help="资源,如 enterprises the kind")],
    key: Annotated[str, typer.Argument(help="记录编号 the record's key")],
    value: Annotated[str, typer.Argument(help="字段=建议值,“字段=”为清空 field=value; field= clears")],
    reason: Why,
    evidence: Annotated[str | None, typer.Option(help="依据材料 by what evidence")] = None,
) -> None:
    """申请更正一项数据。 Ask for a value to be corrected."""
    from heli_cli.commands.corrections_printing import ask_for

    with open_heli() as heli:
        ask_for(heli, open_console(), kind, key, value=value, reason=reason, evidence=evidence)


@app.command()
def accept(
    key: Request,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="从哪天起 from which day")] = None,
    reason: Annotated[str | None, typer.Option(help="办理意见 a word with it")] = None,
) -> None:
    """采纳,立即写入。 Accept: the value is written at once."""
    from heli_cli.commands.corrections_printing import answer

    body = {"reason": reason, "effective_on": on.date().isoformat() if on else None}
    with open_heli() as heli:
        answer(heli, open_console(), key, "accept", body)


@app.command()
def reject(key: Request, reason: Why) -> None:
    """退回,注明理由。 Reject, with a reason."""
    from heli_cli.commands.corrections_printing import answer

    with open_heli() as heli:
        answer(heli, open_console(), key, "reject", {"reason": reason})


@app.command()
def withdraw(key: Request, reason: Why) -> None:
    """撤回本单位的申请。 Withdraw one's own request."""
    from heli_cli.commands.corrections_printing import answer

    with open_heli() as heli:
        answer(heli, open_console(), key, "withdraw", {"reason": reason})

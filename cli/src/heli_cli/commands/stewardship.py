"""Commands on what departments say: deliver a list, see disputes and settle them, see where values come from."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli, past_day

app = typer.Typer()
claims = typer.Typer(help="部门数据 What departments say.", no_args_is_help=True)
disputes = typer.Typer(help="数据争议 Disputes.", invoke_without_command=True)
app.add_typer(claims, name="claims")
app.add_typer(disputes, name="disputes")
Day = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="取数日期,默认今天 the day of the list, by default today"),
]


@claims.command()
def load(
    file: Annotated[Path, typer.Argument(help="CSV、XLSX 名录:统一社会信用代码加各列 a list: credit code and columns")],
    unit: Annotated[str | None, typer.Option(help="来源单位,默认本单位 the source; your own unit if left out")] = None,
    on: Day = None,
    document: Annotated[
        str | None, typer.Option(help="凭据,默认文件名 the document; the file's name if left out")
    ] = None,
) -> None:
    """提交部门数据名录,与其他部门的数据并列保存。 Deliver a list; exits 3 when some values were refused."""
    from heli_cli.delivering import deliver

    with open_heli() as heli:
        refused = deliver(heli, file, unit=unit, on=past_day(on), document=document, console=open_console())
    raise typer.Exit(3 if refused else 0)


@disputes.callback()
def list_disputes(
    context: typer.Context,
    *,
    overdue: Annotated[bool, typer.Option("--overdue", help="只看逾期的 those past their deadline only")] = False,
    state: Annotated[str, typer.Option(help="open, lapsed, settled, withdrawn")] = "open",
    field: Annotated[str | None, typer.Option(help="只看某字段 of one field, e.g. staff")] = None,
    owner: Annotated[str | None, typer.Option(help="只看某单位负责的 of one owner")] = None,
    most: Annotated[int, typer.Option(min=1, max=200, help="最多列出 show at most")] = 30,
) -> None:
    """列出数据争议:各方数据、期限、影响。 List disputes: who says what, until when to settle, what it changes."""
    if context.invoked_subcommand is not None:
        return
    from heli_cli.disputing import print_disputes

    asked = {"state": "lapsed" if overdue else state, "field": field, "owner": owner}
    with open_heli() as heli:
        print_disputes(heli, {name: value for name, value in asked.items() if value}, most=most, console=open_console())


@disputes.command()
def settle(
    key: Annotated[str, typer.Argument(help="争议编号 the dispute")],
    reason: Annotated[str, typer.Option(help="认定理由 why")],
    value: Annotated[str | None, typer.Option(help="认定值 the value that holds")] = None,
    unit: Annotated[str | None, typer.Option(help="采信哪个单位 or the unit whose value is taken")] = None,
    evidence: Annotated[str | None, typer.Option(help="凭据 by what evidence")] = None,
) -> None:
    """认定争议:写明数值或采信单位。 Settle a dispute: a value, or the unit whose value is taken."""
    from heli_cli.disputing import settle_dispute

    with open_heli() as heli:
        settle_dispute(heli, key, value=value, unit=unit, reason=reason, evidence=evidence, console=open_console())


@disputes.command()
def swing(
    measure: Annotated[str, typer.Argument(help="指标 a measure, e.g. organization_coverage")],
    division: Annotated[str | None, typer.Option(help="区划 in this division only")] = None,
) -> None:
    """争议了结前指标可能的范围。 Tell how far a measure may still move until every dispute is settled."""
    from heli_cli.disputing import print_swing

    with open_heli() as heli:
        print_swing(heli, measure, division=division, console=open_console())


@app.command()
def sources(
    uscc: Annotated[str, typer.Argument(help="统一社会信用代码 the enterprise")],
    field: Annotated[str | None, typer.Option(help="只看某字段 one field")] = None,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="截至日期 as of this day")] = None,
) -> None:
    """显示每项数据来自哪个单位。 Show which unit each value of an enterprise comes from, and what others say."""
    from heli_cli.disputing import print_sources

    with open_heli() as heli:
        print_sources(heli, uscc, field=field, on=on and on.date(), console=open_console())

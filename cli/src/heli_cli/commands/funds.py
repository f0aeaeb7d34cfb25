"""Commands on funds and incentives: the statement of a year, the incentives, what is advised on an enterprise."""

from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli

app = typer.Typer()


@app.command()
def funds(year: Annotated[int | None, typer.Option(help="年度,默认今年 the year")] = None) -> None:
    """年度经费收支:预算、拨付、支出、党费、税前扣除。 The funds of a year: budgets, allocations, spending, dues."""
    from heli_cli.commands.funds_printing import print_funds

    with open_heli() as heli:
        print_funds(heli, year, console=open_console())


@app.command()
def incentives(
    key: Annotated[str | None, typer.Argument(help="方案编号,列出名单 one incentive with its lines")] = None,
) -> None:
    """激励方案:星级、津贴、表彰、推荐。 Incentives: stars, allowances, commendations, recommendations."""
    from heli_cli.commands.funds_printing import print_incentive, print_incentives

    with open_heli() as heli:
        if key is None:
            print_incentives(heli, console=open_console())
        else:
            print_incentive(heli, key, console=open_console())


@app.command()
def opinion(uscc: Annotated[str, typer.Argument(help="统一社会信用代码 the credit code")]) -> None:
    """对企业的联动意见及其依据。 What the records advise on an enterprise, and why."""
    from heli_cli.commands.funds_printing import print_opinion

    with open_heli() as heli:
        print_opinion(heli, uscc, console=open_console())

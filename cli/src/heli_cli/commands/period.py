"""`heli period`: open a reporting period, explain what is asked, hand in, close the period, open it again."""

from datetime import datetime
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli

app = typer.Typer(
    name="period",
    help="报送期:开启、说明、报送、关闭。 Reporting periods: open, explain, hand in, close.",
    no_args_is_help=True,
)
Period = Annotated[str, typer.Argument(help="期次,如 2026H1,或编号 the period's code or id")]
Unit = Annotated[str | None, typer.Option(help="报送范围的机构,期次重名时需要 the unit, where a code is not enough")]
Person = Annotated[str, typer.Option(help="具名人员的编号 the named person's id")]
Reporter = Annotated[str, typer.Argument(help="报送机构的编号,见 heli period units the id of the unit that reports")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="日期 a day")]


@app.command("open")
def open_(
    code: Annotated[str, typer.Argument(help="期次 2026, 2026H1, 2026Q2, 2026M05")],
    unit: Annotated[str, typer.Option(help="报送范围:本机构及下级 this unit and those below it")],
    counted_on: Day = None,
    closes_on: Day = None,
) -> None:
    """开启报送期。 Open a reporting period."""
    from heli_cli.commands.period_printing import open_period

    with open_heli() as heli:
        open_period(heli, open_console(), code, unit, counted_on=counted_on, closes_on=closes_on)


@app.command()
def show(period: Period, unit: Unit = None) -> None:
    """列出待说明事项。 List what has to be explained before the period closes."""
    from heli_cli.commands.period_printing import print_questions

    with open_heli() as heli:
        print_questions(heli, open_console(), period, unit)


@app.command()
def figures(
    period: Period,
    only: Annotated[list[str] | None, typer.Argument(help="只看这些指标 these figures only: enterprises, …")] = None,
    unit: Unit = None,
) -> None:
    """打印本期数字与对比期数字。 Print the figures of a period beside those of earlier ones."""
    from heli_cli.commands.period_printing import print_figures

    with open_heli() as heli:
        print_figures(heli, open_console(), period, unit, only=only or [])


@app.command()
def explain(
    period: Period,
    number: Annotated[int, typer.Argument(min=1, help="待说明事项的序号,见 heli period show the question's number")],
    text: Annotated[str, typer.Argument(help="说明 why it is so")],
    person: Person,
    unit: Unit = None,
) -> None:
    """以具名人员的名义说明一项。 Explain a question in the name of a person."""
    from heli_cli.commands.period_printing import explain_question

    with open_heli() as heli:
        explain_question(heli, open_console(), period, unit, number=number, text=text, person=person)


@app.command()
def units(period: Period, unit: Unit = None) -> None:
    """列出各机构是否已报送、有无变动。 List which units have handed in, and what is missing."""
    from heli_cli.commands.period_units_printing import print_units

    with open_heli() as heli:
        print_units(heli, open_console(), period, unit)


@app.command("hand-in")
def hand_in(period: Period, reporter: Reporter, person: Person, unit: Unit = None) -> None:
    """以具名人员的名义报送一个机构的数字。 Hand in a unit's figures in the name of a person."""
    from heli_cli.commands.period_units_printing import hand_in_unit

    with open_heli() as heli:
        hand_in_unit(heli, open_console(), period, unit, reporter=reporter, person=person)


@app.command()
def waive(
    period: Period,
    reporter: Reporter,
    person: Person,
    reason: Annotated[str, typer.Option(help="豁免原因 why")],
    unit: Unit = None,
) -> None:
    """说明原因,不再等待一个机构报送。 Let the period close without a unit's word."""
    from heli_cli.commands.period_units_printing import waive_unit

    with open_heli() as heli:
        waive_unit(heli, open_console(), period, unit, reporter=reporter, person=person, reason=reason)


@app.command("return")
def return_(
    period: Period,
    reporter: Reporter,
    reason: Annotated[str, typer.Option(help="退回原因 why")],
    unit: Unit = None,
) -> None:
    """退回一个机构的报送,须重新报送。 Return what a unit handed in; it hands in again."""
    from heli_cli.commands.period_units_printing import return_unit

    with open_heli() as heli:
        return_unit(heli, open_console(), period, unit, reporter=reporter, reason=reason)


@app.command()
def close(period: Period, person: Person, unit: Unit = None) -> None:
    """关闭报送期并固定数字。 Close a period and pin its figures."""
    from heli_cli.commands.period_printing import close_period

    with open_heli() as heli:
        close_period(heli, open_console(), period, unit, person=person)


@app.command()
def reopen(
    period: Period,
    reason: Annotated[str, typer.Option(help="原因 why")],
    unit: Unit = None,
) -> None:
    """重新开放已关闭的报送期,原数字保留。 Open a closed period again; its figures stay visible."""
    from heli_cli.commands.period_printing import reopen_period

    with open_heli() as heli:
        reopen_period(heli, open_console(), period, unit, reason=reason)

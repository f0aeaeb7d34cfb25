"""`heli quality`: the checks of data quality, what they find by unit, the records that fail, and the kept series."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli, past_day

app = typer.Typer(
    name="quality", help="数据质量:检查、结果、问题记录。 Data quality: checks, results, records.", no_args_is_help=True
)
Check = Annotated[str | None, typer.Option(help="检查编号 of this check only")]
Severity = Annotated[str | None, typer.Option(help="error 错误, warning 警告, info 提示")]
Kind = Annotated[str | None, typer.Option(help="记录类别 enterprise, party_organization, cover, …")]
Unit = Annotated[str | None, typer.Option(help="机构及其下级 this unit and those below it")]
Division = Annotated[str | None, typer.Option(help="区划及其下级 this division and below it")]
View = Annotated[str, typer.Option(help="territory 属地, responsibility 责任单位")]
Day = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="某一天的情况,默认今天 the day, by default today")
]


@app.command()
def checks(severity: Severity = None, kind: Kind = None) -> None:
    """列出检查目录。 List the checks with what they mean and what to do."""
    from heli_cli.commands.quality_printing import print_checks

    with open_heli() as heli:
        print_checks(heli, open_console(), severity=severity, kind=kind)


@app.command()
def results(
    check: Check = None,
    severity: Severity = None,
    kind: Kind = None,
    unit: Unit = None,
    division: Division = None,
    view: View = "territory",
    on: Day = None,
) -> None:
    """打印检查结果:按检查、按机构。 Print what the checks find, by check and by unit."""
    from heli_cli.commands.quality_printing import print_results

    day = None if on is None else past_day(on).isoformat()
    asked = {"check": check, "severity": severity, "kind": kind, "unit": unit, "division": division, "view": view,
             "on": day}  # fmt: skip
    with open_heli() as heli:
        print_results(heli, open_console(), asked)


@app.command()
def rows(  # noqa: PLR0913, PLR0917 - the options of the command
    check: Check = None,
    severity: Severity = None,
    kind: Kind = None,
    unit: Unit = None,
    division: Division = None,
    view: View = "territory",
    on: Day = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="最多列出多少条 at most so many records")] = 20,
    out: Annotated[Path | None, typer.Option(help="全部写成 .csv 文件 write all of them to a .csv file")] = None,
) -> None:
    """列出有问题的记录和办法。 List the records that fail, with the facts and what to do."""
    from heli_cli.commands.quality_printing import print_rows, write_rows

    day = None if on is None else past_day(on).isoformat()
    asked = {"check": check, "severity": severity, "kind": kind, "unit": unit, "division": division, "view": view,
             "on": day}  # fmt: skip
    with open_heli() as heli:
        if out is None:
            print_rows(heli, open_console(), asked, limit=limit)
        else:
            write_rows(heli, open_console(), asked, out)


@app.command()
def snapshot(on: Day = None) -> None:
    """计算并留存一天的结果。 Count a day for every unit and keep it in the series."""
    from heli_cli.commands.quality_printing import keep

    with open_heli() as heli:
        keep(heli, open_console(), None if on is None else past_day(on).isoformat())


@app.command()
def history(check: Check = None, unit: Unit = None, view: View = "territory") -> None:
    """打印留存的序列。 Print the kept series of a check, or of all records and those with errors."""
    from heli_cli.commands.quality_printing import print_history

    with open_heli() as heli:
        print_history(heli, open_console(), {"check": check, "unit": unit, "view": view})

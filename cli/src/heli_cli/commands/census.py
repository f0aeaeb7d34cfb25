"""`heli census`: set up a census, follow its funnel, hand out what must still be asked, and close it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli, past_day

app = typer.Typer(
    name="census",
    help="普查:底册筛查与五清。 Censuses: the base list and what must still be asked.",
    no_args_is_help=True,
)
Id = Annotated[str, typer.Argument(help="普查编号 the census's id")]
Out = Annotated[Path | None, typer.Option(help="写成 .xlsx 或 .csv 文件 write a file: .xlsx or .csv")]
CutOff = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="截止日期 enterprises are counted as of this day")]


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="名称 name")],
    cut_off: CutOff,
    division: Annotated[str | None, typer.Option(help="所查区划代码 division and everything below it")] = None,
    zone: Annotated[str | None, typer.Option(help="所查园区编号 zone")] = None,
    unit: Annotated[str | None, typer.Option(help="牵头单位编号 leading unit")] = None,
    document: Annotated[str | None, typer.Option(help="文件依据 the notice")] = None,
    optional: Annotated[
        list[str] | None, typer.Option(help="另加的筛除步骤,可重复 steps beyond the statistics; repeat for several")
    ] = None,
    key: Annotated[str | None, typer.Option("--id", help="编号,不填则自动生成 id; made when left out")] = None,
) -> None:
    """建立普查。 Set up a census with its cut-off day."""
    from heli_cli.commands.census_printing import create

    body = {
        "id": key, "name": name, "cut_off_on": cut_off.date().isoformat(), "division": division, "zone": zone,
        "unit": unit, "document": document, "optional_steps": optional,
    }  # fmt: skip
    with open_heli() as heli:
        create(heli, {name: value for name, value in body.items() if value is not None}, open_console())


@app.command()
def show(
    key: Annotated[str | None, typer.Argument(help="普查编号,不填则列出全部 id; all of them when left out")] = None,
    by: Annotated[str, typer.Option(help="responsible_unit, zone, division")] = "responsible_unit",
) -> None:
    """列出普查,或显示一次普查的五清进度。 List the censuses, or show how clear the base of one is."""
    from heli_cli.commands.census_printing import print_all, print_progress

    with open_heli() as heli:
        if key is None:
            print_all(heli, open_console())
        else:
            print_progress(heli, key, by, open_console())


@app.command()
def funnel(
    key: Id,
    step: Annotated[str | None, typer.Option(help="只要落在这一步的企业 only the rows of this step, or base")] = None,
    known_at: Annotated[int | None, typer.Option(min=0, help="按台账的这一序号 as known at this seq")] = None,
    out: Out = None,
) -> None:
    """从全部登记到底册,逐步筛除。 Print the way from all that is registered to the base; --out writes its rows."""
    from heli_cli.commands.census_printing import download, print_funnel, print_rows

    with open_heli() as heli:
        if out is not None:
            download(heli, f"/v1/censuses/{key}/funnel/rows", out, open_console(), step=step, known_at=known_at)
        elif step is not None:
            print_rows(heli, key, step, open_console(), known_at=known_at)
        else:
            print_funnel(heli, key, open_console(), known_at=known_at)


@app.command()
def gaps(
    key: Id,
    unit: Annotated[str | None, typer.Option(help="责任单位 responsible unit")] = None,
    zone: Annotated[str | None, typer.Option(help="园区 zone")] = None,
    division: Annotated[str | None, typer.Option(help="区划 division and everything below it")] = None,
    item: Annotated[str | None, typer.Option(help="operation, staff, members, organization, investors")] = None,
    out: Out = None,
) -> None:
    """还要问谁什么。 Print what must still be asked; --out writes the list to fill in and import again."""
    from heli_cli.commands.census_printing import download, print_gaps

    wanted = {"unit": unit, "zone": zone, "division": division, "item": item}
    with open_heli() as heli:
        if out is not None:
            download(heli, f"/v1/censuses/{key}/gaps", out, open_console(), **wanted)
        else:
            print_gaps(heli, key, open_console(), **wanted)


@app.command()
def close(
    key: Id,
    reason: Annotated[str, typer.Option(help="结束说明 why it is over")] = "普查完成",
) -> None:
    """结束普查,固定结果。 Close a census; its result stands as it is known now."""
    from heli_cli.commands.census_printing import print_closed

    with open_heli() as heli:
        heli.close_record("registry", "censuses", key, reason=reason, effective_on=past_day(None).isoformat())
        print_closed(heli, key, open_console())

"""The command line `heli`: every command says in one sentence what it does; its work is imported when it is called."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from heli_cli.commands import (
    activity,
    archive,
    census,
    corrections,
    cycles,
    exchange,
    finding,
    funds,
    letters,
    lists,
    orders,
    period,
    plan,
    quality,
    reading,
    stewardship,
    transfers,
    trees,
    writing,
)
from heli_cli.opening import open_console, open_heli, past_day
from heli_cli.refusals import Refusal

app = typer.Typer(
    name="heli",
    help="合力:非公企业党建一个平台。 Heli: Party-building work in non-public enterprises, run as one team.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(census.app)
app.add_typer(period.app)
app.add_typer(quality.app)
app.add_typer(reading.app)
app.add_typer(writing.app)
app.add_typer(corrections.app)
app.add_typer(exchange.app)
app.add_typer(stewardship.app)
app.add_typer(lists.app)
app.add_typer(trees.app, name="tree")
app.add_typer(transfers.app)
app.add_typer(finding.app)
for group in (plan.app, activity.app, letters.app, orders.app, cycles.app, archive.app, funds.app):
    app.add_typer(group)
Day = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="截至日期,默认今天 the day, by default today")
]


@app.command()
def up() -> None:
    """启动三个服务,Ctrl-C 停止。 Start the three services and serve until Ctrl-C."""
    from heli_cli.serving_all import serve

    serve(open_console())


@app.command()
def demo(
    leave: Annotated[bool, typer.Option("--exit", help="打印后退出 stop after the print-out")] = False,
    on: Day = None,
) -> None:
    """加载示例县并展示主要结果。 Load the demo county, run the main job, print what came out, serve until Ctrl-C."""
    from heli_cli.demo.showing import show

    show(open_console(), leave=leave, on=past_day(on))


@app.command()
def token(
    principal: Annotated[
        str | None, typer.Option(help="账号名或编号,默认为管理员 login or id; an administrator if left out")
    ] = None,
    minutes: Annotated[int, typer.Option(min=1, max=1_440, help="有效分钟数 how long it is good")] = 60,
) -> None:
    """打印访问令牌(仅限本机数据目录)。 Print an access token of the data folder's own issuer."""
    from heli_cli.tokens import local_token

    typer.echo(local_token(principal, minutes=minutes))


@app.command()
def verify(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="导出的台账 NDJSON,不填则校验本机数据 an exported ledger; by default the data folder's own"
        ),
    ] = None,
) -> None:
    """离线校验台账链。 Prove the ledgers offline: every hash recomputed, the first fault named."""
    from heli_cli.verifying import verify_files, verify_own

    sound = verify_files(files, open_console()) if files else verify_own(open_console())
    raise typer.Exit(0 if sound else 1)


@app.command("demo-data")
def demo_data(
    size: Annotated[int, typer.Option(min=1, max=100_000_000, help="企业数 number of enterprises")] = 3_000,
    seed: Annotated[int, typer.Option(min=0, help="种子 the same seed gives the same county")] = 2_026,
    on: Day = None,
    out: Annotated[Path | None, typer.Option(help="写成 CSV 的目录 write CSV files into this folder")] = None,
    load: Annotated[bool, typer.Option("--load", help="加载到运行中的服务 load into the running services")] = False,
) -> None:
    """生成任意规模的示例县。 Generate a fictional county of any size: as files, or into the running services."""
    from heli_cli.demo.county import county

    if (out is None) == (not load):
        raise Refusal("请在 --out 目录 与 --load 中选一个。", "Choose one of --out FOLDER and --load.", code=2)
    records = county(size, seed, past_day(on))
    console = open_console()
    if out is not None:
        from heli_cli.demo.files import write_files

        counts = write_files(records, out)
    else:
        from heli_cli.demo.loading import load as load_records

        with open_heli() as heli:
            counts = load_records(heli, records, console)
    console.print("  ".join(f"{kind} {count:,}" for kind, count in counts.items()))


@app.command()
def sync() -> None:
    """让统计服务立即读取最新数据。 Let reporting pull what is new, and print how far it has read."""
    from heli_cli.counting import print_sync

    with open_heli() as heli:
        print_sync(heli, open_console())


@app.command()
def statistics(
    measures: Annotated[
        list[str] | None, typer.Argument(help="指标,默认组织覆盖率等 measures; by default the coverage rates")
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option(help="维度,可重复 dimensions, e.g. division:town; repeat for several")
    ] = None,
    on: Day = None,
    where: Annotated[list[str] | None, typer.Option(help="筛选 filters, e.g. division=990121001000")] = None,
) -> None:
    """打印统计表:比率、分子、分母。 Print statistics: the rate with its numerator and denominator."""
    from heli_cli.counting import print_statistics

    with open_heli() as heli:
        print_statistics(
            heli, open_console(), measures=measures or (), by=by or (), on=on and on.date(), where=where or ()
        )


@app.command()
def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="检查迁移与表定义是否一致 compare migrations with tables")
    ] = False,
) -> None:
    """更新各服务的数据库。 Bring the databases of the services up to date."""
    from heli_cli.settings import SERVICES, read_settings

    if check:
        from heli_cli.migrating import faults_of

        faults = [fault for service in SERVICES for fault in faults_of(service)]
        typer.echo("\n".join(faults) or "迁移与表定义一致。 The migrations make exactly the declared tables.")
        raise typer.Exit(1 if faults else 0)
    from heli_cli.composition import migrate_service

    read_settings().data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for service in SERVICES:
        migrate_service(service)
        typer.echo(f"{service}: 已是最新 up to date")


@app.command()
def openapi(
    service: Annotated[str | None, typer.Argument(help="registry, assessment, reporting")] = None,
    write: Annotated[Path | None, typer.Option(help="写入目录 write all three into this folder")] = None,
    check: Annotated[Path | None, typer.Option(help="与目录比较 compare all three with this folder")] = None,
) -> None:
    """打印、写出或核对接口文档。 Print, write or compare the API documents."""
    from heli_cli.describing import document_text, drifted, write_documents
    from heli_cli.settings import SERVICES

    if write is not None:
        write_documents(write)
    elif check is not None:
        stale = drifted(check)
        typer.echo(
            f"接口文档已过时,请运行 ./dev contracts。 Run ./dev contracts, these are stale: {', '.join(stale)}."
            if stale
            else "接口文档与代码一致。 The API documents say what the code does."
        )
        raise typer.Exit(1 if stale else 0)
    elif service in SERVICES:
        typer.echo(document_text(service), nl=False)
    else:
        raise Refusal(f"服务名应为 {'、'.join(SERVICES)}。", f"Name one of {', '.join(SERVICES)}.", code=2)


def run() -> None:
    """Run the command line: a refusal is told in two sentences, nothing ends in a traceback."""
    try:
        app()
    except Refusal as refusal:
        typer.echo(f"{refusal.zh}\n{refusal.en}", err=True)
        sys.exit(refusal.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)

"""Commands on single records: show, history, close; and findings, mature contact points, working days."""

from datetime import datetime
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli

app = typer.Typer()
Kind = Annotated[str, typer.Argument(help="enterprises, party-organizations, units, …")]
Key = Annotated[str, typer.Argument(help="编号(企业为统一社会信用代码) the record's key")]
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="截至日期 as of this day")]
FirstDay = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="起 first day")]


@app.command()
def show(kind: Kind, key: Key, on: On = None) -> None:
    """显示一条记录。 Show one record, now or as of a day: what is known of it."""
    from heli_cli.commands.reading_printing import print_record

    with open_heli() as heli:
        print_record(heli, kind, key, on=on and on.date(), console=open_console())


@app.command()
def history(kind: Kind, key: Key) -> None:
    """显示一条记录的全部变动。 Show every change of one record: when, by whom, from what to what."""
    from heli_cli.commands.reading_printing import print_history

    with open_heli() as heli:
        print_history(heli, kind, key, console=open_console())


@app.command()
def close(
    kind: Kind,
    key: Key,
    reason: Annotated[str, typer.Option(help="关闭(撤销)原因 why")],
    on: On = None,
    detail: Annotated[
        list[str] | None, typer.Option(help="其他字段 further closing fields, e.g. dissolution_document=…; repeat")
    ] = None,
) -> None:
    """关闭一条记录,注明原因;不删除任何内容。 Close a record with a reason; nothing is deleted."""
    from heli_cli.commands.reading_printing import close_one

    with open_heli() as heli:
        close_one(heli, kind, key, reason=reason, on=on and on.date(), details=detail or (), console=open_console())


@app.command()
def findings(
    rule: Annotated[str | None, typer.Option(help="规则,如 R-9 one rule")] = None,
    kind: Annotated[str | None, typer.Option(help="party_organization, enterprise, assignment, …")] = None,
    record: Annotated[str | None, typer.Option(help="只看这条记录 about this record only")] = None,
    most: Annotated[int, typer.Option(min=1, max=200, help="最多列出 show at most")] = 30,
) -> None:
    """列出不符合规定的情形、依据和起始日期。 List what the rules flag, with the basis and since when."""
    from heli_cli.commands.reading_printing import print_findings

    asked = {"rule": rule, "record_kind": kind, "record": record}
    with open_heli() as heli:
        print_findings(heli, {name: value for name, value in asked.items() if value}, most=most, console=open_console())


@app.command()
def rotations() -> None:
    """列出已成熟的联系点和建议更换对象。 List mature contact points and what could follow them."""
    from heli_cli.commands.reading_printing import print_rotations

    with open_heli() as heli:
        print_rotations(heli, console=open_console())


@app.command()
def rotate(
    key: Annotated[str, typer.Argument(help="联系点(派驻)编号 the mature contact point")],
    enterprise: Annotated[str | None, typer.Option(help="下一个联系企业 the next enterprise")] = None,
    organization: Annotated[str | None, typer.Option(help="下一个联系党组织 the next organisation")] = None,
    reason: Annotated[str | None, typer.Option(help="说明 why")] = None,
    on: On = None,
) -> None:
    """更换成熟的联系点。 Close a mature contact point and open the leader's next one, in one step."""
    from heli_cli.commands.reading_printing import rotate_one

    body = {"enterprise": enterprise, "organization": organization, "reason": reason}
    body["effective_on"] = on.date().isoformat() if on else None
    with open_heli() as heli:
        rotate_one(heli, key, {name: value for name, value in body.items() if value}, console=open_console())


@app.command()
def workdays(
    start: FirstDay,
    days: Annotated[int, typer.Argument(min=0, max=366, help="工作日数 working days")],
) -> None:
    """计算若干工作日后的日期。 Tell on which day a deadline of so many working days falls, holidays named."""
    from heli_cli.commands.reading_printing import print_deadline

    with open_heli() as heli:
        print_deadline(heli, start.date(), days, console=open_console())

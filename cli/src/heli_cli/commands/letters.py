"""Commands on responsibility letters: make them, sign, check at half-year, print, and which are missing."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli
from heli_cli.refusals import Refusal

app = typer.Typer(
    name="letters",
    help="责任书:下达、签订、自查、打印、未签清单。 Letters: make, sign, check, print, missing ones.",
    no_args_is_help=True,
)
Key = Annotated[str, typer.Argument(help="责任书编号 the letter's id")]
Plan = Annotated[str, typer.Argument(help="年度实施意见编号 the plan's id")]


@app.command()
def make(
    plan: Plan,
    by: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="签订期限 the day to sign by")] = None,
    unit: Annotated[list[str] | None, typer.Option(help="只为这些单位 for these units only")] = None,
) -> None:
    """按机构树下达责任书。 Make the letters of a plan from the tree of units."""
    from heli_cli.commands.work_printing import SERVICE, given, print_rows

    body = given({"plan": plan, "sign_by": by.date().isoformat() if by else None, "units": unit})
    with open_heli() as heli:
        made = heli.post(SERVICE, "/v1/letters", body)
    console = open_console()
    rows = [(each["id"], each["issuer"], each["unit"], each["sign_by"]) for each in made["items"]]
    print_rows(console, ("编号 id", "上级 issuer", "责任单位 unit", "签订期限 sign by"), rows)
    console.print(f"下达 made: {len(rows)}，原有 there before: {made['there_before']}")


@app.command()
def missing(plan: Plan) -> None:
    """列出未签订的单位。 List the units without a signed letter, and why."""
    from heli_cli.commands.work_printing import SERVICE, print_rows

    words = {"none": "未下达 none", "unsigned": "未签订 unsigned", "overdue": "逾期未签 overdue"}
    with open_heli() as heli:
        found = heli.get(SERVICE, "/v1/letters/missing", plan=plan)["items"]
    console = open_console()
    rows = [(each["unit"], each["name"], each["issuer"], words[each["missing"]], each["sign_by"]) for each in found]
    print_rows(console, ("单位 unit", "名称", "上级 issuer", "状态 state", "签订期限 sign by"), rows)
    console.print(f"未签 missing: {len(found)}")


@app.command()
def sign(
    key: Key,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="签订日期 the day")] = None,
    scan: Annotated[Path | None, typer.Option(help="签字扫描件 the scan, a PDF or image")] = None,
) -> None:
    """登记责任书已签订。 Take note that a letter was signed."""
    from heli_cli.commands.work_printing import SERVICE, attach_file, given, take_step

    with open_heli() as heli:
        unit = heli.get(SERVICE, f"/v1/letters/{key}")["unit"]
        file = attach_file(heli, scan, unit)["id"] if scan else None
        body = given({"signed_on": on.date().isoformat() if on else None, "scan": file})
        made = take_step(heli, "letters", key, "sign", body)
    open_console().print(f"{made['id']} {made['unit']} {made['signed_on']} 已签订 signed")


@app.command()
def check(
    key: Key,
    result: Annotated[str, typer.Argument(help="on_track, behind, not_begun")],
    note: Annotated[str | None, typer.Option(help="说明 a note; needed unless on_track")] = None,
) -> None:
    """登记半年自查结果。 Take the half-year check of a letter."""
    from heli_cli.commands.work_printing import given, take_step

    with open_heli() as heli:
        made = take_step(heli, "letters", key, "check", given({"result": result, "note": note}))
    open_console().print(f"{made['id']} {made['unit']} {made['check_result']}")


@app.command("print")
def print_(key: Key, out: Annotated[Path, typer.Argument(help="写成的文件 .docx 或 .pdf")]) -> None:
    """生成责任书文件。 Write a letter as DOCX or PDF."""
    from heli_cli.commands.work_printing import SERVICE

    form = out.suffix.lower().removeprefix(".")
    if form not in ("docx", "pdf"):
        raise Refusal("文件名应以 .docx 或 .pdf 结尾。", "The file must end with .docx or .pdf.", code=2)
    with open_heli() as heli:
        heli.download(SERVICE, f"/v1/letters/{key}/document", out, format=form)
    open_console().print(f"已写入 wrote {out}")

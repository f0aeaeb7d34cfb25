"""Commands on activity records: record one with files, import a list, list them, and what falls behind."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from heli_cli.commands.work_importing import (
    AllOrNothing,
    Apply,
    DryRun,
    EvenIfChanged,
    RefusedRows,
    ShowsChanges,
    Undo,
    take_lists,
)
from heli_cli.opening import open_console, open_heli

app = typer.Typer(
    name="activity",
    help="工作记录:登记、导入、列出。 Activity records: record, import, list.",
    no_args_is_help=True,
)
Unit = Annotated[str | None, typer.Option(help="单位 the unit")]


@app.command()
def record(  # noqa: PLR0913 - each is an option of the command
    kind: Annotated[str, typer.Argument(help="meeting, training, visit, inspection, …")],
    title: Annotated[str, typer.Argument(help="事项 what was done")],
    *,
    unit: Annotated[str, typer.Option(help="单位 the unit")],
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="日期,默认今天 the day")] = None,
    enterprise: Annotated[str | None, typer.Option(help="企业代码 credit code")] = None,
    assignment: Annotated[str | None, typer.Option(help="派驻联系 the assignment of a visit")] = None,
    pairing: Annotated[str | None, typer.Option(help="结对共建 the pairing")] = None,
    participants: Annotated[int | None, typer.Option(min=0, help="参加人数 participants")] = None,
    audience: Annotated[str | None, typer.Option(help="培训对象 owners, secretaries, instructors, …")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="天数 days")] = None,
    level: Annotated[str | None, typer.Option(help="采用层级 county, city, province")] = None,
    evidence: Annotated[str | None, typer.Option(help="佐证 where the documents lie")] = None,
    attach: Annotated[list[Path] | None, typer.Option(help="附件文件,可重复 files that show it")] = None,
) -> None:
    """登记一项工作,可附文件。 Record one activity, with files."""
    from heli_cli.commands.work_printing import SERVICE, attach_file, given
    from heli_cli.opening import past_day

    console = open_console()
    with open_heli() as heli:
        files = [attach_file(heli, file, unit) for file in attach or ()]
        body = {
            "kind": kind, "title": title, "unit": unit, "held_on": past_day(on).isoformat(), "enterprise": enterprise,
            "assignment": assignment, "pairing": pairing, "participants": participants, "audience": audience,
            "days": days, "level": level, "evidence": evidence,
            "attachments": [file["id"] for file in files] or None,
        }  # fmt: skip
        made = heli.post(SERVICE, "/v1/activities", given(body))
    console.print(f"{made['id']} {made['held_on']} {made['title']}")
    for file in files:
        console.print(f"{file['id']} {file['name']} {file['media_type']}", soft_wrap=True)


@app.command("import")
def import_(
    file: Annotated[Path | None, typer.Argument(help="XLSX、CSV 工作记录 the list")] = None,
    *,
    dry_run: DryRun = False,
    preview: ShowsChanges = False,
    all_or_nothing: AllOrNothing = False,
    apply: Apply = None,
    even_if_changed: EvenIfChanged = False,
    undo: Undo = None,
    workbook: RefusedRows = None,
) -> None:
    """导入工作记录。 Import activity records; exits 3 when rows were refused."""
    from heli_cli.importing import Taken, Wanted

    wanted = Wanted(
        dry_run=dry_run or preview, shows_changes=preview, all_or_nothing=all_or_nothing, workbook=workbook,
        taken=Taken("assessment", "activity import"),
    )  # fmt: skip
    take_lists("activities", file, wanted, apply=apply, undo=undo, even_if_changed=even_if_changed)


@app.command()
def template(out: Annotated[Path, typer.Argument(help="写成的文件 the workbook to write")]) -> None:
    """下载工作记录模板。 Write the workbook to fill in."""
    from heli_cli.commands.work_printing import SERVICE

    with open_heli() as heli:
        heli.download(SERVICE, "/v1/imports/templates/activities.xlsx", out)
    open_console().print(f"已写入 wrote {out}")


@app.command("list")
def list_(
    unit: Unit = None,
    kind: Annotated[str | None, typer.Option(help="类别 the kind")] = None,
    year: Annotated[int | None, typer.Option(help="年度 the year")] = None,
) -> None:
    """列出工作记录。 List activity records."""
    from heli_cli.commands.work_printing import SERVICE, given, print_rows

    asked = given({"unit": unit, "kind": kind, "year": str(year) if year else None})
    with open_heli() as heli:
        found = sorted(heli.list(SERVICE, "/v1/activities", **asked), key=lambda each: (each["held_on"], each["id"]))
    rows = [
        (each["held_on"], each["kind"], each["unit"], each["title"], len(each["attachments"] or ())) for each in found
    ]
    console = open_console()
    print_rows(console, ("日期 on", "类别 kind", "单位 unit", "事项 title", "附件 files"), rows)
    console.print(f"工作记录 activities: {len(found)}")


@app.command()
def alarms(
    kind: Annotated[str | None, typer.Option(help="某一类 of one kind")] = None,
    unit: Unit = None,
    told: Annotated[str | None, typer.Option(help="告知某单位的 those told to this unit")] = None,
) -> None:
    """列出今天的预警:逾期、间隔、走访、结对、督办、责任书。 List today's alarms and whom they are told."""
    from heli_cli.commands.work_printing import SERVICE, given, print_rows

    with open_heli() as heli:
        found = list(heli.list(SERVICE, "/v1/alarms", **given({"kind": kind, "unit": unit, "told": told})))
    rows = [
        (each["title"], each["unit"], each["detail"], each["due_on"], each["days_late"], each["told"],
         each["told_since"])
        for each in found
    ]  # fmt: skip
    console = open_console()
    titles = ("预警 alarm", "单位 unit", "情况 detail", "期限 due", "逾期工作日 late", "告知 told", "自 since")
    print_rows(console, titles, rows)
    console.print(f"预警 alarms: {len(found)}")

"""Commands on the year's plan: write or import it, split a task, report progress, see what is late."""

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
from heli_cli.refusals import Refusal

app = typer.Typer(
    name="plan",
    help="年度计划:建立、导入、分解、报告进度。 The year's plan: write, import, split, report progress.",
    no_args_is_help=True,
)
Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="日期,默认今天 by default today")]


@app.command()
def new(
    title: Annotated[str, typer.Argument(help="标题 the title")],
    year: Annotated[int, typer.Argument(help="年度 the year")],
    *,
    key: Annotated[str | None, typer.Option("--id", help="编号 its id, made if left out")] = None,
    document: Annotated[str | None, typer.Option(help="文号 the document")] = None,
    unit: Annotated[str | None, typer.Option(help="印发单位 the unit that issues it")] = None,
) -> None:
    """建立年度实施意见。 Write down a plan."""
    from heli_cli.commands.work_printing import SERVICE, given

    body = given({"id": key, "title": title, "year": year, "document": document, "unit": unit})
    with open_heli() as heli:
        made = heli.post(SERVICE, "/v1/plans", body)
    open_console().print(f"{made['id']} {made['title']}")


@app.command("import")
def import_(  # noqa: PLR0913 - each is an option of the command
    plan: Annotated[str | None, typer.Argument(help="年度实施意见编号 the plan's id")] = None,
    file: Annotated[Path | None, typer.Argument(help="XLSX、CSV 任务表 the list of tasks")] = None,
    *,
    dry_run: DryRun = False,
    preview: ShowsChanges = False,
    all_or_nothing: AllOrNothing = False,
    effective: Annotated[
        datetime | None, typer.Option("--effective", formats=["%Y-%m-%d"], help="从哪天起有效 from which day")
    ] = None,
    apply: Apply = None,
    even_if_changed: EvenIfChanged = False,
    undo: Undo = None,
    workbook: RefusedRows = None,
) -> None:
    """导入任务分解表。 Import the tasks of a plan; exits 3 when rows were refused."""
    from heli_cli.importing import Taken, Wanted

    if (plan is None) != (file is None):
        raise Refusal("请写实施意见编号和文件。", "Name the plan and the file.", code=2)
    wanted = Wanted(
        dry_run=dry_run or preview, shows_changes=preview, all_or_nothing=all_or_nothing, workbook=workbook, plan=plan,
        effective_on=effective.date().isoformat() if effective else None, taken=Taken("assessment", "plan import"),
    )  # fmt: skip
    take_lists("tasks", file, wanted, apply=apply, undo=undo, even_if_changed=even_if_changed)


@app.command()
def template(out: Annotated[Path, typer.Argument(help="写成的文件 the workbook to write")]) -> None:
    """下载任务分解表模板。 Write the workbook to fill in."""
    from heli_cli.commands.work_printing import SERVICE

    with open_heli() as heli:
        heli.download(SERVICE, "/v1/imports/templates/tasks.xlsx", out)
    open_console().print(f"已写入 wrote {out}")


@app.command()
def tasks(
    plan: Annotated[str | None, typer.Option(help="某计划的 of this plan")] = None,
    unit: Annotated[str | None, typer.Option(help="某单位的 of this unit")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列逾期的 only those past their day")] = False,
) -> None:
    """列出任务和剩余工作日。 List tasks with the working days left."""
    from heli_cli.commands.work_printing import SERVICE, given, print_rows

    asked = given({"plan": plan, "unit": unit, "overdue": "true" if overdue else None})
    with open_heli() as heli:
        found = list(heli.list(SERVICE, "/v1/tasks", **asked))
    console = open_console()
    rows = [
        (each["id"], each["number"], each["title"], each["unit"], f"{each['progress'] or 0}/{each['target'] or '–'}",
         each["due_on"], "完成 done" if each["done_on"] else each["days_left"])
        for each in sorted(found, key=lambda task: (task["number"] or "", task["id"]))
    ]  # fmt: skip
    print_rows(console, ("编号 id", "序号", "任务", "责任单位", "完成/目标", "期限 due", "剩余 left"), rows)
    console.print(f"任务 tasks: {len(found)}，其中逾期 overdue: {sum(each['overdue'] for each in found)}")


@app.command()
def split(
    task: Annotated[str, typer.Argument(help="任务编号 the task's id")],
    to: Annotated[list[str], typer.Option(help="单位=数量,可重复 unit=amount; repeat for several")],
    by: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="期限 their day, if earlier")] = None,
) -> None:
    """把任务按数量分解到单位。 Split a task to units by amount; the amounts add up to its own."""
    from heli_cli.commands.work_printing import given, take_step

    pairs = [each.partition("=") for each in to]
    if any(not unit or not amount for unit, _, amount in pairs):
        raise Refusal("--to 应写成 单位=数量。", "Write --to as unit=amount.", code=2)
    due = by.date().isoformat() if by else None
    parts = [given({"unit": unit, "target": amount, "due_on": due}) for unit, _, amount in pairs]
    console = open_console()
    with open_heli() as heli:
        for each in take_step(heli, "tasks", task, "split", {"parts": parts})["items"]:
            console.print(f"{each['id']} {each['number'] or ''} {each['unit']} {each['target']}")


@app.command()
def report(
    task: Annotated[str, typer.Argument(help="任务编号 the task's id")],
    progress: Annotated[str, typer.Argument(help="累计完成数 done in all")],
    *,
    evidence: Annotated[str | None, typer.Option(help="佐证 where the documents lie")] = None,
    attach: Annotated[list[Path] | None, typer.Option(help="附件文件,可重复 files that show it")] = None,
    note: Annotated[str | None, typer.Option(help="说明 a note")] = None,
    on: Day = None,
) -> None:
    """报告任务进度,附佐证。 Report how far a task is, with evidence."""
    from heli_cli.commands.work_printing import SERVICE, attach_file, given
    from heli_cli.opening import past_day

    console = open_console()
    with open_heli() as heli:
        unit = heli.get(SERVICE, f"/v1/tasks/{task}")["unit"]
        files = [attach_file(heli, file, unit)["id"] for file in attach or ()]
        body = {"task": task, "progress": progress, "reported_on": past_day(on).isoformat(), "note": note,
                "evidence": evidence, "attachments": files or None}  # fmt: skip
        made = heli.post(SERVICE, "/v1/progress-reports", given(body))
        now = heli.get(SERVICE, f"/v1/tasks/{task}")
    state = f"，{now['done_on']} 完成 done" if now["done_on"] else ""
    console.print(f"{made['id']} 已报告 reported {now['progress']}/{now['target'] or '–'}{state}")


@app.command()
def progress(
    plan: Annotated[str, typer.Argument(help="年度实施意见编号 the plan's id")],
    by: Annotated[str, typer.Option(help="unit 或 level")] = "unit",
) -> None:
    """按单位或层级汇总进度。 Tell how far a plan is by unit or level."""
    from heli_cli.commands.work_printing import SERVICE, print_rows

    with open_heli() as heli:
        found = heli.get(SERVICE, f"/v1/plans/{plan}/progress", by=by)
    rows = [
        (each["by"] or "合计 total", each["tasks"], each["done"], each["overdue"], each["progress"])
        for each in (*found["items"], found["total"])
    ]
    print_rows(open_console(), (by, "任务 tasks", "完成 done", "逾期 overdue", "平均进度 % progress"), rows)

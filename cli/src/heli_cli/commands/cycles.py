"""Commands on assessment cycles: list, show, draft, and every step."""

from datetime import datetime
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli

app = typer.Typer(
    name="cycles",
    help="考核周期:列出、查看、起草、办理各步骤、申诉。 Assessment cycles: list, show, draft, take steps, appeal.",
    invoke_without_command=True,
)
Key = Annotated[str, typer.Argument(help="周期编号 the cycle's id")]
Subject = Annotated[str, typer.Argument(help="考核对象 the subject")]
Why = Annotated[str | None, typer.Option("--reason", help="理由 why")]
Days = Annotated[int | None, typer.Option(min=1, max=120, help="工作日数 working days")]
_DAY = ["%Y-%m-%d"]


@app.callback()
def cycles(context: typer.Context) -> None:
    """列出考核周期和所处阶段。 List cycles and where they stand."""
    if context.invoked_subcommand is None:
        from heli_cli.commands.cycles_printing import print_cycles

        with open_heli() as heli:
            print_cycles(heli, console=open_console())


@app.command()
def show(key: Key) -> None:
    """查看周期:各对象的进度、得分、等次和名次。 Show a cycle: where each subject stands, scores, grades, ranks."""
    from heli_cli.commands.cycles_printing import print_cycle

    with open_heli() as heli:
        print_cycle(heli, key, console=open_console())


@app.command()
def draft(
    title: Annotated[str, typer.Argument(help="标题 the title")],
    *,
    rulebook: Annotated[str, typer.Option(help="考核细则 the rulebook")],
    first_day: Annotated[datetime, typer.Option("--from", formats=_DAY, help="考核期起 the first day")],
    last_day: Annotated[datetime, typer.Option("--to", formats=_DAY, help="考核期止 the last day")],
    first: Annotated[list[str], typer.Option("--first-reviewer", help="初审单位,可多个 units that review first")],
    second: Annotated[list[str], typer.Option("--second-reviewer", help="复核单位,可多个 units that review again")],
    subject: Annotated[
        list[str] | None, typer.Option(help="考核对象,默认为该类全部机构 subjects; by default all units of the kind")
    ] = None,
) -> None:
    """起草考核周期。 Draft a cycle."""
    from heli_cli.commands.cycles_printing import draft_one

    body = {
        "title": title, "rulebook": rulebook, "period_from": first_day.date().isoformat(),
        "counted_on": last_day.date().isoformat(), "first_reviewers": first, "second_reviewers": second,
        "subjects": subject or [],
    }  # fmt: skip
    with open_heli() as heli:
        draft_one(heli, body, console=open_console())


@app.command()
def step(
    key: Key,
    name: Annotated[str, typer.Argument(help="步骤 publish, start, submit, first_review, return, decide, announce, …")],
    subjects: Annotated[list[str] | None, typer.Argument(help="考核对象,可多个 subjects")] = None,
    reason: Why = None,
    days: Days = None,
    statement: Annotated[str | None, typer.Option(help="自评说明 what was done, with submit")] = None,
    points: Annotated[
        list[str] | None, typer.Option(help="自评分,如 项=分,可多个 own points as item=points, with submit")
    ] = None,
) -> None:
    """办理一步,可同时办理多个对象。 Take a step, on several subjects at once where it is one on subjects."""
    from heli_cli.commands.cycles_printing import take_step

    said = {"statement": statement} if statement else {}
    own = dict(each.split("=", 1) for each in points or [] if "=" in each)
    named = [{"subject": each, **said, **({"points": own} if own else {})} for each in subjects or []]
    with open_heli() as heli:
        take_step(heli, key, {"step": name, "subjects": named, "reason": reason, "days": days}, console=open_console())


@app.command()
def score(key: Key, reason: Why = None) -> None:
    """自动计分:计算并固定一次运行,锁定考核期内的记录。 Score a cycle: pin a run and lock the records of the period."""
    from heli_cli.commands.cycles_printing import score_cycle

    with open_heli() as heli:
        score_cycle(heli, key, reason, console=open_console())


@app.command()
def adjust(
    key: Key,
    subject: Subject,
    item: Annotated[str, typer.Argument(help="考核项 the item")],
    points: Annotated[str, typer.Argument(help="得分 the points")],
    reason: Annotated[str, typer.Option(help="理由 why")],
) -> None:
    """审核人调整一个考核项的得分。 Put other points in the place of an item's, as its reviewer."""
    from heli_cli.commands.cycles_printing import adjust_item

    with open_heli() as heli:
        change = {"item": item, "points": points, "reason": reason}
        adjust_item(heli, key, subject, change, console=open_console())


@app.command()
def appeal(
    key: Key,
    subject: Subject,
    reason: Annotated[str, typer.Option(help="理由 why")],
    item: Annotated[list[str] | None, typer.Option(help="考核项,可多个 the items")] = None,
    evidence: Annotated[str | None, typer.Option(help="依据材料 the evidence")] = None,
) -> None:
    """提出申诉。 Appeal against one's own result."""
    from heli_cli.commands.cycles_printing import file_appeal

    body = {"cycle": key, "subject": subject, "reason": reason, "items": item or [], "evidence": evidence}
    with open_heli() as heli:
        file_appeal(heli, {name: value for name, value in body.items() if value is not None}, console=open_console())


@app.command()
def decide(
    appeal_key: Annotated[str, typer.Argument(help="申诉编号 the appeal's id")],
    reason: Annotated[str, typer.Option(help="答复意见 the answer")],
    points: Annotated[
        list[str] | None, typer.Option(help="支持时:更正得分,如 项=分 to uphold it: item=points; none rejects it")
    ] = None,
) -> None:
    """答复申诉:给出更正得分即支持,否则驳回。 Answer an appeal: with points it is upheld, without it is rejected."""
    from heli_cli.commands.cycles_printing import answer_appeal

    with open_heli() as heli:
        answer_appeal(heli, appeal_key, reason, points or [], console=open_console())

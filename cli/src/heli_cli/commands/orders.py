"""Commands on rectification orders 督办单: list, issue, answer, accept, return, re-open."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heli_cli.opening import open_console, open_heli

if TYPE_CHECKING:
    from heli_cli.client import Heli

app = typer.Typer(
    name="orders",
    help="督办单:列出、签发、答复、验收、退回、重新督办。 Rectification orders and their steps.",
    invoke_without_command=True,
)
Key = Annotated[str, typer.Argument(help="督办单编号 the order's id")]
Said = Annotated[str, typer.Argument(help="意见 what is said")]
By = Annotated[datetime | None, typer.Option("--by", formats=["%Y-%m-%d"], help="期限 the day")]
_STAGES = {
    "issued": "待整改", "answered": "待验收", "returned": "退回整改", "accepted": "已销号", "reopened": "重新督办",
    "cancelled": "已撤销",
}  # fmt: skip


@app.callback()
def orders(
    context: typer.Context,
    *,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列逾期的 only those past their day")] = False,
    unit: Annotated[str | None, typer.Option(help="某整改单位的 of this unit")] = None,
) -> None:
    """列出督办单和剩余工作日。 List orders with the working days left."""
    if context.invoked_subcommand is not None:
        return
    from heli_cli.commands.work_printing import SERVICE, given, print_rows

    asked = given({"unit": unit, "overdue": "true" if overdue else None})
    with open_heli() as heli:
        found = list(heli.list(SERVICE, "/v1/rectification-orders", **asked))
    rows = [
        (each["id"], each["unit"], each["problem"], _STAGES[each["stage"]], each["due_on"], each["days_left"])
        for each in found
    ]
    console = open_console()
    print_rows(console, ("编号 id", "整改单位", "问题 problem", "状态 stage", "期限 due", "剩余 left"), rows)
    console.print(f"督办单 orders: {len(found)}，其中逾期 overdue: {sum(each['overdue'] for each in found)}")


@app.command()
def issue(
    unit: Annotated[str, typer.Argument(help="整改单位 the unit")],
    problem: Annotated[str, typer.Argument(help="存在问题 what is wrong")],
    *,
    requirement: Annotated[str | None, typer.Option(help="整改要求 what is to be done")] = None,
    issuer: Annotated[str | None, typer.Option(help="签发单位 by which unit")] = None,
    activity: Annotated[str | None, typer.Option(help="督查记录 the inspection")] = None,
    enterprise: Annotated[str | None, typer.Option(help="涉及企业,统一社会信用代码 about which enterprise")] = None,
    by: By = None,
) -> None:
    """签发督办单。 Issue an order."""
    from heli_cli.commands.work_printing import SERVICE, given

    body = {"unit": unit, "problem": problem, "requirement": requirement, "issuer": issuer, "activity": activity,
            "enterprise": enterprise, "due_on": by.date().isoformat() if by else None}  # fmt: skip
    with open_heli() as heli:
        made = heli.post(SERVICE, "/v1/rectification-orders", given(body))
    open_console().print(f"{made['id']} 期限 due {made['due_on']}，剩余工作日 working days left {made['days_left']}")


@app.command()
def answer(
    key: Key, said: Said, attach: Annotated[list[Path] | None, typer.Option(help="附件文件,可重复 files")] = None
) -> None:
    """答复整改情况。 Answer an order for one's unit."""
    from heli_cli.commands.work_printing import SERVICE, attach_file, given

    with open_heli() as heli:
        unit = heli.get(SERVICE, f"/v1/rectification-orders/{key}")["unit"]
        files = [attach_file(heli, file, unit)["id"] for file in attach or ()]
        _step(heli, key, "answer", given({"answer": said, "attachments": files or None}))


@app.command()
def accept(key: Key, said: Said) -> None:
    """验收销号。 Accept an answer."""
    with open_heli() as heli:
        _step(heli, key, "accept", {"decision": said})


@app.command("return")
def return_(key: Key, said: Said, by: By = None) -> None:
    """退回整改。 Return an answer, with a new deadline."""
    _back(key, "return", said, by)


@app.command()
def reopen(key: Key, said: Said, by: By = None) -> None:
    """问题反弹,重新督办。 Re-open an accepted order."""
    _back(key, "reopen", said, by)


def _back(key: str, step: str, said: str, by: datetime | None) -> None:
    body = {"decision": said, **({"due_on": by.date().isoformat()} if by else {})}
    with open_heli() as heli:
        _step(heli, key, step, body)


def _step(heli: "Heli", key: str, step: str, body: Mapping[str, object]) -> None:
    from heli_cli.commands.work_printing import take_step

    made = take_step(heli, "rectification-orders", key, step, body)
    due = f"，期限 due {made['due_on']}" if made["days_left"] is not None else ""
    open_console().print(f"{made['id']} {_STAGES[made['stage']]} {made['stage']}{due}")

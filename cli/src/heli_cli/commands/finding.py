"""Commands that find: search by what one remembers of a name, duplicates and their merger, lists of dirty names."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli
from heli_cli.refusals import Refusal

app = typer.Typer()
Code = Annotated[str, typer.Argument(help="统一社会信用代码 credit code")]
Reason = Annotated[str, typer.Option(help="理由 why, in words somebody will understand in a year")]


@app.command()
def search(
    text: Annotated[
        str, typer.Argument(help="名称、名称片段、拼音、首字母或代码 a name, part, pinyin, initials, code")
    ],
    kind: Annotated[str, typer.Option(help="enterprises, party-organizations, units, zones, …")] = "enterprises",
    limit: Annotated[int, typer.Option(min=1, max=50, help="最多几条 how many at most")] = 10,
) -> None:
    """按名称、拼音、错字或代码查找。 Find records by name, pinyin, a spelling with a slip, or code."""
    from heli_cli.finding import print_search

    with open_heli() as heli:
        print_search(heli, open_console(), text=text, kind=kind, limit=limit)


@app.command()
def duplicates(
    *,
    reason: Annotated[str | None, typer.Option(help="code、name 或 address only this reason")] = None,
    min_score: Annotated[int, typer.Option(min=0, max=100, help="最低把握 only pairs at least as sure")] = 50,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="最多几对 how many at most")] = 20,
    apart: Annotated[
        tuple[str, str] | None, typer.Option(metavar="甲代码 乙代码", help="认定这两家不重复 hold these two apart")
    ] = None,
    why: Annotated[str | None, typer.Option("--why", help="与 --apart 同用:理由 with --apart: the reason")] = None,
) -> None:
    """列出疑似重复的企业及依据。 List enterprises that may be one and the same, with the evidence."""
    from heli_cli.finding import hold_apart, print_duplicates

    if (apart is None) != (why is None):
        raise Refusal("--apart 与 --why 要一起写。", "Give --apart and --why together.", code=2)
    with open_heli() as heli:
        if apart is not None and why is not None:
            hold_apart(heli, open_console(), apart, why)
        else:
            print_duplicates(heli, open_console(), reason=reason, min_score=min_score, limit=limit)


@app.command()
def merge(
    source: Code,
    into: Annotated[str, typer.Option(help="保留的企业代码 the enterprise that stays")],
    why: Reason,
    take: Annotated[list[str] | None, typer.Option(help="采用的字段,可重复 fields to take over; repeat")] = None,
    effective: Annotated[
        datetime | None, typer.Option("--effective", formats=["%Y-%m-%d"], help="从哪天起 from which day")
    ] = None,
) -> None:
    """把重复登记的企业并入另一家。 Merge an enterprise that was recorded twice into the one that stays."""
    from heli_cli.finding import merge_enterprises

    day = effective.date().isoformat() if effective else None
    with open_heli() as heli:
        merge_enterprises(heli, open_console(), source, into=into, why=why, take=take or [], effective_on=day)


@app.command()
def unmerge(source: Code, why: Reason) -> None:
    """撤销一次合并。 Undo a merger, as long as nothing that it moved was changed since."""
    from heli_cli.finding import unmerge_enterprises

    with open_heli() as heli:
        unmerge_enterprises(heli, open_console(), source, why=why)


@app.command()
def reconcile(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX 名单 a list as CSV or XLSX")],
    column: Annotated[str, typer.Option(help="名称所在列 the column of names")],
    *,
    out: Annotated[Path | None, typer.Option(help="写成的文件 where to write: .csv or .xlsx")] = None,
    kind: Annotated[str, typer.Option(help="enterprises 或 party-organizations")] = "enterprises",
    address: Annotated[str | None, typer.Option(help="地址所在列 the column of addresses")] = None,
    code: Annotated[str | None, typer.Option(help="代码所在列 the column of credit codes")] = None,
    division: Annotated[str | None, typer.Option(help="区划代码所在列 the column of division codes")] = None,
    candidates: Annotated[int, typer.Option(min=1, max=5, help="每行几个候选 candidates for each row")] = 3,
) -> None:
    """给一份名单逐行找出对应的登记。 Find for each row of a list which record it means, and write them beside."""
    from heli_cli.reconciling import Columns, reconcile_file

    columns = Columns(column, {"address": address, "uscc": code, "division": division})
    with open_heli() as heli:
        reconcile_file(heli, open_console(), file, columns, out=out, kind=kind, candidates=candidates)

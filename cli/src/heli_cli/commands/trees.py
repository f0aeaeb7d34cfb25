"""Commands on the three trees: show one, a node's path, what it counts, whether they agree; merge and split nodes."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli

app = typer.Typer(
    help="三棵树:属地、行业、隶属。 The three trees: territory, sector, affiliation.", no_args_is_help=True
)
TreeName = Annotated[str, typer.Argument(help="territory 属地, sector 行业, affiliation 隶属")]
Node = Annotated[str, typer.Argument(help="节点编号 the node's key")]
NodeKind = Annotated[str, typer.Argument(help="divisions, zones, units, sectors")]
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="截至日期 as of this day")]
From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="生效日期,默认今天 from which day")]
Reason = Annotated[str, typer.Option(help="原因 why")]
Document = Annotated[str | None, typer.Option(help="依据文号 the document")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只预览,不写入 only tell what would move")]


@app.command()
def show(
    tree: TreeName,
    under: Annotated[str | None, typer.Option(help="只看此节点以下 only below this node")] = None,
    depth: Annotated[int | None, typer.Option(min=0, max=20, help="层数 how many levels")] = None,
    on: On = None,
) -> None:
    """显示一棵树。 Show a tree, now or as of a day."""
    from heli_cli.commands.trees_printing import print_tree

    with open_heli() as heli:
        print_tree(heli, tree, under=under, depth=depth, on=on and on.date(), console=open_console())


@app.command()
def path(tree: TreeName, key: Node, on: On = None) -> None:
    """显示一个节点的全部上级。 Show what stands above a node, now or as of a day."""
    from heli_cli.commands.trees_printing import print_path

    with open_heli() as heli:
        print_path(heli, tree, key, on=on and on.date(), console=open_console())


@app.command()
def counts(
    tree: TreeName,
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="截至日期 as of this day")],
    *,
    by_today: Annotated[bool, typer.Option("--by-today", help="按今天的区划(归口) by today's structure")] = False,
) -> None:
    """统计每个节点的企业数。 Count the enterprises of a day at each node, by the structure of then or of today."""
    from heli_cli.commands.trees_printing import print_counts

    with open_heli() as heli:
        print_counts(heli, tree, on.date(), structure="now" if by_today else "then", console=open_console())


@app.command()
def agreement(on: On = None) -> None:
    """核对三棵树的企业总数,列出缺漏。 Tell whether the three trees hold the same enterprises, and what one lacks."""
    from heli_cli.commands.trees_printing import print_agreement

    with open_heli() as heli:
        print_agreement(heli, on=on and on.date(), console=open_console())


@app.command()
def merge(
    kind: NodeKind,
    key: Node,
    into: Annotated[str, typer.Argument(help="并入的节点 the node that takes over")],
    reason: Reason,
    document: Document = None,
    since: From = None,
    *,
    dry_run: DryRun = False,
) -> None:
    """撤并:一个节点并入另一个。 Merge a node into another; it stays, closed, and names its successor."""
    from heli_cli.commands.trees_printing import reorganise

    body = {"into": into, "reason": reason, "document": document, "effective_on": since and since.date().isoformat()}
    with open_heli() as heli:
        reorganise(heli, f"/v1/{kind}/{key}", "merge", body, dry_run=dry_run, console=open_console())


@app.command()
def split(
    kind: NodeKind,
    key: Node,
    parts: Annotated[Path, typer.Argument(help="JSON 文件:各部分 a file with the parts", exists=True, dir_okay=False)],
    reason: Reason,
    document: Document = None,
    since: From = None,
    *,
    dry_run: DryRun = False,
) -> None:
    """析置:一个节点拆分为几个。 Split a node: the file lists the parts with key, name, takes and takes_rest."""
    from heli_cli.commands.trees_printing import read_parts, reorganise

    body = {"parts": read_parts(parts), "reason": reason, "document": document}
    body["effective_on"] = since.date().isoformat() if since else None
    with open_heli() as heli:
        reorganise(heli, f"/v1/{kind}/{key}", "split", body, dry_run=dry_run, console=open_console())

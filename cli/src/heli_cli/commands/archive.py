"""Commands on sealed archives: fetch one, and verify one without the services."""

from pathlib import Path
from typing import Annotated

import typer

from heli_cli.opening import open_console, open_heli
from heli_cli.refusals import Refusal

app = typer.Typer(
    name="archive",
    help="考核档案:下载、离线核验。 Sealed archives of cycles: fetch, verify offline.",
    no_args_is_help=True,
)


@app.command()
def get(
    key: Annotated[str, typer.Argument(help="周期编号 the cycle's id")],
    out: Annotated[Path, typer.Option(help="保存为 the file to write")],
) -> None:
    """下载已归档周期的档案包。 Fetch the sealed package of an archived cycle."""
    with open_heli() as heli:
        headers = heli.download("assessment", f"/v1/cycles/{key}/archive", out)
    open_console().print(f"{out} 摘要 digest {headers['ETag'].strip(chr(34))}", soft_wrap=True)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="档案包 the package")],
    digest: Annotated[str | None, typer.Option(help="台账或纸面上的摘要 the digest from ledger or paper")] = None,
) -> None:
    """离线核验档案包:不需要服务和数据库。 Verify a package offline: needs neither services nor database."""
    from heli_assessment.archives.verify import NotSoundError
    from heli_assessment.archives.verify import verify as verify_package

    if not file.is_file():
        raise Refusal(f"没有文件 {file}。", f"There is no file {file}.")
    try:
        told = verify_package(file, digest)
    except NotSoundError as error:
        raise Refusal(f"档案有误：{error}。", f"The archive is not sound: {error}.") from error
    console = open_console()
    console.print(f"✓ {told['title']}：档案完整 the archive is sound")
    console.print(
        f"  {told['subjects']} 个对象 subjects，{told['entries']} 条台账 entries，{told['files']} 个文件 files"
    )
    console.print(f"  摘要 digest {told['digest']}", soft_wrap=True)

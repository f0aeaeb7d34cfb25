"""What the commands of exchange print."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli

_SOURCES = {"stated": "", "agreed": "（登记 agreed）", "internal": "", "none": "未说明 not stated"}


def print_catalogue(heli: Heli, console: Console) -> None:
    """Print one line for each shared resource, and what is not shared with the reason."""
    found = heli.get("registry", "/v1/catalogue")
    table = _table("资源 resource", "名称", "共享类型 class", "行数 rows", "用途 purpose")
    for each in found["items"]:
        rows = "–" if each["rows"] is None else f"{each['rows']:,}"
        table.add_row(each["resource"], each["zh"], each["sharing_class_zh"], rows, each["purpose"])
    console.print(table)
    for each in found["not_shared"]:
        console.print(f"不予共享 not shared: {each['resource']} {each['zh']}：{each['reason']}", soft_wrap=True)


def print_resource(heli: Heli, resource: str, console: Console) -> None:
    """Print one resource field by field."""
    found = heli.get("registry", f"/v1/catalogue/{resource}")
    console.print(f"{found['zh']} {resource}：{found['sharing_class_zh']}；{found['purpose']}", soft_wrap=True)
    console.print(f"依据 basis：{found['basis']}", soft_wrap=True)
    console.print(f"更新 rhythm：{found['rhythm']}", soft_wrap=True)
    table = _table("字段 field", "名称", "类型 type", "单位 unit", "共享 class", "责任单位 steward")
    for field in found["fields"]:
        shared = "无条件" if field["sharing_class"] == "unconditional" else "有条件"
        table.add_row(
            field["name"], field["zh"], field["type_zh"], field["unit"] or "", shared, field["steward"] or "–"
        )
    console.print(table)


def print_deliveries(heli: Heli, asked: dict[str, Any], *, most: int, console: Console) -> None:
    """Print deliveries, newest first, and how many rows all of them carried."""
    found = heli.get("registry", "/v1/deliveries", limit=most, **asked)
    table = _table("时间 at", "方式", "资源 resource", "单位 unit", "行数 rows", "用途 purpose")
    for each in found["items"]:
        purpose = f"{each['purpose'] or ''}{_SOURCES[each['purpose_source']]}"
        rows = f"{each['rows']:,}{'' if each['is_whole'] else '（中断 broken off）'}"
        at = each["delivered_at"][:16].replace("T", " ")
        table.add_row(at, each["channel"], each["resource"], each["unit"] or "–", rows, purpose)
    if found["items"]:
        console.print(table)
    console.print(f"共 {found['total']:,} 次 deliveries，{found['rows']:,} 行 rows")


def print_burden(heli: Heli, unit: str | None, console: Console) -> None:
    """Print what each unit asks for in a year, and what is asked twice."""
    found = heli.get("registry", "/v1/burden", unit=unit)
    table = _table("单位 unit", "报表 forms", "指标 items", "已有 held", "每年填报 answers", "预填后 left")
    for each in found["items"]:
        numbers = (each["forms"], each["items"], each["items_held"], each["answers"], each["answers_left"])
        table.add_row(each["unit"], *(f"{number:,}" for number in numbers))
    if found["items"]:
        console.print(table)
    for each in found["twice"]:
        console.print(f"重复 asked twice: {each['kind']}.{each['field']} {each['zh']}：{'、'.join(each['units'])}")
    total = found["total"]
    console.print(
        f"共 {total['forms']:,} 张 forms，每年 {total['answers']:,} 项 answers，预填后 left {total['answers_left']:,}"
    )


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for name in columns:
        is_number = name.endswith(("rows", "forms", "items", "held", "answers", "left"))
        table.add_column(
            name, justify="right" if is_number else "left", no_wrap=name.startswith(("资源", "字段", "时间"))
        )
    return table

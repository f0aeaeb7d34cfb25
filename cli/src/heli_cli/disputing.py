"""What `heli disputes` and `heli sources` print, and how a settlement is sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rich.console import Console

from heli_cli.client import Heli
from heli_cli.printing import plain_table, value_text
from heli_cli.refusals import Refusal

_WORDS = {
    "scope_reason": "统计范围", "size_class": "规模", "above_scale": "规上", "branch_due": "应建党组织",
    "member_due": "50人以上", "organization_due": "100人以上", "above_scale_by_revenue": "收入达规上",
    "above_scale_by_staff": "人数达规上",
}  # fmt: skip
_RULES = {"settled": "已认定", "precedence": "按优先顺序", "latest": "按取数日期", "held": "原有数据"}
_YES, _NO = frozenset({"是", "true", "yes"}), frozenset({"否", "false", "no"})


def print_disputes(heli: Heli, asked: Mapping[str, str], *, most: int, console: Console) -> None:
    """Print disputes, the most urgent first: who says what, how many days are left, what another value would change."""
    found = heli.get("registry", "/v1/disputes", limit=most, **asked)
    table = plain_table(
        "争议 dispute", "企业 enterprise", "字段", "各方数据 values", "处理单位 owner", "期限 due", "影响 effect"
    )
    table.columns[0].no_wrap = True
    for each in found["items"]:
        said = "\n".join(_said(one) for one in each["values"])
        table.add_row(
            each["id"], each["enterprise_name"], each["field_zh"], said, each["owner_name"] or "县级办公室",
            _due(each), _effect(each),
        )  # fmt: skip
    if found["items"]:
        console.print(table)
    console.print(f"共 {found['total']} 项 disputes，列出 shown {len(found['items'])}")


def _said(one: Mapping[str, Any]) -> str:
    mark = "（生效）" if one["in_force"] else ""
    return f"{one['unit_name']} {value_text(one['value'])}{mark}"


def _due(each: Mapping[str, Any]) -> str:
    if each["state"] != "open":
        return {"settled": "已认定 settled", "withdrawn": "已撤销 withdrawn"}[each["state"]]
    left = each["days_left"]
    told = f"逾期 {-left} 个工作日" if each["overdue"] else f"还有 {left} 个工作日"
    return f"{each['due_on']}\n{told}"


def _effect(each: Mapping[str, Any]) -> str:
    lines = []
    for one in each["effect"]:
        words = [_WORDS[name] for name in one["changes"] if name in _WORDS]
        measures = sum(name in one["measures"] for name in one["changes"])
        words += [f"{measures} 项指标"] if measures else []
        if words:
            lines.append(f"{value_text(one['value'])}：{'、'.join(words)}")
    return "\n".join(lines) or "无 none"


def settle_dispute(
    heli: Heli,
    key: str,
    *,
    value: str | None,
    unit: str | None,
    reason: str,
    evidence: str | None,
    console: Console,
) -> None:
    """Settle a dispute as it was just read, and print what is in force now."""
    found = heli.call("registry", "GET", f"/v1/disputes/{key}")
    typed = None if value is None else _typed(value, found.json())
    body = {"value": typed, "unit": unit, "reason": reason, "evidence": evidence}
    body = {name: given for name, given in body.items() if given is not None}
    path, headers = f"/v1/disputes/{key}/settle", {"If-Match": found.headers["ETag"]}
    settled = heli.call("registry", "POST", path, json=body, headers=headers).json()
    force = settled["in_force"]
    console.print(
        f"{settled['enterprise_name']} {settled['field_zh']} 已认定为 {value_text(force['value'])}"
        f"（{force['unit_name'] or '县级办公室'}） settled"
    )


def _typed(text: str, dispute: Mapping[str, Any]) -> Any:
    """Return a value as the field holds it, told by what the parties say; Refusal when it is not such a value."""
    like = dispute["values"][0]["value"] if dispute["values"] else text
    if isinstance(like, bool):
        if text in _YES | _NO:
            return text in _YES
        raise Refusal("请填“是”或“否”。", "Say 是 (yes) or 否 (no).", code=2)
    if isinstance(like, int):
        if text.removeprefix("-").isdecimal():
            return int(text)
        raise Refusal(f"“{text}”应为整数。", f"{text!r} must be a whole number.", code=2)
    return [part for part in text.replace("；", ";").split(";") if part] if isinstance(like, list) else text


def print_swing(heli: Heli, measure: str, *, division: str | None, console: Console) -> None:
    """Print a measure's value in force and the range that it keeps to."""
    found = heli.get("registry", "/v1/disputes/swing", measure=measure, division=division)
    low, now, high = (_number(found[name]) for name in ("low", "in_force", "high"))
    console.print(f"{found['zh']} {found['en']}: {now}")
    console.print(f"争议了结前 until settled: {low} – {high}")
    console.print(f"未了结争议 open disputes {found['disputes']}，影响企业 enterprises {found['enterprises']}")


def _number(found: Mapping[str, Any]) -> str:
    if found["value"] is None:
        return "–"
    if found["denominator"] is None:
        return f"{found['value']:,}"
    return f"{float(found['value']):.2%} ({found['numerator']}/{found['denominator']})"


def print_sources(heli: Heli, uscc: str, *, field: str | None, on: date | None, console: Console) -> None:
    """Print each value of an enterprise with its source, since when, by which rule, and what others say."""
    found = heli.get("registry", f"/v1/enterprises/{uscc}/sources", field=field, on=on and on.isoformat())
    table = plain_table("字段 field", "生效值 in force", "来源 source", "自 since", "规则 rule", "各方 others")
    for each in found["fields"]:
        others = "\n".join(
            f"{one['unit_name']} {value_text(one['value'])}（{one['observed_on']}）" for one in each["claims"]
        )
        source = each["unit_name"] or each["unit"] or "–"
        rule = _RULES[each["rule"]] if each["claims"] or each["steward"] else "–"
        table.add_row(each["field_zh"], value_text(each["value"]), source, each["since"] or "–", rule, others or "–")
    console.print(table)

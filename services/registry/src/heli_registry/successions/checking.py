"""What a merge or split is refused for: nodes that cannot take over, and records without a home."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from heli_registry.ancestry import Ancestry, first_day_below
from heli_registry.sectors.domain import is_industry
from heli_registry.successions import repository
from heli_registry.successions.domain import Part, Reference, named_twice
from heli_registry.transfers.models import TRANSFER
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.ledger.folding import fold
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind

_SHOWN_KEYS = 50


def stands_from(call: RecordCall, kind: RecordKind, key: str, day: date) -> bool:
    """Say whether a node is open on a day and was never closed later, even if it was opened again."""
    entries = repository.entries_of_node(call.session, call.ledger, kind, key)
    folded = fold(entries, on=day)
    was_closed = any(entry.operation == "close" and entry.effective_on > day for entry in entries)
    return folded is not None and folded.values.get("state") == "open" and not was_closed


def check_parts(
    call: RecordCall,
    kind: RecordKind,
    key: str,
    parts: Sequence[Part],
    made: Mapping[str, str],
    *,
    old: Mapping[str, Any],
    effective: date,
) -> None:
    """Refuse nodes that are not there or not free, closed, of another level, or below the one that goes.

    `old` is what the one that goes says on the day; new nodes stand below its parent of that day from then on.
    """
    level = old.get("level")
    successors = [part.successor for part in parts]
    rows = repository.present(call.session, kind, successors)
    ancestry = Ancestry(call, kind)
    faults = []
    for number, successor in enumerate(successors):
        where = "/into" if len(parts) == 1 else f"/parts/{number}"
        if successor == key or successors.count(successor) > 1:
            faults.append(FieldProblem(where, "不能是自身，也不能重复", "cannot be itself or named twice"))
        elif successor in made:
            faults += _faults_of_new(kind, successor, where, is_taken=successor in rows)
            faults += _circle(ancestry, key, old.get("parent"), effective, where)
        elif successor not in rows:
            faults.append(FieldProblem(where, "没有这个承接对象", "there is no such record"))
        elif not stands_from(call, kind, successor, effective):
            faults.append(FieldProblem(where, "承接对象在生效日未启用或其后关闭", "is not open from that day on"))
        elif level is not None and rows[successor].level != level:
            faults.append(FieldProblem(where, "层级不同", "is of another level"))
        elif "parent" in kind.by_name and first_day_below(successor, key, ancestry.links, start=effective) is not None:
            faults.append(FieldProblem(where, "不能是其下级", "stands below it"))
    for plural, twice in named_twice(parts):
        faults.append(FieldProblem("/parts", f"{plural} {twice} 被多次指定", f"{plural} {twice} is named twice"))
    if faults:
        raise InvalidInput("承接对象有误。", "The new nodes are not right.", errors=faults[:_SHOWN_KEYS])


def _faults_of_new(kind: RecordKind, successor: str, where: str, *, is_taken: bool) -> list[FieldProblem]:
    if is_taken:
        return [FieldProblem(where, "编号已被占用", "the key is taken")]
    if re.fullmatch(kind.key_pattern, successor) is None:
        return [FieldProblem(where, "编号格式不对", "the key has not the right form")]
    return []


def _circle(ancestry: Ancestry, key: str, parent: str | None, effective: date, where: str) -> list[FieldProblem]:
    """Find a circle that a new node would close: what goes to it may stand above its parent on a later day."""
    day = None if parent is None else first_day_below(parent, key, ancestry.links, start=effective)
    return [] if day is None else [FieldProblem(where, f"形成循环（{day}）", f"makes a circle on {day}")]


def check_codes(kind: RecordKind, parts: Sequence[Part], left: Sequence[str]) -> None:
    """Refuse industry codes of what is no sector, codes that are none, and codes that nobody would hold any more."""
    faults = [
        FieldProblem(f"/parts/{number}/industries", "应为门类字母加数字，例如 C 或 C1311", "give codes such as C1311")
        for number, part in enumerate(parts)
        if part.industries
        and ("industries" not in kind.by_name or not all(is_industry(code) for code in part.industries))
    ]
    if faults:
        raise InvalidInput("行业代码有误。", "An industry code is not right.", errors=faults)
    if left:
        codes = [{"kind": "sectors", "field": "industries", "key": code} for code in left]
        raise Conflict(
            f"行业代码 {'、'.join(left)} 没有指定去向：请指定，或指定一个承接其余的对象。",
            f"The industry codes {', '.join(left)} would belong to nobody: name them, or a part that takes the rest.",
            data={"records": codes},
        )


def check_held(call: RecordCall, kind: RecordKind, key: str) -> None:
    """Refuse a node that still holds what others rely on, with the records to hand over first."""
    held = repository.held_by(call.session, kind.entity, key)
    if held:
        raise Conflict(
            f"还有{len(held)}项数据责任等由其承担，请先移交。",
            f"It still answers for {len(held)} records (fields of data); hand them over first.",
            data={"records": [_shown(each) for each in held[:_SHOWN_KEYS]]},
        )


def homeless(references: Sequence[Reference]) -> Conflict:
    """Return the refusal of a split that leaves records without a home, with the first of them."""
    return Conflict(
        f"有{len(references)}条记录没有指定去向：请逐一指定，或指定一个承接其余的对象。",
        f"{len(references)} records would be left without a home: name them, or a part that takes the rest.",
        data={"records": [_shown(each) for each in references[:_SHOWN_KEYS]]},
    )


def check_transfers(call: RecordCall, moves: Mapping[Reference, str]) -> None:
    """Refuse to make both sides of a transfer under way the same, with the transfers that are to be ended first."""
    new = {(each.key, each.field): place for each, place in moves.items() if each.plural == TRANSFER.plural}
    met = [
        {"kind": TRANSFER.plural, "field": "to_superior", "key": row.id}
        for row in repository.transfers_of(call.session, sorted({key for key, _ in new}))
        if new.get((row.id, "from_superior"), row.from_superior) == new.get((row.id, "to_superior"), row.to_superior)
    ]
    if met:
        raise Conflict(
            f"有{len(met)}项转接的转出方和转入方将是同一上级：请先办结、退回或撤回。",
            f"{len(met)} transfers under way would have the same superior on both sides: finish or end them first.",
            data={"records": met[:_SHOWN_KEYS]},
        )


def check_named(parts: Sequence[Part], moved: Collection[Reference]) -> None:
    """Refuse names of records that do not belong to the node: a slip of the pen would pass unseen."""
    known = {(each.plural, each.key) for each in moved}
    strangers = [
        f"{plural} {key}"
        for part in parts
        for plural, keys in part.named.items()
        for key in sorted(keys)
        if (plural, key) not in known
    ]
    if strangers:
        found = [FieldProblem("/parts", f"{each} 不属于该对象", f"{each} does not belong to it") for each in strangers]
        raise InvalidInput("指定的记录有误。", "A named record is not right.", errors=found[:_SHOWN_KEYS])


def _shown(reference: Reference) -> dict[str, Any]:
    return {"kind": reference.plural, "field": reference.field, "key": reference.key}

"""Templates as a caller gets them: with the divisions, zones, units and organisations that the caller may see."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from heli_registry.access import subtree
from heli_registry.imports.kinds import KINDS, FieldType
from heli_registry.imports.targets import RESOURCES
from heli_registry.imports.templates import write_template
from heli_shared.kernel.errors import NotFound
from heli_shared.records.calls import RecordCall

_LISTED: dict[FieldType, str] = {
    "division": "divisions", "zone": "zones", "unit": "units", "organization": "party-organizations",
}  # fmt: skip
_MOST = 5_000


def template_workbook(call: RecordCall, plural: str) -> tuple[Path, str]:
    """Return the template of a kind as a temporary file, for the caller to delete, and the name it is to bear."""
    if plural not in KINDS:
        raise NotFound(
            f"没有“{plural[:60]}”的导入模板。",
            f"There is no template for {plural[:60]}.",
            data={"kinds": sorted(KINDS)},
        )
    kind = KINDS[plural]
    wanted = {each.name: _LISTED[each.type] for each in kind.fields if each.type in _LISTED}
    names = {listed: _names(call, listed) for listed in {*wanted.values()} if call.principal.may(f"{listed}:read")}
    found: dict[str, Sequence[str]] = {name: names[listed] for name, listed in wanted.items() if listed in names}
    with tempfile.NamedTemporaryFile(prefix="heli-template-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    write_template(path, kind, found)
    return path, f"{kind.zh}导入模板.xlsx"


def _names(call: RecordCall, plural: str) -> list[str]:
    """Return the names of the open records that the caller may see, with the key where a name is not the only one."""
    resource = RESOURCES[plural]
    table, key = resource.kind.table, resource.kind.key
    scope = call.principal.scope
    clauses = [each.clause for each in resource.visible(call.session, scope)]
    if plural == "divisions" and not scope.everything:
        clauses.append(table.c.code.in_(subtree(scope.divisions)))
    statement = sa.select(table.c[key], table.c.name).where(table.c.state == "open", *clauses)
    rows = call.session.execute(statement.order_by(table.c[key]).limit(_MOST)).all()
    count = Counter(row[1] for row in rows)
    return [row[1] if count[row[1]] == 1 else f"{row[0]} {row[1]}" for row in rows]

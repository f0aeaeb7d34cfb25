"""What may refuse a row beyond its cells: the importer's scope, and the rules of the kind of record."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from heli_registry.database import REPLIES
from heli_registry.imports.domain import ImportJob
from heli_registry.imports.kinds import KINDS, column_names
from heli_registry.imports.preparing import CellProblem
from heli_registry.imports.standing import Standing
from heli_registry.pending import note_pending
from heli_shared.kernel import divisions as division_codes
from heli_shared.kernel.access import Principal
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import DomainError
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import column_value
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource

_OUTSIDE = CellProblem(
    "", "不在您的管辖范围内，请核对区划、园区或关联对象。",
    "Outside your scope; check the division, the zone or what it links to.",
)  # fmt: skip
_UNKNOWN_PLACE = CellProblem(
    "", "按代码和地址无法确定所在区划，请填写“所属乡镇”或行政区划代码。",
    "The division cannot be told from code and address; give the township or the division's code.",
)  # fmt: skip
# Kinds whose rules need nothing that the import has not looked up already: they are checked here, by the column.
_CHECKED_HERE = frozenset({"enterprises", "divisions"})


class Rules:
    """Checks records of one kind as they would become."""

    def __init__(
        self,
        session: Session,
        ledger: LedgerTables,
        *,
        job: ImportJob,
        clock: Clock,
        resource: Resource,
        standing: Standing,
    ) -> None:
        """Remember for whom, and work out the scope's conditions once."""
        self._resource = resource
        self._standing = standing
        self._kind = KINDS[job.kind]
        self._everything = job.scope.everything
        self._conditions: list[Condition] = resource.visible(session, job.scope)
        principal = Principal(job.principal, "", "person", job.unit, (), frozenset(), job.scope)
        request = Request({"type": "http", "method": "POST", "path": "/v1/imports", "headers": [], "query_string": b""})
        self._call = RecordCall(request, principal, clock, session, ledger, REPLIES)
        note_pending(self._call, self._kind.entity, standing.pending)

    def missing(self, fields: Sequence[str]) -> CellProblem:
        """Return the refusal of a new record that lacks something, with the columns to fill."""
        names = column_names()[self._kind.plural]
        zh = "、".join(names[name][0] for name in fields)
        return CellProblem("", f"新增{self._kind.zh}必须填写：{zh}。", f"A new record needs {', '.join(fields)}.")

    def outside(self) -> CellProblem:
        """Return the refusal of a record outside the importer's scope."""
        return _OUTSIDE

    def is_visible(self, record: Mapping[str, Any]) -> bool:
        """Say whether the importer may see a record that stands already."""
        return all(condition.matches(record) for condition in self._conditions)

    def check(
        self, before: Mapping[str, Any] | None, after: dict[str, Any], effective: date
    ) -> tuple[dict[str, Any], CellProblem | None]:
        """Return the record completed, and the reason why it is refused, if any."""
        if self._kind.plural == "enterprises":
            return after, self._check_enterprise(before, after)
        if before is None:
            after = self._resource.complete(self._call, after)
        if self._kind.plural == "divisions":
            return after, self._check_division(after)
        if not self._everything and not self._is_in_scope(after):
            return after, _OUTSIDE
        whole = {each.name: after.get(each.name) for each in self._resource.kind.all_fields}
        whole[self._kind.key] = after[self._kind.key]
        try:
            self._resource.check(self._call, before, _typed(self._resource, whole), effective)
        except DomainError as error:
            detail = [(each.zh, each.en) for each in error.errors]
            zh = "；".join([error.zh.rstrip("。"), *(one for one, _ in detail)])
            en = "; ".join([error.en.rstrip("."), *(one for _, one in detail)])
            return after, CellProblem("", f"{zh}。", f"{en}.")
        return after, None

    def _is_in_scope(self, after: Mapping[str, Any]) -> bool:
        if "division" in after or "zone" in after:
            return self._standing.has_in_scope(after.get("division"), after.get("zone"))
        full = {each.name: after.get(each.name) for each in self._resource.kind.all_fields}
        return all(condition.matches({**full, **after}) for condition in self._conditions)

    def _check_enterprise(self, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> CellProblem | None:
        if after.get("division") is None:
            return _UNKNOWN_PLACE
        stays = after.get("duplicate_of")
        is_old = before is not None and before.get("duplicate_of") == stays
        if stays is not None and not is_old and (stays == after["uscc"] or not self._stays(stays)):
            return CellProblem(
                "", "重复对象应为另一家已登记、且自身不是重复的企业。",
                "The enterprise that stays must be another one, not itself a duplicate.",
            )  # fmt: skip
        inside = self._everything or self._standing.has_in_scope(after["division"], after.get("zone"))
        return None if inside else _OUTSIDE

    def _stays(self, uscc: str) -> bool:
        """Say whether an enterprise is there, in the registry or in this list, and is no duplicate itself."""
        if uscc in self._standing.pending:
            return self._standing.pending[uscc] is None
        found = self._standing.rows_by_key(self._resource.kind, [uscc]).get(uscc)
        return found is not None and found["duplicate_of"] is None

    def _check_division(self, after: Mapping[str, Any]) -> CellProblem | None:
        if not self._everything:
            return _OUTSIDE
        parent = after.get("parent")
        if parent is None:
            return None
        levels = division_codes.LEVELS
        if levels.index(division_codes.level_of(parent)) >= levels.index(str(after["level"])):
            return CellProblem("", "上级区划的层级必须高于本级。", "The parent division must be of a higher level.")
        return None


def _typed(resource: Resource, values: dict[str, Any]) -> dict[str, Any]:
    """Return JSON values as a body holds them: dates as dates."""
    by_name = resource.kind.by_name
    return {name: column_value(by_name[name], value) if name in by_name else value for name, value in values.items()}

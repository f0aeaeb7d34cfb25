"""Where each value of an enterprise comes from, as of a day and as known at a point of the ledger."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.stewardship import repository
from heli_registry.stewardship.domain import (
    Pair,
    Stewardship,
    by_rank,
    in_force_since,
    last_write,
    positions_on,
    steward_on,
)
from heli_registry.stewardship.service import is_department
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.folding import fold
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Moment
from heli_shared.records.service import get_record


def sources_of(call: RecordCall, key: str, moment: Moment, name: str | None) -> dict[str, Any]:
    """Return per field of an enterprise: the value in force, from whom and since when, and what everybody says."""
    _check_field(name)
    record = get_record(call, ENTERPRISES, key, moment)
    day = moment.on or call.clock.today()
    names = [name] if name else [each.name for each in ENTERPRISE.fields]
    pairs = repository.load_pairs(call.session, call.ledger, {key: names})
    seen = {field: _as_known(pairs[key, field], moment.known_at) for field in names}
    units = {unit for pair in seen.values() for unit in (*pair.claims, *(each.unit for each in pair.own))}
    stewards = {field: steward_on(pair.stewards, day) for field, pair in seen.items()}
    units |= {unit for each in stewards.values() if each for unit in each.order}
    sources = _Sources(call, day, repository.unit_names(call.session, units))
    fields = [sources.of(seen[field], record[field], stewards[field]) for field in names]
    kept = [each for each in fields if each["value"] is not None or each["claims"] or each["steward"]]
    return {"enterprise": key, "on": day, "known_at": moment.known_at, "fields": kept}


def _check_field(name: str | None) -> None:
    if name is not None and name not in ENTERPRISE.by_name:
        why = FieldProblem("parameter field", "没有这个字段", "is no field of an enterprise")
        raise BadRequest("没有这个字段。", "There is no such field.", errors=[why])


def _as_known(pair: Pair, known_at: int | None) -> Pair:
    """Return a pair as it was known when the ledger ended with a seq."""

    def known(entries: Iterable[Entry]) -> list[Entry]:
        return [each for each in entries if known_at is None or each.seq <= known_at]

    claims = {unit: kept for unit, entries in pair.claims.items() if (kept := known(entries))}
    stewards = {key: known(entries) for key, entries in pair.stewards.items()}
    return replace(pair, own=known(pair.own), claims=claims, stewards=stewards, dispute=known(pair.dispute))


class _Sources:
    """Shows fields to one caller on one day."""

    def __init__(self, call: RecordCall, day: date, names: dict[str, str]) -> None:
        self._unit = call.principal.unit
        self._sees_all = not is_department(call.principal)
        self._day = day
        self._names = names

    def of(self, pair: Pair, value: Any, steward: Stewardship | None) -> dict[str, Any]:
        unit, since, rule = self._origin(pair)
        positions = positions_on(pair, self._day)
        has_part = self._sees_all or self._unit in positions or (steward is not None and self._unit in steward.order)
        shown = by_rank(positions, steward) if has_part else []
        declared = ENTERPRISE.by_name[pair.field]
        return {
            "field": pair.field,
            "field_zh": declared.zh,
            "value": value,
            "unit": unit,
            "unit_name": self._name(unit),
            "since": since,
            "rule": rule,
            "steward": self._steward(steward),
            "claims": [{"unit": unit, "unit_name": self._name(unit), **asdict(positions[unit])} for unit in shown],
            "dispute": self._dispute(pair) if has_part else None,
        }

    def _origin(self, pair: Pair) -> tuple[str | None, date | None, str]:
        """Return the unit that a value comes from, since when it has been so, and by which rule."""
        if pair.claims:
            found, since = in_force_since(pair, self._day)
            return found.unit, since, found.how
        written = last_write(pair.own, pair.field, self._day)
        return (written.unit, written.effective_on, "held") if written else (None, None, "held")

    def _name(self, unit: str | None) -> str | None:
        return self._names.get(unit or "")

    def _steward(self, steward: Stewardship | None) -> dict[str, Any] | None:
        if steward is None:
            return None
        return {
            "id": steward.key, "unit": steward.steward, "unit_name": self._name(steward.steward),
            "precedence": list(steward.order), "basis": steward.basis,
        }  # fmt: skip

    def _dispute(self, pair: Pair) -> dict[str, Any] | None:
        found = fold(pair.dispute, on=self._day)
        if found is None or found.values["state"] != "open":
            return None
        key = repository.dispute_key(pair.enterprise, pair.field)
        return {"id": key, **{name: found.values[name] for name in ("owner", "opened_on", "due_on")}}

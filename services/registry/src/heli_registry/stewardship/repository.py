"""Every statement of stewardship: pairs with all their entries, locks, and who may see which dispute."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.stewardship.domain import Pair
from heli_registry.stewardship.models import CLAIM, DISPUTE, FIELD_STEWARD
from heli_registry.units.models import UNIT
from heli_shared.ledger.appending import lock_head
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.reading import as_entry
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.reading import Record, record_of_row

_C, _D, _E, _S, _U = CLAIM.table, DISPUTE.table, ENTERPRISE.table, FIELD_STEWARD.table, UNIT.table
_SOME = 500
Pairs = dict[tuple[str, str], Pair]


def claim_key(enterprise: str, field: str, unit: str) -> str:
    """Return the key of the claim of a unit about a field: the same for ever."""
    return f"clm-{_digest(enterprise, field, unit)}"


def dispute_key(enterprise: str, field: str) -> str:
    """Return the key of the dispute about a field: the same for ever."""
    return f"dsp-{_digest(enterprise, field)}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]


def portions(keys: Iterable[str]) -> Iterator[list[str]]:
    """Yield distinct keys in order, some at a time."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), _SOME):
        yield ordered[start : start + _SOME]


def lock_enterprises(session: Session, keys: Iterable[str]) -> None:
    """Lock enterprises against other writers of their fields and claims, always in order of keys."""
    for some in portions(keys):
        statement = sa.select(_E.c.uscc).where(_E.c.uscc.in_(some)).order_by(_E.c.uscc)
        session.execute(statement.with_for_update(key_share=True)).all()


def stewarded_fields(session: Session) -> set[str]:
    """Return the fields that somebody answers for now."""
    return set(session.execute(sa.select(_S.c.field).where(_S.c.state == "open")).scalars())


def fields_of_stewards(session: Session) -> dict[str, str]:
    """Return the field that each record of stewardship, open or closed, is about."""
    return {row.id: row.field for row in session.execute(sa.select(_S.c.id, _S.c.field))}


def listed_units(session: Session) -> dict[str, set[str]]:
    """Return the units that stand in the order of precedence of each field now, the steward among them."""
    rows = session.execute(sa.select(_S.c.field, _S.c.steward, _S.c.precedence).where(_S.c.state == "open"))
    return {row.field: {row.steward, *(row.precedence or ())} for row in rows}


def claimed_fields(session: Session, enterprises: Iterable[str]) -> dict[str, set[str]]:
    """Return the fields of these enterprises about which somebody has ever claimed something."""
    found: dict[str, set[str]] = defaultdict(set)
    for some in portions(enterprises):
        for row in session.execute(sa.select(_C.c.enterprise, _C.c.field).where(_C.c.enterprise.in_(some)).distinct()):
            found[row.enterprise].add(row.field)
    return found


def has_claims(session: Session) -> bool:
    """Say whether anybody has ever claimed anything."""
    return session.execute(sa.select(_C.c.id).limit(1)).first() is not None


def enterprises_with_claims(session: Session, field: str) -> list[str]:
    """Return the enterprises about whose field somebody has claimed something."""
    statement = sa.select(_C.c.enterprise).where(_C.c.field == field).distinct()
    return sorted(session.execute(statement).scalars())


def load_pairs(session: Session, ledger: LedgerTables, wanted: Mapping[str, Iterable[str]]) -> Pairs:
    """Return these fields of these enterprises with every entry about them."""
    stewards = steward_entries(session, ledger)
    own = entries_of(session, ledger, "enterprise", wanted)
    pairs: Pairs = {
        (key, field): Pair(key, field, list(own.get(key, ())), stewards=stewards.get(field, {}))
        for key, fields in wanted.items()
        for field in fields
    }
    claims = _claims_of(session, wanted)
    entries = entries_of(session, ledger, "claim", claims)
    for key, (enterprise, field, unit) in claims.items():
        if (enterprise, field) in pairs:
            pairs[enterprise, field].claims[unit] = entries.get(key, [])
    disputes = {dispute_key(*each): each for each in pairs}
    for key, found in entries_of(session, ledger, "dispute", disputes).items():
        pairs[disputes[key]].dispute = found
    return pairs


def _claims_of(session: Session, enterprises: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    found: dict[str, tuple[str, str, str]] = {}
    for some in portions(enterprises):
        rows = session.execute(
            sa.select(_C.c.id, _C.c.enterprise, _C.c.field, _C.c.unit).where(_C.c.enterprise.in_(some))
        )
        found |= {row.id: (row.enterprise, row.field, row.unit) for row in rows}
    return found


def steward_entries(session: Session, ledger: LedgerTables) -> dict[str, dict[str, list[Entry]]]:
    """Return field → record → entries of everybody who ever answered for it."""
    keys = fields_of_stewards(session)
    found: dict[str, dict[str, list[Entry]]] = defaultdict(dict)
    for key, entries in entries_of(session, ledger, "field_steward", keys).items():
        found[keys[key]][key] = entries
    return found


def entries_of(session: Session, ledger: LedgerTables, entity: str, keys: Iterable[str]) -> dict[str, list[Entry]]:
    """Return the entries of these records by key, in order of seq."""
    table = ledger.entries
    found: dict[str, list[Entry]] = defaultdict(list)
    for some in portions(keys):
        statement = sa.select(table).where(table.c.entity == entity, table.c.key.in_(some)).order_by(table.c.seq)
        for row in session.execute(statement):
            found[row.key].append(as_entry(row))
    return found


def was_written_since(session: Session, ledger: LedgerTables, seq: int, entities: Sequence[str]) -> bool:
    """Take the ledger's lock and say whether records of these entities were written behind a seq."""
    if lock_head(session, ledger).seq == seq:
        return False
    table = ledger.entries
    statement = sa.select(table.c.seq).where(table.c.seq > seq, table.c.entity.in_(entities)).limit(1)
    return session.execute(statement).first() is not None


def open_units(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """Return the names of those of the units that are open."""
    found: dict[str, str] = {}
    for some in portions(keys):
        rows = session.execute(sa.select(_U.c.id, _U.c.name).where(_U.c.id.in_(some), _U.c.state == "open"))
        found |= {row.id: row.name for row in rows}
    return found


def unit_names(session: Session, keys: Iterable[str | None]) -> dict[str, str]:
    """Return the names of units, open or closed."""
    found: dict[str, str] = {}
    for some in portions(key for key in keys if key is not None):
        rows = session.execute(sa.select(_U.c.id, _U.c.name).where(_U.c.id.in_(some)))
        found |= {row.id: row.name for row in rows}
    return found


def visible_keys(session: Session, keys: Iterable[str], clauses: Sequence[Any]) -> set[str]:
    """Return those of the enterprises that meet some conditions."""
    found: set[str] = set()
    for some in portions(keys):
        found.update(session.execute(sa.select(_E.c.uscc).where(_E.c.uscc.in_(some), *clauses)).scalars())
    return found


def enterprise_records(session: Session, keys: Iterable[str]) -> dict[str, Record]:
    """Return enterprises as they stand now, by key."""
    found: dict[str, Record] = {}
    for some in portions(keys):
        for row in session.execute(sa.select(_E).where(_E.c.uscc.in_(some))):
            found[row.uscc] = record_of_row(ENTERPRISE, row)
    return found


def of_unit(unit: str) -> sa.ColumnElement[bool]:
    """Return the condition of disputes about a unit's own fields: it has to settle them, or says something itself."""
    says = sa.exists().where(
        _C.c.enterprise == _D.c.enterprise, _C.c.field == _D.c.field, _C.c.unit == unit, _C.c.value.is_not(None)
    )
    return (_D.c.owner == unit) | says


def find_open_dispute(session: Session, enterprise: str, field: str) -> str | None:
    """Return the key of the open dispute about a field, or None."""
    statement = sa.select(_D.c.id).where(_D.c.id == dispute_key(enterprise, field), _D.c.state == "open")
    return session.execute(statement).scalar_one_or_none()

"""How the registry's records are seen: by their place, or through others; and which scopes a principal had."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.identity.domain import UnitFacts, scope_of
from heli_registry.identity.models import PRINCIPAL
from heli_registry.subscriptions.models import SUBSCRIPTION
from heli_registry.units.models import UNIT
from heli_shared.kernel.access import Principal
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.folding import Folded, fold
from heli_shared.ledger.reading import list_of_record
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.sight import ScopeSince, Sights, Through

_BY: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "division": {"division": ("parent",)},
    "enterprise": {"division": ("division",)},
    "party_organization": {"division": ("division",)},
    "zone": {"division": ("division",)},
    "unit": {"division": ("division",)},
    "guidance_project": {"division": ("division",)},
    "instructor": {"division": ("division",), "unit": ("unit",)},
    "secretary_candidate": {"division": ("division",), "enterprise": ("enterprise",)},
    "cover": {"enterprise": ("enterprise",)},
    "mass_organization": {"enterprise": ("enterprise",)},
    "assignment": {"enterprise": ("enterprise",), "party_organization": ("organization",)},
    "pairing": {"enterprise": ("enterprise",), "party_organization": ("organization",)},
    "affiliation": {"party_organization": ("organization",)},
    "member_flow": {"party_organization": ("organization",)},
    "maturity_decision": {"assignment": ("assignment",)},
    "census_check": {"enterprise": ("enterprise",)},
    "claim": {"enterprise": ("enterprise",)},
    "dispute": {"enterprise": ("enterprise",)},
    "duplicate_decision": {"enterprise": ("one", "other")},
    "merger": {"enterprise": ("source", "target")},
    "correction_request": {"enterprise": ("key",), "party_organization": ("key",)},
    "transfer": {"party_organization": ("from_superior", "to_superior"), "unit": ("from_superior", "to_superior")},
    "person": {"unit": ("unit",)},
    "principal": {"unit": ("unit",)},
    "period_cell": {"unit": ("unit",)},
    "period_submission": {"unit": ("unit",)},
    "explanation": {"unit": ("unit",)},
}
"""Which fields of a kind name what it is seen through."""


def scopes_had(session: Session, ledger: LedgerTables, principal: Principal) -> Sequence[ScopeSince]:
    """Return the scopes that a principal, or the receiver of pushes, has had by its own record and by its units."""
    own = _entries(session, ledger, (PRINCIPAL.entity, SUBSCRIPTION.entity), principal.id)
    units = {key: list_of_record(session, ledger, UNIT.entity, key) for key in _units(own, principal)}
    found: list[ScopeSince] = []
    for entry in sorted([*own, *(each for some in units.values() for each in some)], key=lambda each: each.seq):
        record = fold(own, known_at=entry.seq)
        values: dict[str, Any] = dict(record.values) if record else {"unit": principal.unit}
        unit = values.get("unit")
        facts = None if unit is None else _facts(unit, fold(units.get(unit, []), known_at=entry.seq))
        if unit is not None and facts is None:
            continue
        scope = scope_of(values.get("roles") or principal.roles, facts)
        if not found or found[-1].scope != scope:
            found.append(ScopeSince(entry.seq, scope, entry))
    return found or [ScopeSince(0, principal.scope)]


def _entries(session: Session, ledger: LedgerTables, entities: Sequence[str], key: str) -> list[Entry]:
    return [entry for entity in entities for entry in list_of_record(session, ledger, entity, key)]


def _units(own: Sequence[Entry], principal: Principal) -> Iterator[str]:
    named = {entry.changes.get("unit") for entry in own} | {principal.unit}
    yield from sorted(each for each in named if each is not None)


def _facts(key: str, folded: Folded | None) -> UnitFacts | None:
    if folded is None:
        return None
    values = folded.values
    is_open = values.get("state") == "open"
    return UnitFacts(key, "", values["kind"], values.get("division"), values.get("zone"), is_open=is_open)


SIGHTS = Sights(
    (
        *(
            Through(entity, field, other)
            for entity, others in _BY.items()
            for other, fields in others.items()
            for field in fields
        ),
        Through("person", "person", "assignment", backwards=True),
    ),
    scopes_had,
)
"""The registry's sights: a person is also seen through the assignments that name them."""

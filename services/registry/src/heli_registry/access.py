"""The narrow door: which rows a scope shows, said once for lists, counts, exports, the feed and single records."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.divisions.models import DIVISION
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_shared.kernel.access import Scope
from heli_shared.records.filters import among
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition


def subtree(roots: tuple[str, ...]) -> sa.Select[Any]:
    """Return the codes of these divisions and of everything below them, by today's parents."""
    table = DIVISION.table
    below = sa.select(table.c.code).where(table.c.code.in_(roots)).cte(recursive=True)
    below = below.union(sa.select(table.c.code).where(table.c.parent == below.c.code))
    return sa.select(below.c.code)


class _Codes:
    """The codes of a subtree, fetched once when records of another day are compared with them."""

    def __init__(self, session: Session, roots: tuple[str, ...]) -> None:
        self._session = session
        self._roots = roots
        self._codes: frozenset[str] | None = None

    def __contains__(self, code: object) -> bool:
        if self._codes is None:
            self._codes = frozenset(self._session.execute(subtree(self._roots)).scalars())
        return code in self._codes


def in_territory(kind: RecordKind, session: Session, scope: Scope, *, code_field: str, zone_field: str) -> Condition:
    """Keep records whose division lies below the scope's, or whose zone is one of its zones."""
    table, codes = kind.table, _Codes(session, scope.divisions)
    clause = table.c[code_field].in_(subtree(scope.divisions)) | table.c[zone_field].in_(scope.zones)

    def matches(record: Mapping[str, Any]) -> bool:
        return record[code_field] in codes or record[zone_field] in scope.zones

    return Condition(clause, matches)


def visible_enterprises(session: Session, scope: Scope) -> list[Condition]:
    """Return what restricts enterprises to a scope."""
    return [] if scope.everything else [_located(ENTERPRISE, session, scope)]


def visible_organizations(session: Session, scope: Scope) -> list[Condition]:
    """Return what restricts Party organisations to a scope."""
    return [] if scope.everything else [_located(PARTY_ORGANIZATION, session, scope)]


def _located(kind: RecordKind, session: Session, scope: Scope) -> Condition:
    return in_territory(kind, session, scope, code_field="division", zone_field="zone")


def keys_in_scope(kind: RecordKind, session: Session, scope: Scope) -> sa.Select[Any]:
    """Return the keys of the enterprises or organisations that a scope shows now."""
    return sa.select(kind.table.c[kind.key]).where(_located(kind, session, scope).clause)


def linked(kind: RecordKind, field: str, target: RecordKind, session: Session, scope: Scope) -> Condition:
    """Keep links whose target the scope shows."""
    return among(kind, field, keys_in_scope(target, session, scope), session)


def either(first: Condition, second: Condition) -> Condition:
    """Keep records that meet one of two conditions."""
    return Condition(first.clause | second.clause, lambda record: first.matches(record) or second.matches(record))

"""Principals as the registry serves them: nobody hands on what they do not hold, secrets are shown once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.identity import repository
from heli_registry.identity.domain import UnitFacts, check_grant, check_roles, principal_of, scope_of
from heli_registry.identity.hashing import SecretHasher, new_secret
from heli_registry.identity.models import PRINCIPAL
from heli_registry.references import check_references
from heli_registry.units.models import UNIT
from heli_registry.units.service import visible_units
from heli_shared.kernel.access import Principal, Scope
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.kernel.text import folded
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import among, equality_filters
from heli_shared.records.reading import Condition, Record
from heli_shared.records.service import Resource, not_found
from heli_shared.records.writing import Write

ADMINISTRATOR = "administrator"


def me(call: RecordCall) -> dict[str, Any]:
    """Return the caller: unit, roles, permissions and scope as they are now."""
    return _rights_json(call, call.principal)


def rights(call: RecordCall, key: str) -> dict[str, Any]:
    """Return somebody else: what they may do and see as of now; NotFound for a closed principal, as for none."""
    found = repository.find_principal(call.session, key)
    if found is None or found[0].state != "open":
        raise not_found(PRINCIPAL, key)
    return _rights_json(call, principal_of(*found))


def _rights_json(call: RecordCall, principal: Principal) -> dict[str, Any]:
    unit = repository.unit_facts(call.session, principal.unit) if principal.unit else None
    return {
        "id": principal.id,
        "name": principal.name,
        "kind": principal.kind,
        "unit": None if unit is None else {"id": unit.id, "name": unit.name, "kind": unit.kind},
        "roles": list(principal.roles),
        "permissions": sorted(principal.permissions),
        "scope": {
            "everything": principal.scope.everything,
            "divisions": list(principal.scope.divisions),
            "zones": list(principal.scope.zones),
        },
    }


def scope_of_unit(session: Session, roles: Iterable[str], unit: str) -> Scope:
    """Return what clients of a unit with these roles see now."""
    return scope_of(roles, repository.unit_facts(session, unit))


def visible_principals(session: Session, scope: Scope) -> list[Condition]:
    """Show the principals of the units that the scope shows."""
    if scope.everything:
        return []
    chosen = sa.select(UNIT.table.c.id).where(*(each.clause for each in visible_units(session, scope)))
    return [among(PRINCIPAL, "unit", chosen, session)]


def check_principal(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse roles or a scope beyond the giver's own, and the fall of the last administrator."""
    check_references(call, PRINCIPAL, before=before, after=after)
    check_roles(after["roles"])
    for record in (before, after):
        if record is not None:
            check_grant(call.principal, record["roles"], scope_of(record["roles"], _unit(call, record)))
    if before is not None and not _is_head(after, _unit(call, after)):
        _check_somebody_remains(call, before)


def check_closing_principal(
    call: RecordCall, before: Mapping[str, Any] | None, _after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse to close a principal with rights beyond the caller's, and the last administrator."""
    if before is not None:
        check_grant(call.principal, before["roles"], scope_of(before["roles"], _unit(call, before)))
        _check_somebody_remains(call, before)


def _unit(call: RecordCall, record: Mapping[str, Any]) -> UnitFacts | None:
    return repository.unit_facts(call.session, record["unit"]) if record["unit"] else None


def _is_head(record: Mapping[str, Any], unit: UnitFacts | None) -> bool:
    """Say whether this is an open administrator of the whole."""
    is_open = record["state"] == "open" and ADMINISTRATOR in record["roles"]
    return is_open and scope_of(record["roles"], unit).everything


def _check_somebody_remains(call: RecordCall, leaving: Mapping[str, Any]) -> None:
    if not _is_head(leaving, _unit(call, leaving)):
        return
    others = [key for key in repository.open_holders(call.session, ADMINISTRATOR) if key != leaving["id"]]
    found = [repository.find_principal(call.session, key) for key in others]
    if not any(each is not None and scope_of(each[0].roles, each[1]).everything for each in found):
        raise Conflict(
            "这是最后一个全县管理员账号，请先设立另一个。",
            "This is the last administrator of the whole; appoint another first.",
        )


def take_login(call: RecordCall, _key: str, values: dict[str, Any]) -> dict[str, Any]:
    """Take the login out of a new principal's body: it lives in the table alone, and once only."""
    if "login" not in values:
        return {}
    login = folded(values.pop("login"))
    if repository.find_by_login(call.session, login) is not None:
        found = FieldProblem("/login", "该登录名已被使用", "this login is taken")
        raise InvalidInput("请换一个登录名。", "Choose another login.", errors=[found])
    return {"login": login}


def with_login(call: RecordCall, records: list[Record]) -> list[Record]:
    """Show principals with their logins and whether they have a secret; never the secret."""
    rows = repository.logins(call.session, [record["id"] for record in records])
    return [
        {
            **record,
            "login": rows[record["id"]].login,
            "has_secret": rows[record["id"]].secret_set_at is not None,
        }
        for record in records
    ]


PRINCIPALS = Resource(
    PRINCIPAL,
    visible_principals,
    check=check_principal,
    check_closing=check_closing_principal,
    private=take_login,
    shown=with_login,
    filters=equality_filters(PRINCIPAL),
)


def rotate_secret(
    call: RecordCall, record: Record, hasher: SecretHasher, *, make: Callable[[], str] = new_secret
) -> str:
    """Give a principal a fresh secret, which is returned this once; the ledger notes that it happened."""
    check_grant(call.principal, record["roles"], scope_of(record["roles"], _unit(call, record)))
    if record["state"] != "open":
        raise Conflict("账号已关闭，不能设置密码。", "The principal is closed and can have no secret.")
    secret = make()
    private = {"secret_hash": hasher.hash(secret), "secret_set_at": call.clock.now()}
    call.write([Write(PRINCIPAL, record["id"], "change", call.effective_day(None), {}, private)])
    return secret


def keep_no_reply(call: RecordCall) -> None:
    """Give the call's idempotency key back, so that a reply with a secret in it is not stored."""
    if call.pending_key is not None:
        repository.forget_reply(call.session, call.replies, principal=call.principal.id, key=call.pending_key)
        call.pending_key = None

"""What registry promises about callers; the fake and the real one pass the same tests."""

from datetime import date

import pytest

from contracts.conftest import COUNTY, FIRM, Registry
from heli_shared.contracts.errors import Refused, Unrecognised
from heli_shared.kernel.clock import FixedClock
from heli_shared.web.remote_principals import RemotePrincipals


def test_a_token_belongs_to_somebody(registry: Registry):
    me = registry.client.me(registry.token)

    assert me.id == registry.principal
    assert me.scope.everything
    assert "statistics:read" in me.permissions


def test_the_rights_of_somebody_who_is_not_there_are_those_that_they_have(registry: Registry):
    assert registry.client.rights(registry.principal) == registry.client.me(registry.token)
    with pytest.raises(Refused) as refused:
        registry.client.rights("prn-nobody")
    assert refused.value.status == 404


@pytest.mark.parametrize("token", ["nonsense", "a.b.c"])
def test_a_token_that_nobody_holds_is_not_recognised(registry: Registry, token):
    with pytest.raises(Unrecognised):
        registry.client.me(token)


def test_the_quality_of_data_is_told_for_the_day_and_seq_that_were_asked_for(registry: Registry):
    registry.write(3)
    with registry.client.export("ledger") as bulk:
        known_at = bulk.known_at

    told = registry.client.quality(on=date(2026, 6, 30), known_at=known_at)

    assert (told.on, told.known_at) == (date(2026, 6, 30), known_at)
    assert all(each.with_errors <= each.records for each in told.units)


def test_the_quality_of_what_is_not_known_yet_is_refused(registry: Registry):
    with pytest.raises(Refused) as refused:
        registry.client.quality(on=date(2026, 6, 30), known_at=10**9)

    assert refused.value.status == 400


def test_the_keys_check_the_tokens(registry: Registry, clock: FixedClock):
    principal = RemotePrincipals(registry.client, clock=clock).recognise(registry.token)

    assert (principal.id, principal.scope.everything) == (registry.principal, True)


def test_an_enterprise_that_is_not_there_is_refused(registry: Registry):
    with pytest.raises(Refused) as refused:
        registry.client.enterprise(registry.token, "91990101MA00000000")

    assert refused.value.status == 404


def test_where_a_record_lay_is_told_for_the_day_that_was_asked_for(registry: Registry):
    registry.write_places()

    firm = registry.client.place(registry.token, "enterprise", FIRM, on=date(2026, 6, 30))
    branch = registry.client.place(registry.token, "party_organization", "org-1", on=date(2026, 6, 30))

    assert (firm.name, firm.state, firm.division, firm.zone, firm.responsible_unit) == (
        "示例公司", "open", COUNTY, None, "unt-1",
    )  # fmt: skip
    assert (branch.name, branch.state, branch.division, branch.responsible_unit) == ("示例支部", "open", COUNTY, None)
    with pytest.raises(Refused) as refused:
        registry.client.place(registry.token, "enterprise", FIRM, on=date(2019, 12, 31))
    assert refused.value.status == 404


@pytest.mark.parametrize(("entity", "key"), [("enterprise", FIRM), ("party_organization", "org-none")])
def test_where_nothing_is_nothing_lies(registry: Registry, entity, key):
    with pytest.raises(Refused) as refused:
        registry.client.place(registry.token, entity, key, on=date(2026, 6, 30))

    assert refused.value.status == 404

"""What registry promises about callers; the fake and the real one pass the same tests."""

import pytest

from contracts.conftest import Registry
from heli_shared.contracts.errors import Unrecognised
from heli_shared.kernel.clock import FixedClock
from heli_shared.web.remote_principals import RemotePrincipals


def test_a_token_belongs_to_somebody(registry: Registry):
    me = registry.client.me(registry.token)

    assert me.id == registry.principal
    assert me.scope.everything
    assert "statistics:read" in me.permissions


@pytest.mark.parametrize("token", ["nonsense", "a.b.c"])
def test_a_token_that_nobody_holds_is_not_recognised(registry: Registry, token):
    with pytest.raises(Unrecognised):
        registry.client.me(token)


def test_the_keys_check_the_tokens(registry: Registry, clock: FixedClock):
    principal = RemotePrincipals(registry.client, clock=clock).recognise(registry.token)

    assert (principal.id, principal.scope.everything) == (registry.principal, True)

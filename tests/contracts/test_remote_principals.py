"""Who a caller is, asked of registry: kept for seconds, held on to for minutes, never believed from the token."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from contracts.conftest import ADMIN, Registry, fake_registry
from heli_registry.identity.issuer import Issuer, new_key_set
from heli_shared.contracts.registry.dto import KeySet
from heli_shared.contracts.registry.fake import FakeRegistry
from heli_shared.kernel.clock import FixedClock
from heli_shared.kernel.errors import Unavailable
from heli_shared.web.remote_principals import RemotePrincipals
from heli_shared.web.tokens import InvalidToken


@dataclass
class Door:
    """Somebody who recognises callers, with a watch that the test moves."""

    registry: Registry
    clock: FixedClock
    now: float = 1_000.0
    principals: RemotePrincipals = field(init=False)

    def __post_init__(self) -> None:
        self.principals = RemotePrincipals(self.registry.client, clock=self.clock, monotonic=lambda: self.now)

    @property
    def fake(self) -> FakeRegistry:
        assert isinstance(self.registry.client, FakeRegistry)
        return self.registry.client

    def recognise(self):
        return self.principals.recognise(self.registry.token)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.clock.instant += timedelta(seconds=seconds)


@pytest.fixture
def door(clock: FixedClock) -> Door:
    return Door(fake_registry(clock), clock)


def test_registry_is_asked_once_in_three_seconds(door: Door):
    for _ in range(5):
        assert door.recognise().id == ADMIN
    assert door.fake.asked == 1

    door.wait(2.9)
    door.recognise()
    assert door.fake.asked == 1

    door.wait(0.2)
    door.recognise()
    assert door.fake.asked == 2


def test_a_change_of_rights_arrives_within_three_seconds(door: Door):
    assert door.recognise().may("statistics:read")
    token = door.registry.token
    door.fake.principals[token] = door.fake.principals[token].model_copy(update={"permissions": []})
    door.wait(3)

    assert not door.recognise().may("statistics:read")


def test_somebody_who_was_removed_is_out_within_three_seconds(door: Door):
    door.recognise()
    door.fake.principals.clear()
    door.wait(3)

    for _ in range(2):
        with pytest.raises(InvalidToken):
            door.recognise()


def test_while_registry_is_down_its_last_word_holds_until_the_token_ends(door: Door):
    door.recognise()
    door.fake.is_down = True
    for _ in range(9):
        door.wait(60)
        assert door.recognise().id == ADMIN
    assert door.principals.is_registry_down

    door.wait(60)
    with pytest.raises((Unavailable, InvalidToken)):
        door.recognise()


def test_while_registry_is_down_it_is_left_in_peace(door: Door):
    door.recognise()
    door.wait(3)
    door.fake.is_down = True
    for _ in range(10):
        door.recognise()

    assert door.fake.refused == 1


def test_a_registry_that_hangs_holds_up_one_caller_only(door: Door):
    door.recognise()
    door.fake.is_down = True
    door.wait(3)
    door.recognise()
    door.wait(3)
    hanging, go = threading.Event(), threading.Event()

    class Hanging(FakeRegistry):
        def me(self, token: str):
            hanging.set()
            assert go.wait(60)
            return super().me(token)

    door.principals._registry = Hanging(is_down=True)
    first = threading.Thread(target=door.recognise)
    first.start()
    assert hanging.wait(60)
    for _ in range(20):
        assert door.recognise().id == ADMIN
    assert first.is_alive()
    go.set()
    first.join()


def test_whom_registry_never_confirmed_is_not_let_in_while_it_is_down(door: Door):
    door.fake.is_down = True
    with pytest.raises(Unavailable):
        door.recognise()


def test_registry_that_is_back_is_believed_again(door: Door):
    door.recognise()
    door.fake.is_down = True
    door.wait(3)
    door.recognise()
    door.fake.is_down = False
    door.wait(3)

    door.recognise()
    assert not door.principals.is_registry_down


def test_a_forged_token_never_reaches_registry(door: Door, clock: FixedClock):
    door.recognise()
    stranger = Issuer(new_key_set(), clock=clock).issue(ADMIN).token
    for token in (stranger, door.registry.token[:-6] + "AAAAAA", "nonsense"):
        with pytest.raises(InvalidToken):
            door.principals.recognise(token)

    assert door.fake.asked == 1


def test_a_new_key_is_fetched_when_a_token_names_it(door: Door, clock: FixedClock):
    door.recognise()
    rotated = Issuer(new_key_set(), clock=clock)
    token = rotated.issue(ADMIN).token
    door.fake.principals[token] = door.fake.principals[door.registry.token]
    door.fake.key_set = KeySet(keys=[*door.fake.key_set.keys, *rotated.public_keys()["keys"]])
    door.wait(6)

    assert door.principals.recognise(token).id == ADMIN


def test_a_registry_that_answers_for_somebody_else_is_not_believed(door: Door):
    token = door.registry.token
    door.fake.principals[token] = door.fake.principals[token].model_copy(update={"id": "prn-other"})

    with pytest.raises(InvalidToken):
        door.recognise()

"""Who a token belongs to, for services that do not keep identities themselves: registry says, and briefly we remember.

The signature is checked here; roles and scope are asked of registry on the caller's behalf and kept for three seconds.
While registry cannot be asked, what it said last holds on: at most for ten minutes, and never beyond the token's end.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from fastapi import Request

from heli_shared.contracts.errors import PeerError, Refused, Unrecognised
from heli_shared.contracts.registry.client import RegistryClient
from heli_shared.kernel.access import Principal, Scope
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import Forbidden, Unavailable
from heli_shared.web.calls import PUBLIC, Call, bearer_token, check_permission
from heli_shared.web.tokens import InvalidToken, TokenVerifier, UnknownKey

NOBODY = Principal("", "", "person", None, (), frozenset(), Scope())
FRESH_SECONDS = 3.0
HELD_SECONDS = 600.0
_KEYS_SECONDS = 600.0
_KEYS_PAUSE_SECONDS = 5.0
_PAUSE_SECONDS = 2.0
_MAX_PAUSE_SECONDS = 10.0
_MAX_HELD = 10_000
_STRIPES = 64

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Held:
    principal: Principal
    at: float


class RemotePrincipals:
    """Recognises callers by their tokens; safe to share between threads.

    `is_registry_down` tells whether the last question went unanswered, so that answers can say that they may be stale.
    """

    def __init__(
        self,
        registry: RegistryClient,
        *,
        clock: Clock,
        fresh_seconds: float = FRESH_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask `registry`; `fresh_seconds` is how long a change of somebody's rights may take to arrive."""
        self._registry = registry
        self._verifier = TokenVerifier({"keys": []}, clock=clock)
        self._fresh_seconds = fresh_seconds
        self._monotonic = monotonic
        self._held: OrderedDict[bytes, _Held] = OrderedDict()
        self._lock = threading.Lock()
        self._stripes = [threading.Lock() for _ in range(_STRIPES)]
        self._keys_lock = threading.Lock()
        self._keys_at = float("-inf")
        self._failed_at = float("-inf")
        self._pause = _PAUSE_SECONDS
        self.is_registry_down = False

    def recognise(self, token: str) -> Principal:
        """Return whom a token belongs to; InvalidToken when it is not valid, Unavailable when nobody can say."""
        subject = self._verified_subject(token)
        digest = hashlib.sha256(token.encode()).digest()
        held = self._held.get(digest)
        if held is not None and self._age(held) < self._fresh_seconds:
            return held.principal
        stripe = self._stripes[digest[0] % _STRIPES]
        last_word = held if self._holds_on(held) else None
        may_wait = last_word is None or not self.is_registry_down
        if not stripe.acquire(blocking=may_wait) and last_word is not None:
            # Somebody is waiting for a registry that hangs: the others go on with what it said last.
            return last_word.principal
        try:
            held = self._held.get(digest)
            if held is not None and self._age(held) < self._fresh_seconds:
                return held.principal
            if held is not None and self._is_pausing() and self._holds_on(held):
                return held.principal
            return self._asked(token, digest, subject, held)
        finally:
            stripe.release()

    def _asked(self, token: str, digest: bytes, subject: str, held: _Held | None) -> Principal:
        try:
            found = self._registry.me(token)
        except Unrecognised as error:
            self._forget(digest)
            raise InvalidToken from error
        except Refused as error:
            self._forget(digest)
            raise Forbidden(
                "您的账号不能使用本系统，请联系管理员。", "Your account may not be used here; ask an administrator."
            ) from error
        except PeerError as error:
            self._note_failure(error)
            if held is not None and self._holds_on(held):
                return held.principal
            raise _nobody_can_say() from error
        self.is_registry_down = False
        if found.id != subject:
            raise InvalidToken
        principal = found.to_principal()
        self._keep(digest, _Held(principal, self._monotonic()))
        return principal

    def _verified_subject(self, token: str) -> str:
        if self._monotonic() - self._keys_at > _KEYS_SECONDS:
            self._fetch_keys()
        try:
            return self._verifier.verify(token).subject
        except UnknownKey:
            # A new key may have been put into use since; ask for the set again, but not for each forged token.
            self._fetch_keys()
            return self._verifier.verify(token).subject

    def _fetch_keys(self) -> None:
        with self._keys_lock:
            if self._monotonic() - self._keys_at < _KEYS_PAUSE_SECONDS:
                return
            has_keys = self._keys_at > float("-inf")
            if has_keys and self._is_pausing():
                return
            try:
                key_set = self._registry.keys()
            except PeerError as error:
                self._note_failure(error)
                if not has_keys:
                    raise _nobody_can_say() from error
                return
            self._verifier.replace_keys({"keys": key_set.keys})
            self._keys_at = self._monotonic()

    def _note_failure(self, error: PeerError) -> None:
        self._failed_at = self._monotonic()
        self._pause = min(_MAX_PAUSE_SECONDS, self._pause * 2) if self.is_registry_down else _PAUSE_SECONDS
        self.is_registry_down = True
        log.warning("principal_not_confirmed", peer=error.peer, reason=error.reason)

    def _is_pausing(self) -> bool:
        return self._monotonic() - self._failed_at < self._pause

    def _holds_on(self, held: _Held | None) -> bool:
        return held is not None and self._age(held) < HELD_SECONDS

    def _age(self, held: _Held) -> float:
        return self._monotonic() - held.at

    def _keep(self, digest: bytes, held: _Held) -> None:
        with self._lock:
            self._held[digest] = held
            self._held.move_to_end(digest)
            while len(self._held) > _MAX_HELD:
                self._held.popitem(last=False)

    def _forget(self, digest: bytes) -> None:
        with self._lock:
            self._held.pop(digest, None)


@dataclass(frozen=True)
class RemoteCalls:
    """Opens calls in a service that changes no records of its own: who asks, whether they may, and what time it is."""

    principals: RemotePrincipals
    clock: Clock

    @contextmanager
    def open(self, request: Request, *, permission: str, writes: bool) -> Iterator[Call]:
        """Open a call for the principal whose token the request carries."""
        del writes
        principal = NOBODY if permission == PUBLIC else self.principals.recognise(bearer_token(request))
        check_permission(principal, permission)
        yield Call(request, principal, self.clock)


def _nobody_can_say() -> Unavailable:
    return Unavailable(
        "暂时无法核实您的身份：登记服务没有应答，请稍后再试。",
        "Your identity cannot be confirmed right now: the registry does not answer; try again shortly.",
        retry_after=5,
    )

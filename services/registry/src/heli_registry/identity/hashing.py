"""Secrets: made by chance, kept as argon2 hashes, checked in the same time whether or not one is stored."""

import secrets
import threading

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_SECRET_BYTES = 24


class SecretHasher:
    """Hashes and checks secrets with argon2id."""

    def __init__(self, *, time_cost: int = 3, memory_kib: int = 65_536, lanes: int = 4) -> None:
        """Set the cost of one hash; the defaults are RFC 9106's for servers, tests take less."""
        hasher = Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=lanes)
        self._hash = PasswordHash((hasher,))
        self._lock = threading.Lock()
        self._nobodys = ""

    def hash(self, secret: str) -> str:
        """Return the hash to store."""
        return self._hash.hash(secret)

    def matches(self, secret: str, stored: str | None) -> bool:
        """Say whether a secret is the one that was stored; without a stored one the same work is done for nothing."""
        nobodys = self._made_nobodys()
        is_right = self._hash.verify(secret, stored if stored is not None else nobodys)
        return is_right and stored is not None

    def _made_nobodys(self) -> str:
        with self._lock:
            # Made at the first check, whichever it is: starting a service hashes nothing.
            self._nobodys = self._nobodys or self._hash.hash(new_secret())
            return self._nobodys


def new_secret() -> str:
    """Return a fresh secret of 192 bits of chance, 32 characters."""
    return secrets.token_urlsafe(_SECRET_BYTES)

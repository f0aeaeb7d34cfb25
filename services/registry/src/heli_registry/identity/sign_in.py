"""Signing in: login and secret against a short-lived token, slow for everybody who guesses.

After five failures within ten minutes a login, or an address, has to wait. The failures lie in the database, so that
they count over restarts and workers. One check at a time runs in a process: parallel guesses cannot overtake the
count, and a flood of them cannot fill the memory with hashing.
"""

import hashlib
import threading
from datetime import timedelta
from typing import Any, Literal

import sqlalchemy as sa
import structlog

from heli_registry.identity import repository
from heli_registry.identity.hashing import SecretHasher
from heli_registry.identity.issuer import IssuedToken, Issuer
from heli_shared.db.engine import transaction
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import TooMany, Unauthenticated, Unavailable
from heli_shared.kernel.text import folded

MAX_FAILURES = 5
WINDOW = timedelta(minutes=10)
_PATIENCE_SECONDS = 10
_KINDS = {"password": "person", "client_credentials": "client"}

GrantType = Literal["password", "client_credentials"]

log = structlog.get_logger()


class SignIn:
    """Gives tokens for secrets; safe to share between threads."""

    def __init__(self, engine: sa.Engine, *, issuer: Issuer, hasher: SecretHasher, clock: Clock) -> None:
        """Read principals from `engine`; connections are held for the statements only, never while hashing."""
        self._engine = engine
        self._issuer = issuer
        self._hasher = hasher
        self._clock = clock
        self._turn = threading.Lock()

    def sign_in(self, grant: GrantType, *, login: str, secret: str, address: str) -> IssuedToken:
        """Return a token; Unauthenticated alike for an unknown login and a wrong secret, TooMany after five of them."""
        if not self._turn.acquire(timeout=_PATIENCE_SECONDS):
            raise Unavailable(
                "登录请求过多，请稍后重试。", "Too many people sign in at once; try again.", retry_after=2
            )
        try:
            return self._signed_in(grant, login=folded(login), secret=secret, address=address)
        finally:
            self._turn.release()

    def _signed_in(self, grant: GrantType, *, login: str, secret: str, address: str) -> IssuedToken:
        subjects = [_subject("login", login), _subject("address", address)]
        with transaction(self._engine, writes=False) as session:
            # No login of ours has other characters, and PostgreSQL takes no NUL.
            is_possible = login.isascii() and login.isprintable()
            row = repository.find_by_login(session, login) if is_possible else None
            waits = [self._seconds_to_wait(session, subject) for subject in subjects]
        # A client's secret is 192 bits of chance: nobody finds it by guessing, so those who guess cannot lock it out.
        if grant == "password" and any(waits):
            raise _locked_out(max(waits))
        is_right = self._hasher.matches(secret, row.secret_hash if row else None)
        if row is not None and is_right and row.state == "open" and row.kind == _KINDS[grant]:
            return self._welcome(row, subjects[0], had_failures=any(waits) or grant == "password")
        self._note_failure(subjects)
        if any(waits):
            raise _locked_out(max(waits))
        raise Unauthenticated("账号或密码（密钥）有误。", "The login or the secret is wrong.")

    def _welcome(self, row: Any, subject: str, *, had_failures: bool) -> IssuedToken:
        if had_failures:
            with transaction(self._engine, writes=True) as session:
                repository.forget_failures(session, subject)
        log.info("signed_in", principal=row.id)
        return self._issuer.issue(row.id)

    def _note_failure(self, subjects: list[str]) -> None:
        now = self._clock.now()
        with transaction(self._engine, writes=True) as session:
            repository.add_failures(session, subjects, failed_at=now, forget_before=now - WINDOW)
        log.warning("sign_in_failed", login_digest=subjects[0][:14])

    def _seconds_to_wait(self, session: Any, subject: str) -> int:
        now = self._clock.now()
        failures = repository.failures_since(session, subject, now - WINDOW)
        if len(failures) < MAX_FAILURES:
            return 0
        free_at = failures[MAX_FAILURES - 1] + WINDOW
        return max(1, int((free_at - now).total_seconds()) + 1)


def _subject(kind: str, value: str) -> str:
    """Return what failures are counted by: a digest, because people type secrets where logins belong."""
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"


def _locked_out(seconds: int) -> TooMany:
    return TooMany(
        "登录失败次数过多，请稍后再试，或请管理员重置密码。",
        "Too many failures to sign in; wait, or ask an administrator for a new secret.",
        retry_after=seconds,
    )

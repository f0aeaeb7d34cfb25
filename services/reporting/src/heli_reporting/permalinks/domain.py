"""What a permalink keeps and who may read it."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from heli_shared.kernel.access import Scope

CODE_PATTERN = r"^[a-z2-7]{16}$"
_CODE_BYTES = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given: its bytes, and the scope of the one it was given to."""

    code: str
    body: bytes
    scope: Scope
    given_at: datetime


def code_of(content: bytes) -> str:
    """Return the short code of an answer: 16 letters and digits, from everything that it says."""
    return base64.b32encode(hashlib.sha256(content).digest()[:_CODE_BYTES]).decode().lower()


def is_covered(scope: Scope, reader: Scope, *, ancestors: Callable[[str], list[str]]) -> bool:
    """Say whether a reader sees everything that an answer for `scope` was counted from.

    `ancestors` returns the divisions above a division.
    """
    if reader.everything:
        return True
    if scope.everything:
        return False
    seen = set(reader.divisions)
    divisions_seen = all(seen.intersection([code, *ancestors(code)]) for code in scope.divisions)
    return divisions_seen and set(scope.zones) <= set(reader.zones)

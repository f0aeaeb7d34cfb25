"""A calendar link: whose it is, what it opens, until when; and how often it may be read."""

import hashlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

DEFAULT_DAYS, MAX_DAYS = 365, 366
MOST_LINKS = 20
"""Links that somebody may have in use at once: one for each program and unit, not one for each week."""
MOST_READS, WINDOW = 60, timedelta(minutes=10)
"""A calendar program asks a few times an hour."""
SECRET_BYTES = 32

Status = Literal["active", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """A link of a principal to the calendar of a unit; the secret itself is kept nowhere, only its digest."""

    id: str
    unit: str
    principal: str
    language: Literal["zh", "en"]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def status(self, now: datetime) -> Status:
        """Say whether the link still opens its calendar."""
        if self.revoked_at is not None:
            return "revoked"
        return "active" if now < self.expires_at else "expired"


def digest_of(secret: str) -> str:
    """Return the SHA-256 of a secret, which has 256 bits of chance, so that no slow digest is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def seconds_to_wait(reads: Iterable[datetime], now: datetime) -> int:
    """Return after how many seconds a link with these reads, oldest first, may be read again; 0 for at once."""
    recent = deque((at for at in reads if at > now - WINDOW), maxlen=MOST_READS)
    if len(recent) < MOST_READS:
        return 0
    return int((recent[0] + WINDOW - now).total_seconds()) + 1

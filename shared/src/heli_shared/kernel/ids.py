"""Identifiers of records: readable prefix, sortable by time of birth, never reused."""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 80
_LENGTH = 26


def new_id(prefix: str) -> str:
    """Return `prefix-` and 26 lower-case base-32 characters: 48 bits of milliseconds, 80 bits of chance."""
    number = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return f"{prefix}-{''.join(_ALPHABET[(number >> 5 * place) & 31] for place in reversed(range(_LENGTH)))}"

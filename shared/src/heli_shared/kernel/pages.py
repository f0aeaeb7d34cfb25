"""Pages of a totally ordered list, walked by an opaque cursor."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from heli_shared.kernel.errors import BadRequest

T = TypeVar("T")

MAX_LIMIT = 1_000
DEFAULT_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, the cursor of the next page (None at the end) and how many there are in all."""

    items: list[T]
    next: str | None
    total: int


def bad_cursor() -> BadRequest:
    """Return the refusal of a cursor that is not one of ours."""
    return BadRequest("游标无效，请从第一页重新读取。", "The cursor is not valid; read again from the first page.")


def encode_cursor(*parts: str | int) -> str:
    """Return an opaque cursor for the position after the item with these sort keys."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type) -> list[Any]:
    """Return the sort keys in a cursor, checked against `kinds`; BadRequest when it is not one of ours."""
    try:
        parts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        parts = None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        raise bad_cursor()
    if any(isinstance(part, str) and ("\x00" in part or not part.isprintable()) for part in parts):
        raise bad_cursor()
    return parts

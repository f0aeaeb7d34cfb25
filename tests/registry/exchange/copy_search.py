"""A consumer's own search, on the standard library alone: it shares no code with the product."""

import base64
import bisect
import hashlib
import json
from collections.abc import Callable


def place_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def row_digest(row: dict) -> str:
    given = {name: value for name, value in row.items() if value is not None}
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Copy:
    """A copy of one kind: rows by key. Change `rows` only before the first digest is asked for, or take `with_rows`."""

    def __init__(self, rows: list[dict], key: str):
        self.key = key
        self.rows = {row[key]: row for row in rows}
        self._placed: list[tuple[str, str, str]] | None = None

    def with_rows(self, changed: dict[str, dict | None]) -> "Copy":
        """Return a copy with some rows changed, or taken away where there is None."""
        own = Copy([], self.key)
        own.rows = {key: row for key, row in {**self.rows, **changed}.items() if row is not None}
        kept = [each for each in self.placed() if each[2] not in changed]
        own._placed = sorted(
            kept + [(place_of(k), row_digest(row), k) for k, row in changed.items() if row is not None]
        )
        return own

    def placed(self, prefix: str = "") -> list[tuple[str, str, str]]:
        """Return place, digest and key of the rows below a prefix, in order of places."""
        if self._placed is None:
            self._placed = sorted((place_of(key), row_digest(row), key) for key, row in self.rows.items())
        start = bisect.bisect_left(self._placed, (prefix,))
        return self._placed[start : bisect.bisect_left(self._placed, (prefix + "g",))]

    def digest(self, prefix: str) -> str:
        return hashlib.sha256(b"".join(bytes.fromhex(digest) for _, digest, _ in self.placed(prefix))).hexdigest()

    @staticmethod
    def content_digest(content: bytes) -> str:
        return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def find_differences(copy: Copy, ask: Callable[[str], dict], prefix: str = "") -> list[str]:
    """Return the keys of rows that differ, going down only where digests do."""
    theirs = ask(prefix)
    if theirs["digest"] == copy.digest(prefix):
        return []
    if theirs["rows"] is not None:
        own = {key: digest for _, digest, key in copy.placed(prefix)}
        other = {row["key"]: row["digest"] for row in theirs["rows"]}
        return sorted(key for key in own.keys() | other.keys() if own.get(key) != other.get(key))
    below = {child["prefix"]: child["digest"] for child in theirs["children"]}
    nothing = hashlib.sha256(b"").hexdigest()
    all_below = {*below, *(place[: len(prefix) + 2] for place, _, _ in copy.placed(prefix))}
    return sorted(
        key
        for child in sorted(all_below)
        if below.get(child, nothing) != copy.digest(child)
        for key in find_differences(copy, ask, child)
    )

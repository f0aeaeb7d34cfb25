"""`heli copy verify`: a copy and the registry compared by range digests, down to the rows that differ."""

import hashlib
import json
from bisect import bisect_left
from pathlib import Path
from typing import Any

from rich.console import Console

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

_SHOWN = 20
_NOTHING = hashlib.sha256(b"").hexdigest()


def verify_file(
    heli: Heli, file: Path, *, kind: str, known_at: int | None, epoch: str | None, console: Console
) -> bool:
    """Compare a copy with the registry and print the rows that differ; return whether there are none."""
    search = Search(heli, kind, known_at=known_at, epoch=epoch)
    copy = Copy(rows_of(file), search.ask("")["key"])
    found = search.compare(copy)
    root = search.ask("")
    if not found:
        console.print(
            f"一致 equal：{len(copy.placed):,} 行 rows，序号 known at {root['known_at']:,}，{search.calls} 次查询 calls"
        )
        return True
    for key, what in found[:_SHOWN]:
        console.print(f"{key}  {what}")
    if len(found) > _SHOWN:
        console.print("…")
    console.print(f"不同 differing：{len(found):,} 行 rows，{search.calls} 次查询 calls")
    return False


def rows_of(file: Path) -> list[dict[str, Any]]:
    """Return the rows of an NDJSON file; Refusal where it is none."""
    if not file.is_file():
        raise Refusal(f"没有文件 {file}。", f"There is no file {file}.")
    rows = []
    with file.open(encoding="utf-8-sig") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise Refusal(
                    f"{file.name} 第 {number} 行不是 JSON 对象。", f"Line {number} of {file.name} is no JSON object."
                )
            rows.append(row)
    return rows


class Copy:
    """A copy's rows in order of their places."""

    def __init__(self, rows: list[dict[str, Any]], key: str) -> None:
        """Place the rows by their key; Refusal when one has none."""
        if any(not isinstance(row.get(key), str) for row in rows):
            raise Refusal(f"副本中有的行没有 {key}。", f"A row of the copy has no {key}.")
        self.placed = sorted((_sha256(row[key]), row_digest(row), row[key]) for row in rows)

    def below(self, prefix: str) -> list[tuple[str, str, str]]:
        """Return place, digest and key of the rows whose places begin with a prefix."""
        start = bisect_left(self.placed, (prefix,))
        return self.placed[start : bisect_left(self.placed, (f"{prefix}g",))]

    def digest(self, prefix: str) -> str:
        """Return the digest of the rows below a prefix."""
        return hashlib.sha256(b"".join(bytes.fromhex(digest) for _, digest, _ in self.below(prefix))).hexdigest()


def row_digest(row: dict[str, Any]) -> str:
    """Return a row's digest: SHA-256 of its JSON without nulls and spaces, keys sorted."""
    given = {name: value for name, value in row.items() if value is not None}
    return _sha256(json.dumps(given, ensure_ascii=False, separators=(",", ":"), sort_keys=True))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Search:
    """Asks for digests, all of one point of the ledger, and counts the calls."""

    def __init__(self, heli: Heli, kind: str, *, known_at: int | None, epoch: str | None) -> None:
        """Ask about a kind; without a point the first answer fixes it."""
        self._heli, self._kind, self._known_at, self._epoch = heli, kind, known_at, epoch
        self._answers: dict[str, dict[str, Any]] = {}

    @property
    def calls(self) -> int:
        """Return how many calls were made."""
        return len(self._answers)

    def ask(self, prefix: str) -> dict[str, Any]:
        """Return the node of a prefix, asked for once."""
        if prefix not in self._answers:
            asked = {"kind": self._kind, "prefix": prefix, "known_at": self._known_at, "epoch": self._epoch}
            self._answers[prefix] = self._heli.get("registry", "/v1/digests", **asked)
            self._known_at, self._epoch = self._answers[prefix]["known_at"], self._answers[prefix]["epoch"]
        return self._answers[prefix]

    def compare(self, copy: Copy, prefix: str = "") -> list[tuple[str, str]]:
        """Return the keys that differ, each with what is wrong, going down only where digests do."""
        theirs = self.ask(prefix)
        if theirs["digest"] == copy.digest(prefix):
            return []
        if theirs["rows"] is not None:
            return _compared(copy.below(prefix), theirs["rows"])
        below = {child["prefix"]: child["digest"] for child in theirs["children"]}
        own = {place[: len(prefix) + 2] for place, _, _ in copy.below(prefix)}
        differing = [each for each in sorted({*below, *own}) if below.get(each, _NOTHING) != copy.digest(each)]
        return [found for each in differing for found in self.compare(copy, each)]


def _compared(own: list[tuple[str, str, str]], theirs: list[dict[str, Any]]) -> list[tuple[str, str]]:
    mine = {key: digest for _, digest, key in own}
    held = {row["key"]: row["digest"] for row in theirs}
    found = []
    for key in sorted(mine.keys() | held.keys()):
        if key not in mine:
            found.append((key, "副本缺少 missing in the copy"))
        elif key not in held:
            found.append((key, "副本多出 not in the registry"))
        elif mine[key] != held[key]:
            found.append((key, "内容不同 differs"))
    return found

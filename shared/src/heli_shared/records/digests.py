"""Range digests: a kind's rows as a tree of digests over the hash of their keys, compared in few calls.

A row's place is the SHA-256 of its key, its digest the SHA-256 of its canonical text; a node is a prefix of places (two
hexadecimal digits a level) and its digest the SHA-256 of its rows' digests in order of places. `docs/rules/digests.md`
says the same in twenty lines of standard Python.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

FANOUT_DIGITS = 2
LEAF_ROWS = 256
"""A node of at most so many rows is answered row by row."""
_HASH = 32
_BUCKETS = 256
_SIZES = struct.Struct(">II")


class RowDigest(NamedTuple):
    """One row of the tree: its place, its digest, its version and its key."""

    place: bytes
    digest: bytes
    version: int
    key: str


@dataclass(frozen=True, slots=True)
class Node:
    """A prefix of places, how many rows lie below it, and their digest."""

    prefix: str
    count: int
    digest: str


class _Block(NamedTuple):
    """The rows whose places begin with one byte, in order, packed column by column: some 90 bytes a row."""

    places: bytes
    digests: bytes
    versions: bytes
    keys: bytes


def canonical_text(record: Mapping[str, Any]) -> bytes:
    """Return a record as the bytes that are hashed: JSON without nulls and spaces, keys sorted, UTF-8."""
    given = {name: value for name, value in record.items() if value is not None}
    return orjson.dumps(given, option=orjson.OPT_SORT_KEYS)


def digest_row(key: str, version: int, text: bytes) -> RowDigest:
    """Return the row of the tree for a record's canonical text."""
    return RowDigest(sha256(key.encode()).digest(), sha256(text).digest(), version, key)


class DigestTree:
    """The rows of one kind at one point of the ledger; never changed, `with_changes` makes the next one."""

    __slots__ = ("_blocks", "count", "digest")

    def __init__(self, blocks: Sequence[_Block]) -> None:
        """Hold blocks of rows; use `of`, `from_bytes` and `with_changes`."""
        self._blocks = tuple(blocks)
        self.count = sum(len(block.digests) for block in blocks) // _HASH
        whole = sha256()
        for block in blocks:
            whole.update(block.digests)
        self.digest = whole.hexdigest()

    @classmethod
    def of(cls, rows: Iterable[RowDigest]) -> "DigestTree":
        """Return the tree of these rows, given in any order."""
        buckets: list[list[RowDigest]] = [[] for _ in range(_BUCKETS)]
        for row in rows:
            buckets[row.place[0]].append(row)
        return cls([_packed(sorted(bucket)) for bucket in buckets])

    def with_changes(self, changed: Mapping[str, RowDigest | None]) -> "DigestTree":
        """Return the tree with these rows by key put in their places; None takes a row away."""
        by_block: dict[int, dict[str, RowDigest | None]] = {}
        for key, row in changed.items():
            by_block.setdefault(sha256(key.encode()).digest()[0], {})[key] = row
        blocks = list(self._blocks)
        for first, rows in by_block.items():
            kept: dict[str, RowDigest | None] = {row.key: row for row in _unpacked(blocks[first])}
            kept |= rows
            blocks[first] = _packed(sorted(row for row in kept.values() if row is not None))
        return DigestTree(blocks) if by_block else self

    def rows_below(self, prefix: str) -> list[RowDigest]:
        """Return the rows whose places begin with a prefix of hexadecimal digits, in order of places."""
        start = bytes.fromhex(prefix)
        if not start:
            return [row for block in self._blocks for row in _unpacked(block)]
        return [row for row in _unpacked(self._blocks[start[0]]) if row.place.startswith(start)]

    def node(self, prefix: str) -> Node:
        """Return the node of a prefix."""
        if not prefix:
            return Node("", self.count, self.digest)
        if len(prefix) == FANOUT_DIGITS:
            return _node_of_block(prefix, self._blocks[int(prefix, 16)])
        return _node(prefix, self.rows_below(prefix))

    def children(self, prefix: str) -> list[Node]:
        """Return the nodes one level below a prefix that have rows."""
        if not prefix:
            nodes = (_node_of_block(f"{first:02x}", block) for first, block in enumerate(self._blocks))
            return [node for node in nodes if node.count]
        width = len(prefix) + FANOUT_DIGITS
        groups: dict[str, list[RowDigest]] = {}
        for row in self.rows_below(prefix):
            groups.setdefault(row.place.hex()[:width], []).append(row)
        return [_node(below, rows) for below, rows in groups.items()]

    def to_bytes(self) -> bytes:
        """Return the tree as bytes that `from_bytes` reads."""
        parts = []
        for block in self._blocks:
            parts += [_SIZES.pack(len(block.digests) // _HASH, len(block.keys)), *block]
        return b"".join(parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> "DigestTree":
        """Return the tree that `to_bytes` wrote; ValueError when these are not its bytes."""
        blocks, at = [], 0
        try:
            for _ in range(_BUCKETS):
                count, key_bytes = _SIZES.unpack_from(data, at)
                at += _SIZES.size
                ends = [at + count * _HASH, at + count * 2 * _HASH, at + count * (2 * _HASH + 8)]
                ends.append(ends[-1] + key_bytes)
                starts = [at, *ends[:-1]]
                blocks.append(_Block(*(data[start:end] for start, end in zip(starts, ends, strict=True))))
                at = ends[-1]
        except struct.error as error:
            raise ValueError("not a digest tree") from error
        if at != len(data):
            raise ValueError("not a digest tree")
        return cls(blocks)


def _node(prefix: str, rows: Sequence[RowDigest]) -> Node:
    return Node(prefix, len(rows), sha256(b"".join(row.digest for row in rows)).hexdigest())


def _node_of_block(prefix: str, block: _Block) -> Node:
    return Node(prefix, len(block.digests) // _HASH, sha256(block.digests).hexdigest())


def _packed(rows: Sequence[RowDigest]) -> _Block:
    return _Block(
        b"".join(row.place for row in rows),
        b"".join(row.digest for row in rows),
        struct.Struct(f">{len(rows)}Q").pack(*(row.version for row in rows)),
        "\n".join(row.key for row in rows).encode(),
    )


def _unpacked(block: _Block) -> list[RowDigest]:
    count = len(block.digests) // _HASH
    if not count:
        return []
    versions = struct.Struct(f">{count}Q").unpack(block.versions)
    keys = block.keys.decode().split("\n")
    places = [block.places[at : at + _HASH] for at in range(0, count * _HASH, _HASH)]
    digests = [block.digests[at : at + _HASH] for at in range(0, count * _HASH, _HASH)]
    return list(map(RowDigest, places, digests, versions, keys))

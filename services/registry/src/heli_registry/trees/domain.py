"""Trees on a day, without a database: paths and sub-totals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TREES = ("territory", "sector", "affiliation")
NOWHERE = "unplaced"


@dataclass(frozen=True, slots=True)
class Node:
    """A node on a day: its kind, name, the node above it, and whether it is open."""

    key: str
    kind: str
    name: str
    parent: str | None
    is_open: bool


class Tree:
    """The nodes of one tree on one day."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        """Take the nodes; a parent that is not among them is no parent."""
        self.nodes: Mapping[str, Node] = {node.key: node for node in nodes}
        self._below: dict[str | None, list[str]] = defaultdict(list)
        for node in self.nodes.values():
            self._below[self._parent(node)].append(node.key)

    def _parent(self, node: Node) -> str | None:
        return node.parent if node.parent in self.nodes else None

    def path(self, key: str) -> list[Node]:
        """Return the nodes from the top down to a node, itself included; empty when it is not there."""
        found: list[Node] = []
        seen: set[str] = set()
        node = self.nodes.get(key)
        while node is not None and node.key not in seen:
            seen.add(node.key)
            found.append(node)
            parent = self._parent(node)
            node = self.nodes[parent] if parent is not None else None
        return found[::-1]

    def walk(self, under: str | None = None, depth: int | None = None) -> list[tuple[Node, int]]:
        """Return (node, depth) in order of keys within each level's parent, parents before their children."""
        found: list[tuple[Node, int]] = []
        start = sorted(self._below[None]) if under is None else [under]
        stack = [(key, 0) for key in reversed(start)]
        while stack:
            key, level = stack.pop()
            found.append((self.nodes[key], level))
            if depth is None or level < depth:
                stack += [(each, level + 1) for each in sorted(self._below[key], reverse=True)]
        return found

    def children(self, key: str) -> int:
        """Return how many nodes stand directly below one."""
        return len(self._below[key])

    def totals(self, placed: Mapping[str, int]) -> Counter[str]:
        """Return for each node what was placed at it or anywhere below it."""
        totals: Counter[str] = Counter()
        for key, count in placed.items():
            for node in self.path(key):
                totals[node.key] += count
        return totals

"""Who is asking, what they may do, and which rows they may see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the county a principal sees: everything, or subtrees of divisions and single zones.

    `divisions` are 12-digit codes of subtree roots, `zones` ids; an empty scope sees nothing.
    """

    everything: bool = False
    divisions: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or department client that was recognised by its token."""

    id: str
    name: str
    kind: str
    unit: str | None
    roles: tuple[str, ...]
    permissions: frozenset[str]
    scope: Scope

    def may(self, permission: str) -> bool:
        """Say whether the principal holds a permission such as `enterprises:write`."""
        return permission in self.permissions

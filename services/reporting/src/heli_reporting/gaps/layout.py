"""A layout of joint branches: who forms new ones, whom standing ones take in, and who is left, while it is found."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from heli_reporting.gaps.candidates import Enterprise, Host
from heli_reporting.gaps.nearness import Neighbourhood, distance, trade_distance


@dataclass(frozen=True, slots=True)
class Limits:
    """What a joint branch needs and may have, and the level at which a division is a neighbourhood."""

    min_members: int
    max_units: int
    max_members: int
    nearby_level: str


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The enterprises of a new joint branch, and the neighbourhoods that all of them lie in."""

    members: tuple[Enterprise, ...]
    anchors: frozenset[Neighbourhood]

    def without(self, *leaving: Enterprise) -> tuple[Enterprise, ...]:
        """Return the members without some."""
        return tuple(each for each in self.members if each not in leaving)


class Layout:
    """New groups, guests of standing branches, and the free; every enterprise is in one place at most."""

    def __init__(self, enterprises: Iterable[Enterprise], hosts: Sequence[Host], limits: Limits) -> None:
        """Begin with everybody free."""
        self.limits = limits
        self.free = {each.uscc: each for each in enterprises}
        self.left = sum(each.is_gap for each in self.free.values())
        """How many enterprises of the gap have no place."""
        self.standing = 0
        """How many new groups there are."""
        self._undone_by: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
        self.group_of: dict[str, Group] = {}
        self.host_of: dict[str, Host] = {}
        self.guests: dict[str, list[Enterprise]] = defaultdict(list)
        # Dicts, not sets: their order is that of insertion, so that the same input gives the same layout.
        self._groups: dict[Neighbourhood, dict[Group, None]] = defaultdict(dict)
        self._hosts: dict[Neighbourhood, list[Host]] = defaultdict(list)
        self._nearest: dict[str, list[Host]] = {}
        self._around: dict[Neighbourhood, list[Enterprise]] = defaultdict(list)
        for host in hosts:
            for neighbourhood in host.place.neighbourhoods(limits.nearby_level):
                self._hosts[neighbourhood].append(host)
        for each in self.free.values():
            for neighbourhood in self.neighbourhoods(each):
                self._around[neighbourhood].append(each)

    def neighbourhoods(self, each: Enterprise) -> tuple[Neighbourhood, ...]:
        """Return the neighbourhoods in which an enterprise finds partners."""
        return each.place.neighbourhoods(self.limits.nearby_level)

    def around(self, neighbourhood: Neighbourhood) -> list[Enterprise]:
        """Return all enterprises of a neighbourhood, by code."""
        return self._around.get(neighbourhood, [])

    def groups(self) -> list[Group]:
        """Return all groups, each once."""
        return list(dict.fromkeys(self.group_of.values()))

    def groups_near(self, each: Enterprise) -> list[Group]:
        """Return the groups that lie in a neighbourhood of an enterprise."""
        return list(dict.fromkeys(group for n in self.neighbourhoods(each) for group in self._groups.get(n, {})))

    def hosts_near(self, each: Enterprise) -> list[Host]:
        """Return the standing branches with room that lie in a neighbourhood of an enterprise, the nearest first."""
        if each.uscc not in self._nearest:
            near = dict.fromkeys(host for n in self.neighbourhoods(each) for host in self._hosts.get(n, ()))
            order = sorted(near, key=lambda host: (distance(each.place, host.place), -host.room, host.id))
            self._nearest[each.uscc] = order
        return self._nearest[each.uscc]

    def sound(self, members: Sequence[Enterprise]) -> Group | None:
        """Return the joint branch of these, or None where they may not form one."""
        total = sum(each.full_members for each in members)
        if not 1 < len(members) <= self.limits.max_units:
            return None
        if not self.limits.min_members <= total <= self.limits.max_members:
            return None
        anchors = frozenset.intersection(*(frozenset(self.neighbourhoods(each)) for each in members))
        return Group(tuple(members), anchors) if anchors else None

    def form(self, group: Group) -> None:
        """Let a group be formed by members that are free."""
        for each in group.members:
            self._leave_free(each)
            self.group_of[each.uscc] = group
        for neighbourhood in group.anchors:
            self._groups[neighbourhood][group] = None
        self.standing += 1
        self._undone_by.append((self.disband, (group,)))

    def disband(self, group: Group) -> None:
        """Let the members of a group be free again."""
        for each in group.members:
            del self.group_of[each.uscc]
            self._set_free(each)
        for neighbourhood in group.anchors:
            del self._groups[neighbourhood][group]
        self.standing -= 1
        self._undone_by.append((self.form, (group,)))

    def take_in(self, each: Enterprise, host: Host) -> None:
        """Let a standing branch take in an enterprise that is free."""
        self._leave_free(each)
        self.host_of[each.uscc] = host
        self.guests[host.id].append(each)
        self._undone_by.append((self.let_go, (each,)))

    def let_go(self, each: Enterprise) -> None:
        """Let a guest be free again."""
        host = self.host_of.pop(each.uscc)
        self.guests[host.id].remove(each)
        self._set_free(each)
        self._undone_by.append((self.take_in, (each, host)))

    def _leave_free(self, each: Enterprise) -> None:
        del self.free[each.uscc]
        self.left -= each.is_gap

    def _set_free(self, each: Enterprise) -> None:
        self.free[each.uscc] = each
        self.left += each.is_gap

    def mark(self) -> int:
        """Return a mark to go back to."""
        return len(self._undone_by)

    def undo(self, mark: int) -> None:
        """Undo everything since a mark."""
        steps = self._undone_by[mark:]
        for act, arguments in reversed(steps):
            act(*arguments)
        del self._undone_by[mark:]

    def has_room(self, host: Host) -> bool:
        """Say whether a standing branch can take in another enterprise."""
        return len(self.guests[host.id]) < host.room


def nearest_first(seat: Enterprise, others: Iterable[Enterprise]) -> list[Enterprise]:
    """Return others by distance, likeness of trade, more members, code."""
    return sorted(
        others,
        key=lambda other: (
            distance(seat.place, other.place),
            trade_distance(seat.industry, other.industry),
            -other.full_members,
            other.uscc,
        ),
    )

"""Joint branches for small enterprises: as many as can be, in as few new branches as will do; nobody is used twice.

Greedy with a local improvement, in an order that the codes alone fix; docs/rules/closing-gaps.md tells it in prose.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, combinations, pairwise

from heli_reporting.gaps.candidates import Enterprise, Host
from heli_reporting.gaps.layout import Group, Layout, Limits, nearest_first
from heli_reporting.gaps.nearness import Neighbourhood

_PARTNERS_TRIED = 12
"""Of those who could be borrowed the nearest few are tried: more would cost time and win nothing seen in tests."""
_NEIGHBOURS_MOVED = 200
"""A neighbourhood with more candidates is not begun anew: so many find partners without it."""


def laid_out(
    seekers: Sequence[Enterprise], companions: Sequence[Enterprise], hosts: Sequence[Host], limits: Limits
) -> Layout:
    """Return a layout that places as many seekers as the method can; all of them have members and too few alone."""
    layout = Layout(sorted((*seekers, *companions), key=lambda each: each.uscc), hosts, limits)
    for neighbourhood in _neighbourhoods(layout, seekers):
        _group(layout, neighbourhood)
    for each in seekers:
        if each.uscc in layout.free:
            _place(layout, each)
    for group in sorted(layout.groups(), key=lambda group: (_seekers(group), _codes(group))):
        _dissolve(layout, group)
    for group in layout.groups():
        _trim(layout, group)
    return layout


def most_placed(
    seekers: Sequence[Enterprise], companions: Sequence[Enterprise], hosts: Sequence[Host], limits: Limits
) -> int:
    """Return how many seekers any method could place at most: those who could be placed if they were alone."""
    layout = Layout(sorted((*seekers, *companions), key=lambda each: each.uscc), hosts, limits)
    return sum(bool(_could_host(layout, each)) or _could_group(layout, each) for each in seekers)


def _could_host(layout: Layout, each: Enterprise) -> bool:
    return any(host.room > 0 for host in layout.hosts_near(each))


def _could_group(layout: Layout, each: Enterprise) -> bool:
    """Say whether an enterprise could be in a branch if all others of a neighbourhood were at its disposal."""
    for neighbourhood in layout.neighbourhoods(each):
        others = sorted((o.full_members for o in layout.around(neighbourhood) if o is not each), reverse=True)
        best = others[: layout.limits.max_units - 1]
        if best and each.full_members + sum(best) >= layout.limits.min_members:
            return True
    return False


def _neighbourhoods(layout: Layout, seekers: Iterable[Enterprise]) -> list[Neighbourhood]:
    """Return where seekers lie, zones first: what is nearest is tried before what is wider."""
    found = {neighbourhood for each in seekers for neighbourhood in layout.neighbourhoods(each)}
    return sorted(found, key=lambda n: (n[0] != "zone", n))


def _group(layout: Layout, neighbourhood: Neighbourhood) -> None:
    """Group the free seekers of a neighbourhood, with as few of the nearest companions as they lack."""
    free = [each for each in layout.around(neighbourhood) if each.uscc in layout.free]
    members = [each for each in free if each.is_gap]
    if not members:
        return
    for companion in nearest_first(members[0], (each for each in free if not each.is_gap)):
        if len(members) > 1 and sum(each.full_members for each in members) >= layout.limits.min_members:
            break
        members.append(companion)
    for part in _even_parts(members, layout.limits.max_units):
        group = layout.sound(part)
        if group is not None:
            layout.form(group)


def _even_parts(members: Sequence[Enterprise], most: int) -> list[list[Enterprise]]:
    """Return neighbours of like trade together, in as few parts as the limit allows, all of nearly the same size."""
    ordered = sorted(members, key=lambda each: (each.place.path[-1] or "", each.industry or "", each.uscc))
    parts = -(-len(ordered) // most)
    bounds = [len(ordered) * part // parts for part in range(parts + 1)]
    return [ordered[start:end] for start, end in pairwise(bounds)]


def _place(layout: Layout, each: Enterprise) -> bool:
    """Find a place for a free seeker: with a host, in a group, or by moving others so that more are placed."""
    return _visit(layout, each, set()) or _join(layout, each) or _gather(layout, each) or _regroup(layout, each)


def _visit(layout: Layout, each: Enterprise, tried: set[str]) -> bool:
    """Let a standing branch take a free enterprise in, sending its guests on to others where it is full."""
    for host in layout.hosts_near(each):
        if host.id in tried:
            continue
        tried.add(host.id)
        if layout.has_room(host):
            layout.take_in(each, host)
            return True
        for guest in list(layout.guests[host.id]):
            mark = layout.mark()
            layout.let_go(guest)
            if _visit(layout, guest, tried) or _join(layout, guest):
                layout.take_in(each, host)
                return True
            layout.undo(mark)
    return False


def _join(layout: Layout, each: Enterprise, *, but: Group | None = None) -> bool:
    """Let a group near a free enterprise take it in, parting the group in two where it is full."""
    near = [group for group in layout.groups_near(each) if group is not but]
    for group in near:
        wider = layout.sound((*group.members, each))
        if wider is not None:
            layout.disband(group)
            layout.form(wider)
            return True
    for group in near if but is None else []:
        parts = [layout.sound(part) for part in _even_parts((*group.members, each), layout.limits.max_units)]
        if all(parts):
            layout.disband(group)
            for part in parts:
                assert part is not None  # noqa: S101 - all() has seen it
                layout.form(part)
            return True
    return False


def _gather(layout: Layout, each: Enterprise) -> bool:
    """Form a group around a free enterprise, borrowing from groups that can spare and from hosts."""
    for neighbourhood in layout.neighbourhoods(each):
        others = [other for other in layout.around(neighbourhood) if other is not each]
        near = nearest_first(each, others)[:_PARTNERS_TRIED]
        for partners in chain(combinations(near, 1), combinations(near, 2)):
            group = layout.sound((each, *partners))
            if group is not None and _borrow(layout, partners):
                layout.form(group)
                return True
    return False


def _borrow(layout: Layout, partners: Sequence[Enterprise]) -> bool:
    """Make these free where nobody loses a place by it; say whether that could be done."""
    groups = dict.fromkeys(layout.group_of[each.uscc] for each in partners if each.uscc in layout.group_of)
    smaller = {group: layout.sound(group.without(*partners)) for group in groups}
    for group, rest in smaller.items():
        if rest is None and any(each.is_gap for each in group.without(*partners)):
            return False
    for group, rest in smaller.items():
        layout.disband(group)
        if rest is not None:
            layout.form(rest)
    for each in partners:
        if each.uscc in layout.host_of:
            layout.let_go(each)
    return True


def _regroup(layout: Layout, each: Enterprise) -> bool:
    """Begin anew in a neighbourhood of a free seeker; kept only where more seekers have a place afterwards."""
    for neighbourhood in layout.neighbourhoods(each):
        mark, left = layout.mark(), layout.left
        here = layout.around(neighbourhood)
        groups = dict.fromkeys(layout.group_of[other.uscc] for other in here if other.uscc in layout.group_of)
        guests = [other for other in here if other.uscc in layout.host_of]
        if len(here) > _NEIGHBOURS_MOVED:
            continue
        for group in groups:
            layout.disband(group)
        for guest in guests:
            layout.let_go(guest)
        _group(layout, neighbourhood)
        moved = [*(member for group in groups for member in group.members), *here]
        seekers = [member for member in dict.fromkeys(moved) if member.is_gap]
        for other in _neighbourhoods(layout, seekers):
            _group(layout, other)
        for seeker in seekers:
            if seeker.uscc in layout.free:
                _ = _visit(layout, seeker, set()) or _join(layout, seeker) or _gather(layout, seeker)
        if layout.left < left:
            return True
        layout.undo(mark)
    return False


def _dissolve(layout: Layout, group: Group) -> None:
    """Give up a group when each of its seekers finds room with a host or in another group that stands anyway."""
    if layout.group_of.get(group.members[0].uscc) is not group:
        return
    mark, left, standing = layout.mark(), layout.left, layout.standing
    layout.disband(group)
    for each in group.members:
        if each.is_gap and not (_visit(layout, each, set()) or _join(layout, each, but=group)):
            break
    if layout.left > left or layout.standing >= standing:
        layout.undo(mark)


def _trim(layout: Layout, group: Group) -> None:
    """Let companions go that a branch does not need, the farthest from its first seeker first."""
    seat = next(each for each in group.members if each.is_gap)
    for each in reversed(nearest_first(seat, (each for each in group.members if not each.is_gap))):
        smaller = layout.sound(group.without(each))
        if smaller is not None:
            layout.disband(group)
            layout.form(smaller)
            group = smaller


def _seekers(group: Group) -> int:
    return sum(each.is_gap for each in group.members)


def _codes(group: Group) -> tuple[str, ...]:
    return tuple(sorted(each.uscc for each in group.members))

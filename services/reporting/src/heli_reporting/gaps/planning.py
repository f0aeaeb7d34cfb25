"""Closing gaps: what to propose for each enterprise, and a plan in which no enterprise stands twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from heli_reporting.gaps.candidates import Enterprise, Field, Guide, Host, Rules
from heli_reporting.gaps.groups import laid_out, most_placed
from heli_reporting.gaps.layout import Limits, nearest_first
from heli_reporting.gaps.nearness import distance
from heli_shared.statistics.parameters import DatedValue

Kind = Literal["own_branch", "take_in", "joint_branch", "instructor"]
KINDS: dict[Kind, tuple[str, str]] = {
    "own_branch": ("单独组建党支部", "Set up a branch of its own"),
    "take_in": ("并入邻近联合党支部", "Join a joint branch nearby"),
    "joint_branch": ("与邻近企业组建联合党支部", "Set up a joint branch with neighbours"),
    "instructor": ("选派党建指导员", "Send an instructor"),
}
"""What can be proposed, the first that is possible being preferred: the law before what is least work."""


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """One step that closes gaps: for whom, with whose help, how far apart they lie, and by which documents.

    The first of `enterprises` is the seat of a new branch. `distance` is None where nobody else takes part.
    """

    kind: Kind
    enterprises: tuple[Enterprise, ...]
    basis: tuple[str, ...]
    host: Host | None = None
    person: str | None = None
    distance: int | None = None

    @property
    def seat(self) -> Enterprise:
        """Return where a new branch would have its seat."""
        return self.enterprises[0]


@dataclass(frozen=True)
class Plan:
    """The proposals that are summed, in order; who has none; and how many small enterprises could be placed at most.

    `placed` of `small` enterprises of the gap (with members, too few for a branch) have a joint branch; no method
    places more than `at_most`.
    """

    proposals: tuple[Proposal, ...]
    without: tuple[Enterprise, ...]
    small: int
    placed: int
    at_most: int

    @cached_property
    def by_uscc(self) -> dict[str, Proposal]:
        """Return the proposal that each enterprise is part of."""
        return {each.uscc: proposal for proposal in self.proposals for each in proposal.enterprises}


def planned(field: Field) -> Plan:
    """Return the plan for the gap enterprises of a field, the same for the same field."""
    gap = [each for each in field.enterprises if each.is_gap]
    proposals = [_own(each, field.rules) for each in gap if _stands_alone(each, field.rules)]
    seekers = [each for each in gap if _is_small(each, field.rules)]
    limits, at_most = limits_of(field.rules), 0
    if limits is not None and seekers:
        companions = [each for each in field.enterprises if not each.is_gap and _is_small(each, field.rules)]
        layout = laid_out(seekers, companions, field.hosts, limits)
        at_most = most_placed(seekers, companions, field.hosts, limits)
        hosted = [each for each in seekers if each.uscc in layout.host_of]
        proposals += [_take_in(each, layout.host_of[each.uscc], field.rules) for each in hosted]
        proposals += [_joint(group.members, field.rules) for group in layout.groups()]
    served = {each.uscc for proposal in proposals for each in proposal.enterprises}
    rest = [each for each in gap if each.uscc not in served and not each.is_covered]
    sent = list(_sent(rest, field))
    placed = sum(each.uscc in served for each in seekers)
    reached = served | {proposal.seat.uscc for proposal in sent}
    order = list(KINDS)
    return Plan(
        tuple(sorted((*proposals, *sent), key=lambda p: (order.index(p.kind), p.seat.uscc))),
        tuple(each for each in gap if each.uscc not in reached),
        len(seekers),
        placed,
        at_most,
    )


def limits_of(rules: Rules) -> Limits | None:
    """Return the limits of joint branches; None before the rules on them hold."""
    needed = (rules.min_members, rules.max_units, rules.max_members, rules.nearby_level)
    if None in needed:
        return None
    return Limits(*(each.value for each in needed if each is not None))


def _stands_alone(each: Enterprise, rules: Rules) -> bool:
    return not each.is_covered and rules.min_members is not None and each.full_members >= rules.min_members.value


def _is_small(each: Enterprise, rules: Rules) -> bool:
    return not each.is_covered and each.full_members > 0 and not _stands_alone(each, rules)


def _basis(*rules: DatedValue | None) -> tuple[str, ...]:
    return tuple(rule.basis for rule in rules if rule is not None)


def _own(each: Enterprise, rules: Rules) -> Proposal:
    return Proposal("own_branch", (each,), _basis(rules.min_members))


def _take_in(each: Enterprise, host: Host, rules: Rules) -> Proposal:
    basis = _basis(rules.max_units)
    return Proposal("take_in", (each,), basis, host=host, distance=distance(each.place, host.place))


def _joint(members: Sequence[Enterprise], rules: Rules) -> Proposal:
    seat = min(members, key=lambda each: (not each.is_gap, -each.full_members, each.uscc))
    ordered = (seat, *nearest_first(seat, (each for each in members if each is not seat)))
    basis = _basis(rules.max_units, rules.nearby_level)
    return Proposal("joint_branch", ordered, basis, distance=max(distance(seat.place, e.place) for e in ordered[1:]))


def _guided(each: Enterprise, guide: Guide, rules: Rules) -> Proposal:
    basis = _basis(rules.instructor_required, rules.max_enterprises)
    steps = min(distance(each.place, place) for place in guide.places)
    return Proposal("instructor", (each,), basis, person=guide.person, distance=steps)


def _sent(enterprises: Sequence[Enterprise], field: Field) -> Iterator[Proposal]:
    """Send instructors of the county, the nearest pairs first, then those who guide fewest; within their room."""
    waiting = {each.uscc: each for each in enterprises if not each.is_reached}
    room = {guide.person: guide.room for guide in field.guides}
    for steps, within in enumerate(field.guides_within):
        for each in list(waiting.values()):
            area = each.place.within(steps)
            near = [guide for guide in within.get(area, ()) if room[guide.person]] if area else []
            if near:
                guide = min(near, key=lambda g: (g.load + g.room - room[g.person], g.person))
                room[guide.person] -= 1
                del waiting[each.uscc]
                yield _guided(each, guide, field.rules)


def alternatives(each: Enterprise, field: Field) -> list[Proposal]:
    """Return what could be done for one enterprise if nothing else were done, one of a kind, as `KINDS` has them."""
    if each.is_covered:
        return []
    found = [_own(each, field.rules)] if _stands_alone(each, field.rules) else []
    limits = limits_of(field.rules)
    if limits is not None and each.full_members:
        areas = each.place.neighbourhoods(limits.nearby_level)
        hosts = dict.fromkeys(host for area in areas for host in field.hosts_around.get(area, ()))
        if hosts:
            nearest = min(hosts, key=lambda host: (distance(each.place, host.place), -host.room, host.id))
            found.append(_take_in(each, nearest, field.rules))
        partners = _partners(each, field, limits)
        found += [_joint((each, *partners), field.rules)] if partners else []
    return [*found, *_nearest_guide(each, field)]


def _nearest_guide(each: Enterprise, field: Field) -> list[Proposal]:
    for steps, within in enumerate(field.guides_within):
        area = each.place.within(steps)
        near = within.get(area) if area else None
        if near and not each.is_reached:
            return [_guided(each, min(near, key=lambda g: (g.load, g.person)), field.rules)]
    return []


def _partners(each: Enterprise, field: Field, limits: Limits) -> list[Enterprise]:
    """Return the nearest with whom an enterprise has enough members: at least one, all of one neighbourhood."""
    for neighbourhood in each.place.neighbourhoods(limits.nearby_level):
        near = [o for o in field.around[neighbourhood] if o is not each and _is_small(o, field.rules)]
        chosen: list[Enterprise] = []
        for other in nearest_first(each, near)[: limits.max_units - 1]:
            chosen.append(other)
            if each.full_members + sum(partner.full_members for partner in chosen) >= limits.min_members:
                return chosen
    return []

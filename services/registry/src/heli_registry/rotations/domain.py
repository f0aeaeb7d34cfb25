"""Which enterprise needs a leader most: the order in which a mature contact point's successor is proposed."""

from collections.abc import Iterable
from dataclasses import dataclass

REASONS = {
    "due": ("应建未建", "a branch is due and there is none"),
    "has_members": ("有党员、未建党组织", "members and no organisation"),
    "large": ("职工百人以上、未建党组织", "a hundred staff and no organisation"),
    "no_member": ("职工五十人以上、无党员", "fifty staff and no member"),
    "uncovered": ("未建党组织", "no organisation"),
}
"""Why an enterprise is proposed, the most pressing reason first."""
_RANKS = {name: rank for rank, name in enumerate(REASONS)}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The dated numbers that make an organisation or a member due."""

    branch: int
    organization: int
    member: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enterprise without organisation and without a leader's contact point."""

    uscc: str
    name: str
    division: str
    staff: int | None
    full_members: int | None
    probationary_members: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """An enterprise proposed, and why."""

    candidate: Candidate
    reason: str
    is_near: bool


def reason_of(candidate: Candidate, thresholds: Thresholds) -> str:
    """Return the most pressing reason; facts that are not known press nothing."""
    full, staff = candidate.full_members or 0, candidate.staff or 0
    members = full + (candidate.probationary_members or 0)
    if full >= thresholds.branch:
        return "due"
    if members:
        return "has_members"
    if staff >= thresholds.organization:
        return "large"
    return "no_member" if staff >= thresholds.member else "uncovered"


def proposals(candidates: Iterable[Candidate], *, division: str | None, thresholds: Thresholds) -> list[Proposal]:
    """Return all candidates: the most pressing first, of those the near ones, then the large ones, then by code."""
    found = [Proposal(each, reason_of(each, thresholds), each.division == division) for each in candidates]
    return sorted(
        found,
        key=lambda each: (
            _RANKS[each.reason],
            not each.is_near,
            -(each.candidate.staff or 0),
            each.candidate.uscc,
        ),
    )

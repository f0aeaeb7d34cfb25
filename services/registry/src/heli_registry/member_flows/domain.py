"""The checks within a flow table of members: 2=3+4+5, 5≥6, 7=8+9+10+11, 11≥12, 13=1+2−7, 15=14−13.

The lines are those of the two years' comparison of members; numbers are the form's own. An unknown line checks
nothing: a form that is half filled is not wrong yet. The rules in prose: docs/rules/member_flows.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LINES = {
    "at_start": 1,
    "increased": 2,
    "developed": 3,
    "restored": 4,
    "transferred_in": 5,
    "transferred_in_whole": 6,
    "decreased": 7,
    "expelled": 8,
    "suspended": 9,
    "died": 10,
    "transferred_out": 11,
    "transferred_out_whole": 12,
    "expected_at_end": 13,
    "at_end": 14,
    "difference": 15,
}
"""The lines of the form by field."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A line that is the sum of others, some of them taken away."""

    line: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A line that is part of another and never larger."""

    line: str
    whole: str


CHECKS = (
    Sum("increased", ("developed", "restored", "transferred_in")),
    Part("transferred_in_whole", "transferred_in"),
    Sum("decreased", ("expelled", "suspended", "died", "transferred_out")),
    Part("transferred_out_whole", "transferred_out"),
    Sum("expected_at_end", ("at_start", "increased"), ("decreased",)),
    Sum("difference", ("at_end",), ("expected_at_end",)),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A check that does not hold: the field to look at, the check in the form's numbers, and both sides."""

    field: str
    check: str
    given: int
    wanted: int


def faults_of(lines: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield every check that known lines break, in the form's order."""
    for check in CHECKS:
        match check:
            case Sum(line, plus, minus):
                values = [lines.get(name) for name in (line, *plus, *minus)]
                if None in values:
                    continue
                wanted = sum(lines[name] for name in plus) - sum(lines[name] for name in minus)
                if lines[line] != wanted:
                    yield Fault(line, text_of(check), lines[line], wanted)
            case Part(line, whole):
                part, most = lines.get(line), lines.get(whole)
                if part is not None and most is not None and part > most:
                    yield Fault(line, text_of(check), part, most)


def text_of(check: Sum | Part) -> str:
    """Return a check in the form's numbers, such as 13=1+2−7."""
    if isinstance(check, Part):
        return f"{LINES[check.whole]}≥{LINES[check.line]}"
    added = "+".join(str(LINES[name]) for name in check.plus)
    return f"{LINES[check.line]}={added}{''.join(f'−{LINES[name]}' for name in check.minus)}"


def completed(lines: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lines with those filled in that follow from the others; what was given stays as it is."""
    found = dict(lines)
    for check in CHECKS:
        if isinstance(check, Sum) and found.get(check.line) is None:
            parts = [found.get(name) for name in (*check.plus, *check.minus)]
            if None not in parts:
                found[check.line] = sum(found[name] for name in check.plus) - sum(found[name] for name in check.minus)
    return found

"""Comparing a draft's results with those of the rules before it: who wins, who loses, and where."""

import base64
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from heli_assessment.engine.amounts import points_text
from heli_assessment.intake.domain import Subject
from heli_assessment.runs.domain import Results, SubjectResult

Year = Literal["now", "last_year"]
_TOWN = 9
_DIVISION = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rulebook makes of a subject: points in hundredths; grade and rank None when disqualified."""

    score: int
    low: int
    high: int
    grade: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One subject before and after; `change` is the difference of the scores, None without rules before."""

    subject: str
    name: str
    group: str | None
    unit: str | None
    township: str | None
    before: Outcome | None
    after: Outcome
    change: int | None
    division: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Simulation:
    """One stored simulation; `pins` is what it rests on, `summaries` holds one per year that could be computed."""

    id: str
    rulebook: str
    draft_version: int | None
    draft_digest: str
    draft_body: str
    against: int | None
    pins: Mapping[str, Any]
    summaries: Mapping[str, Any]
    digest: str
    created_at: datetime
    created_by: str


def compared(subjects: Sequence[Subject], before: Results | None, after: Results) -> list[Line]:
    """Return one line per subject, the greatest loss first, the greatest gain last."""
    known = {subject.id: subject for subject in subjects}
    earlier = {} if before is None else {line.subject: line for line in before.lines}
    lines = [_line(known[line.subject], earlier.get(line.subject), line) for line in after.lines]
    return sorted(lines, key=lambda line: (line.change or 0, line.subject))


def _line(subject: Subject, before: SubjectResult | None, after: SubjectResult) -> Line:
    return Line(
        subject=subject.id,
        name=subject.name,
        group=after.group,
        unit=subject.unit,
        township=_township(subject.division),
        before=None if before is None else _outcome(before),
        after=_outcome(after),
        change=None if before is None else after.score - before.score,
        division=subject.division,
        zone=subject.zone,
    )


def _outcome(result: SubjectResult) -> Outcome:
    return Outcome(result.score, result.low, result.high, result.grade, result.rank)


def _township(division: str | None) -> str | None:
    """Return the town of a 12-digit statistical code; a code above the towns stands for itself."""
    if division is None or len(division) != _DIVISION:
        return division
    return division[:_TOWN].ljust(_DIVISION, "0")


def summary(lines: Sequence[Line]) -> dict[str, Any]:
    """Return winners, losers, moves of ranks and grades and new vetoes; altogether, and by group, unit and township."""
    return {
        **_tally(lines),
        "newly_disqualified": [line.subject for line in lines if _newly_disqualified(line)],
        "by_group": _by(lines, lambda line: line.group),
        "by_unit": _by(lines, lambda line: line.unit),
        "by_township": _by(lines, lambda line: line.township),
    }


def _tally(lines: Sequence[Line]) -> dict[str, Any]:
    changes = [line.change for line in lines if line.change is not None]
    ranks = [
        line.after.rank - line.before.rank for line in lines if line.before and line.before.rank and line.after.rank
    ]
    grades = [line for line in lines if line.before and line.before.grade != line.after.grade]
    return {
        "subjects": len(lines),
        "winners": sum(change > 0 for change in changes),
        "losers": sum(change < 0 for change in changes),
        "unchanged": sum(change == 0 for change in changes),
        "points_before": points_text(sum(line.before.score for line in lines if line.before)),
        "points_after": points_text(sum(line.after.score for line in lines)),
        "ranks_up": sum(move < 0 for move in ranks),
        "ranks_down": sum(move > 0 for move in ranks),
        "grades_changed": len(grades),
        "grade_moves": _grade_moves(grades),
    }


def _grade_moves(lines: Sequence[Line]) -> list[dict[str, Any]]:
    moves = Counter((line.before.grade, line.after.grade) for line in lines if line.before)
    ordered = sorted(moves.items(), key=lambda move: (str(move[0][0]), str(move[0][1])))
    return [{"before": before, "after": after, "subjects": count} for (before, after), count in ordered]


def _by(lines: Sequence[Line], key: Callable[[Line], str | None]) -> list[dict[str, Any]]:
    found: dict[str | None, list[Line]] = defaultdict(list)
    for line in lines:
        found[key(line)].append(line)
    return [{"key": each, **_tally(found[each])} for each in sorted(found, key=lambda each: (each is None, each or ""))]


def _newly_disqualified(line: Line) -> bool:
    return line.after.grade is None and line.before is not None and line.before.grade is not None


def line_json(line: Line) -> dict[str, Any]:
    """Return one line as it is stored and shown."""
    before, after = line.before, line.after
    moved = None if before is None or before.rank is None or after.rank is None else before.rank - after.rank
    return {
        "subject": line.subject,
        "name": line.name,
        "group": line.group,
        "unit": line.unit,
        "township": line.township,
        "before": None if before is None else _outcome_json(before),
        "after": _outcome_json(after),
        "change": None if line.change is None else points_text(line.change),
        "ranks_gained": moved,
        "newly_disqualified": _newly_disqualified(line),
    }


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "score": points_text(outcome.score),
        "range": {"low": points_text(outcome.low), "high": points_text(outcome.high)},
        "grade": outcome.grade,
        "rank": outcome.rank,
    }


def digest_of(pins: Mapping[str, Any], years: Mapping[str, Sequence[Line]]) -> str:
    """Return the digest over what a simulation rests on and all its lines."""
    told = {"pins": pins, "lines": {year: [asdict(line) for line in lines] for year, lines in years.items()}}
    return hashlib.sha256(_canonical(told).encode()).hexdigest()


def simulation_id(digest: str) -> str:
    """Return the id that follows from the digest."""
    return "sim-" + base64.b32encode(bytes.fromhex(digest)).decode().lower()[:26]


def as_kept(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return values in the order in which they come back from the database, so that answers have the same bytes."""
    kept: dict[str, Any] = json.loads(_canonical(value))
    return kept


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

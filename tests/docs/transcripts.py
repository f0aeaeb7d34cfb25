"""Transcripts in pages: what they say to run, what they say is printed, and where that differs from what was printed.

The format is told in CONTRIBUTING.md. Nothing here runs anything.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ANYTHING = "…"
_MARKER = re.compile(r"<!-- transcript: ([a-z][a-z0-9_-]*) -->")
_CLOCK = re.compile(r"<!-- clock: (\d{4}-\d{2}-\d{2}) -->")
_HEREDOC = re.compile(r"<<\s*'?([A-Z]+)'?$")
_PROMPT, _FENCE, _END = "$ ", "```console", "```"
# What is another one each time: ids, tokens, hashes.
ID = re.compile(r"\b([a-z]{2,6})-[0-9a-hjkmnp-tv-z]{26}\b")
_CHANCE = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+|\b[0-9a-f]{64}\b")


_DIFFERENCE = 1_000_000
"""What a line costs that fits nothing; what remains equal is decided by how many lines fit a line of their own."""


class BadPage(Exception):
    """A page that cannot be replayed; the text says where and why."""


@dataclass(frozen=True)
class Step:
    """A command of a page with the lines that it is said to print, or a day to which the clock is moved."""

    line: int
    command: str = ""
    expected: tuple[str, ...] = ()
    first: int = 0
    """The index of the page's line at which the expected output begins."""
    clock: date | None = None


@dataclass(frozen=True)
class Page:
    """A page that opted in, with its steps in order."""

    path: Path
    world: str
    steps: tuple[Step, ...]


def world_of(text: str) -> str | None:
    """Return the world that a page names in its first or second line; None for a page that is not replayed."""
    for line in text.splitlines()[:2]:
        if found := _MARKER.fullmatch(line.strip()):
            return found[1]
    return None


def read_page(path: Path) -> Page:
    """Return a marked page; BadPage when it has no marker, or nothing to replay."""
    text = path.read_text(encoding="utf-8")
    world = world_of(text)
    if world is None:
        raise BadPage(f"{path.name}: no <!-- transcript: WORLD --> below the heading")
    steps = tuple(_steps(text.splitlines(), path.name))
    if not any(step.command for step in steps):
        raise BadPage(f"{path.name}: there is no command in a console block")
    return Page(path, world, steps)


def _steps(lines: list[str], name: str) -> Iterator[Step]:
    index = 0
    while index < len(lines):
        moved = _CLOCK.fullmatch(lines[index].strip())
        if moved:
            yield Step(index + 1, clock=date.fromisoformat(moved[1]))
        if lines[index].rstrip() == _FENCE:
            end = next((at for at in range(index + 1, len(lines)) if lines[at].rstrip() == _END), None)
            if end is None:
                raise BadPage(f"{name}:{index + 1}: the block has no end")
            yield from _block(lines, index + 1, end, name)
            index = end
        index += 1


def _block(lines: list[str], start: int, end: int, name: str) -> Iterator[Step]:
    if start < end and not lines[start].startswith(_PROMPT):
        raise BadPage(f"{name}:{start + 1}: a console block begins with a command after `$ `")
    while start < end:
        after = _end_of_command(lines, start, end, name)
        following = next((at for at in range(after, end) if lines[at].startswith(_PROMPT)), end)
        command = "\n".join(lines[start:after]).removeprefix(_PROMPT)
        yield Step(start + 1, command, tuple(_trimmed(lines[after:following])), after)
        start = following


def _end_of_command(lines: list[str], start: int, end: int, name: str) -> int:
    """Return where the output begins: after continued lines and the text that a command is given."""
    at = start
    while lines[at].endswith("\\") and at + 1 < end:
        at += 1
    given = _HEREDOC.search(lines[at].rstrip())
    if given is None:
        return at + 1
    for inner in range(at + 1, end):
        if lines[inner] == given[1]:
            return inner + 1
    raise BadPage(f"{name}:{start + 1}: the text up to {given[1]} has no end")


def _trimmed(lines: Iterable[str]) -> list[str]:
    found = [line.rstrip() for line in lines]
    while found and not found[-1]:
        found.pop()
    while found and not found[0]:
        found.pop(0)
    return found


def printed(text: str, code: int = 0) -> list[str]:
    """Return the lines of an output as a page shows them: without blank ends, a failing exit code last."""
    return [*_trimmed(text.splitlines()), *([f"(exit {code})"] if code else [])]


@dataclass(frozen=True)
class Pair:
    """A line of the page and what it stands for; one of both is None where they differ."""

    expected: str | None
    actual: str | None

    @property
    def fits(self) -> bool:
        return self.expected == ANYTHING or None not in (self.expected, self.actual)


def fit(expected: Iterable[str], actual: Iterable[str]) -> bool:
    """Say whether an output is what the page says."""
    return all(pair.fits for pair in aligned(list(expected), list(actual)))


def aligned(expected: list[str], actual: list[str]) -> list[Pair]:
    """Lay the lines side by side with the fewest differences, and among those with the most lines that fit."""
    patterns = [_pattern(line) for line in expected]
    costs = [[0] * (len(actual) + 1) for _ in range(len(expected) + 1)]
    for i in range(len(expected), -1, -1):
        for j in range(len(actual), -1, -1):
            costs[i][j] = min((cost for cost, _, _ in _moves(costs, expected, patterns, actual, i, j)), default=0)
    pairs, i, j = [], 0, 0
    while i < len(expected) or j < len(actual):
        _, down, right = min(_moves(costs, expected, patterns, actual, i, j), key=lambda move: move[0])
        pairs.append(_pair(expected, actual, i, j, down, right))
        i, j = i + down, j + right
    return pairs


def _moves(
    costs: list[list[int]], expected: list[str], patterns: list[re.Pattern[str]], actual: list[str], i: int, j: int
) -> Iterator[tuple[int, int, int]]:
    """Yield what can come next at a place: (cost of all that follows, lines of the page, lines of the output)."""
    more_expected, more_actual = i < len(expected), j < len(actual)
    any_lines = more_expected and expected[i] == ANYTHING
    if more_expected and more_actual and not any_lines and patterns[i].fullmatch(actual[j]):
        yield costs[i + 1][j + 1] - 1, 1, 1
    if any_lines and more_actual:
        yield costs[i][j + 1], 0, 1
    if more_expected:
        yield costs[i + 1][j] + (0 if any_lines else _DIFFERENCE), 1, 0
    if more_actual and not any_lines:
        yield costs[i][j + 1] + _DIFFERENCE, 0, 1


def _pair(expected: list[str], actual: list[str], i: int, j: int, down: int, right: int) -> Pair:
    any_lines = i < len(expected) and expected[i] == ANYTHING
    return Pair(expected[i] if down or any_lines else None, actual[j] if right else None)


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in line.split(ANYTHING)))


def difference(expected: list[str], actual: list[str]) -> str:
    """Return both side by side: `-` is said by the page and not printed, `+` is printed and not said."""
    lines = []
    for pair in aligned(expected, actual):
        if pair.fits:
            lines.append(f"    {pair.expected if pair.actual is None else pair.actual}")
        else:
            lines.append(f"  - {pair.expected}" if pair.actual is None else f"  + {pair.actual}")
    return "\n".join(lines)


def renewed(expected: list[str], actual: list[str]) -> list[str]:
    """Return the output as the page should show it: lines with `…` that still fit stay, what is chance becomes `…`."""
    lines: list[str] = []
    absorbing = False
    for pair in aligned(expected, actual):
        if pair.expected == ANYTHING:
            lines += [] if absorbing else [ANYTHING]
        elif pair.actual is not None:
            lines.append(steady(pair.actual) if pair.expected is None else pair.expected)
        absorbing = pair.expected == ANYTHING
    return lines


def steady(line: str) -> str:
    """Return a line with `…` in place of what is another one each time."""
    return _CHANCE.sub(ANYTHING, ID.sub(rf"\1-{ANYTHING}", line))


def rewritten(text: str, outputs: Iterable[tuple[Step, list[str]]]) -> str:
    """Return a page's text with the outputs renewed and the marker below the heading."""
    lines = text.splitlines()
    if lines[1].startswith("# "):
        lines[:2] = lines[1], lines[0]
    for step, actual in sorted(outputs, key=lambda each: -each[0].first):
        until = step.first
        while not (lines[until].startswith(_PROMPT) or lines[until].rstrip() == _END):
            until += 1
        blank = [""] if until > step.first and not lines[until - 1] and lines[until].startswith(_PROMPT) else []
        lines[step.first : until] = [*renewed(list(step.expected), actual), *blank]
    return "\n".join(lines) + "\n"

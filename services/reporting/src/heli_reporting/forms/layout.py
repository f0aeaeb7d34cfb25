"""The heading of a form as merged cells, for sheets and pages alike."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """One cell of the heading: where it begins, and over how many lines and columns it reaches."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def heads(headings: Sequence[Sequence[str]]) -> list[Head]:
    """Return the cells of a heading, line by line.

    Equal neighbours under one parent are joined; a heading with fewer lines reaches down.
    """
    depth = max(len(each) for each in headings)
    found = []
    for row in range(depth):
        column = 0
        while column < len(headings):
            path = headings[column]
            end = column + 1
            if row < len(path) - 1:
                # Only what has more below it is joined: two columns of one name stay two.
                while end < len(headings) and _is_same_parent(headings[end], path, row):
                    end += 1
            if row < len(path):
                rows = depth - row if row == len(path) - 1 else 1
                found.append(Head(row, column, rows, end - column, path[row]))
            column = end
    return found


def _is_same_parent(other: Sequence[str], path: Sequence[str], row: int) -> bool:
    return len(other) > row + 1 and list(other[: row + 1]) == list(path[: row + 1])

# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Guidance: whether enterprises have an instructor on a day, had one, or never had; and since when that is so."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from heli_reporting.history import versions

Cursor = Any
Guidance = tuple[str, date | None]
"""A key of `heli_shared.statistics.reasons.GUIDANCE`, and the first day of it; None where nobody ever came."""

NEVER: Guidance = ("never", None)


def guidance(cursor: Cursor, keys: Sequence[str], on: date, *, seq: int | None) -> dict[str, Guidance]:
    """Return the guidance of those of some enterprises to which an instructor was ever posted, as known at a seq."""
    source, bound = versions.as_known("assignment", seq)
    rows = cursor.execute(
        "SELECT enterprise, state, coalesce(closed_on, valid_from), term_ends_on,"
        f" min(valid_from) OVER (PARTITION BY key) FROM {source}"
        " WHERE role = 'instructor' AND state IS NOT NULL AND enterprise IN (SELECT unnest(CAST(? AS VARCHAR[])))"
        " QUALIFY valid_from <= ? AND valid_to > ?",
        [*bound, list(keys), on, on],
    ).fetchall()
    posts: dict[str, list[tuple[str, date | None, date, date]]] = {}
    for enterprise, state, closed_on, term_ends_on, begun in rows:
        posts.setdefault(enterprise, []).append((state, term_ends_on, closed_on, begun))
    return {enterprise: _told(held, on) for enterprise, held in posts.items()}


def _told(posts: Sequence[tuple[str, date | None, date, date]], on: date) -> Guidance:
    """Return the best that the posts of one enterprise come to, and since when."""
    held = [(ends, begun) for state, ends, _, begun in posts if state == "open"]
    serving = [begun for ends, begun in held if ends is None or ends >= on]
    if serving:
        return "guided", min(serving)
    if held:
        return "term_ended", max(ends for ends, _ in held if ends is not None) + timedelta(days=1)
    return "withdrawn", max(closed_on for _, _, closed_on, _ in posts)

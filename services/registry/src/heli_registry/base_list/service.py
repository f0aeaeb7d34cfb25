"""Use cases of a base list, for a caller: the survey in the caller's scope, its funnel, and exactly its rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli_registry.base_list import repository
from heli_registry.base_list.domain import Step
from heli_registry.base_list.shelf import SurveyShelf
from heli_registry.base_list.surveying import Row, Survey, make_survey, record_of
from heli_registry.censuses.service import CENSUSES
from heli_registry.enterprises.service import ENTERPRISES
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.folding import fold
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Moment, Record, check_moment
from heli_shared.records.service import get_record

BASE = "base"
"""The name under which the rows that no step left out are asked for."""
_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A survey as one caller may see it: its rows in the caller's scope, and the seq that was asked for."""

    survey: Survey
    known_at: int
    rows: tuple[Row, ...]

    @property
    def head(self) -> dict[str, Any]:
        """Return what every answer says first: which census, as of when, known when."""
        census = self.survey.census
        return {
            "census": census["id"],
            "name": census["name"],
            "cut_off_on": census["cut_off_on"],
            "on": self.survey.day.isoformat(),
            "known_at": self.known_at,
            "is_preliminary": self.survey.is_preliminary,
            "is_pinned": census["state"] == "closed",
        }

    def step(self, code: str) -> Step:
        """Return one of the steps that were taken."""
        return next(step for step in self.survey.steps if step.code == code)


def see(call: RecordCall, shelf: SurveyShelf, key: str, *, known_at: int | None) -> Seen:
    """Return the survey of a census for the caller; one that is closed stands as known when it was closed."""
    check_moment(call.session, call.ledger, Moment(None, known_at))
    census = get_record(call, CENSUSES, key, Moment(None, known_at))
    head = read_head(call.session, call.ledger)
    seq = head.seq if known_at is None else known_at
    if census["state"] == "closed":
        seq = repository.last_closing(call.session, call.ledger, key, until=known_at)
    day = min(date.fromisoformat(census["cut_off_on"]), call.clock.today())
    survey = shelf.get(
        (head.epoch, key, day),
        seq,
        is_untouched=lambda held: repository.is_untouched(call.session, call.ledger, after=held, until=seq),
        make=lambda: make_survey(call.session, call.ledger, census, day=day, known_at=seq),
    )
    return Seen(survey, seq, tuple(visible(call, survey.rows)))


def visible(call: RecordCall, rows: Iterable[Row]) -> Iterable[Row]:
    """Return the rows of enterprises that the caller's scope shows."""
    conditions = ENTERPRISES.visible(call.session, call.principal.scope)
    if not conditions:
        return rows
    return (row for row in rows if all(condition.matches(placed(row)) for condition in conditions))


def placed(row: Row) -> Record:
    """Return the part of an enterprise that scopes look at."""
    return {
        "uscc": row.uscc,
        "division": row.division,
        "zone": row.zone,
        "responsible_unit": row.responsible_unit,
    }


def funnel(seen: Seen) -> dict[str, Any]:
    """Return the steps with how many rows stood before each, fell there and were left; in + out = all."""
    dropped = Counter(row.step for row in seen.rows)
    before, steps = len(seen.rows), []
    for number, step in enumerate(seen.survey.steps, start=1):
        after = before - dropped[step.code]
        steps.append({
            "number": number, "step": step.code, "zh": step.zh, "en": step.en, "basis": step.basis,
            "since": step.since.isoformat(), "is_optional": step.optional,
            "before": before, "dropped": dropped[step.code], "after": after,
        })  # fmt: skip
        before = after
    unknown = Counter(name for row in seen.rows for name in row.unknown)
    return {
        **seen.head,
        "registered": len(seen.rows),
        "base": before,
        "denominator": sum(row.counted for row in seen.rows),
        "kept_unknown": dict(sorted(unknown.items())),
        "steps": steps,
    }


def rows_of_funnel(
    call: RecordCall, seen: Seen, *, step: str | None, cursor: str | None, limit: int
) -> Page[dict[str, Any]]:
    """Return a page of the rows that fell at one step, of the base, or of all, with the facts that decided."""
    rows = of_step(seen, step)
    page, following = cut(seen, rows, cursor, limit)
    return Page(list(described(call, seen, page)), following, len(rows))


def of_step(seen: Seen, step: str | None) -> list[Row]:
    """Return the rows that fell at a step, those of the base, or all; BadRequest for a step that was not taken."""
    if step is None:
        return list(seen.rows)
    if step != BASE and step not in {each.code for each in seen.survey.steps}:
        known = ", ".join([*(each.code for each in seen.survey.steps), BASE])
        found = FieldProblem(
            "parameter step", f"没有这一步；可用的有：{known}", f"no such step here; there are: {known}"
        )
        raise BadRequest("没有这个筛除步骤。", "There is no such step in this census.", errors=[found])
    return [row for row in seen.rows if (row.step or BASE) == step]


def cut(seen: Seen, rows: Sequence[Row], cursor: str | None, limit: int) -> tuple[list[Row], str | None]:
    """Return the page behind a cursor and the cursor of the next; cursors carry the seq, so that pages fit together."""
    after = decode_cursor(cursor, int, str)[1] if cursor else None
    behind = [row for row in rows if after is None or row.uscc > after]
    page = behind[:limit]
    return page, encode_cursor(seen.known_at, page[-1].uscc) if len(behind) > limit else None


def known_at_of(cursor: str | None, known_at: int | None) -> int | None:
    """Return the seq that a cursor carries, or the one that was asked for."""
    return int(decode_cursor(cursor, int, str)[0]) if cursor else known_at


def described(call: RecordCall, seen: Seen, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Yield rows of the funnel as they are shown, each with the facts that decided."""
    for row, record in with_records(call, seen, rows):
        step = seen.step(row.step) if row.step else None
        names = step.fields if step else tuple(name for each in seen.survey.steps for name in each.fields)
        yield {
            **shown_place(row, record),
            "step": row.step or BASE,
            "zh": step.zh if step else "进入底册",
            "en": step.en if step else "In the base",
            "basis": step.basis if step else None,
            "facts": {name: record.get(name) for name in dict.fromkeys(names)},
        }


def shown_place(row: Row, record: Record) -> dict[str, Any]:
    """Return which enterprise a row is about and where it lies."""
    return {
        "enterprise": row.uscc,
        "name": record["name"],
        "division": row.division,
        "zone": row.zone,
        "responsible_unit": row.responsible_unit,
    }


def with_records(call: RecordCall, seen: Seen, rows: Sequence[Row]) -> Iterator[tuple[Row, Record]]:
    """Yield rows with the enterprise as it was looked at: on the day, or as first known where it came later."""
    for start in range(0, len(rows), _CHUNK):
        some = rows[start : start + _CHUNK]
        keys = [row.uscc for row in some]
        found = repository.entries_of(call.session, call.ledger, "enterprise", keys, known_at=seen.known_at)
        for row in some:
            entries = found[row.uscc]
            yield row, record_of(row.uscc, fold(entries, on=seen.survey.day) or fold(entries))

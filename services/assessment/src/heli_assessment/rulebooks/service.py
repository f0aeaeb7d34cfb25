"""Storing and finding rulebooks: every upload is checked, a changed one becomes the next version, none is lost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from heli_assessment.rulebooks.models import RULEBOOK
from heli_shared.kernel.errors import FieldProblem, InvalidInput, NotFound
from heli_shared.ledger.entries import Entry, json_value
from heli_shared.ledger.reading import list_of_record
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters, no_conditions
from heli_shared.records.reading import Record, find_row, record_of_row
from heli_shared.records.service import Resource, not_found
from heli_shared.records.writing import Write

if TYPE_CHECKING:
    from heli_assessment.engine.book import Rulebook
    from heli_assessment.engine.plan import ScoringPlan
    from heli_assessment.rulebooks.findings import Finding
    from heli_assessment.rulebooks.uploading import CheckedBook

Outcome = Literal["created", "changed", "unchanged"]

RULEBOOKS = Resource(
    RULEBOOK,
    no_conditions,
    filters={**equality_filters(RULEBOOK), "title": contains_filter(RULEBOOK, "title")},
)


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version of a rulebook as it was stored.

    `entry` is its place in the ledger, `publication` that of the last time it was published.
    """

    id: str
    number: int
    title: str
    edition: str
    subject_kind: str
    effective_from: str
    digest: str
    body: str
    entry: Entry
    publication: Entry | None = None


def store_rulebook(
    call: RecordCall, key: str, text: str, *, is_json: bool
) -> tuple[Record, Outcome, "Sequence[Finding]"]:
    """Check an upload and store it as the next version; the same content again is unchanged and writes nothing."""
    from heli_assessment.rulebooks.uploading import check_upload

    checked = check_upload(text, is_json=is_json)
    if checked.book.id != key:
        wrong = FieldProblem("/id", f"应与地址中的编号“{key}”一致", f"must be {key}, the id in the address")
        raise InvalidInput(
            "考核细则的编号与地址不一致。", "The rulebook's id is not the one in the address.", errors=[wrong]
        )
    _check_no_circle(call, checked.book)
    row = find_row(call.session, RULEBOOK, key, lock=True)
    if row is not None and row.digest == checked.digest:
        return record_of_row(RULEBOOK, row), "unchanged", checked.warnings
    fields = _fields(checked, 1 if row is None else row.number + 1)
    today = call.clock.today()
    if row is None:
        call.write([Write(RULEBOOK, key, "create", today, {**fields, "state": "open"})])
    else:
        call.write([Write(RULEBOOK, key, "change", today, fields)])
    outcome: Outcome = "created" if row is None else "changed"
    return record_of_row(RULEBOOK, find_row(call.session, RULEBOOK, key)), outcome, checked.warnings


def _check_no_circle(call: RecordCall, book: "Rulebook") -> None:
    """Refuse a book whose score would, through the scores that others convert, depend on itself."""
    waiting, seen = schemes_read(book), set[str]()
    while waiting:
        key = waiting.pop()
        if key == book.id:
            circle = FieldProblem("/parts", "经由其他考核细则又折算回本细则", "reads, through others, its own score")
            raise InvalidInput("考核细则之间循环折算。", "Rulebooks convert one another in a circle.", errors=[circle])
        row = None if key in seen else find_row(call.session, RULEBOOK, key)
        seen.add(key)
        if row is not None:
            waiting += schemes_read(planned(row.body).book)


def schemes_read(book: "Rulebook") -> list[str]:
    """Return the ids of other rulebooks whose scores of the same year a book reads."""
    return [scheme for scheme, years in scores_wanted(book) if not years]


def scores_wanted(book: "Rulebook") -> "list[tuple[str, int]]":
    """Return which rulebooks' scores or points a book reads, and of how many years earlier; its own ones included."""
    from heli_assessment.engine.book import POINTS, SCORE
    from heli_assessment.engine.windows import years_of

    wanted, keys = [], book.keys()
    for key in keys:
        name, _, window = key.partition("@")
        base, _, owner = name.partition(":")
        if base in {SCORE, POINTS}:
            wanted.append((book.id if base == POINTS else owner, years_of(window) or 0))
    return list(dict.fromkeys(wanted))


def _fields(checked: "CheckedBook", number: int) -> dict[str, Any]:
    book = checked.book
    return {
        "number": number,
        "title": book.title,
        "edition": book.edition or None,
        "subject_kind": book.subject_kind,
        "effective_from": book.effective_from,
        "marked_items": marked_items(book),
        "body": checked.body,
        "digest": checked.digest,
    }


def marked_items(book: "Rulebook") -> list[str]:
    """Return the ids of the items, vetoes and caps that read a mark; of several marks "ITEM.SCORER"."""
    from heli_assessment.engine.book import MARK
    from heli_assessment.engine.rules.base import base_of

    keys = book.keys()
    marks = [key.partition("@")[0].partition(":")[2] for key in keys if base_of(key) == MARK]
    return list(dict.fromkeys(marks))


def versions_of(call: RecordCall, key: str, *, known_at: int | None = None) -> list[StoredVersion]:
    """Return the versions of a rulebook in order, as known at a seq; NotFound when there is none."""
    entries = [
        entry
        for entry in list_of_record(call.session, call.ledger, RULEBOOK.entity, key)
        if known_at is None or entry.seq <= known_at
    ]
    published = {entry.changes["published"]: entry for entry in entries if entry.changes.get("published")}
    found = [_version(key, entry, published) for entry in entries if "digest" in entry.changes]
    if not found:
        raise not_found(RULEBOOK, key)
    return found


def _version(key: str, entry: Entry, published: Mapping[int, Entry]) -> StoredVersion:
    values = {name: json_value(value) for name, value in entry.changes.items()}
    return StoredVersion(
        id=key,
        number=values["number"],
        title=values["title"],
        edition=values["edition"] or "",
        subject_kind=values["subject_kind"],
        effective_from=values["effective_from"],
        digest=values["digest"],
        body=values["body"],
        entry=entry,
        publication=published.get(values["number"]),
    )


def published_version(call: RecordCall, key: str, *, on: date | None = None) -> StoredVersion | None:
    """Return the version in force on a day: of those published whose day has come, the one published last."""
    day = (on or call.clock.today()).isoformat()
    ready = [each for each in versions_of(call, key) if each.publication and each.effective_from <= day]
    return max(ready, key=lambda each: each.publication.seq if each.publication else 0, default=None)


def lock_rulebook(call: RecordCall, key: str) -> None:
    """Keep others from storing or publishing this rulebook until the call ends; NotFound when there is none."""
    if find_row(call.session, RULEBOOK, key, lock=True) is None:
        raise not_found(RULEBOOK, key)


def mark_published(call: RecordCall, key: str, number: int, simulation: str) -> None:
    """Record that a version is published, on the simulation that tried it."""
    changes = {"published": number, "simulation": simulation}
    call.write([Write(RULEBOOK, key, "change", call.clock.today(), changes)])


def get_version(call: RecordCall, key: str, number: int | None, *, known_at: int | None = None) -> StoredVersion:
    """Return one version, the latest when no number is given; NotFound when there is none."""
    versions = versions_of(call, key, known_at=known_at)
    if number is None:
        return versions[-1]
    for version in versions:
        if version.number == number:
            return version
    raise NotFound(
        f"考核细则“{key}”没有第 {number} 版；现有 1 至 {versions[-1].number} 版。",
        f"The rulebook {key} has no version {number}; there are 1 to {versions[-1].number}.",
    )


@lru_cache(maxsize=64)
def planned(body: str, window: str | None = None) -> "ScoringPlan":
    """Return the scoring plan of a stored body; kept, because explanations ask for it again and again."""
    from heli_assessment.engine.plan import plan_of
    from heli_assessment.rulebooks.uploading import stored_book

    return plan_of(stored_book(body), window)


def body_of(version: StoredVersion) -> dict[str, Any]:
    """Return a version's content as JSON values."""
    content: dict[str, Any] = json.loads(version.body)
    return content

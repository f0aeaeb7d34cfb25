"""The archive, on both databases: answers and readings are kept as they were."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from heli_reporting.calendar_links.domain import CalendarLink
from heli_reporting.calendar_links.repository import CalendarLinks
from heli_reporting.intake.domain import Reading
from heli_reporting.intake.repository import Readings
from heli_reporting.migrating import migrate_reporting
from heli_reporting.permalinks.domain import Answer, code_of, is_covered
from heli_reporting.permalinks.repository import Answers
from heli_shared.db.engine import make_engine
from heli_shared.kernel.access import Scope
from heli_shared.kernel.divisions import ancestors
from heli_shared.testing.databases import Databases

AT = datetime(2026, 7, 1, 2, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def engine(databases: Databases) -> Iterator[sa.Engine]:
    made = make_engine(databases.migrated("reporting", migrate_reporting))
    yield made
    made.dispose()


def test_an_answer_is_kept_as_it_was(engine: sa.Engine):
    answer = Answer("a" * 16, '{"名":"值"}'.encode(), Scope(divisions=("990101000000",), zones=("zon-1",)), AT)
    Answers(engine).add(answer)

    assert Answers(engine).find("a" * 16) == answer
    assert Answers(engine).find("b" * 16) is None


def test_the_first_answer_under_a_code_stays(engine: sa.Engine):
    answers = Answers(engine)
    for body in (b"first", b"second"):
        answers.add(Answer("a" * 16, body, Scope(), AT))

    found = answers.find("a" * 16)
    assert found is not None
    assert found.body == b"first"


def test_many_who_give_the_same_answer_at_once_keep_one(engine: sa.Engine):
    answers = Answers(engine)
    with ThreadPoolExecutor(8) as pool:
        for round_ in range(10):
            answer = Answer(f"{round_:016}", b"same", Scope(), AT)
            list(pool.map(lambda _, kept=answer: answers.add(kept), range(8)))

    assert all(answers.find(f"{round_:016}") for round_ in range(10))


def test_the_last_reading_of_a_source_is_kept(engine: sa.Engine):
    readings = Readings(engine)
    assert readings.load("registry") == Reading("registry", None, None, None)

    for error in (None, "Unreachable: down"):
        readings.save(Reading("registry", AT, AT, error))
        assert Readings(engine).load("registry") == Reading("registry", AT, AT, error)


def test_codes_are_short_and_differ_with_the_content():
    codes = {code_of(str(number).encode()) for number in range(1000)}

    assert len(codes) == 1000
    assert all(len(code) == 16 and code.isalnum() and code == code.lower() for code in codes)


@pytest.mark.parametrize(
    ("scope", "reader", "expected"),
    [
        (Scope(everything=True), Scope(everything=True), True),
        (Scope(everything=True), Scope(divisions=("990000000000",)), False),
        (Scope(divisions=("990101001000",)), Scope(divisions=("990101000000",)), True),
        (Scope(divisions=("990101001000",)), Scope(divisions=("990101001000",)), True),
        (Scope(divisions=("990101000000",)), Scope(divisions=("990101001000",)), False),
        (Scope(divisions=("990101001000", "990101002000")), Scope(divisions=("990101001000",)), False),
        (Scope(zones=("zon-1",)), Scope(zones=("zon-1", "zon-2")), True),
        (Scope(zones=("zon-1",)), Scope(divisions=("990101000000",)), False),
        (Scope(), Scope(), True),
    ],
)
def test_a_reader_must_see_all_that_was_counted(scope, reader, expected):
    assert is_covered(scope, reader, ancestors=ancestors) is expected


def test_calendar_links_are_kept_for_good_and_counted_under_many_makers(engine: sa.Engine):
    links, later = CalendarLinks(engine), AT + timedelta(days=1)

    def made(number: int) -> bool:
        link = CalendarLink(f"cal-{number:02}", "unt-1", "prn-1", "zh", AT, later)
        return links.add(link, f"digest-{number}", most=5)

    with ThreadPoolExecutor(8) as pool:
        kept = [number for number, done in enumerate(pool.map(made, range(20))) if done]
    assert len(kept) == 5
    links.revoke(f"cal-{kept[0]:02}", by="prn-2", at=later)
    links.revoke(f"cal-{kept[0]:02}", by="prn-3", at=later)
    found = links.find_by_digest(f"digest-{kept[0]}")

    assert found == CalendarLink(f"cal-{kept[0]:02}", "unt-1", "prn-1", "zh", AT, later, later, "prn-2")
    assert links.find_by_digest("digest") is None
    assert links.page("prn-1", limit=2, before=f"cal-{kept[4]:02}")[0] == [
        links.find(f"cal-{number:02}") for number in (kept[3], kept[2])
    ]
    assert (links.page(None, limit=9, before=None)[1], links.page("prn-2", limit=9, before=None)) == (5, ([], 0))
    assert made(99)

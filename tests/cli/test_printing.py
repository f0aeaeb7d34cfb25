import json
from datetime import UTC, date, datetime

import httpx
import pytest
from rich.console import Console

from heli_cli.client import Heli
from heli_cli.counting import print_statistics, value_text
from heli_cli.importing import Wanted, import_files
from heli_cli.refusals import Refusal
from heli_cli.settings import read_settings
from heli_cli.verifying import verify_files
from heli_shared.ledger.appending import Head, chained
from heli_shared.ledger.entries import GENESIS, Author, Change

COVERAGE = {"value": "0.8125", "numerator": 13, "denominator": 16}
EMPTY = {"value": None, "numerator": 0, "denominator": 0, "reason": "zero_denominator"}


def heli(answer):
    settings = read_settings({"HELI_DATA": "data"})
    return Heli(settings, token=lambda: "secret", transport=httpx.MockTransport(answer))


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (COVERAGE, "81.25% [dim]13/16[/dim]"),
        (EMPTY, "— [dim]0/0[/dim]"),
        ({"value": 12_345}, "12,345"),
    ],
)
def test_a_number_is_shown_with_what_was_counted(found, text):
    assert value_text(found) == text


def test_statistics_are_asked_and_shown_by_group():
    asked = []

    def answer(request):
        asked.append(request.url.params)
        return httpx.Response(
            200,
            json={
                "rows": [
                    {"division": {"code": "990121001000", "name": "城关街道"}, "organization_coverage": COVERAGE},
                    {"division": None, "organization_coverage": EMPTY},
                ],
                "total": {"organization_coverage": COVERAGE},
                "passport": {"on": "2026-06-30", "known_at": {"registry": 9, "assessment": 1}},
            },
        )

    console = Console(width=120)
    with console.capture() as shown, heli(answer) as client:
        print_statistics(
            client,
            console,
            measures=["organization_coverage"],
            by=["division:town"],
            on=date(2026, 6, 30),
            where=["zone=zon-1"],
        )

    assert asked[0].multi_items() == [
        ("measure", "organization_coverage"),
        ("by", "division:town"),
        ("on", "2026-06-30"),
        ("zone", "zon-1"),
    ]
    for words in ("城关街道", "81.25% 13/16", "— 0/0", "合计", "2026-06-30"):
        assert words in shown.get()


def test_an_import_is_followed_and_its_refusals_are_shown(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("uscc\n", "utf-8")
    rows = {"read": 5, "created": 3, "updated": 0, "unchanged": 1, "refused": 1}
    states = iter(["queued", "running", "done"])

    def answer(request):
        if request.method == "POST":
            return httpx.Response(202, json={"id": "imp-1", "status": "queued"})
        if request.url.path.endswith("/refusals"):
            item = {"row": 4, "errors": [{"column": "信用代码", "message": "校验位不符"}]}
            return httpx.Response(200, json={"items": [item], "next": None, "total": 1})
        found = {"id": "imp-1", "file_name": "list.csv", "status": next(states), "rows": rows, "error": None}
        return httpx.Response(200, json=found)

    console = Console(width=120)
    with console.capture() as shown, heli(answer) as client:
        refused = import_files(client, "enterprises", [file], Wanted(dry_run=True), console=console)

    assert refused == 1
    for words in ("list.csv", "dry run", "信用代码：校验位不符"):
        assert words in shown.get()


def test_an_import_that_failed_tells_why(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("?", "utf-8")

    def answer(request):
        if request.method == "POST":
            return httpx.Response(202, json={"id": "imp-1", "status": "queued"})
        return httpx.Response(200, json={"id": "imp-1", "status": "failed", "rows": {}, "error": "没有认出列名"})

    with heli(answer) as client, pytest.raises(Refusal) as told:
        import_files(client, "enterprises", [file], Wanted(), console=Console(quiet=True))

    assert "没有认出列名" in told.value.zh


def test_a_missing_file_is_told_before_anything_is_sent(tmp_path):
    with heli(lambda _: pytest.fail("sent")) as client, pytest.raises(Refusal):
        import_files(client, "enterprises", [tmp_path / "none.csv"], Wanted(), console=Console(quiet=True))


def exported(folder, count):
    """Write a sound exported ledger and return its file and entries."""
    changes = [Change("unit", f"unt-{n}", "create", date(2026, 1, 1), {"name": "合力"}) for n in range(count)]
    head = Head("epoch", 0, GENESIS)
    rows = chained(changes, author=Author("prn-1", None), recorded_at=datetime(2026, 1, 2, tzinfo=UTC), head=head)
    entries = [{**row, "effective_on": "2026-01-01", "changes": json.loads(row["changes"])} for row in rows]
    return folder / "ledger.ndjson", entries


def written(file, entries):
    file.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), "utf-8")
    return file


def verified(file):
    console = Console(width=120)
    with console.capture() as shown:
        sound = verify_files([file], console)
    return sound, shown.get()


def test_a_sound_ledger_is_proved(tmp_path):
    file, entries = exported(tmp_path, 3)
    sound, said = verified(written(file, entries))

    assert sound
    assert entries[-1]["hash"] in said


def test_the_first_altered_entry_is_named(tmp_path):
    file, entries = exported(tmp_path, 3)
    entries[1]["changes"]["name"] = "改过"
    sound, said = verified(written(file, entries))

    assert not sound
    assert "第 2 条" in said


def test_a_file_that_is_no_ledger_is_refused(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("a,b\n", "utf-8")

    with pytest.raises(Refusal, match=r"list\.csv"):
        verify_files([file], Console(quiet=True))

"""The example of docs/rules/precedence.md, read from the page and played step by step."""

import re
from datetime import UTC, datetime
from pathlib import Path

from registry.stewardship.conftest import MARKET, SOCIAL, TAX

PAGE = Path(__file__).resolve().parents[3] / "docs/rules/precedence.md"
MONTHS = {"May": 5, "June": 6, "July": 7}
STEPS = [
    ("2026-06-05", SOCIAL, 14, "2026-06-01"),
    ("2026-06-12", TAX, 9, "2026-06-10"),
    ("2026-06-20", MARKET, 12, "2026-06-15"),
    ("2026-07-01", None, 14, None),
    ("2026-07-06", TAX, 13, "2026-07-05"),
]


def table() -> list[tuple[str, list[int]]]:
    """Return day → what is in force after each step, as the page says."""
    rows = re.findall(
        r"^\| (\d+) (May|June|July) \|((?: \**\d+\** \|){5})", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    return [
        (f"2026-{MONTHS[month]:02}-{int(day):02}", [int(cell) for cell in re.findall(r"\d+", cells)])
        for day, month, cells in rows
    ]


def test_the_page_tells_what_happens(world):
    days = table()
    assert len(days) == 6
    world.steward()
    world.enterprise(staff=10)
    for number, (recorded, unit, value, observed_on) in enumerate(STEPS):
        world.registry.clock.instant = datetime.fromisoformat(f"{recorded}T02:30:00").replace(tzinfo=UTC)
        if unit is None:
            world.settled(world.dispute()["id"], value=value)
        else:
            world.said(unit, value, observed_on)
        if number == 1:
            opened = world.dispute()
            assert (opened["opened_on"], opened["due_on"], opened["owner"]) == ("2026-06-12", "2026-06-29", MARKET)
        past = [day for day, _ in days if day <= recorded]
        assert [world.value(on=day) for day in past] == [cells[number] for day, cells in days if day in past]

    assert (world.dispute()["state"], world.dispute()["opened_on"]) == ("open", "2026-07-06")

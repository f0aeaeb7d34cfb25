"""What the how-to pages show is what happens: every marked page is replayed on running services."""

import pytest

from docs.replaying import HOW_TO, ROOT, replay
from docs.transcripts import read_page, world_of

PAGES = [*sorted(HOW_TO.glob("*.md")), *sorted((ROOT / "docs" / "tutorial").glob("*.md"))]
MARKED = [path for path in PAGES if world_of(path.read_text(encoding="utf-8"))]
NOT_REPLAYED = {
    "first-day.md": "the county of ./dev demo is too large for it; tests/system runs its commands, not its calls",
}


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.stem)
def test_a_page_shows_what_happens(path, tmp_path, sqlite_databases):
    differences = replay(read_page(path), tmp_path, sqlite_databases).differences()

    assert not differences, "\n\n".join(
        [*differences, f"Rewrite it: .venv/bin/python tools/transcripts.py {path.relative_to(ROOT)} --write"]
    )


def test_no_page_with_commands_is_forgotten():
    unmarked = {
        path.name for path in PAGES if path not in MARKED and "$ ./dev heli" in path.read_text(encoding="utf-8")
    }

    assert unmarked == set(NOT_REPLAYED)

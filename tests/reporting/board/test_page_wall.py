"""The wall shows every line of every tile: part by part where a tile is higher than the screen."""

import pytest

from reporting.board.browsing import SCREEN, in_language, turn_on

DEPARTMENTS = 16
_LINES = ".tile.shown :is(tbody tr, .steps li, .map li):not(details *)"
_STANDING = f"""() => {{
  const lines = [...document.querySelectorAll('{_LINES}')];
  const {{ bottom }} = document.querySelector('.tile.shown').getBoundingClientRect();
  const stands = (line) => line.checkVisibility({{ visibilityProperty: true }})
    && line.getBoundingClientRect().height > 0 && line.getBoundingClientRect().bottom <= bottom;
  return lines.filter(stands).map((line) => line.textContent);
}}"""
_ALL = f"() => [...document.querySelectorAll('{_LINES}')].map((line) => line.textContent)"
_WHOLE = """() => {
  const tile = document.querySelector('.tile.shown');
  return tile.scrollHeight <= tile.clientHeight + 1 && tile.scrollWidth <= tile.clientWidth;
}"""


@pytest.fixture(scope="module", autouse=True)
def departments(county):
    """Let as many departments be ranked as a county has."""
    for rank in range(7, DEPARTMENTS + 1):
        unit = f"unt-d{rank}"
        county.record("cycle_entry", f"cen-{rank}", cycle="cyc-1", subject=unit, name=f"第{rank}个成员单位", unit=unit,
                      score=f"{80 - 2 * rank}.50", grade="一般", rank=rank)  # fmt: skip
    county.sync()


def walked(page):
    """Walk once round the wall and return, for each tile, the lines that stood on its parts and all its lines."""
    stood, wanted = {}, {}
    while True:
        tile = page.evaluate("() => document.querySelector('.tile.shown').id")
        lines = page.evaluate(_STANDING)
        if lines in stood.get(tile, []):
            return stood, wanted
        assert page.evaluate(_WHOLE), tile
        wanted[tile] = page.evaluate(_ALL)
        stood.setdefault(tile, []).append(lines)
        turn_on(page)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [SCREEN, {"width": 1280, "height": 720}], ids=["1080", "720"])
def test_the_wall_shows_every_line_of_every_tile(visit, language, size):
    seen = in_language(visit(viewport=size, reduced_motion="reduce").open(), language)
    seen.page.evaluate("() => { location.hash = '#wall=600'; }")
    seen.page.locator("#tool-wall").click()
    stood, wanted = walked(seen.page)

    assert len(stood) == 6
    for tile, parts in stood.items():
        assert {line for lines in parts for line in lines} == set(wanted[tile]), tile
    assert len(stood["tile-ranking"]) > 1


def test_a_part_on_the_wall_says_which_lines_of_how_many_it_shows(visit):
    seen = visit(viewport=SCREEN, reduced_motion="reduce").open()
    page = seen.page
    page.locator("#tool-wall").click()
    for _ in range(2):
        turn_on(page)
    shown = "#tile-ranking .extent:visible"
    first = page.locator(shown).inner_text()
    seen.shot("wall-part")
    turn_on(page)
    last = page.locator(shown).inner_text()

    assert [first, last] == ["已显示 1–8 / 16", "已显示 9–16 / 16"]
    page.keyboard.press("ArrowLeft")
    assert page.locator(shown).inner_text() == first
    page.set_viewport_size({"width": 2400, "height": 2400})
    page.locator("#tile-ranking .extent").first.wait_for(state="detached")
    page.locator("#tool-wall").click()
    assert page.locator("html.wall, .beyond, .pace").count() == 0


def test_another_duty_on_the_wall_is_divided_anew(visit):
    page = visit(viewport={"width": 1280, "height": 600}, reduced_motion="reduce").open().page
    page.locator("#tool-wall").click()
    for _ in range(9):
        if page.locator("#tile-gaps.shown").count():
            break
        turn_on(page)
    for label in page.locator("#tile-gaps label").all():
        label.click()
        page.wait_for_function(_WHOLE)

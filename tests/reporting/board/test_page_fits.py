"""The page fits every screen: nothing runs out of its frame, and a list that was cut says so."""

import pytest

from reporting.board.browsing import in_language

_RUNS_OUT = """() => [...document.querySelectorAll('.tile')].flatMap((tile) => {
  const { right } = tile.getBoundingClientRect();
  return [...tile.querySelectorAll('*')]
    .filter((each) => each.checkVisibility() && !each.closest('.quiet, svg'))
    .filter((each) => each.getBoundingClientRect().right > right + 1)
    .map((each) => `${tile.id} ${each.tagName} ${each.textContent.slice(0, 20)}`);
})"""
_NARROWEST = """() => Math.min(...[...document.querySelectorAll('.tile td:not(.number)')]
  .filter((each) => each.checkVisibility() && each.textContent.length > 3)
  .map((each) => each.clientWidth / parseFloat(getComputedStyle(each).fontSize)))"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_as_wide_as_a_phone(visit, language):
    seen = in_language(visit(viewport={"width": 390, "height": 844}).open(), language)
    for width in (390, 375, 360, 340, 320):
        seen.page.set_viewport_size({"width": width, "height": 844})
        assert seen.page.evaluate("() => document.documentElement.scrollWidth") == width
    seen.shot(f"phone-{language}", full_page=True)
    seen.page.locator("#tile-cards .passport").click()
    definition = seen.page.locator("dialog[open] dd").first
    assert definition.bounding_box()["width"] > 200


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1024, 1280, 1400])
def test_tables_stay_in_their_tile_and_no_column_is_a_character_wide(visit, language, width):
    page = in_language(visit(viewport={"width": width, "height": 900}).open(), language).page

    assert page.evaluate(_RUNS_OUT) == []
    assert page.evaluate(_NARROWEST) >= 5


def test_a_list_that_shows_its_head_alone_says_so(visit):
    seen = visit().open()
    told = seen.board()
    listed, total = len(told["worklist"]["head"]), told["worklist"]["total"]

    assert listed < total
    assert f"列出前 {listed} / {total} 条" in seen.text("#tile-worklist .all")


def test_the_top_is_in_sight_after_signing_in(visit):
    seen = visit().open()

    assert seen.page.evaluate("() => [scrollY, document.activeElement.id]") == [0, "board"]

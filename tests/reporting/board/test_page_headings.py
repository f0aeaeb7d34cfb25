"""The heads of columns say what stands below them, in both languages."""

import pytest

from reporting.board.browsing import table_of, town
from reporting.world import VILLAGE_A


@pytest.fixture(scope="module")
def villages(county):
    """Let an enterprise of a village lack an organisation for years."""
    county.enterprise(901, VILLAGE_A, full_members=5)
    county.sync()
    return county


def heads(seen, table):
    return table_of(seen.page.locator(table))[0]


def test_gaps_tell_their_own_causes_and_not_those_of_a_change(visit):
    seen = visit().open()
    assert heads(seen, "#tile-gaps table")[2:] == ["原因", "缺口成因", "起于", "天数"]
    seen.speak_english()
    assert heads(seen, "#tile-gaps table")[2:] == ["Why", "Causes of the gap", "Since", "Days"]


def test_days_since_a_gap_began_stand_beside_what_began_it(visit):
    seen = visit().open()
    chosen = seen.page.locator("#tile-gaps input:checked").get_attribute("value")
    head = next(each["head"] for each in seen.board()["gaps"]["lists"] if each["measure"] == chosen)
    shown = seen.page.locator("#tile-gaps td:nth-child(5)").all_inner_texts()

    assert [each.split() for each in shown] == [[gap["since"], gap["began_name"]] for gap in head] != []


def test_english_lines_have_english_punctuation(visit):
    seen = visit().open().speak_english()
    causes = seen.text("#tile-gaps td:nth-child(4)")
    seen.page.locator("#tile-gaps .passport").click()
    definitions = seen.text("dialog[open] dd:first-of-type")

    assert "; " in causes
    assert "(Version" in definitions
    assert [each for each in "（）；、，" if each in causes + definitions] == []


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (town(3), ("乡镇街道", "Township")),
        (VILLAGE_A, ("村社区", "Village")),
        (town(1), ("所在地", "Place")),  # some lie in the village, the others in the township itself
    ],
)
def test_the_column_of_places_is_headed_by_the_level_it_shows(visit, villages, place, words):
    seen = visit().open(villages.person("prn-reader", divisions=(place,)))
    shown = [heads(seen, "#tile-gaps table")[1]]
    seen.page.locator("#tile-gaps .all .figure").click()
    seen.page.locator("dialog[open] tbody tr").first.wait_for()
    assert heads(seen, "dialog[open] table")[1] == words[0]
    seen.page.keyboard.press("Escape")
    seen.speak_english()

    assert [*shown, heads(seen, "#tile-gaps table")[1]] == list(words)

"""The chart of shares over time, drawn for narrow and wide frames."""

from itertools import pairwise

import pytest


def told_shares(page, *shares):
    """Let every day of the trend have these shares."""

    def answer(route):
        found = route.fetch()
        body = found.json()
        trend = next(each["content"]["figures"] for each in body["tiles"] if each["tile"] == "trend")
        for point in trend["points"]:
            for each, share in zip(trend["measures"], shares, strict=True):
                point[each["measure"]] |= {"value": share}
        route.fulfill(response=found, json=body)

    page.route("**/v1/board**", answer)


@pytest.mark.parametrize(
    ("shares", "marks"),
    [
        (("0.3773", "0.8238", "0.0492"), ["0%", "20%", "40%", "60%", "80%", "100%"]),
        (("0.5100", "0.8900", "0.1700"), ["0%", "20%", "40%", "60%", "80%", "100%"]),
        (("0.0000", "0.0100", "0.0000"), ["0%", "10%", "20%"]),
        (("1.0000", "1.0000", "0.9900"), ["80%", "90%", "100%"]),
        (("0.4500", "0.6200", "0.5100"), ["40%", "50%", "60%", "70%"]),
        ((None, None, None), ["0%", "20%", "40%", "60%", "80%", "100%"]),
    ],
)
@pytest.mark.parametrize("width", [390, 1400])
def test_the_axis_of_shares_stays_within_them_and_clear_of_the_days(visit, shares, marks, width):
    seen = visit(viewport={"width": width, "height": 900})
    told_shares(seen.page, *shares)
    chart = seen.open().page.locator("#tile-trend .chart")
    seen.page.wait_for_function("""() => {
      const { width } = document.querySelector('#tile-trend .frame').getBoundingClientRect();
      return Math.abs(document.querySelector('.chart').viewBox.baseVal.width - Math.max(320, width)) < 1;
    }""")

    assert chart.locator(".mark").all_text_contents() == marks
    rules = [each.bounding_box()["y"] for each in chart.locator(".rule").all()]
    days = [each.bounding_box() for each in chart.locator(".day").all()]
    assert max(rules) < min(day["y"] for day in days)
    assert all(before["x"] + before["width"] < day["x"] for before, day in pairwise(days))
    ends = [each.bounding_box() for each in chart.locator(".end").all()]
    assert all(end["y"] + end["height"] <= days[-1]["y"] + 2 for end in ends)
    assert all(end["x"] + end["width"] <= width for end in ends)


_LIGHTNESS = """() => ['.chart .end', '.chart .mark', '.chart .day'].flatMap((each) =>
  [...document.querySelectorAll(each)].map((text) => {
    const [r, g, b] = getComputedStyle(text).fill.match(/\\d+/g).map(Number).map((v) => v / 255).map(
      (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }))"""


def test_the_words_of_the_chart_stand_out_from_white(visit):
    found = visit().open().page.evaluate(_LIGHTNESS)

    assert len(found) > 10
    assert all(1.05 / (light + 0.05) >= 4.5 for light in found)

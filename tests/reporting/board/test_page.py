"""The board in a real browser: it shows what the API says, opens into its rows, and speaks to nobody else."""

import re
from itertools import groupby

import pytest

from reporting.board.browsing import ARTEFACTS, SCREEN, TOWNS, Visit, table_of, town, turn_on


def percent(cell):
    return "–" if cell["value"] is None else f"{float(cell['value']) * 100:.2f}%"


def test_every_figure_on_the_page_is_the_apis(visit):
    seen = visit().open()
    told, page = seen.board(), seen.page
    seen.shot("desk", full_page=True)

    for card in told["cards"]["cards"]:
        place, cell = page.locator(f"[data-measure={card['measure']}]"), card["cell"]
        if "denominator" in cell:
            assert place.locator(".value").inner_text().replace("\n", "") == percent(cell)
            assert place.locator(".parts").inner_text() == f"{cell['numerator']} / {cell['denominator']}"
        else:
            assert place.locator(".value").inner_text() == str(cell["value"])
        if card.get("target"):
            assert f"还差 {card['target']['missing']}" in place.inner_text()
    for row in told["townships"]["rows"]:
        cell = row["organization_coverage"]
        shown = page.locator(f".place[data-code='{row['division']['code']}']").inner_text().split("\n")
        wanted = [row["division"]["name"], percent(cell), f"{cell['numerator']} / {cell['denominator']}"]
        assert [each for each in shown if each] == wanted
    assert page.locator(".place").count() == len(told["townships"]["rows"]) == len(TOWNS)
    assert int(page.locator("[data-reason=registered] .amount").inner_text()) == told["funnel"]["registered"]
    for step in told["funnel"]["steps"]:
        assert page.locator(f"[data-reason={step['reason']}]").inner_text().split("\n")[0] == step["name"]
        assert page.locator(f"[data-reason={step['reason']}] .figure").inner_text() == str(step["count"])
    for each in told["worklist"]["counts"]:
        assert page.locator(f"[data-kind={each['kind']}] .figure").inner_text() == str(each["count"])


def test_a_table_with_the_same_figures_stands_behind_each_chart(visit):
    seen = visit().open()
    told = seen.board()
    for summary in seen.page.locator("summary").all():
        summary.click()

    trend = table_of(seen.page.locator("#tile-trend details table"))
    ids = [each["measure"] for each in told["trend"]["measures"]]
    assert trend[1:] == [[point["on"], *(percent(point[id_]) for id_ in ids)] for point in told["trend"]["points"]]
    towns = table_of(seen.page.locator("#tile-townships table"))
    assert [row[0] for row in towns[1:]] == [row["division"]["name"] for row in told["townships"]["rows"]]
    departments = table_of(seen.page.locator("#tile-ranking table").first)
    assert [row[:4] for row in departments[1:]] == [
        [str(each["rank"]), each["unit"]["name"], each["score"], each["grade"]]
        for each in told["ranking"]["departments"]
    ]
    ends = seen.page.locator("#tile-trend .end").all_text_contents()
    assert ends == [percent(told["trend"]["points"][-1][id_]) for id_ in ids]


def test_somebody_with_a_unit_makes_an_address_for_a_calendar_program(browser, county):
    visit = Visit(browser, county).open(county.person("prn-unit", divisions=(town(1),), unit="unt-1"))
    visit.page.locator("#tile-worklist").get_by_role("button", name="订阅日历").click()
    visit.page.get_by_role("button", name="生成地址").click()
    address = visit.page.locator("dialog[open] .address").inner_text()

    answer = county.client.get(address.removeprefix(county.address))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert visit.complaints == []
    visit.context.close()


def test_somebody_without_a_unit_is_offered_no_calendar(browser, county):
    visit = Visit(browser, county).open()
    assert visit.page.get_by_role("button", name="订阅日历").count() == 0
    visit.context.close()


@pytest.mark.parametrize("tile", ["cards", "trend", "ranking", "worklist", "funnel"])
def test_every_figure_opens_into_as_many_rows_as_it_says(visit, tile):
    seen = visit().open()
    has_causes = bool(seen.county.get("/v1/board").json()["links"])
    buttons = seen.page.locator(f"#tile-{tile} .figure")
    opened = [seen.drilled(button) for button in buttons.all() if re.fullmatch(r"[\d,]+", button.inner_text())]

    assert len(opened) >= (3 if tile != "trend" else int(has_causes))
    for figure, total, rows in opened:
        assert figure == total == rows


def test_gaps_open_by_the_duty_that_was_chosen(visit):
    seen = visit().open()
    place = seen.page.locator("#tile-gaps")
    for each in seen.board()["gaps"]["lists"]:
        place.get_by_text(f"{each['name']} {each['total']}").click()
        names = [row[0] for row in table_of(place.locator("table"))[1:]]
        assert names == [gap["name"] for gap in each["head"]]
        figure, total, rows = seen.drilled(place.locator(".all .figure"))
        assert figure == total == rows == each["total"]


def test_the_parts_of_a_share_can_be_switched_in_the_dialog(visit):
    seen = visit().open()
    cell = seen.board()["cards"]["cards"][0]["cell"]
    seen.page.locator("[data-measure=organization_coverage] .figure").first.click()
    dialog = seen.page.locator("dialog[open]")
    dialog.locator("tbody tr").first.wait_for()
    seen.shot("drill")
    wanted = {
        "分母": cell["denominator"],
        "缺口": cell["denominator"] - cell["numerator"],
        "未计入": seen.board()["funnel"]["registered"] - cell["denominator"],
        "分子": cell["numerator"],
    }
    for label, count in wanted.items():
        dialog.get_by_text(label, exact=True).click()
        dialog.locator(f".count[data-total='{count}']").wait_for()
    dialog.get_by_text("未计入", exact=True).click()
    dialog.get_by_text("国有").first.wait_for()


def test_a_township_opens_into_its_own_enterprises(visit):
    seen = visit().open()
    seen.page.locator(f".place[data-code='{town(3)}']").click()
    dialog = seen.page.locator("dialog[open]")
    dialog.locator("tbody tr").first.wait_for()

    row = seen.board()["townships"]["rows"][2]
    assert dialog.locator(".count").get_attribute("data-total") == str(row["organization_coverage"]["denominator"])
    assert set(dialog.locator("tbody td:nth-child(3)").all_inner_texts()) == {"西岭镇"}


def test_the_whole_board_can_be_walked_with_the_keyboard_alone(visit):
    seen = visit()
    page = seen.page
    page.goto(seen.county.address)
    page.get_by_label("令牌").wait_for()
    page.keyboard.insert_text(seen.county.admin["Authorization"].removeprefix("Bearer "))
    page.keyboard.press("Enter")
    seen.settled()

    # Everything that a mouse can press is reached in the order in which it is read, and shows where it is.
    wanted = page.evaluate("""() => [...document.querySelectorAll('main button, main summary')].length""")
    reached, places = 0, []
    for _ in range(wanted + 60):
        page.keyboard.press("Tab")
        here = page.evaluate("""() => {
          const at = document.activeElement;
          if (!at.closest('main')) return null;
          const style = getComputedStyle(at.matches('input') ? at.parentElement : at);
          const tile = [...document.querySelectorAll('.tile')].indexOf(at.closest('.tile'));
          const name = at.textContent.trim() || at.labels?.[0].textContent;
          return { tag: at.tagName, outlined: style.outlineStyle !== 'none', name, tile };
        }""")
        if here is None:
            if reached:
                break
            continue
        assert here["outlined"], here
        assert here["name"], here
        places.append(here["tile"])
        reached += here["tag"] in ("BUTTON", "SUMMARY")
    assert reached == wanted
    assert places == sorted(places)


def test_a_dialog_takes_the_focus_and_gives_it_back(visit):
    seen = visit().open()
    page = seen.page
    button = page.locator("[data-measure=organization_coverage] .figure").first
    button.focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open] tbody tr").first.wait_for()

    assert page.evaluate("() => document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.textContent") == button.inner_text()


def test_a_screen_reader_finds_landmarks_headings_and_names(visit):
    page = visit().open().page

    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert headings == ["两个覆盖", "乡镇街道", "近12个月", "部门排名", "应建未建", "工作清单", "底册漏斗"]
    assert page.get_by_role("region", name="乡镇街道").count() == 1
    assert page.get_by_role("img", name="近12个月 折线图").count() == 1
    assert page.evaluate("() => [...document.querySelectorAll('table')].every(each => each.caption?.textContent)")
    assert page.evaluate("() => document.documentElement.lang") == "zh-CN"


_CONTRAST = """() => {
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(v => v / 255).map(
      v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (at) => {
    for (let each = at; each; each = each.parentElement) {
      const found = getComputedStyle(each).backgroundColor;
      if (!/, 0\\)$|transparent/.test(found)) return found;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('body *')].filter(each =>
      each.checkVisibility() && !each.closest('svg, .quiet, .skip')
      && [...each.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(each => {
      const [a, b] = [light(getComputedStyle(each).color), light(ground(each))].sort((x, y) => y - x);
      return [Math.round((a + 0.05) / (b + 0.05) * 100) / 100, each.className + ': ' + each.textContent.slice(0, 30)];
    }).filter(([ratio]) => ratio < 4.5);
}"""


def test_every_text_stands_out_from_its_ground_by_day_and_on_the_wall(visit):
    page = visit().open().page
    assert page.evaluate(_CONTRAST) == []

    page.get_by_role("button", name="大屏").click()
    page.wait_for_timeout(700)
    for _ in range(6):
        assert page.evaluate(_CONTRAST) == []
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(700)


def test_a_narrow_scope_sees_its_own_part_only(visit, county):
    who = county.person("prn-town", divisions=(town(3),), unit="unt-3")
    seen = visit().open(who)
    seen.shot("township", full_page=True)

    text = seen.page.locator("body").inner_text()
    assert "西岭镇" in text
    assert [name for name in TOWNS if name != "西岭" and name in text] == []
    assert [seen.page.locator(".place").count(), seen.page.locator(".where").inner_text()] == [
        1, "西岭镇 · 统计日 2026-07-01",
    ]  # fmt: skip
    card = seen.board(who)["cards"]["cards"][0]["cell"]
    assert seen.text("[data-measure=organization_coverage] .parts") == f"{card['numerator']} / {card['denominator']}"
    figure, total, rows = seen.drilled(seen.page.locator("[data-measure=organization_coverage] .figure").last)
    assert figure == total == rows == card["denominator"]


def test_the_token_stays_in_the_tab_and_out_of_every_address(visit):
    seen = visit().open()
    token = seen.county.admin["Authorization"].removeprefix("Bearer ")
    page = seen.page

    assert [url for url in seen.asked if token in url or token[:40] in url] == []
    assert page.evaluate("() => [Object.values(sessionStorage).length, localStorage.length, document.cookie]") == [
        1,
        0,
        "",
    ]
    page.get_by_role("button", name="退出").click()
    page.get_by_label("令牌").wait_for()
    assert page.evaluate("() => sessionStorage.length") == 0
    assert page.locator(".tile").count() == 0


def test_a_token_that_is_not_good_is_told_in_words(browser, county):
    seen = Visit(browser, county)  # a refusal is an error on the console, so not under the silent rule
    seen.page.goto(county.address)
    seen.page.get_by_label("令牌").fill("not-a-token")
    seen.page.keyboard.press("Enter")
    seen.page.get_by_text("令牌无效或已过期。").wait_for()
    seen.shot("sign-in")
    seen.context.close()


def test_the_other_language_is_one_press_away(visit):
    seen = visit().open().speak_english()
    seen.shot("english", full_page=True)

    headings = seen.page.get_by_role("heading", level=2).all_inner_texts()
    assert headings[1:3] == ["Townships", "The last twelve months"]
    assert seen.page.evaluate("() => document.documentElement.lang") == "en"
    chinese = re.compile("[一-鿿]")
    words = seen.page.locator(
        "h1, h2, th, button:not(.place, .figure), label, summary, .parts, .target"
    ).all_inner_texts()
    assert [each for each in words if chinese.search(each) and each != "中文"] == []


_FITS = """() => {
  const tile = document.querySelector('.tile.shown');
  return tile.scrollHeight <= tile.clientHeight + 1 && tile.getBoundingClientRect().bottom <= innerHeight;
}"""


def test_the_wall_turns_by_itself_and_pauses_on_a_key(visit):
    seen = visit(reduced_motion="reduce").open(place="#wall=0.5")
    page = seen.page
    page.set_viewport_size(SCREEN)
    page.locator("html.wall").wait_for()
    shown = "() => document.querySelector('.tile.shown').id"

    seen_tiles = {page.evaluate(shown)}
    for _ in range(300):
        page.wait_for_timeout(100)
        seen_tiles.add(page.evaluate(shown))
        if len(seen_tiles) == 6:
            break
    assert len(seen_tiles) == 6
    page.keyboard.press(" ")
    held = page.evaluate(shown)
    page.wait_for_timeout(1_500)
    assert page.evaluate(shown) == held
    # A tile that is higher than the wall takes several turns in a row.
    turns = [held]
    while len(turns) < 24 and (turns[-1] != held or len(set(turns)) == 1):
        seen.shot(f"wall-{len(turns)}")
        assert page.evaluate(_FITS), turns
        turn_on(page)
        turns.append(page.evaluate(shown))
    assert {*turns} == seen_tiles
    assert len([tile for tile, _ in groupby(turns)]) == 7, turns
    page.keyboard.press("Escape")
    assert page.locator("html.wall").count() == 0


def test_it_prints_to_pages_with_every_tile(visit):
    seen = visit().open()
    ARTEFACTS.mkdir(exist_ok=True)
    made = seen.page.pdf(path=ARTEFACTS / "board.pdf", prefer_css_page_size=True)

    assert made.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", made)) <= 6
    seen.page.emulate_media(media="print")
    assert seen.page.locator(".tools").is_hidden()
    assert seen.page.locator(".tile").count() == 7


def test_the_trend_is_split_into_its_causes_where_the_service_tells_them(visit):
    """The causes' own route has its own tests: here it is answered as its contract says."""
    seen = visit()
    rows = "/v1/statistics/change/rows?measure=organization_coverage&cause=gained&from=2025-08-31&to=2026-07-01"
    gained = {"cause": {"code": "gained", "name": "新覆盖"}, "reason": None, "numerator": 12, "denominator": 0,
              "records": 2, "rows": rows}  # fmt: skip
    left = {"cause": {"code": "left", "name": "退出"}, "reason": {"code": "closed", "name": "已注销"}, "numerator": -1,
            "denominator": -3, "records": 3, "rows": rows}  # fmt: skip
    parts = [{"name": f"企业{n}", "uscc": str(n), "numerator": 1, "denominator": 0} for n in range(2)]

    def board(route):
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "links": {"change": "/v1/statistics/change"}})

    seen.page.route("**/v1/board**", board)
    seen.page.route(
        "**/v1/statistics/change?**", lambda route: route.fulfill(json={"total": {"causes": [gained, left]}})
    )
    seen.page.route("**/v1/statistics/change/rows?**",
                    lambda route: route.fulfill(json={"items": parts, "next": None, "total": 2}))  # fmt: skip
    seen.open()
    table = seen.page.locator("#tile-trend .causes table")
    table.wait_for()

    assert table_of(table)[1:] == [["新覆盖", "+12", "0", "2"], ["退出（已注销）", "−1", "−3", "3"]]
    assert seen.drilled(table.locator(".figure").first) == (2, 2, 2)
    asked = next(url for url in seen.asked if "/change/rows" in url)
    assert "cause=gained" in asked
    assert "on=" not in asked


def test_the_page_says_that_it_is_busy_until_the_causes_are_there(visit):
    seen, asked = visit(), []

    def hold(route):
        asked.append(route)

    seen.page.route("**/v1/statistics/change?**", hold)
    seen.enter()
    seen.page.locator("#tile-trend .causes[aria-busy=true]").wait_for(state="attached")
    assert seen.page.locator("#tile-trend .causes table").count() == 0
    asked[0].continue_()

    assert seen.settled().page.locator("#tile-trend .causes table").count() == 1


def test_new_data_comes_in_without_losing_the_place(visit, county):
    seen = visit().open()
    page = seen.page
    page.locator("#tile-cards .figure").first.focus()
    etags = len(seen.asked)
    county.enterprise(900, town(1), ownership="state_owned")
    county.sync()
    page.locator("[data-reason=state_owned] .figure").get_by_text(
        str(_left_out(seen, "state_owned")), exact=True
    ).wait_for()

    assert page.evaluate("() => document.activeElement.closest('#tile-cards') !== null")
    assert "known=cards." in next(url for url in seen.asked[etags:] if "/v1/board" in url)


def _left_out(seen, reason):
    return next(step["count"] for step in seen.board()["funnel"]["steps"] if step["reason"] == reason)


def test_the_files_are_kept_for_ever_and_come_compressed(county):
    page = county.client.get("/")
    address = re.search(r'src="(board/[0-9a-f]{16}/js/main\.js)"', page.text)[1]
    file = county.client.get(f"/{address}", headers={"Accept-Encoding": "gzip"})

    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert file.headers["content-encoding"] == "gzip"
    assert county.client.get(f"/{address}", headers={"If-None-Match": file.headers["etag"]}).status_code == 304
    assert county.client.get(address.replace(address.split("/")[1], "0" * 16)).status_code == 404
    assert county.client.get(f"/board/{address.split('/')[1]}/index.html").status_code == 400
    assert page.headers["cache-control"] == "no-cache"


def test_the_policy_of_the_page_allows_its_own_files_and_nothing_else(county):
    policy = dict(part.split(" ", 1) for part in county.client.get("/").headers["content-security-policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "img-src", "connect-src")} == {"'self'"}
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in " ".join(policy.values())

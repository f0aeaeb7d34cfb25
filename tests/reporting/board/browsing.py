"""A county worth looking at, and somebody who looks at its board in a browser."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from heli_reporting.migrating import migrate_reporting
from heli_shared.kernel.clock import FixedClock
from reporting.world import COUNTY, TOWN_A, TOWN_B, World

ARTEFACTS = Path(__file__).resolve().parents[3] / "artefacts"
DESK = {"width": 1440, "height": 900}
SCREEN = {"width": 1920, "height": 1080}
NOW = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
TOWNS = ("城关", "东湖", "西岭", "南桥", "北塘", "柳河", "石门", "青山", "云溪", "枫林")
DEPARTMENTS = ("市场监管局", "税务局", "工商联", "工信局", "人社局", "商务局")


def town(number: int) -> str:
    return f"9901010{number:02d}000"


def make_county(folder: Path) -> World:
    """Return a service that has read a county of ten towns with three hundred enterprises, the same at every call."""
    url = f"sqlite:///{folder / 'reporting.sqlite'}"
    migrate_reporting(url)
    world = World(FixedClock(NOW), folder, url)
    world.places()
    for number, name in enumerate(TOWNS, 1):
        if number > 2:
            world.record("division", town(number), name=f"{name}镇", level="town", parent=COUNTY)
        world.record("unit", f"unt-{number}", name=f"{name}镇党委", kind="township", parent="unt-county",
                     division=town(number))  # fmt: skip
    world.change("division", TOWN_A, date(2020, 1, 2), name="城关镇")
    world.change("division", TOWN_B, date(2020, 1, 2), name="东湖镇")
    _fill(world, random.Random(5))
    _score(world)
    world.sync()
    return world


def _fill(world: World, chance: random.Random) -> None:
    for number in range(1, 301):
        place = 1 + number % len(TOWNS)
        covered = chance.random() < 0.25 + 0.06 * place
        key = world.enterprise(
            number,
            town(place),
            name=f"示例{TOWNS[place - 1]}{number}号有限公司",
            staff=chance.choice((8, 20, 45, 60, 130)),
            full_members=chance.choice((0, 0, 1, 2, 4)),
            responsible_unit=f"unt-{place}",
            ownership=chance.choice(("private",) * 9 + ("state_owned",)),
            operation_state=chance.choice(("operating",) * 9 + ("suspended",)),
        )
        since = date(2025, 6, 1) + timedelta(days=chance.randrange(390))
        if number % 5 == 0:
            world.record("mass_organization", f"mas-{number}", since, kind="union", name="工会", enterprise=key)
        if covered and number % 3 == 0:
            _join(world, key, place, since)
        elif covered:
            world.branch(
                f"pty-{number}", [key], town(place), since, elected_on=f"{chance.choice((2022, 2023, 2025))}-03-10"
            )


def _join(world: World, enterprise: str, place: int, since: date) -> None:
    """Cover an enterprise by the joint branch of its town."""
    branch = f"pty-joint-{place}"
    if not any(entry.key == branch for entry in world.registry.entries):
        world.branch(branch, [], town(place), name=f"{TOWNS[place - 1]}联合党支部")
    world.record("cover", f"cov-{enterprise}", since, organization=branch, enterprise=enterprise, form="joint")


def _score(world: World) -> None:
    world.record("cycle", "cyc-1", title="2026年上半年成员单位考核", subject_kind="department", stage="approved",
                 counted_on="2026-06-30", run="run-1")  # fmt: skip
    for rank, name in enumerate(DEPARTMENTS, 1):
        unit = f"unt-d{rank}"
        world.record("unit", unit, name=name, kind="department", parent="unt-county", division=COUNTY)
        world.record("cycle_entry", f"cen-{rank}", cycle="cyc-1", subject=unit, name=name, unit=unit,
                     score=f"{98 - 3 * rank}.50", grade="好" if rank < 4 else "较好", rank=rank)  # fmt: skip


class Visit:
    """A page with what it said and whom it asked."""

    def __init__(self, browser, county, **context):
        self.context = browser.new_context(**{"viewport": DESK, "locale": "zh-CN"} | context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.county = county
        self.complaints, self.asked = [], []
        self.page.on("console", lambda each: self.complaints.append(each.text) if each.type != "log" else None)
        self.page.on("pageerror", lambda each: self.complaints.append(str(each)))
        self.page.on("request", lambda each: self.asked.append(each.url))

    def open(self, who=None, place=""):
        self.enter(who, place)
        return self.settled()

    def enter(self, who=None, place=""):
        self.page.goto(f"{self.county.address}/{place}")
        token = (who or self.county.admin)["Authorization"].removeprefix("Bearer ")
        self.page.get_by_label("令牌").fill(token)
        self.page.keyboard.press("Enter")

    def settled(self):
        """Wait until all that the page asked for has come: tiles first, then what they ask for themselves."""
        self.page.locator("#tile-funnel").wait_for()
        self.page.wait_for_function("() => document.querySelector('[aria-busy=true]') === null")
        return self

    def speak_english(self):
        self.page.get_by_role("button", name="English").click()
        self.page.get_by_role("heading", name="Coverage", exact=True).wait_for()
        return self.settled()

    def board(self, who=None):
        found = self.county.get("/v1/board", who).json()
        return {slot["tile"]: slot["content"]["figures"] for slot in found["tiles"]}

    def text(self, selector):
        return " ".join(self.page.locator(selector).all_inner_texts())

    def drilled(self, button):
        """Press a figure and return the figure, how many rows its dialog tells of, and how many it shows at the end."""
        figure = int(button.inner_text().replace(",", ""))
        button.click()
        dialog = self.page.locator("dialog[open]")
        count = dialog.locator(".count[data-total]")
        count.wait_for()
        total = int(count.get_attribute("data-total"))
        more = dialog.get_by_role("button", name="更多")
        while more.is_visible():
            before = dialog.locator("tbody tr").count()
            more.click()
            self.page.wait_for_function("n => document.querySelectorAll('dialog tbody tr').length > n", arg=before)
        rows = dialog.locator("tbody tr").count()
        self.page.keyboard.press("Escape")
        return figure, total, rows

    def shot(self, name, **more):
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"board-{name}.png", **more)


_FRAMES = """async () => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
}"""


def turn_on(page):
    """Go on to the next turn of the wall, and let what is drawn for the width of its frame be drawn."""
    page.keyboard.press("ArrowRight")
    page.evaluate(_FRAMES)


def table_of(place):
    return [row.locator("th, td").all_inner_texts() for row in place.locator("tr").all()]


def in_language(seen, language):
    return seen.speak_english() if language == "en" else seen
